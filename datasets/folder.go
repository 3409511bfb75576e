package datasets

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"

	"github.com/gocrate/gocrate/crate"
	"golang.org/x/sync/errgroup"
)

// Folder is a set of pictures in a directory or an archive, which are read when
// they are asked for, so that a Folder may be larger than the memory. It is a
// [crate.ImageSource]: models are evaluated on it batch by batch.
//
// A Folder is opened by [OpenFolder] or [OpenArchive]. Where classes are not known
// from directories, Labels and Names can be set by hand. A Folder is not for
// several goroutines at once; Read uses all processors itself.
type Folder struct {
	Recipe Recipe   // how pictures become images
	Files  []string // path of each picture below the folder, with slashes
	Labels []int    // class of each picture; nil without classes
	Names  []string // name of each class: that of its directory; nil without classes

	index     []int // of each picture in the store
	store     store
	maxPixels int // of a picture
}

// String says how many pictures and which classes there are.
func (f *Folder) String() string {
	if f.Names == nil {
		return fmt.Sprintf("%d pictures without classes", f.Len())
	}
	return fmt.Sprintf("%d pictures in %d classes: %s", f.Len(), len(f.Names), strings.Join(f.Names[:min(12, len(f.Names))], ", "))
}

// Len returns the number of pictures.
func (f *Folder) Len() int { return len(f.Files) }

// Read returns pictures i, i+1, …, j−1 as the Recipe prepares them, with their
// labels if there are classes. An error names the picture that cannot be read,
// is not an image, or has more than 64 million pixels. When ctx ends, Read
// returns its error.
func (f *Folder) Read(ctx context.Context, i, j int) (crate.Images, error) {
	x, err := f.blank(i, j)
	if err != nil {
		return crate.Images{}, err
	}
	return x, f.fill(ctx, x, i)
}

// Load reads all pictures, to train on. If progress is not nil, it is called with
// the number of pictures read so far and of all, on the calling goroutine. Errors
// are those of [Folder.Read], or that the images would take more than 8 GB.
func (f *Folder) Load(ctx context.Context, progress func(done, total int)) (crate.Images, error) {
	const batch = 128
	x, err := f.blank(0, f.Len())
	if err != nil {
		return crate.Images{}, err
	}
	for i := 0; i < f.Len(); i += batch {
		j := min(i+batch, f.Len())
		if err := f.fill(ctx, x.Slice(i, j), i); err != nil {
			return crate.Images{}, err
		}
		if progress != nil {
			progress(j, f.Len())
		}
	}
	return x, nil
}

// Picture returns picture i as it is in the folder, before the Recipe.
func (f *Folder) Picture(i int) (image.Image, error) {
	var picture image.Image
	err := f.decode(context.Background(), i, i+1, func(_ int, p image.Image) { picture = p })
	return picture, err
}

// Split divides the pictures at random into two folders, the first with the given
// share of each class, rounded: for training, and for testing what was learned.
// Each keeps the order of f. Equal seeds give equal parts. The parts read from f,
// which is closed last.
func (f *Folder) Split(share float64, seed uint64) (first, second *Folder) {
	if !(share >= 0 && share <= 1) {
		panic(fmt.Sprintf("datasets: Folder.Split: share %v; want 0 to 1", share))
	}
	if err := f.checkLabels(); err != nil {
		panic(err)
	}
	classes := make([][]int, max(1, len(f.Names)))
	for i := range f.Len() {
		k := 0
		if f.Labels != nil {
			k = f.Labels[i]
		}
		classes[k] = append(classes[k], i)
	}
	rng := rand.New(rand.NewPCG(seed, 0x73706c6974))
	var parts [2][]int
	for _, c := range classes {
		rng.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
		n := int(math.Round(share * float64(len(c))))
		parts[0], parts[1] = append(parts[0], c[:n]...), append(parts[1], c[n:]...)
	}
	return f.part(parts[0]), f.part(parts[1])
}

// Close closes the archive. Directories need no closing.
func (f *Folder) Close() error { return f.store.Close() }

// part is a folder of some pictures, in the order of f.
func (f *Folder) part(pictures []int) *Folder {
	slices.Sort(pictures)
	p := *f
	p.Files, p.Labels, p.index = nil, nil, nil
	for _, i := range pictures {
		p.Files, p.index = append(p.Files, f.Files[i]), append(p.index, f.index[i])
		if f.Labels != nil {
			p.Labels = append(p.Labels, f.Labels[i])
		}
	}
	return &p
}

// blank makes the images for pictures i to j, still black.
func (f *Folder) blank(i, j int) (crate.Images, error) {
	if i < 0 || j < i || j > f.Len() {
		panic(fmt.Sprintf("datasets: pictures %d to %d of a Folder of %d; want 0 ≤ i ≤ j ≤ %[3]d", i, j, f.Len()))
	}
	r := f.Recipe.withDefaults()
	if err := errors.Join(r.check(), f.checkLabels()); err != nil {
		return crate.Images{}, err
	}
	if all := int64(j-i) * int64(r.channels()*r.Size*r.Size); all > maxFloats {
		return crate.Images{}, fmt.Errorf("datasets: %d pictures of %d×%d×%d pixels take %d GB of memory; make them smaller, Split off a part, or Read them in parts",
			j-i, r.channels(), r.Size, r.Size, 4*all>>30)
	}
	x := r.images(j - i)
	x.Names, x.Classes = f.Names, len(f.Names)
	if f.Labels != nil {
		x.Labels = slices.Clone(f.Labels[i:j])
	}
	return x, nil
}

// checkLabels reports labels, set by hand, that do not fit the pictures.
func (f *Folder) checkLabels() error {
	if f.Labels != nil && len(f.Labels) != f.Len() {
		return fmt.Errorf("datasets: Folder has %d Labels for %d pictures; want one each, or none", len(f.Labels), f.Len())
	}
	for i, k := range f.Labels {
		if k < 0 || k >= len(f.Names) {
			return fmt.Errorf("datasets: Folder has label %d at picture %d, %s; want less than the %d Names", k, i, f.Files[i], len(f.Names))
		}
	}
	return nil
}

// fill prepares the pictures from i on into x.
func (f *Folder) fill(ctx context.Context, x crate.Images, i int) error {
	r := f.Recipe.withDefaults()
	return f.decode(ctx, i, i+x.Len(), func(k int, p image.Image) { r.apply(p, x.Image(k-i)) })
}

// decode calls do with each of the pictures i to j, from several goroutines.
func (f *Folder) decode(ctx context.Context, i, j int, do func(k int, p image.Image)) error {
	g, working := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for k := i; k < j && working.Err() == nil; k++ {
		content, err := f.store.open(f.index[k])
		g.Go(func() error {
			if err != nil {
				return fmt.Errorf("datasets: %s: %w", f.Files[k], err)
			}
			defer content.Close()
			p, err := decodePicture(content, f.maxPixels)
			if err != nil {
				return fmt.Errorf("datasets: %s: %w", f.Files[k], err)
			}
			do(k, p)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

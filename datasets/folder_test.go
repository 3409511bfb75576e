package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/crate"
	"golang.org/x/image/bmp"
)

// plain is a picture of one grey.
func plain(grey uint8, w, h int) image.Image {
	p := image.NewGray(image.Rect(0, 0, w, h))
	for i := range p.Pix {
		p.Pix[i] = grey
	}
	return p
}

func encoded(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pictureFiles are three classes of pictures whose grey is 10·class + picture.
func pictureFiles(t testing.TB) map[string][]byte {
	var asBMP, asJPEG bytes.Buffer
	err := errors.Join(bmp.Encode(&asBMP, plain(12, 4, 4)), jpeg.Encode(&asJPEG, plain(20, 16, 16), nil))
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"bird/a.png":         encoded(t, plain(10, 4, 4)),
		"bird/deep/down.PNG": encoded(t, plain(11, 5, 9)),
		"bird/z.bmp":         asBMP.Bytes(),
		"cat/1.jpeg":         asJPEG.Bytes(),
		"cat/2.png":          encoded(t, plain(21, 4, 4)),
		"Ant/1.png":          encoded(t, plain(0, 4, 4)),
		"Ant/notes.txt":      []byte("not a picture"),
		"Ant/._1.png":        []byte("what a Mac leaves behind"),
		".cache/x.png":       []byte("hidden"),
		"README.md":          []byte("not a class"),
	}
}

func writeFiles(t testing.TB, files map[string][]byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, data := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var tiny = Recipe{Size: 2, Grey: true}

// greys are the pixels of images of one grey each, from 0 to 255.
func greys(t *testing.T, x crate.Images) (all []int) {
	t.Helper()
	if err := x.Validate(); err != nil {
		t.Fatal(err)
	}
	for i := range x.Len() {
		p := x.Image(i)
		if slices.Max(p)-slices.Min(p) > 1e-6 {
			t.Errorf("image %d is not of one grey: %v", i, p)
		}
		all = append(all, int(p[0]*255+0.5))
	}
	return all
}

func TestOpenFolder(t *testing.T) {
	f, err := OpenFolder(writeFiles(t, pictureFiles(t)), tiny)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if want := "6 pictures in 3 classes: Ant, bird, cat"; f.String() != want {
		t.Errorf("%s, want %s", f, want)
	}
	wantFiles := []string{"Ant/1.png", "bird/a.png", "bird/deep/down.PNG", "bird/z.bmp", "cat/1.jpeg", "cat/2.png"}
	if !slices.Equal(f.Files, wantFiles) {
		t.Errorf("files %v, want %v", f.Files, wantFiles)
	}
	x, err := f.Load(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := greys(t, x), []int{0, 10, 11, 12, 20, 21}; !slices.Equal(got, want) {
		t.Errorf("greys %v, want %v", got, want)
	}
	if want := []int{0, 1, 1, 1, 2, 2}; !slices.Equal(x.Labels, want) || x.Classes != 3 || !slices.Equal(x.Names, f.Names) {
		t.Errorf("labels %v of %d classes %v", x.Labels, x.Classes, x.Names)
	}
	part, err := f.Read(context.Background(), 2, 5)
	if err != nil || !slices.Equal(greys(t, part), []int{11, 12, 20}) || !slices.Equal(part.Labels, []int{1, 1, 2}) || part.Classes != 3 {
		t.Errorf("part %+v, %v", part, err)
	}
	p, err := f.Picture(2)
	if err != nil || p.Bounds().Dx() != 5 || p.Bounds().Dy() != 9 {
		t.Errorf("picture %v, %v", p, err)
	}
}

// A folder is read the same whatever the number of processors.
func TestFolderOnAnyNumberOfProcessors(t *testing.T) {
	files := map[string][]byte{}
	for i := range 40 {
		files[fmt.Sprintf("%d/%d.png", i%3, i)] = encoded(t, testPicture(5+i, 30-i/2))
	}
	f, err := OpenFolder(writeFiles(t, files), Recipe{Size: 6})
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want, err := f.Load(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GOMAXPROCS(8)
	if got, err := f.Load(context.Background(), nil); err != nil || !slices.Equal(got.Pixels, want.Pixels) {
		t.Errorf("other pixels on 8 processors, %v", err)
	}
}

func TestFolderWithoutClasses(t *testing.T) {
	f, err := OpenFolder(writeFiles(t, map[string][]byte{"b.png": encoded(t, plain(2, 3, 3)), "a.png": encoded(t, plain(1, 3, 3))}), tiny)
	if err != nil {
		t.Fatal(err)
	}
	x, err := f.Read(context.Background(), 0, 2)
	if err != nil || x.Labels != nil || x.Names != nil || !slices.Equal(greys(t, x), []int{1, 2}) {
		t.Errorf("%+v, %v", x, err)
	}
}

// The labels of pictures in one directory come from elsewhere.
func TestLabelsByHand(t *testing.T) {
	f, err := OpenFolder(writeFiles(t, map[string][]byte{"b.png": encoded(t, plain(2, 3, 3)), "a.png": encoded(t, plain(1, 3, 3))}), tiny)
	if err != nil {
		t.Fatal(err)
	}
	f.Names, f.Labels = []string{"x", "y"}, []int{1, 0}
	if x, err := f.Load(context.Background(), nil); err != nil || !slices.Equal(x.Labels, []int{1, 0}) || x.Classes != 2 {
		t.Errorf("%v %v, %v", x, x.Labels, err)
	}
	for want, labels := range map[string][]int{"1 Labels for 2 pictures": {0}, "label 2 at picture 1, b.png; want less than the 2 Names": {0, 2}} {
		f.Labels = labels
		if _, err := f.Read(context.Background(), 0, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that contains %q", err, want)
		}
		if msg := panicText(func() { f.Split(0.5, 1) }); !strings.Contains(msg, want) {
			t.Errorf("the panic says %q; want %q in it", msg, want)
		}
	}
}

func TestLinkedClasses(t *testing.T) {
	there := writeFiles(t, map[string][]byte{"1.png": encoded(t, plain(1, 3, 3))})
	here := writeFiles(t, map[string][]byte{"own/1.png": encoded(t, plain(2, 3, 3))})
	if err := os.Symlink(there, filepath.Join(here, "linked")); err != nil {
		t.Fatal(err)
	}
	f, err := OpenFolder(here, tiny)
	if err != nil || !slices.Equal(f.Names, []string{"linked", "own"}) {
		t.Fatal(f, err)
	}
	if x, err := f.Load(context.Background(), nil); err != nil || !slices.Equal(greys(t, x), []int{1, 2}) {
		t.Error(x, err)
	}
}

func TestFolderSplit(t *testing.T) {
	files := map[string][]byte{}
	for i := range 30 {
		class := "many/"
		if i%3 == 0 {
			class = "few/"
		}
		files[fmt.Sprintf("%s%02d.png", class, i)] = encoded(t, plain(uint8(i), 2, 2))
	}
	f, err := OpenFolder(writeFiles(t, files), tiny)
	if err != nil {
		t.Fatal(err)
	}
	a, b := f.Split(0.8, 3)
	if few, many := count(a.Labels, 0), count(a.Labels, 1); few != 8 || many != 16 || b.Len() != 6 {
		t.Errorf("%d of 10 and %d of 20 in the first part, %d in the second", few, many, b.Len())
	}
	both := append(slices.Clone(a.Files), b.Files...)
	slices.Sort(both)
	if all := slices.Sorted(slices.Values(f.Files)); !slices.Equal(both, all) {
		t.Errorf("the parts hold %v, want %v", both, all)
	}
	again, _ := f.Split(0.8, 3)
	other, _ := f.Split(0.8, 4)
	if !slices.Equal(a.Files, again.Files) || slices.Equal(a.Files, other.Files) {
		t.Error("want equal parts for equal seeds and others for another")
	}
	whole, nothing := f.Split(1, 1)
	if !slices.Equal(whole.Files, f.Files) || nothing.Len() != 0 {
		t.Error("share 1 is not all")
	}
	// A part reads its own pictures, with their labels.
	x, err := b.Load(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, grey := range greys(t, x) {
		name := fmt.Sprintf("%s/%02d.png", b.Names[x.Labels[i]], grey)
		if b.Files[i] != name {
			t.Errorf("picture %d is %s, read was %s", i, b.Files[i], name)
		}
	}
	if msg := panicText(func() { f.Split(80, 0) }); !strings.Contains(msg, "share 80; want 0 to 1") {
		t.Errorf("the panic says %q", msg)
	}
}

func count(labels []int, k int) (n int) {
	for _, l := range labels {
		if l == k {
			n++
		}
	}
	return n
}

func TestLoadProgressAndCancel(t *testing.T) {
	files := map[string][]byte{}
	for i := range 300 {
		files[fmt.Sprintf("%d.png", i)] = encoded(t, plain(1, 2, 2))
	}
	f, err := OpenFolder(writeFiles(t, files), tiny)
	if err != nil {
		t.Fatal(err)
	}
	var seen []int
	if _, err := f.Load(context.Background(), func(done, total int) { seen = append(seen, done, total) }); err != nil {
		t.Fatal(err)
	}
	if want := []int{128, 300, 256, 300, 300, 300}; !slices.Equal(seen, want) {
		t.Errorf("progress %v, want %v", seen, want)
	}
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	if _, err := f.Load(ctx, func(done, total int) { calls++; cancel() }); !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("after a cancellation: %v, %d more calls", err, calls-1)
	}
	if _, err := f.Read(ctx, 0, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Read with an ended context: %v", err)
	}
}

func TestFolderRefuses(t *testing.T) {
	good := encoded(t, plain(1, 2, 2))
	for _, tt := range []struct {
		what, want string
		files      map[string][]byte
	}{
		{"nothing", "no pictures (.jpg, .jpeg, .png, .webp, .bmp)", nil},
		{"an empty class", "class directory b holds no pictures", map[string][]byte{"a/1.png": good, "b/1.txt": nil}},
		{"pictures beside classes", `1 pictures beside the directories ["a"]`, map[string][]byte{"a/1.png": good, "2.png": good}},
		{"sets", `/train`, map[string][]byte{"train/a/1.png": good, "val/a/1.png": good}},
	} {
		if _, err := OpenFolder(writeFiles(t, tt.files), tiny); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that contains %q", tt.what, err, tt.want)
		}
	}
	if _, err := OpenFolder(filepath.Join(t.TempDir(), "missing"), tiny); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "missing: ") {
		t.Errorf("missing directory: %v", err)
	}
	if _, err := OpenFolder(writeFiles(t, map[string][]byte{"a.png": good}), Recipe{Size: -2}); err == nil || !strings.Contains(err.Error(), "Size -2") {
		t.Errorf("wrong recipe: %v", err)
	}
}

// hugePNG declares a size that its 60 bytes do not have.
func hugePNG(t testing.TB, w, h uint32) []byte {
	b := encoded(t, image.NewNRGBA(image.Rect(0, 0, 1, 1)))
	return withSize(b, w, h)
}

func TestBadPicturesAreNamed(t *testing.T) {
	good := encoded(t, testPicture(20, 20))
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"text.png": {[]byte("no picture"), "unknown format"},
		"cut.png":  {good[:len(good)/2], "not enough pixel data"},
		"huge.png": {hugePNG(t, 60000, 60000), "60000×60000 pixels; want at most 64 million"},
		"long.png": {hugePNG(t, 1<<20, 1), "1×1048576 pixels"},
	} {
		f, err := OpenFolder(writeFiles(t, map[string][]byte{"a/fine.png": good, "a/" + name: tt.data}), tiny)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = f.Load(context.Background(), nil)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), "a/"+name+": ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that contains %q", name, err, tt.want)
		}
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 4<<20 {
			t.Errorf("%s: %d bytes were allocated", name, spent)
		}
	}
}

func TestFolderTooLargeForMemory(t *testing.T) {
	f := &Folder{Recipe: Recipe{Size: 4096}, Files: make([]string, 100)}
	if _, err := f.Load(context.Background(), nil); err == nil || !strings.Contains(err.Error(), "100 pictures of 3×4096×4096 pixels take 18 GB") {
		t.Errorf("error %v", err)
	}
	if msg := panicText(func() { f.Read(context.Background(), 3, 101) }); !strings.Contains(msg, "pictures 3 to 101 of a Folder of 100") {
		t.Errorf("the panic says %q", msg)
	}
}

var _ crate.ImageSource = (*Folder)(nil)

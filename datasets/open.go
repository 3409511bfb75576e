package datasets

import (
	"fmt"
	"image"
	_ "image/jpeg" // the formats of pictures
	_ "image/png"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"
)

const (
	maxPixels = 1 << 26 // of a picture: 64 million
	maxSide   = 1 << 16 // of a picture, in pixels
)

// extensions are those of the files that count as pictures.
var extensions = []string{".jpg", ".jpeg", ".png", ".webp", ".bmp"}

// OpenFolder opens a directory of pictures in the layout of ImageNet: one
// directory for each class, with the pictures of the class in it or in
// directories below. Classes are numbered in the order of their names. A
// directory that holds the pictures themselves is opened without classes, to
// predict them. Pictures are JPEG, PNG, WebP and BMP files, told by their names
// (.jpg, .jpeg, .png, .webp, .bmp); other files, and names that begin with a dot,
// are passed over. A folder to test with needs the same classes as the one to train
// with, or their numbers mean others.
//
// It is an error if there are no pictures, if a class is empty, if pictures lie
// beside class directories, and if the directories are sets such as train and
// val, of which one is to be opened.
func OpenFolder(dir string, r Recipe) (*Folder, error) {
	top, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	files := os.DirFS(dir)
	var pictures []string
	for _, entry := range top {
		found, err := picturesBelow(files, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("datasets: %s: %w", dir, err)
		}
		if isDirectory(files, entry) && !isHidden(entry.Name()) && len(found) == 0 {
			return nil, fmt.Errorf("datasets: %s: class directory %s holds no pictures (%s); fill it or remove it", dir, entry.Name(), strings.Join(extensions, ", "))
		}
		pictures = append(pictures, found...)
	}
	return newFolder(dir, r, pictures, directory{files, pictures})
}

// newFolder makes a folder of the pictures with the given paths, numbered as in
// the store, and closes the store if it cannot.
func newFolder(where string, r Recipe, paths []string, s store) (*Folder, error) {
	f := &Folder{Recipe: r, Files: paths, store: s, maxPixels: maxPixels}
	for i := range paths {
		f.index = append(f.index, i)
	}
	err := r.withDefaults().check()
	if err == nil {
		err = f.classify(where)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return f, nil
}

// classify finds the classes in the paths.
func (f *Folder) classify(where string) error {
	if f.Len() == 0 {
		return fmt.Errorf("datasets: no pictures (%s) in %s", strings.Join(extensions, ", "), where)
	}
	seen := map[string]bool{}
	flat := 0
	for _, file := range f.Files {
		if class, _, below := strings.Cut(file, "/"); !below {
			flat++
		} else if !seen[class] {
			seen[class] = true
			f.Names = append(f.Names, class)
		}
	}
	slices.Sort(f.Names)
	switch {
	case flat == f.Len():
		return nil
	case flat > 0:
		return fmt.Errorf("datasets: %s holds %d pictures beside the directories %q; move them into the directory of their class", where, flat, f.Names)
	case seen["train"] && f.isSet("train"):
		return fmt.Errorf("datasets: %s holds the sets %q, each with directories of classes; open one of them, such as %s", where, f.Names, path.Join(where, "train"))
	}
	for _, file := range f.Files {
		class, _, _ := strings.Cut(file, "/")
		k, _ := slices.BinarySearch(f.Names, class)
		f.Labels = append(f.Labels, k)
	}
	return nil
}

// isSet reports whether all pictures in a directory are in directories again.
func (f *Folder) isSet(name string) bool {
	for _, file := range f.Files {
		if rest, ok := strings.CutPrefix(file, name+"/"); ok && !strings.Contains(rest, "/") {
			return false
		}
	}
	return true
}

// picturesBelow returns the paths of all pictures in a tree, in lexical order.
func picturesBelow(files fs.FS, root string) (found []string, err error) {
	err = fs.WalkDir(files, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case isHidden(name) && d.IsDir():
			return fs.SkipDir
		case !d.IsDir() && isPicture(name):
			found = append(found, name)
		}
		return nil
	})
	return found, err
}

// isDirectory follows links, as classes are often linked together from elsewhere.
func isDirectory(files fs.FS, entry fs.DirEntry) bool {
	info, err := fs.Stat(files, entry.Name())
	return err == nil && info.IsDir()
}

// isHidden reports whether a file, or a directory it lies in, has a name that
// begins with a dot.
func isHidden(name string) bool {
	return strings.HasPrefix(name, ".") && name != "." || strings.Contains(name, "/.")
}

func isPicture(name string) bool {
	return !isHidden(name) && slices.Contains(extensions, strings.ToLower(path.Ext(name)))
}

// A store holds the files of a [Folder]. What open returns is read while others
// are opened, but open itself is called by one goroutine only; it is cheap if i
// grows from call to call.
type store interface {
	open(i int) (content, error)
	Close() error
}

type content interface {
	io.ReadSeeker
	io.Closer
}

// directory is a store of files in a directory.
type directory struct {
	files fs.FS
	paths []string
}

func (d directory) Close() error { return nil }

func (d directory) open(i int) (content, error) {
	f, err := d.files.Open(d.paths[i])
	if err != nil {
		return nil, err
	}
	return f.(*os.File), nil
}

// decodePicture decodes a picture once its header has shown that it is not too
// large.
func decodePicture(f io.ReadSeeker, maxPixels int) (image.Image, error) {
	if _, err := io.ReadFull(f, make([]byte, 1)); err != nil {
		return nil, err // which image would call an unknown format
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	c, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels {
		return nil, fmt.Errorf("%d×%d pixels; want at most %d million, and %d on a side", c.Height, c.Width, maxPixels>>20, maxSide)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	p, _, err := image.Decode(f)
	return p, err
}

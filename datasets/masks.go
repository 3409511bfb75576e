package datasets

import (
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/gocrate/gocrate/segment"
)

// Masks reads the masks of the pictures of a folder, in their order, from another
// directory: that of a.jpg is a.png there, or a.bmp; below class directories as
// the pictures are, or all together. A pixel that is not black belongs to the
// object. Masks have the size that their files have; segment.Mask.Resize changes
// it. It is an error if a picture has no mask.
func (f *Folder) Masks(dir string) ([]segment.Mask, error) {
	masks := make([]segment.Mask, f.Len())
	for i, file := range f.Files {
		m, err := readMask(os.DirFS(dir), file)
		if err != nil {
			return nil, fmt.Errorf("datasets: mask of %s in %s: %w", file, dir, err)
		}
		masks[i] = m
	}
	return masks, nil
}

// Objects reads the masks as [Folder.Masks] does, and returns one object for each
// picture, as package segment takes them; none where the mask is empty.
func (f *Folder) Objects(dir string) ([][]segment.Mask, error) {
	masks, err := f.Masks(dir)
	if err != nil {
		return nil, err
	}
	objects := make([][]segment.Mask, len(masks))
	for i, m := range masks {
		if m.Area() > 0 {
			objects[i] = []segment.Mask{m}
		}
	}
	return objects, nil
}

// readMask reads the mask of a picture.
func readMask(files fs.FS, picture string) (segment.Mask, error) {
	stem := strings.TrimSuffix(picture, path.Ext(picture))
	for _, name := range []string{stem, path.Base(stem)} {
		for _, end := range []string{".png", ".bmp"} {
			f, err := files.Open(name + end)
			if err != nil {
				continue
			}
			defer f.Close()
			p, err := decodePicture(f.(io.ReadSeeker), maxPixels)
			if err != nil {
				return segment.Mask{}, fmt.Errorf("%s: %w", name+end, err)
			}
			return maskOf(p), nil
		}
	}
	return segment.Mask{}, fmt.Errorf("there is no %s.png", stem)
}

// maskOf returns the pixels of a picture that are not black.
func maskOf(p image.Image) segment.Mask {
	b := p.Bounds()
	m := segment.NewMask(b.Dy(), b.Dx())
	for i := range m.Bits {
		red, green, blue, _ := p.At(b.Min.X+i%m.Width, b.Min.Y+i/m.Width).RGBA()
		m.Bits[i] = red|green|blue != 0
	}
	return m
}

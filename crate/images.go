package crate

import (
	"context"
	"fmt"
	"strings"
)

// Images is a set of labelled images of one size, the input of a model.
type Images struct {
	Pixels   []float32 // image, channel, row, column: the last index runs fastest
	Labels   []int     // class of each image, 0-based
	Channels int       // 1 for grey, 3 for red, green, blue
	Height   int       // rows of an image
	Width    int       // columns of an image
	Classes  int       // number of classes; every label is below it
	Names    []string  // class names; optional
}

// String says how many images of what size there are, and their classes.
func (x Images) String() string {
	s := fmt.Sprintf("%d images of %d×%d×%d pixels", x.Len(), x.Channels, x.Height, x.Width)
	if x.Classes == 0 {
		return s
	}
	s += fmt.Sprintf(" in %d classes", x.Classes)
	if len(x.Names) > 12 {
		return s + ": " + strings.Join(x.Names[:12], ", ") + ", …"
	}
	if len(x.Names) > 0 {
		s += ": " + strings.Join(x.Names, ", ")
	}
	return s
}

// Len returns the number of images. A set without labels is measured by its
// pixels, so unlabelled images can be given to [Model.Forward] as well.
func (x Images) Len() int {
	if n := x.imageSize(); n > 0 {
		return len(x.Pixels) / n
	}
	return 0
}

// ImageSource is a set of images that is read in parts, as it may be larger
// than the memory: a folder of pictures, say. [Images] is an ImageSource too.
type ImageSource interface {
	// Len returns the number of images.
	Len() int

	// Read returns images i, i+1, …, j−1, with their labels if they have any.
	// Shape, Classes and Names are the same in every part. It stops with ctx's
	// error when ctx ends. The caller must not change the result.
	Read(ctx context.Context, i, j int) (Images, error)
}

// Read returns x.Slice(i, j), so that images in memory are an [ImageSource].
func (x Images) Read(_ context.Context, i, j int) (Images, error) {
	return x.Slice(i, j), nil
}

// Slice returns images i, i+1, …, j−1. The result shares its memory with x.
func (x Images) Slice(i, j int) Images {
	if i < 0 || j < i || j > x.Len() {
		panic(fmt.Sprintf("crate: Images.Slice(%d, %d) of %d images; want 0 ≤ i ≤ j ≤ %[3]d", i, j, x.Len()))
	}
	n := x.imageSize()
	x.Pixels = x.Pixels[i*n : j*n]
	if x.Labels != nil {
		x.Labels = x.Labels[i:j]
	}
	return x
}

// Image returns the pixels of image i: channel, row, column. They are shared
// with x.
func (x Images) Image(i int) []float32 {
	return x.Slice(i, i+1).Pixels
}

// Validate reports what is inconsistent in x: a number of pixels that is not
// a whole number of images, labels that are too few or not below Classes.
func (x Images) Validate() error {
	n := x.imageSize()
	switch {
	case n <= 0 || x.Channels <= 0 || x.Height <= 0:
		return fmt.Errorf("crate: Images: Channels %d, Height %d, Width %d; all must be positive", x.Channels, x.Height, x.Width)
	case len(x.Pixels)%n != 0:
		return fmt.Errorf("crate: Images: %d pixels are not a whole number of %d×%d×%d images (%d pixels each)",
			len(x.Pixels), x.Channels, x.Height, x.Width, n)
	case x.Labels != nil && len(x.Labels) != x.Len():
		return fmt.Errorf("crate: Images: %d labels for %d images; want one each, or none", len(x.Labels), x.Len())
	}
	for i, label := range x.Labels {
		if label < 0 || label >= x.Classes {
			return fmt.Errorf("crate: Images: label %d of image %d is not in 0…Classes−1 = %d", label, i, x.Classes-1)
		}
	}
	return nil
}

// imageSize is the number of pixels of one image.
func (x Images) imageSize() int { return x.Channels * x.Height * x.Width }

package datasets

import (
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/gocrate/gocrate/crate"
)

// Recipe says how a picture of any size becomes the input of a model: resized,
// the middle cut out, and normalised. The zero value of a field stands for its
// default, so that Recipe{Size: 64} gives the middle square of a picture as
// 3×64×64 pixels between 0 and 1.
//
// Pictures are resized as torchvision resizes those of PIL: bilinearly, each
// pixel of the result being the mean of all that it covers, but without
// rounding to 8 bits on the way. Transparency and the orientation that a camera
// notes in a JPEG file are ignored, as they are there.
type Recipe struct {
	Size      int           // height and width of the result, in pixels; 0: 224
	Resize    int           // what the shorter side becomes before the middle is cut out; 0: Size
	Squash    bool          // resize both sides to Size instead, which keeps all and changes proportions
	Grey      bool          // one channel, 0.299 R + 0.587 G + 0.114 B, instead of three
	Normalize Normalization // of each channel; none if zero
}

// ImageNetRecipe is the recipe of the official evaluation on ImageNet, for any
// size: for 224 the shorter side is resized to 256, and the channels are
// normalised by [ImageNetPixels].
func ImageNetRecipe(size int) Recipe {
	return Recipe{Size: size, Resize: size * 256 / 224, Normalize: ImageNetPixels}
}

// FineTuneRecipe is the recipe of the official evaluation after fine-tuning on
// CIFAR, Flowers and Pets: both sides are resized, and the channels normalised by
// [ImageNetPixels].
func FineTuneRecipe(size int) Recipe {
	return Recipe{Size: size, Squash: true, Normalize: ImageNetPixels}
}

// Apply prepares pictures. The result has no labels: channels red, green, blue,
// or one with Grey, of Size×Size pixels. It panics if the recipe contradicts
// itself or a picture is empty.
func (r Recipe) Apply(pictures ...image.Image) crate.Images {
	r = r.withDefaults()
	if err := r.check(); err != nil {
		panic(err)
	}
	x := r.images(len(pictures))
	for i, p := range pictures {
		if p.Bounds().Empty() {
			panic(fmt.Sprintf("datasets: Recipe.Apply: picture %d is empty", i))
		}
		r.apply(p, x.Image(i))
	}
	return x
}

// images are n images, still black.
func (r Recipe) images(n int) crate.Images {
	x := crate.Images{Channels: r.channels(), Height: r.Size, Width: r.Size}
	x.Pixels = make([]float32, n*x.Channels*x.Height*x.Width)
	return x
}

// apply prepares one picture into the pixels of an image.
func (r Recipe) apply(p image.Image, pixels []float32) {
	b := p.Bounds()
	rows, columns := r.taps(b.Dy(), b.Dx())
	resize(pictureLines(p, r.Grey), pixels, r.channels(), rows, columns)
	r.Normalize.apply(pixels, r.channels())
}

// taps say from which rows and columns of a picture those of the image are made.
// The long side is rounded down, and the middle to even, as torchvision does.
func (r Recipe) taps(height, width int) (rows, columns []tap) {
	if r.Squash {
		return taps(0, height, r.Size, r.Size, 0), taps(0, width, r.Size, r.Size, 0)
	}
	short := min(height, width)
	h, w := r.Resize*height/short, r.Resize*width/short
	top, left := middle(h, r.Size), middle(w, r.Size)
	return taps(0, height, h, r.Size, top), taps(0, width, w, r.Size, left)
}

// middle is where the middle part of a line begins.
func middle(length, part int) int {
	return int(math.RoundToEven(float64(length-part) / 2))
}

func (r Recipe) channels() int {
	if r.Grey {
		return 1
	}
	return 3
}

func (r Recipe) withDefaults() Recipe {
	setDefault(&r.Size, 224)
	setDefault(&r.Resize, r.Size)
	return r
}

// maxSize bounds the sides of an image, maxFloats the pixels of a set in memory:
// 8 GiB of them.
const (
	maxSize   = 1 << 13
	maxFloats = 1 << 31
)

// check reports what contradicts itself in a recipe with defaults.
func (r Recipe) check() error {
	n := r.Normalize
	switch {
	case r.Size < 0 || r.Size > maxSize || r.Resize > maxSize:
		return fmt.Errorf("datasets: Recipe: Size %d, Resize %d; want 1 to %d", r.Size, r.Resize, maxSize)
	case r.Resize < r.Size:
		return fmt.Errorf("datasets: Recipe: Resize %d is less than Size %d, which is cut out of it", r.Resize, r.Size)
	case !n.isZero() && (len(n.Mean) != r.channels() || len(n.SD) != r.channels() || slices.Contains(n.SD, 0)):
		return fmt.Errorf("datasets: Recipe: Normalize has means %v and deviations %v; want %d of each, none of these 0", n.Mean, n.SD, r.channels())
	}
	return nil
}

package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gocrate/gocrate/crate"
)

// RandomFlip mirrors every other image, left to right.
func RandomFlip() crate.Augmentation {
	return func(image crate.Images, rng *rand.Rand) {
		if rng.IntN(2) == 0 {
			return
		}
		for row := range slices.Chunk(image.Pixels, image.Width) {
			slices.Reverse(row)
		}
	}
}

// RandomCrop moves an image by up to padding pixels in each direction, which is
// to surround it by that many black pixels and to cut out of it at random: the
// augmentation of small images, usually by 4 pixels for 32×32. Black is 0, so it
// goes before a normalisation.
func RandomCrop(padding int) crate.Augmentation {
	if padding < 0 {
		panic(fmt.Sprintf("datasets: RandomCrop: padding %d is negative", padding))
	}
	return func(image crate.Images, rng *rand.Rand) {
		dy, dx := rng.IntN(2*padding+1)-padding, rng.IntN(2*padding+1)-padding
		remap(image, func(y, x float64) (float64, float64) { return y - float64(dy), x - float64(dx) })
	}
}

// RandomResizedCrop cuts out a random part of an image and resizes it to the
// whole: at least minArea of its area, 0.08 in the official recipes, in a shape
// between 3:4 and 4:3. It is the augmentation of large images. Where ten random
// parts do not fit into an oblong image, the middle is taken.
func RandomResizedCrop(minArea float64) crate.Augmentation {
	if !(minArea > 0 && minArea <= 1) {
		panic(fmt.Sprintf("datasets: RandomResizedCrop: minArea %v; want more than 0, at most 1", minArea))
	}
	return func(image crate.Images, rng *rand.Rand) {
		cropResized(image, randomBox(image.Height, image.Width, minArea, rng))
	}
}

// Augment applies n to a training image, as the last of the augmentations, all of
// which take pixels between 0 and 1. Validation images are to be given to
// [Normalization.Apply].
func (n Normalization) Augment(image crate.Images, _ *rand.Rand) {
	n.apply(image.Pixels, image.Channels)
}

// box is a part of an image.
type box struct{ top, left, height, width int }

// randomBox draws the part that RandomResizedCrop cuts out.
func randomBox(height, width int, minArea float64, rng *rand.Rand) box {
	const narrow, wide = 3.0 / 4, 4.0 / 3
	for range 10 {
		area := float64(height*width) * (minArea + (1-minArea)*rng.Float64())
		shape := math.Exp(math.Log(narrow) + (math.Log(wide)-math.Log(narrow))*rng.Float64())
		w, h := int(math.RoundToEven(math.Sqrt(area*shape))), int(math.RoundToEven(math.Sqrt(area/shape)))
		if 0 < w && w <= width && 0 < h && h <= height {
			return box{rng.IntN(height - h + 1), rng.IntN(width - w + 1), h, w}
		}
	}
	h := min(height, int(math.RoundToEven(float64(width)/narrow)))
	w := min(width, int(math.RoundToEven(float64(height)*wide)))
	return box{(height - h) / 2, (width - w) / 2, h, w}
}

// cropResized makes a part of an image the whole.
func cropResized(image crate.Images, b box) {
	h, w := image.Height, image.Width
	rows := taps(b.top, b.top+b.height, h, h, 0)
	columns := taps(b.left, b.left+b.width, w, w, 0)
	resize(imageLines(slices.Clone(image.Pixels), h, w), image.Pixels, image.Channels, rows, columns)
}

package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gocrate/gocrate/crate"
)

// RandAugment changes an image by n operations drawn at random from fourteen:
// none, shear and translation in x and y, rotation, brightness, colour, contrast,
// sharpness, fewer bits, solarisation, and contrast stretched or equalised.
// magnitude, from 0 to 30, says how strongly; where an operation has two
// directions, one is drawn. The official fine-tuning takes n = 2, magnitude = 14.
//
// Operations and strengths are those of torchvision's class of the same name on
// PIL images, though only the operations that need levels round to 8 bits. What
// comes in from outside is black. Pixels must be between 0 and 1, so that a
// normalisation comes later. A grey image has no colour to change.
//
// Source: E. D. Cubuk and others, RandAugment: Practical Automated Data
// Augmentation with a Reduced Search Space (2019).
func RandAugment(n, magnitude int) crate.Augmentation {
	if n < 0 || magnitude < 0 || magnitude > maxMagnitude {
		panic(fmt.Sprintf("datasets: RandAugment(%d, %d); want n not negative, magnitude from 0 to %d", n, magnitude, maxMagnitude))
	}
	return func(image crate.Images, rng *rand.Rand) {
		for range n {
			op := operations[rng.IntN(len(operations))]
			m := float64(magnitude) / maxMagnitude
			if op.signed && rng.IntN(2) == 0 {
				m = -m
			}
			op.apply(image, m)
		}
	}
}

const maxMagnitude = 30

// operations are those of RandAugment. They take their magnitude as a share of
// the greatest, negative for the other direction.
var operations = []struct {
	name   string
	signed bool
	apply  func(image crate.Images, m float64)
}{
	{"Identity", false, func(crate.Images, float64) {}},
	{"ShearX", true, func(image crate.Images, m float64) {
		remap(image, func(y, x float64) (float64, float64) { return y, x + 0.3*m*y })
	}},
	{"ShearY", true, func(image crate.Images, m float64) {
		remap(image, func(y, x float64) (float64, float64) { return y + 0.3*m*x, x })
	}},
	{"TranslateX", true, func(image crate.Images, m float64) {
		d := math.Trunc(m * 150 / 331 * float64(image.Width))
		remap(image, func(y, x float64) (float64, float64) { return y, x - d })
	}},
	{"TranslateY", true, func(image crate.Images, m float64) {
		d := math.Trunc(m * 150 / 331 * float64(image.Height))
		remap(image, func(y, x float64) (float64, float64) { return y - d, x })
	}},
	{"Rotate", true, func(image crate.Images, m float64) { rotate(image, 30*m) }},
	{"Brightness", true, func(image crate.Images, m float64) { blend(image, black, 1+0.9*m) }},
	{"Color", true, func(image crate.Images, m float64) { blend(image, withoutColour, 1+0.9*m) }},
	{"Contrast", true, func(image crate.Images, m float64) { blend(image, meanGrey, 1+0.9*m) }},
	{"Sharpness", true, func(image crate.Images, m float64) { blend(image, smooth, 1+0.9*m) }},
	{"Posterize", false, func(image crate.Images, m float64) { posterize(image, 8-int(math.RoundToEven(4*m))) }},
	{"Solarize", false, func(image crate.Images, m float64) { solarize(image, float32(1-m)) }},
	{"AutoContrast", false, func(image crate.Images, _ float64) { eachChannel(image, autoContrast) }},
	{"Equalize", false, func(image crate.Images, _ float64) { eachChannel(image, equalize) }},
}

// rotate turns an image against the clock about its middle.
func rotate(image crate.Images, degrees float64) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cy, cx := float64(image.Height)/2, float64(image.Width)/2
	remap(image, func(y, x float64) (float64, float64) {
		y, x = y-cy, x-cx
		return cos*y + sin*x + cy, cos*x - sin*y + cx
	})
}

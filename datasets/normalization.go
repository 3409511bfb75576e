package datasets

import (
	"fmt"
	"math"
	"slices"

	"github.com/gocrate/gocrate/crate"
)

// Normalization makes pixels of mean 0 and standard deviation 1 out of pixels
// between 0 and 1: (x − Mean) / SD, with one Mean and SD for each channel. The
// zero value leaves pixels as they are.
type Normalization struct {
	Mean, SD []float32
}

// The normalisations in use. ImageNetPixels is that of the official code, for
// training and, whatever the pictures, for fine-tuning.
var (
	ImageNetPixels = Normalization{Mean: []float32{0.485, 0.456, 0.406}, SD: []float32{0.229, 0.224, 0.225}}
	CIFAR10Pixels  = Normalization{Mean: []float32{0.4914, 0.4822, 0.4465}, SD: []float32{0.2470, 0.2435, 0.2616}}
	CIFAR100Pixels = Normalization{Mean: []float32{0.5071, 0.4865, 0.4409}, SD: []float32{0.2673, 0.2564, 0.2762}}
)

// NormalizationOf measures the mean and the standard deviation of each channel
// over all images, so that NormalizationOf(x).Apply(x) has means 0 and
// deviations 1. A channel that is the same everywhere gets deviation 1. It panics
// if there are no images.
func NormalizationOf(x crate.Images) Normalization {
	if x.Len() == 0 {
		panic("datasets: NormalizationOf no images")
	}
	n := Normalization{Mean: make([]float32, x.Channels), SD: make([]float32, x.Channels)}
	count := float64(x.Len() * x.Height * x.Width)
	for c := range x.Channels {
		var sum, squares float64
		overChannel(x, c, func(p float32) { sum += float64(p) })
		μ := sum / count
		overChannel(x, c, func(p float32) { squares += (float64(p) - μ) * (float64(p) - μ) })
		n.Mean[c], n.SD[c] = float32(μ), float32(math.Sqrt(squares/count))
		if n.SD[c] == 0 {
			n.SD[c] = 1
		}
	}
	return n
}

// Apply returns x with its pixels normalised; x itself stays as it is. It panics
// if n is not for as many channels as x has.
func (n Normalization) Apply(x crate.Images) crate.Images {
	if !n.isZero() && (len(n.Mean) != x.Channels || len(n.SD) != x.Channels) {
		panic(fmt.Sprintf("datasets: Normalization of %d means and %d deviations applied to images of %d channels", len(n.Mean), len(n.SD), x.Channels))
	}
	x.Pixels = slices.Clone(x.Pixels)
	for i := range x.Len() {
		n.apply(x.Image(i), x.Channels)
	}
	return x
}

// apply normalises one image in place.
func (n Normalization) apply(pixels []float32, channels int) {
	if n.isZero() {
		return
	}
	plane := len(pixels) / channels
	for c := range channels {
		μ, σ := n.Mean[c], n.SD[c]
		for i, p := range pixels[c*plane : (c+1)*plane] {
			pixels[c*plane+i] = (p - μ) / σ
		}
	}
}

func (n Normalization) isZero() bool { return n.Mean == nil && n.SD == nil }

// overChannel calls f with every pixel of a channel.
func overChannel(x crate.Images, channel int, f func(float32)) {
	plane := x.Height * x.Width
	for i := range x.Len() {
		for _, p := range x.Image(i)[channel*plane : (channel+1)*plane] {
			f(p)
		}
	}
}

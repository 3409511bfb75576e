package datasets

import (
	"math"
	"slices"

	"github.com/gocrate/gocrate/crate"
)

// remap moves the pixels of an image: each is taken from where source says its
// centre comes from, or black if that is outside. Rows and columns go from 0 to
// the height and width, the centre of the first pixel being at ½.
func remap(image crate.Images, source func(y, x float64) (float64, float64)) {
	from := slices.Clone(image.Pixels)
	h, w := image.Height, image.Width
	for y := range h {
		for x := range w {
			sy, sx := source(float64(y)+0.5, float64(x)+0.5)
			iy, ix := int(math.Floor(sy)), int(math.Floor(sx))
			inside := iy >= 0 && iy < h && ix >= 0 && ix < w
			for c := range image.Channels {
				var p float32
				if inside {
					p = from[(c*h+iy)*w+ix]
				}
				image.Pixels[(c*h+y)*w+x] = p
			}
		}
	}
}

// blend moves an image away from, or towards, a degenerate form of itself:
// factor 0 gives that form, 1 the image, 2 twice as far away from it.
func blend(image crate.Images, degenerate func(crate.Images) []float32, factor float64) {
	f := float32(factor)
	for i, d := range degenerate(image) {
		image.Pixels[i] = min(max(d+f*(image.Pixels[i]-d), 0), 1)
	}
}

func black(image crate.Images) []float32 { return make([]float32, len(image.Pixels)) }

// withoutColour has the grey of each pixel in all its channels.
func withoutColour(image crate.Images) []float32 {
	return slices.Repeat(greyOf(image), image.Channels)
}

// meanGrey is an image of one grey: the mean, at the nearest of 255 steps.
func meanGrey(image crate.Images) []float32 {
	grey := greyOf(image)
	var sum float64
	for _, g := range grey {
		sum += float64(g)
	}
	mean := math.Floor(255*sum/float64(len(grey))+0.5) / 255
	return slices.Repeat([]float32{float32(mean)}, len(image.Pixels))
}

// smooth has for each pixel the mean of its neighbours and, five times, itself.
// The border stays.
func smooth(image crate.Images) []float32 {
	out := slices.Clone(image.Pixels)
	h, w := image.Height, image.Width
	for c := range image.Channels {
		p := image.Pixels[c*h*w:][:h*w]
		for y := 1; y < h-1; y++ {
			for x := 1; x < w-1; x++ {
				i := y*w + x
				sum := 4*p[i] + p[i-1] + p[i] + p[i+1]
				for _, k := range []int{i - w, i + w} {
					sum += p[k-1] + p[k] + p[k+1]
				}
				out[c*h*w+i] = sum / 13
			}
		}
	}
	return out
}

// greyOf are the greys of an image's pixels.
func greyOf(image crate.Images) []float32 {
	if image.Channels != 3 {
		return slices.Clone(image.Pixels[:image.Height*image.Width])
	}
	plane := image.Height * image.Width
	grey := make([]float32, plane)
	for i := range grey {
		grey[i] = 0.299*image.Pixels[i] + 0.587*image.Pixels[plane+i] + 0.114*image.Pixels[2*plane+i]
	}
	return grey
}

// posterize keeps the given number of the 8 bits of each pixel.
func posterize(image crate.Images, bits int) {
	for i, p := range image.Pixels {
		image.Pixels[i] = float32(level(p)>>(8-bits)<<(8-bits)) / 255
	}
}

// solarize turns pixels from the threshold on into their negative.
func solarize(image crate.Images, threshold float32) {
	for i, p := range image.Pixels {
		if p >= threshold {
			image.Pixels[i] = 1 - p
		}
	}
}

func eachChannel(image crate.Images, f func([]float32)) {
	for channel := range slices.Chunk(image.Pixels, image.Height*image.Width) {
		f(channel)
	}
}

// autoContrast stretches a channel to all between 0 and 1.
func autoContrast(channel []float32) {
	lo, hi := slices.Min(channel), slices.Max(channel)
	if lo == hi {
		return
	}
	for i, p := range channel {
		channel[i] = (p - lo) / (hi - lo)
	}
}

// equalize spreads the 256 levels of a channel so that they are used as evenly
// as can be without dividing one: level v becomes the number of pixels below it,
// in steps of a 255th of all but the brightest ones.
func equalize(channel []float32) {
	var count [256]int
	for _, p := range channel {
		count[level(p)]++
	}
	step := (len(channel) - count[level(slices.Max(channel))]) / 255
	if step == 0 {
		return
	}
	var table [256]float32
	n := step / 2
	for v := range table {
		table[v] = float32(min(n/step, 255)) / 255
		n += count[v]
	}
	for i, p := range channel {
		channel[i] = table[level(p)]
	}
}

// level is the nearest of the 256 levels of a pixel.
func level(p float32) int { return int(255*min(max(p, 0), 1) + 0.5) }

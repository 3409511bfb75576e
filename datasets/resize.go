package datasets

import (
	"image"
	"image/color"
)

// A tap says from which pixels of a line one pixel of the resized line is made:
// the sum of weight[k] times pixel first+k.
type tap struct {
	first  int
	weight []float32
}

// taps resize the pixels from ≤ x < to of a line to length pixels, of which they
// give n from offset on. A pixel of the result is the mean of what lies under a
// triangle, twice as wide as itself but no narrower than two pixels of the line:
//
//	y(i) = Σ_x w(x) x / Σ_x w(x),   w(x) = max(0, 1 − |x + ½ − c| / r),
//	c = from + (offset + i + ½) s,  s = (to − from) / length,  r = max(s, 1)
//
// which is bilinear interpolation where a line is stretched and averaging where
// it is shrunk, as in PIL. The package draw of x/image has the same filter, but
// for no float pixels, and resizes all that is cut away afterwards.
func taps(from, to, length, n, offset int) []tap {
	s := float64(to-from) / float64(length)
	r := max(s, 1)
	all := make([]tap, n)
	for i := range all {
		c := float64(from) + (float64(offset+i)+0.5)*s
		first, end := max(from, int(c-r+0.5)), min(to, int(c+r+0.5))
		w, sum := make([]float32, end-first), float32(0)
		for k := range w {
			d := float64(first+k) + 0.5 - c
			w[k] = float32(max(0, 1-max(d, -d)/r))
			sum += w[k]
		}
		for k := range w {
			w[k] /= sum
		}
		all[i] = tap{first, w}
	}
	return all
}

// A lines gives one line of a picture after the other: line(y, c) are the pixels
// of row y in channel c, valid until the next row is asked for. Rows come in
// order.
type lines func(y, c int) []float32

// resize writes the picture whose lines it gets to dst: channel, row, column. It
// takes each line once and adds it, shrunk, to the rows that it has a part in, so
// the whole picture is never held as floats.
func resize(line lines, dst []float32, channels int, rows, columns []tap) {
	h, w := len(rows), len(columns)
	clear(dst)
	shrunk := make([]float32, w)
	begin := 0 // rows before it are complete
	for y := rows[0].first; begin < h; y++ {
		for c := range channels {
			shrinkLine(shrunk, line(y, c), columns)
			for i := begin; i < h && rows[i].first <= y; i++ {
				addScaled(dst[(c*h+i)*w:][:w], rows[i].at(y), shrunk)
			}
		}
		for begin < h && rows[begin].first+len(rows[begin].weight) == y+1 {
			begin++
		}
	}
}

// at is the weight of pixel x, which is not before the first.
func (t tap) at(x int) float32 { return t.weight[x-t.first] }

func addScaled(dst []float32, weight float32, x []float32) {
	for i, v := range x {
		dst[i] += weight * v
	}
}

func shrinkLine(out, line []float32, columns []tap) {
	for x, t := range columns {
		var sum float32
		for k, p := range line[t.first : t.first+len(t.weight)] {
			sum += t.weight[k] * p
		}
		out[x] = sum
	}
}

// imageLines are the lines of an image: channel, row, column.
func imageLines(pixels []float32, height, width int) lines {
	return func(y, c int) []float32 { return pixels[(c*height+y)*width:][:width] }
}

// pictureLines are the lines of a decoded picture, with values from 0 to 1.
func pictureLines(p image.Image, grey bool) lines {
	b := p.Bounds()
	at := colours(p)
	var rgb [3][]float32
	for c := range rgb {
		rgb[c] = make([]float32, b.Dx())
	}
	return func(y, c int) []float32 {
		if c > 0 {
			return rgb[c] // of the row read for channel 0
		}
		for x := range b.Dx() {
			red, green, blue := at(b.Min.X+x, b.Min.Y+y)
			if grey {
				rgb[0][x] = (0.299*float32(red) + 0.587*float32(green) + 0.114*float32(blue)) / 255
				continue
			}
			rgb[0][x], rgb[1][x], rgb[2][x] = float32(red)/255, float32(green)/255, float32(blue)/255
		}
		return rgb[0]
	}
}

// colours returns a function for the colour of a pixel, without transparency.
// The kinds of image that decoders return most are read without allocations.
func colours(p image.Image) func(x, y int) (r, g, b uint8) {
	switch p := p.(type) {
	case *image.YCbCr:
		return func(x, y int) (uint8, uint8, uint8) {
			i := p.COffset(x, y)
			return color.YCbCrToRGB(p.Y[p.YOffset(x, y)], p.Cb[i], p.Cr[i])
		}
	case *image.Gray:
		return func(x, y int) (uint8, uint8, uint8) {
			v := p.Pix[p.PixOffset(x, y)]
			return v, v, v
		}
	case *image.NRGBA:
		return func(x, y int) (uint8, uint8, uint8) {
			i := p.PixOffset(x, y)
			return p.Pix[i], p.Pix[i+1], p.Pix[i+2]
		}
	case *image.RGBA:
		if p.Opaque() {
			return func(x, y int) (uint8, uint8, uint8) {
				i := p.PixOffset(x, y)
				return p.Pix[i], p.Pix[i+1], p.Pix[i+2]
			}
		}
	}
	return func(x, y int) (uint8, uint8, uint8) {
		c := color.NRGBAModel.Convert(p.At(x, y)).(color.NRGBA)
		return c.R, c.G, c.B
	}
}

package plots

import (
	"fmt"
	"image/color"
	"math"
)

// Image is a small picture, given as numbers.
type Image struct {
	Title string
	// Pixels holds Height × Width grey values row by row, or three such planes
	// (red, green, blue) one after another.
	Pixels        []float32
	Height, Width int
}

// Images draws pictures in rows of the given number of columns, each under its
// title. The smallest value of all is black and the largest white, unless
// [Figure.WithRange] says otherwise.
func Images(columns int, images ...Image) *Figure {
	if columns <= 0 {
		panic(fmt.Sprintf("plots: Images: %d columns; want at least 1", columns))
	}
	s := &sheet{columns: min(columns, max(1, len(images))), what: "images"}
	s.picture("Images", images)
	return s.figure(.85)
}

// picture adds the tiles of images on one scale, which s.setRange sets.
func (s *sheet) picture(function string, images []Image) {
	checkImages(function, images)
	s.scale = greyScale(images)
	for _, m := range images {
		s.tiles = append(s.tiles, tile{title: m.Title, height: m.Height, width: m.Width, at: m.colors(&s.scale)})
	}
}

func checkImages(function string, images []Image) {
	for i, m := range images {
		if n := m.Height * m.Width; m.Height <= 0 || m.Width <= 0 || len(m.Pixels) != n && len(m.Pixels) != 3*n {
			panic(fmt.Sprintf("plots: %s: image %d has %d pixels but is %d × %d; want %d grey values, or three planes of as many",
				function, i, len(m.Pixels), m.Height, m.Width, n))
		}
	}
}

func greyScale(images []Image) scale {
	s := scale{math.Inf(1), math.Inf(-1), greys}
	for _, m := range images {
		for _, pixel := range m.Pixels {
			if v := float64(pixel); finite(v) {
				s.lo, s.hi = math.Min(s.lo, v), math.Max(s.hi, v)
			}
		}
	}
	return s
}

// colors gives the colour of each pixel: greys, or the three planes.
func (m Image) colors(s *scale) func(i, j int) color.RGBA {
	n := m.Height * m.Width
	if len(m.Pixels) == n {
		return func(i, j int) color.RGBA { return s.at(float64(m.Pixels[i*m.Width+j])) }
	}
	return func(i, j int) color.RGBA {
		plane := func(k int) uint8 { return s.at(float64(m.Pixels[k*n+i*m.Width+j])).R }
		return color.RGBA{plane(0), plane(1), plane(2), 0xFF}
	}
}

package segment

import (
	"fmt"
	"math"
)

// MaskOfPolygons returns the pixels inside any of some polygons, each the
// coordinates x, y, x, y, … of its corners, in pixels. It fills them as COCO's
// tools do, pixel by pixel the same: corners are rounded to fifths of a pixel, the
// edges drawn with that resolution, and a column of pixels is inside between two
// edges at its middle. It is an error if a polygon has less than three corners or
// corners that are not within a few images of this one, or if the mask would be
// larger than [MaxPixels].
func MaskOfPolygons(polygons [][]float64, height, width int) (Mask, error) {
	if err := checkSize(height, width); err != nil {
		return Mask{}, err
	}
	m := NewMask(height, width)
	for i, p := range polygons {
		if err := checkPolygon(p, height, width); err != nil {
			return Mask{}, fmt.Errorf("segment: polygon %d: %w", i, err)
		}
		m.fill(p)
	}
	return m, nil
}

func checkPolygon(p []float64, height, width int) error {
	if len(p) < 6 || len(p)%2 != 0 {
		return fmt.Errorf("%d numbers; want x and y of three corners at least", len(p))
	}
	far := 16 * float64(max(height, width))
	for _, v := range p {
		if !(math.Abs(v) <= far) {
			return fmt.Errorf("a corner at %g; want one near the image of %d×%d pixels", v, height, width)
		}
	}
	return nil
}

// fine is how many parts a pixel has on which edges are drawn.
const fine = 5

// fill adds the pixels inside a polygon to m.
func (m Mask) fill(polygon []float64) {
	// A crossing of an edge with the middle of a column turns inside and outside
	// for all pixels from there on, column after column.
	turns := make([]int, len(m.Bits)+1)
	n := len(polygon) / 2
	corner := func(i int) (x, y int) {
		i %= n
		return int(fine*polygon[2*i] + 0.5), int(fine*polygon[2*i+1] + 0.5)
	}
	u, v := corner(0)
	for i := range n {
		x0, y0 := corner(i)
		x1, y1 := corner(i + 1)
		drawEdge(x0, y0, x1, y1, func(x, y int) {
			if x != u {
				if at, ok := m.crossing(min(x, u), min(y, v)); ok {
					turns[at]++
				}
			}
			u, v = x, y
		})
	}
	inside := 0
	for k := range m.Bits {
		if inside += turns[k]; inside%2 == 1 {
			m.Bits[k%m.Height*m.Width+k/m.Height] = true
		}
	}
}

// crossing returns the place, column after column, of the pixel from which on a
// step of an edge turns inside and outside. The step is from x to x + 1, in either
// direction, its upper end at y. It reports false unless it crosses the middle of
// a column of the image.
func (m Mask) crossing(x, y int) (at int, ok bool) {
	column := (float64(x)+0.5)/fine - 0.5
	if column != math.Floor(column) || column < 0 || column > float64(m.Width-1) {
		return 0, false
	}
	row := math.Ceil(min(max((float64(y)+0.5)/fine-0.5, 0), float64(m.Height)))
	return int(column)*m.Height + int(row), true
}

// drawEdge calls f with the points of a line, one for each step along its longer
// side, both ends included.
func drawEdge(x0, y0, x1, y1 int, f func(x, y int)) {
	dx, dy := abs(x1-x0), abs(y1-y0)
	steps := max(dx, dy)
	// Points are computed from the end with the smaller coordinate along the
	// longer side, whichever way the edge goes, so that two polygons meet.
	alongX := dx >= dy
	flip := alongX && x0 > x1 || !alongX && y0 > y1
	if flip {
		x0, y0, x1, y1 = x1, y1, x0, y0
	}
	slope := 0.0
	switch {
	case steps == 0:
	case alongX:
		slope = float64(y1-y0) / float64(dx)
	default:
		slope = float64(x1-x0) / float64(dy)
	}
	for d := range steps + 1 {
		t := d
		if flip {
			t = steps - d
		}
		if alongX {
			f(x0+t, int(float64(y0)+slope*float64(t)+0.5))
		} else {
			f(int(float64(x0)+slope*float64(t)+0.5), y0+t)
		}
	}
}

func abs(n int) int { return max(n, -n) }

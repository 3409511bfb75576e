package segment

import "fmt"

// Mask is a set of pixels, or of patches, of an image.
type Mask struct {
	Height, Width int
	Bits          []bool // row, column
}

// NewMask returns an empty mask.
func NewMask(height, width int) Mask {
	return Mask{height, width, make([]bool, height*width)}
}

// At reports whether a pixel belongs to the mask.
func (m Mask) At(row, column int) bool { return m.Bits[row*m.Width+column] }

// Area returns the number of pixels in the mask.
func (m Mask) Area() int {
	n := 0
	for _, b := range m.Bits {
		if b {
			n++
		}
	}
	return n
}

// Not returns the pixels that are not in the mask.
func (m Mask) Not() Mask {
	out := NewMask(m.Height, m.Width)
	for i, b := range m.Bits {
		out.Bits[i] = !b
	}
	return out
}

// Resize returns the mask at another size: a pixel takes the value of the one
// that its centre falls into. A mask of patches becomes one of pixels so.
func (m Mask) Resize(height, width int) Mask {
	out := NewMask(height, width)
	for y := range height {
		for x := range width {
			out.Bits[y*width+x] = m.At((2*y+1)*m.Height/(2*height), (2*x+1)*m.Width/(2*width))
		}
	}
	return out
}

// Components returns the parts of the mask that hang together, in the order of
// their first pixels. Neighbours are those above, below, left and right.
func (m Mask) Components() []Mask {
	var parts []Mask
	seen := make([]bool, len(m.Bits))
	for i, b := range m.Bits {
		if b && !seen[i] {
			parts = append(parts, m.component(i, seen))
		}
	}
	return parts
}

// Component returns the part of the mask that hangs together with a pixel; an
// empty mask if the pixel is not in m.
func (m Mask) Component(row, column int) Mask {
	if !m.At(row, column) {
		return NewMask(m.Height, m.Width)
	}
	return m.component(row*m.Width+column, make([]bool, len(m.Bits)))
}

// component floods m from pixel i and marks what it has seen.
func (m Mask) component(i int, seen []bool) Mask {
	part := NewMask(m.Height, m.Width)
	seen[i] = true
	for border := []int{i}; len(border) > 0; {
		i, border = border[len(border)-1], border[:len(border)-1]
		part.Bits[i] = true
		y, x := i/m.Width, i%m.Width
		for _, n := range [4]struct {
			inside bool
			at     int
		}{{y > 0, i - m.Width}, {y < m.Height-1, i + m.Width}, {x > 0, i - 1}, {x < m.Width-1, i + 1}} {
			if n.inside && m.Bits[n.at] && !seen[n.at] {
				seen[n.at] = true
				border = append(border, n.at)
			}
		}
	}
	return part
}

// Box is a rectangle in an image, in pixels: its left upper corner, width and
// height, as COCO writes it. Pixel (row, column) covers (column, row) to
// (column+1, row+1).
type Box struct{ X, Y, Width, Height float64 }

// Box returns the smallest box around the mask; zero if the mask is empty.
func (m Mask) Box() Box {
	top, left, bottom, right := m.Height, m.Width, 0, 0
	for i, b := range m.Bits {
		if y, x := i/m.Width, i%m.Width; b {
			top, left, bottom, right = min(top, y), min(left, x), max(bottom, y+1), max(right, x+1)
		}
	}
	if bottom == 0 {
		return Box{}
	}
	return Box{float64(left), float64(top), float64(right - left), float64(bottom - top)}
}

// Area returns width times height.
func (b Box) Area() float64 { return b.Width * b.Height }

// mustFit panics unless the masks are of one size.
func (m Mask) mustFit(name string, other Mask) {
	if m.Height != other.Height || m.Width != other.Width {
		panic(fmt.Sprintf("segment: %s: masks of %d×%d and %d×%d; Resize one of them", name, m.Height, m.Width, other.Height, other.Width))
	}
}

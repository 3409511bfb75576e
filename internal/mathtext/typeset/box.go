package typeset

import "gonum.org/v1/plot/vg"

// box is something set: its size, and the outlines that fill it, relative to
// the left end of its baseline.
type box struct {
	width, height, depth vg.Length
	// italic is how far ink leans out beyond width; a superscript moves by it.
	italic vg.Length
	// single says that the box is one character, whose scripts sit at fixed
	// heights whatever its shape.
	single bool
	marks  []vg.Path
}

// add sets b into a at (x, y), without changing a's width.
func (a *box) add(b box, x, y vg.Length) {
	for _, path := range b.marks {
		a.marks = append(a.marks, transform(path, 1, 1, x, y))
	}
	a.height = max(a.height, b.height+y)
	a.depth = max(a.depth, b.depth-y)
}

// append sets b after a, on the same baseline.
func (a *box) append(b box) {
	a.add(b, a.width, 0)
	a.width += b.width
	a.italic = b.italic
}

// scaled is b stretched by (sx, sy) around the left end of its baseline.
func (b box) scaled(sx, sy vg.Length) box {
	out := b
	out.width *= sx
	out.height *= sy
	out.depth *= sy
	out.marks = nil
	for _, path := range b.marks {
		out.marks = append(out.marks, transform(path, sx, sy, 0, 0))
	}
	return out
}

// raised is b moved up by y.
func (b box) raised(y vg.Length) box {
	out := box{width: b.width, height: b.height + y, depth: b.depth - y, italic: b.italic}
	for _, path := range b.marks {
		out.marks = append(out.marks, transform(path, 1, 1, 0, y))
	}
	return out
}

func transform(p vg.Path, sx, sy, x, y vg.Length) vg.Path {
	at := func(q vg.Point) vg.Point { return vg.Point{X: sx*q.X + x, Y: sy*q.Y + y} }
	out := make(vg.Path, len(p))
	for i, c := range p {
		c.Pos = at(c.Pos)
		if c.Control != nil {
			control := make([]vg.Point, len(c.Control))
			for j, q := range c.Control {
				control[j] = at(q)
			}
			c.Control = control
		}
		out[i] = c
	}
	return out
}

// rule is a filled rectangle whose lower edge is at y.
func rule(width, thickness, y vg.Length) box {
	var p vg.Path
	p.Move(vg.Point{X: 0, Y: y})
	p.Line(vg.Point{X: width, Y: y})
	p.Line(vg.Point{X: width, Y: y + thickness})
	p.Line(vg.Point{X: 0, Y: y + thickness})
	p.Close()
	return box{width: width, height: y + thickness, depth: max(0, -y), marks: []vg.Path{p}}
}

package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawMarker draws the marker of series i: shapes differ as colours do, so that
// a figure can be read in black and white. A thin white edge keeps markers that
// overlap apart.
func drawMarker(c draw.Canvas, i int, at vg.Point, r vg.Length, tint color.Color) {
	shape := markerShapes[i%len(markerShapes)]
	c.SetColor(color.White)
	c.Fill(shape(at, r+.6))
	c.SetColor(tint)
	c.Fill(shape(at, r))
}

var markerShapes = []func(at vg.Point, r vg.Length) vg.Path{
	disc,
	func(at vg.Point, r vg.Length) vg.Path { // square
		return polygon(at, r*.88, -1, -1, 1, -1, 1, 1, -1, 1)
	},
	func(at vg.Point, r vg.Length) vg.Path { // triangle
		return polygon(at, r*1.15, -1, -.75, 1, -.75, 0, 1)
	},
	func(at vg.Point, r vg.Length) vg.Path { // diamond
		return polygon(at, r*1.25, 0, -1, 1, 0, 0, 1, -1, 0)
	},
	func(at vg.Point, r vg.Length) vg.Path { // triangle pointing down
		return polygon(at, r*1.15, -1, .75, 1, .75, 0, -1)
	},
}

func polygon(at vg.Point, r vg.Length, xy ...vg.Length) vg.Path {
	var p vg.Path
	for i := 0; i < len(xy); i += 2 {
		q := vg.Point{X: at.X + r*xy[i], Y: at.Y + r*xy[i+1]}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}

// disc is a circle as four Bézier curves, which all back-ends draw alike.
func disc(at vg.Point, r vg.Length) vg.Path {
	k := r * .5523
	pt := func(x, y vg.Length) vg.Point { return vg.Point{X: at.X + x, Y: at.Y + y} }
	var p vg.Path
	p.Move(pt(r, 0))
	p.CubeTo(pt(r, k), pt(k, r), pt(0, r))
	p.CubeTo(pt(-k, r), pt(-r, k), pt(-r, 0))
	p.CubeTo(pt(-r, -k), pt(-k, -r), pt(0, -r))
	p.CubeTo(pt(k, -r), pt(r, -k), pt(r, 0))
	p.Close()
	return p
}

package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawCube draws the three faces that are behind the points, with a grid, and the
// marks of the axes along the outer edges.
func (s *space) drawCube(c draw.Canvas, at func([3]float64) vg.Point, style Style) {
	var far [3]float64 // the corner that all three faces share
	for k := range 3 {
		axis := [3]float64{}
		axis[k] = 1
		far[k] = -1
		if s.view(axis).near < 0 {
			far[k] = 1
		}
	}
	grid := draw.LineStyle{Color: gridGrey, Width: frameWidth}
	edge := draw.LineStyle{Color: edgeGrey, Width: frameWidth}
	line := func(sty draw.LineStyle, a, b [3]float64) {
		p, q := at(a), at(b)
		c.StrokeLine2(sty, p.X, p.Y, q.X, q.Y)
	}
	for k := range 3 {
		along, across := (k+1)%3, (k+2)%3 // the two axes of the face
		for _, pair := range [][2]int{{along, across}, {across, along}} {
			a, b := far, far
			a[pair[1]], b[pair[1]] = -1, 1
			for _, t := range s.ticks(pair[0]) {
				a[pair[0]], b[pair[0]] = s.tickAt(pair[0], t), s.tickAt(pair[0], t)
				line(grid, a, b)
			}
			for _, side := range []float64{-1, 1} {
				a[pair[0]], b[pair[0]] = side, side
				line(edge, a, b)
			}
		}
	}
	for k := range 3 {
		s.drawAxis(c, at, far, k, style)
	}
}

func (s *space) ticks(k int) []plot.Tick {
	return Ticks{Max: 4}.Ticks(s.center[k]-s.half, s.center[k]+s.half)
}

func (s *space) tickAt(k int, t plot.Tick) float64 { return (t.Value - s.center[k]) / s.half }

// drawAxis writes marks and the name along the edge of axis k that is outermost:
// for the first two on the floor's near side, for the third at the left.
func (s *space) drawAxis(c draw.Canvas, at func([3]float64) vg.Point, far [3]float64, k int, style Style) {
	edge := far
	if k == 2 {
		edge = s.leftmost()
	} else {
		edge[1-k] = -far[1-k]
		edge[2] = -1
	}
	a, b := edge, edge
	a[k], b[k] = -1, 1
	line := draw.LineStyle{Color: frameGrey, Width: frameWidth}
	p, q := at(a), at(b)
	c.StrokeLine2(line, p.X, p.Y, q.X, q.Y)

	out := outward(p, q, at([3]float64{}))
	sty := style.small()
	em := sty.Font.Size
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	write := func(where vg.Point, distance vg.Length, label string) {
		y := where.Y + distance*out.Y + sty.FontExtents().Descent
		c.FillText(sty, vg.Point{X: where.X + distance*out.X, Y: y}, label)
	}
	deep := vg.Length(0) // how far the labels of the marks reach outward
	for _, t := range s.ticks(k) {
		m := edge
		m[k] = s.tickAt(k, t)
		w := at(m)
		c.StrokeLine2(line, w.X, w.Y, w.X+tickLength*out.X, w.Y+tickLength*out.Y)
		if k == 1 && m[k]*far[k] < -.85 { // the first axis ends here too
			continue
		}
		d := sty.Width(t.Label)*abs(out.X) + em*abs(out.Y)
		write(w, tickLength+.25*em+d/2, t.Label)
		deep = max(deep, d)
	}
	sty = style.text()
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	write(vg.Point{X: (p.X + q.X) / 2, Y: (p.Y + q.Y) / 2}, tickLength+.6*em+deep+sty.Width(s.labels[k])/2*abs(out.X)+.5*em*abs(out.Y), s.labels[k])
}

// leftmost is the vertical edge that is farthest to the left.
func (s *space) leftmost() (edge [3]float64) {
	left := math.Inf(1)
	for corner := range 4 {
		if v := s.view(cornerOf(corner)); v.x < left {
			left, edge = v.x, cornerOf(corner)
		}
	}
	return edge
}

// outward is the direction across an edge of the cube that leads away from its
// middle.
func outward(p, q, middle vg.Point) vg.Point {
	along := q.Sub(p)
	length := vg.Length(math.Hypot(float64(along.X), float64(along.Y)))
	if length == 0 {
		return vg.Point{Y: -1}
	}
	out := vg.Point{X: along.Y / length, Y: -along.X / length}
	if from := p.Sub(middle); out.X*from.X+out.Y*from.Y < 0 {
		out = vg.Point{X: -out.X, Y: -out.Y}
	}
	return out
}

func abs(l vg.Length) vg.Length { return max(l, -l) }

package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Cloud3 is a set of points in space, such as the features of one class.
type Cloud3 struct {
	Label   string
	X, Y, Z []float64 // as many of each
}

// Scatter3D draws clouds of points in space, in a cube seen from afar so that
// equal distances look equal everywhere. [Figure.WithView] turns it.
// (arXiv 2105.10446, the spheres before and after ReduNet.)
func Scatter3D(clouds ...Cloud3) *Figure {
	s := &space{clouds: clouds, azimuth: -55, elevation: 22, labels: [3]string{"$x_1$", "$x_2$", "$x_3$"}}
	for _, c := range clouds {
		if len(c.X) != len(c.Y) || len(c.X) != len(c.Z) {
			panic(fmt.Sprintf("plots: Scatter3D: cloud %q has %d values of X, %d of Y and %d of Z; want as many", c.Label, len(c.X), len(c.Y), len(c.Z)))
		}
	}
	s.fit()
	return newFigure(3.2, 3, s)
}

// WithView turns a figure of points in space: azimuth is the direction from which
// it is seen, in degrees from the first axis towards the second, and elevation
// how high above the plane of the two.
func (f *Figure) WithView(azimuth, elevation float64) *Figure {
	if s, ok := f.content.(*space); ok {
		s.azimuth, s.elevation = azimuth, elevation
	}
	return f
}

// space is the content of a figure of points in space: a cube about a centre.
type space struct {
	clouds             []Cloud3
	azimuth, elevation float64 // in degrees
	center             [3]float64
	half               float64 // of the cube's side
	labels             [3]string
	note               string
	style              Style
	empty              bool
}

// fit makes the cube large enough for all points.
func (s *space) fit() {
	lo, hi := [3]float64{}, [3]float64{}
	for k := range 3 {
		lo[k], hi[k] = math.Inf(1), math.Inf(-1)
	}
	s.each(func(_ int, p [3]float64) {
		for k, v := range p {
			lo[k], hi[k] = math.Min(lo[k], v), math.Max(hi[k], v)
		}
	})
	s.empty = math.IsInf(lo[0], 1)
	if s.empty {
		lo, hi = [3]float64{-1, -1, -1}, [3]float64{1, 1, 1}
	}
	s.half = 1e-9
	for k := range 3 {
		s.center[k] = (lo[k] + hi[k]) / 2
		s.half = math.Max(s.half, (hi[k]-lo[k])/2*1.06)
	}
}

// each visits the points that can be drawn.
func (s *space) each(visit func(cloud int, p [3]float64)) {
	for i, c := range s.clouds {
		for j := range c.X {
			if p := [3]float64{c.X[j], c.Y[j], c.Z[j]}; finite(p[0]) && finite(p[1]) && finite(p[2]) {
				visit(i, p)
			}
		}
	}
}

func (s *space) restyle(t Style)       { s.style = t }
func (s *space) setNote(note string)   { s.note = note }
func (s *space) setLabels(x, y string) { s.labels[0], s.labels[1] = x, y }
func (s *space) setRange(lo, hi float64) {
	s.center, s.half = [3]float64{(lo + hi) / 2, (lo + hi) / 2, (lo + hi) / 2}, (hi-lo)/2
}

func (s *space) describe() string {
	var parts []string
	for _, c := range s.clouds {
		parts = append(parts, fmt.Sprintf("%s (%d)", cmp.Or(mathtext.Plain(c.Label), "one cloud"), len(c.X)))
	}
	return "Scatter plot of points in space: " + strings.Join(parts, ", ") + "."
}

// seen is a point as the viewer sees it: to the right, up, and towards the eye.
type seen struct{ x, y, near float64 }

// view turns a point of the cube [−1, 1]³ to the viewer.
func (s *space) view(p [3]float64) seen {
	sa, ca := math.Sincos(s.azimuth * math.Pi / 180)
	se, ce := math.Sincos(s.elevation * math.Pi / 180)
	return seen{
		x:    -sa*p[0] + ca*p[1],
		y:    -se*ca*p[0] - se*sa*p[1] + ce*p[2],
		near: ce*ca*p[0] + ce*sa*p[1] + se*p[2],
	}
}

func (s *space) unit(p [3]float64) (u [3]float64) {
	for k := range 3 {
		u[k] = (p[k] - s.center[k]) / s.half
	}
	return u
}

// area is where the cube is drawn: below the legend.
func (s *space) area(c draw.Canvas, style Style) vg.Rectangle {
	r := c.Rectangle
	if l := s.legend(style); len(l.entries) > 0 {
		_, h := l.flattened(c.Max.X - c.Min.X).size()
		r.Max.Y -= h + 2
	}
	return r
}

func (s *space) legend(style Style) legend {
	l := legend{columns: 1, style: style}
	for i, c := range s.clouds {
		if c.Label != "" && !style.NoLegend {
			l.entries = append(l.entries, entry{c.Label, &points{index: i, style: style}})
		}
	}
	return l
}

func (s *space) draw(c draw.Canvas, style Style) {
	r := s.area(c, style)
	at := s.placement(r, style)
	s.drawCube(c, at, style)
	s.drawPoints(c, at, style)
	if l := s.legend(style).flattened(c.Max.X - c.Min.X); len(l.entries) > 0 {
		w, h := l.size()
		x := (c.Min.X + c.Max.X - w) / 2
		l.paint(c, vg.Rectangle{Min: vg.Point{X: snap(x), Y: snap(c.Max.Y - h)}, Max: vg.Point{X: snap(x + w), Y: snap(c.Max.Y)}})
	}
	if s.empty {
		s.note = "nothing to draw: no point with finite coordinates"
	}
	if s.note != "" {
		n := note{s.note, style}
		w, h := n.size()
		n.paint(c, vg.Rectangle{Min: vg.Point{X: snap(c.Max.X - w), Y: snap(c.Min.Y)}, Max: vg.Point{X: snap(c.Max.X), Y: snap(c.Min.Y + h)}})
	}
}

// placement maps what is seen of the cube [−1, 1]³ into r, with room for the
// labels of the axes at its left and below it.
func (s *space) placement(r vg.Rectangle, style Style) func(p [3]float64) vg.Point {
	widest := seen{}
	for corner := range 8 {
		v := s.view(cornerOf(corner))
		widest.x, widest.y = math.Max(widest.x, math.Abs(v.x)), math.Max(widest.y, math.Abs(v.y))
	}
	em := vg.Points(style.FontSize)
	r.Min = r.Min.Add(vg.Point{X: 3.9 * em, Y: 2.4 * em})
	r.Max = r.Max.Sub(vg.Point{X: 1.6 * em, Y: .5 * em})
	scale := min(r.Size().X/2/vg.Length(widest.x), r.Size().Y/2/vg.Length(widest.y))
	middle := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
	return func(p [3]float64) vg.Point {
		v := s.view(p)
		return vg.Point{X: middle.X + scale*vg.Length(v.x), Y: middle.Y + scale*vg.Length(v.y)}
	}
}

func cornerOf(i int) [3]float64 {
	sign := func(bit int) float64 { return float64(i>>bit&1)*2 - 1 }
	return [3]float64{sign(0), sign(1), sign(2)}
}

// drawPoints draws the farthest first.
func (s *space) drawPoints(c draw.Canvas, at func([3]float64) vg.Point, style Style) {
	type dot struct {
		cloud int
		p     [3]float64
	}
	var dots []dot
	s.each(func(cloud int, p [3]float64) { dots = append(dots, dot{cloud, s.unit(p)}) })
	slices.SortStableFunc(dots, func(a, b dot) int { return cmp.Compare(s.view(a.p).near, s.view(b.p).near) })
	for _, d := range dots {
		r := (&points{Cloud: Cloud{X: s.clouds[d.cloud].X}, style: style}).radius()
		c.SetColor(translucent(style.color(d.cloud), 0xB0))
		c.Fill(disc(at(d.p), r))
	}
}

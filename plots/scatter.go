package plots

import (
	"fmt"
	"math"
	"strings"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Cloud is a set of points in the plane, such as the tokens of one class.
type Cloud struct {
	Label string
	X, Y  []float64 // as many of each
}

// ByClass sorts points into one cloud for each class 0, 1, …, len(names)−1.
func ByClass(x, y []float64, class []int, names ...string) []Cloud {
	if len(x) != len(y) || len(x) != len(class) {
		panic(fmt.Sprintf("plots: ByClass: %d values of x, %d of y and %d classes; want as many of each", len(x), len(y), len(class)))
	}
	clouds := make([]Cloud, len(names))
	for k, name := range names {
		clouds[k].Label = name
	}
	for i, k := range class {
		if k < 0 || k >= len(names) {
			panic(fmt.Sprintf("plots: ByClass: class[%d] is %d, but there are %d names", i, k, len(names)))
		}
		clouds[k].X = append(clouds[k].X, x[i])
		clouds[k].Y = append(clouds[k].Y, y[i])
	}
	return clouds
}

// Scatter draws clouds of points on axes with one scale, so that angles and
// distances are what they look like. Say what the panel shows with
// [Figure.WithNote] or [Figure.WithTitle].
func Scatter(clouds ...Cloud) *Figure {
	a := newClouds("Scatter", clouds, func(p *points) drawing { return p })
	for i, e := range a.legend {
		e.drawing.(*points).index = i
	}
	a.tell = func() string { return tellClouds(clouds) }
	return newFigure(3.4, 3, a)
}

// newClouds fits axes of one scale round clouds, each drawn by what plotter makes
// of it.
func newClouds(function string, clouds []Cloud, plotter func(*points) drawing) *axes {
	a := newAxes()
	a.equal = true
	drawable := 0
	for _, cloud := range clouds {
		if len(cloud.X) != len(cloud.Y) {
			panic(fmt.Sprintf("plots: %s: cloud %q has %d values of X and %d of Y; want as many", function, cloud.Label, len(cloud.X), len(cloud.Y)))
		}
		pts := &points{Cloud: cloud}
		drawable += pts.count()
		d := plotter(pts)
		a.plot.Add(d)
		a.legend = append(a.legend, entry{cloud.Label, d})
	}
	if drawable == 0 {
		a.message = "nothing to draw: no point with finite coordinates"
	}
	lowX, lowY := a.plot.X.Min, a.plot.Y.Min
	a.fit(.06, .06)
	if drawable > 0 { // a plane has no floor at zero
		a.plot.X.Min = math.Min(a.plot.X.Min, lowX-.06*(a.plot.X.Max-lowX))
		a.plot.Y.Min = math.Min(a.plot.Y.Min, lowY-.06*(a.plot.Y.Max-lowY))
	}
	return a
}

func tellClouds(clouds []Cloud) string {
	var parts []string
	for _, c := range clouds {
		name := mathtext.Plain(c.Label)
		if name == "" {
			name = "one cloud"
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", name, len(c.X)))
	}
	return "Scatter plot of points: " + strings.Join(parts, ", ") + "."
}

// points is the plotter of a [Cloud].
type points struct {
	Cloud
	index int
	style Style
}

func (s *points) setStyle(t Style)         { s.style = t }
func (s *points) thumbWidth() float64      { return .8 }
func (s *points) values() (x, y []float64) { return s.X, s.Y }

func (s *points) count() (n int) {
	for i := range s.X {
		if finite(s.X[i]) && finite(s.Y[i]) {
			n++
		}
	}
	return n
}

func (s *points) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for i := range s.X {
		if finite(s.X[i]) && finite(s.Y[i]) {
			xmin, xmax = math.Min(xmin, s.X[i]), math.Max(xmax, s.X[i])
			ymin, ymax = math.Min(ymin, s.Y[i]), math.Max(ymax, s.Y[i])
		}
	}
	return xmin, xmax, ymin, ymax
}

func (s *points) Plot(c draw.Canvas, p *plot.Plot) {
	c.SetColor(translucent(s.style.color(s.index), 0xB0))
	for i := range s.X {
		at := vg.Point{X: c.X(p.X.Norm(s.X[i])), Y: c.Y(p.Y.Norm(s.Y[i]))}
		if finite(s.X[i]) && finite(s.Y[i]) && finite(float64(at.X+at.Y)) && c.Contains(at) {
			c.Fill(disc(at, s.radius()))
		}
	}
}

// radius shrinks as the points get many.
func (s *points) radius() vg.Length {
	r := vg.Points(s.style.MarkerSize) * .42
	return r * vg.Length(math.Min(1, math.Max(.45, math.Sqrt(400/float64(len(s.X)+1)))))
}

func (s *points) Thumbnail(c *draw.Canvas) {
	c.SetColor(s.style.color(s.index))
	c.Fill(disc(c.Center(), vg.Points(s.style.MarkerSize)*.5))
}

package plots

import (
	"fmt"
	"math"
	"strings"

	"github.com/gocrate/gocrate/internal/mathtext"
)

// PerLayer draws a quantity against the layers ℓ = 1…L of a model: for each
// series a line with markers at the means and a band one standard deviation to
// either side. ylabel says what the quantity is, and of which tensor.
func PerLayer(ylabel string, series ...Series) *Figure {
	a := newCurves("PerLayer", series, true)
	a.plot.X.Label.Text = `Layer index $\ell$`
	a.plot.Y.Label.Text = ylabel
	a.plot.X.Tick.Marker = Ticks{Integer: true}
	return newFigure(NotebookWidth, NotebookHeight, a)
}

// Curves draws quantities that change along xlabel, such as the loss and the
// accuracy along the steps of training.
func Curves(xlabel, ylabel string, series ...Series) *Figure {
	a := newCurves("Curves", series, false)
	a.plot.X.Label.Text = xlabel
	a.plot.Y.Label.Text = ylabel
	if integral(series) {
		a.plot.X.Tick.Marker = Ticks{Integer: true}
	}
	return newFigure(NotebookWidth, NotebookHeight, a)
}

// newCurves fits axes round series. Only series with few points get markers.
func newCurves(function string, series []Series, markers bool) *axes {
	a := newAxes()
	points := 0
	for i, s := range series {
		s = s.check(function)
		l := &line{Series: s, index: i, markers: markers || len(s.Mean) <= 16}
		points += s.drawable()
		if s.SD != nil {
			a.plot.Add(band{l})
		}
		a.legend = append(a.legend, entry{s.Label, l})
	}
	for _, e := range a.legend {
		a.plot.Add(e.drawing)
	}
	if points == 0 {
		a.message = "nothing to draw: " + emptiness(series)
	}
	marginX := .03
	if !markers {
		marginX = 0.015
	}
	low := a.plot.X.Min
	a.fit(marginX, .06)
	if points > 0 { // layer 1 stands clear of the frame, which need not reach 0
		a.plot.X.Min = math.Min(low, low-marginX*(a.plot.X.Max-low))
	}
	a.tell = func() string { return a.tellCurves(series, function) }
	return a
}

func emptiness(series []Series) string {
	if len(series) == 0 {
		return "no series were given"
	}
	var names []string
	for _, s := range series {
		names = append(names, fmt.Sprintf("“%s”", s.Label))
	}
	return strings.Join(names, ", ") + " has no finite values"
}

func (a *axes) tellCurves(series []Series, function string) string {
	var parts []string
	for _, s := range series {
		parts = append(parts, s.check(function).tell())
	}
	return fmt.Sprintf("Curves of %s against %s: %s.", named(a.plot.Y.Label.Text), named(a.plot.X.Label.Text), strings.Join(parts, "; "))
}

func named(label string) string {
	if label == "" {
		return "an unnamed quantity"
	}
	return mathtext.Plain(label)
}

// integral reports whether every X is a whole number.
func integral(series []Series) bool {
	for _, s := range series {
		for _, x := range s.X {
			if x != math.Trunc(x) {
				return false
			}
		}
	}
	return true
}

package plots

import (
	"fmt"
	"math"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// axes is the content of a figure with one pair of axes: gonum's plot, and what
// package plots draws around and over it.
type axes struct {
	plot    *plot.Plot
	legend  []entry
	note    string
	message string // why there is nothing to draw
	tell    func() string

	equal   bool      // a unit is as long in x as in y: the ranges grow to fit
	aspect  float64   // width to height of the data area; 0 fills the room
	bar     *colorBar // at the right
	heat    *heatmap  // the matrix that is drawn, if one is
	bare    bool      // no ticks and no labels
	innerX  bool      // the panel below has the labels of the horizontal axis
	innerY  bool      // the panel at the left has those of the vertical one
	unkeyed bool      // another panel has the legend
	auto    float64   // Y.Max as the data set it; the legend may raise that one
	onset   func(lo, hi float64)
}

func newAxes() *axes {
	a := &axes{plot: plot.New(), tell: func() string { return "" }}
	a.plot.X.Tick.Marker = Ticks{}
	a.plot.Y.Tick.Marker = Ticks{}
	return a
}

// FromPlot makes a figure of a plot of gonum's, in the style of this package.
// The plot's plotters, ranges and labels are kept; p itself is not changed.
func FromPlot(p *plot.Plot) *Figure {
	kept := *p
	a := &axes{plot: &kept, auto: math.NaN()}
	for _, axis := range []*plot.Axis{&kept.X, &kept.Y} {
		if axis.Tick.Marker == (plot.DefaultTicks{}) {
			axis.Tick.Marker = Ticks{}
		}
	}
	a.tell = func() string {
		return fmt.Sprintf("Plot of %s against %s.", named(kept.Y.Label.Text), named(kept.X.Label.Text))
	}
	return newFigure(NotebookWidth, NotebookHeight, a)
}

// fit gives the ranges that the plotters set a margin on every side. An axis of
// positive numbers does not start below zero for the sake of its margin.
func (a *axes) fit(marginX, marginY float64) {
	pad(&a.plot.X, marginX)
	pad(&a.plot.Y, marginY)
	a.auto = a.plot.Y.Max
}

func pad(axis *plot.Axis, margin float64) {
	if !finite(axis.Min) || !finite(axis.Max) {
		axis.Min, axis.Max = 0, 1
		return
	}
	span := axis.Max - axis.Min
	if span <= math.Abs(axis.Max)*1e-9 { // one value: give it room to stand in
		span = math.Max(math.Abs(axis.Max), 1) * .5
		axis.Min, axis.Max = axis.Min-span/2, axis.Max+span/2
	}
	low := axis.Min - margin*span
	if axis.Min >= margin/2*span && low < 0 {
		low = 0
	}
	axis.Min, axis.Max = low, axis.Max+margin*span
}

func (a *axes) restyle(s Style) {
	s.apply(a.plot)
	for _, e := range a.legend {
		e.drawing.setStyle(s)
	}
}

func (a *axes) setLabels(x, y string) { a.plot.X.Label.Text, a.plot.Y.Label.Text = x, y }
func (a *axes) setNote(note string)   { a.note = note }

func (a *axes) describe() string {
	if a.message != "" {
		return "Empty plot of " + named(a.plot.Y.Label.Text) + ": " + mathtext.Plain(a.message) + "."
	}
	return a.tell()
}

func (a *axes) setRange(lo, hi float64) {
	if a.onset != nil {
		a.onset(lo, hi)
		return
	}
	a.plot.Y.Min, a.plot.Y.Max = lo, hi
	a.auto = math.NaN()
}

// setLog fits a logarithmic axis to the positive part of what is drawn.
func (a *axes) setLog(axis *plot.Axis) {
	axis.Scale, axis.Tick.Marker = logScale{}, logTicks{}
	lo, hi := math.Inf(1), 0.
	for _, e := range a.legend {
		values, ys := e.drawing.values()
		if axis == &a.plot.Y {
			values = ys
		}
		for _, v := range values {
			if finite(v) && v > 0 {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
	}
	if hi == 0 {
		lo, hi = .1, 10
		a.message = "no positive values to draw on a logarithmic axis"
	}
	grow := math.Pow(hi/lo, .05)
	if hi == lo {
		grow = 2
	}
	axis.Min, axis.Max = lo/grow, hi*grow
	a.auto = math.NaN()
}

func (a *axes) draw(c draw.Canvas, s Style) {
	whole := c
	c, p := a.layout(c, s)
	places := a.places(c, p, s)
	data := p.DataCanvas(c)
	if !s.NoGrid {
		drawGrid(data, p)
	}
	p.Draw(c)
	drawFrame(data, p)
	a.drawLabelsAside(whole, data, p)
	if a.bar != nil {
		a.bar.draw(c, data, s)
	}
	for _, b := range places {
		b.paint(c, b.Rectangle)
	}
	if a.message != "" {
		sty := s.small()
		sty.Color = quietGrey
		sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
		center := data.Center()
		data.FillText(sty, center, wrap(sty, a.message, (data.Max.X-data.Min.X)*.9))
	}
}

func (a *axes) area(c draw.Canvas, s Style) vg.Rectangle {
	c, p := a.layout(c, s)
	return p.DataCanvas(c).Rectangle
}

// layout returns the plot as it will be drawn, with its ticks and ranges
// settled, and the part of c that it takes. The plot of the figure is unchanged.
func (a *axes) layout(c draw.Canvas, s Style) (draw.Canvas, *plot.Plot) {
	p := *a.plot
	p.Title.Text = ""
	p.BackgroundColor = nil // the figure's own shows through
	if a.bar != nil {
		c = draw.Crop(c, 0, -a.bar.width(s), 0, 0)
	}
	if a.message != "" || a.bare {
		p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks{}, plot.ConstantTicks{}
	}
	if a.bare {
		p.X.Label.Text, p.Y.Label.Text = "", ""
		p.X.Padding, p.Y.Padding = 0, 0
	}
	fitLabel(&p.X, c.Max.X-c.Min.X)
	fitLabel(&p.Y, c.Max.Y-c.Min.Y-vg.Points(s.FontSize))
	if a.innerX {
		p.X.Label.Text = ""
	}
	if a.innerY {
		p.Y.Label.Text = ""
	}
	c = setLabelsAside(c, &p)
	a.settle(&p, c, s)
	if a.aspect > 0 {
		c = a.shrink(c, &p)
	}
	return c, &p
}

// fitLabel makes an axis label smaller that is longer than the figure.
func fitLabel(axis *plot.Axis, room vg.Length) {
	axis.Label.TextStyle = fitted(axis.Label.TextStyle, axis.Label.Text, room)
}

// settle decides the ticks and, where units are equal, the ranges.
func (a *axes) settle(p *plot.Plot, c draw.Canvas, s Style) {
	settleTicks(p, c, s)
	if a.innerX {
		hideLabels(&p.X)
	}
	if a.innerY {
		hideLabels(&p.Y)
	}
	if !a.equal {
		return
	}
	equalise(p, c)
	x, ok := p.X.Tick.Marker.(Ticks)
	y, also := p.Y.Tick.Marker.(Ticks)
	if ok && also { // one scale, one step
		step := math.Max(x.step(p.X.Min, p.X.Max), y.step(p.Y.Min, p.Y.Max))
		x.by, y.by = step, step
		p.X.Tick.Marker, p.Y.Tick.Marker = x, y
	}
}

// hideLabels leaves the marks of an axis without their labels.
func hideLabels(axis *plot.Axis) {
	axis.Tick.Label.Font.Size = .01 // gonum measures labels; a blank this small takes no room
	switch t := axis.Tick.Marker.(type) {
	case Ticks:
		t.hidden = true
		axis.Tick.Marker = t
	case logTicks:
		t.hidden = true
		axis.Tick.Marker = t
	}
}

// settleTicks chooses how many marks there is room for.
func settleTicks(p *plot.Plot, c draw.Canvas, s Style) {
	em := vg.Points(s.FontSize)
	wide, high := c.Max.X-c.Min.X-4*em, c.Max.Y-c.Min.Y-3*em
	if t, ok := p.Y.Tick.Marker.(Ticks); ok && t.Max == 0 {
		t.Max = clamp(int(high/(2.4*em)), 3, 9)
		p.Y.Tick.Marker = t
	}
	if t, ok := p.X.Tick.Marker.(Ticks); ok && t.Max == 0 {
		t.Max = 24
		for ; t.Max > 2; t.Max-- {
			widest := vg.Length(0)
			marks := t.Ticks(p.X.Min, p.X.Max)
			for _, m := range marks {
				widest = max(widest, p.X.Tick.Label.Width(m.Label))
			}
			if vg.Length(len(marks))*(widest+.9*em) <= wide && (t.Integer || len(marks) <= 9) {
				break
			}
		}
		p.X.Tick.Marker = t
	}
}

func clamp(n, lo, hi int) int { return min(max(n, lo), hi) }

// equalise widens one of the ranges until a unit is as long in x as in y.
func equalise(p *plot.Plot, c draw.Canvas) {
	data := p.DataCanvas(c)
	width, height := float64(data.Max.X-data.Min.X), float64(data.Max.Y-data.Min.Y)
	if width <= 0 || height <= 0 {
		return
	}
	unit := math.Max((p.X.Max-p.X.Min)/width, (p.Y.Max-p.Y.Min)/height)
	widen := func(axis *plot.Axis, length float64) {
		more := unit*length - (axis.Max - axis.Min)
		axis.Min, axis.Max = axis.Min-more/2, axis.Max+more/2
	}
	widen(&p.X, width)
	widen(&p.Y, height)
}

// natural is the height at which the data area has the wanted aspect without
// anything left over.
func (a *axes) natural(width vg.Length, s Style) vg.Length {
	const tall = 100 * vg.Inch
	c := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: width, Y: tall}}}
	c, _ = a.layout(c, s)
	return c.Max.Y - c.Min.Y
}

// shrink crops c so that the data area has the wanted aspect.
func (a *axes) shrink(c draw.Canvas, p *plot.Plot) draw.Canvas {
	data := p.DataCanvas(c)
	width, height := data.Max.X-data.Min.X, data.Max.Y-data.Min.Y
	if want := vg.Length(a.aspect) * height; width > want {
		return draw.Crop(c, (width-want)/2, -(width-want)/2, 0, 0)
	}
	spare := height - width/vg.Length(a.aspect)
	return draw.Crop(c, 0, 0, spare, 0) // at the top, level with its neighbours
}

package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// gonum makes room for the label of an axis at the arithmetic middle of its
// range, though it draws it at the middle of the axis: on a logarithmic axis that
// leaves a strip of white at its end. Such labels are drawn here instead.

func isLog(axis plot.Axis) bool {
	_, ok := axis.Scale.(logScale)
	return ok
}

// setLabelsAside takes the labels of logarithmic axes off p, and returns what
// remains of c beside the room for them.
func setLabelsAside(c draw.Canvas, p *plot.Plot) draw.Canvas {
	left, below := vg.Length(0), vg.Length(0)
	if l := &p.X.Label; isLog(p.X) && l.Text != "" {
		below = l.TextStyle.Height(l.Text) + l.Padding
		l.Text = ""
	}
	if l := &p.Y.Label; isLog(p.Y) && l.Text != "" {
		left = l.TextStyle.Height(l.Text) + l.Padding + l.TextStyle.FontExtents().Descent
		l.Text = ""
	}
	return draw.Crop(c, left, 0, below, 0)
}

// drawLabelsAside draws what setLabelsAside took off, in c, beside the data.
func (a *axes) drawLabelsAside(c draw.Canvas, data draw.Canvas, p *plot.Plot) {
	if isLog(p.X) && !a.innerX {
		sty := p.X.Label.TextStyle
		c.FillText(sty, vg.Point{X: data.Center().X, Y: c.Min.Y + sty.FontExtents().Descent}, a.plot.X.Label.Text)
	}
	if isLog(p.Y) && !a.innerY {
		sty := p.Y.Label.TextStyle
		x := c.Min.X + sty.Height(a.plot.Y.Label.Text) - sty.FontExtents().Descent
		sty.Rotation += math.Pi / 2
		c.FillText(sty, vg.Point{X: x, Y: data.Center().Y}, a.plot.Y.Label.Text)
	}
}

package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// colorBar is the key of a heatmap, at its right.
type colorBar struct {
	label string
	scale *scale
}

const (
	barGap   = 9 * vg.Length(1)
	barWidth = 9 * vg.Length(1)
)

func (b *colorBar) ticks() []plot.Tick { return Ticks{Max: 6}.Ticks(b.scale.lo, b.scale.hi) }

// widest is the width of the bar's tick labels.
func (b *colorBar) widest(s Style) (w vg.Length) {
	for _, t := range b.ticks() {
		w = max(w, s.small().Width(t.Label))
	}
	return w
}

// width is how much room the bar needs beside the data.
func (b *colorBar) width(s Style) vg.Length {
	w := barGap + barWidth + tickLength + 2 + b.widest(s)
	if b.label != "" {
		w += 4 + s.text().Height(b.label)
	}
	return w
}

// draw draws the bar along the right edge of the data area.
func (b *colorBar) draw(c, data draw.Canvas, s Style) {
	r := vg.Rectangle{
		Min: vg.Point{X: snap(data.Max.X + barGap), Y: snap(data.Min.Y)},
		Max: vg.Point{X: snap(data.Max.X + barGap + barWidth), Y: snap(data.Max.Y)},
	}
	const steps = 256
	drawRaster(c, r, steps, 1, func(i, _ int) color.RGBA { return b.scale.colors.at(1 - float64(i)/(steps-1)) })
	line := draw.LineStyle{Color: frameGrey, Width: frameWidth}
	strokeFrame(c, line, r)

	sty := s.small()
	sty.YAlign = draw.YCenter
	descent := sty.FontExtents().Descent
	for _, t := range b.ticks() {
		y := r.Min.Y + vg.Length((t.Value-b.scale.lo)/(b.scale.hi-b.scale.lo))*r.Size().Y
		if !finite(float64(y)) {
			y = (r.Min.Y + r.Max.Y) / 2
		}
		c.StrokeLine2(line, r.Max.X, snap(y), r.Max.X+tickLength, snap(y))
		c.FillText(sty, vg.Point{X: r.Max.X + tickLength + 2, Y: y + descent}, t.Label)
	}
	if b.label == "" {
		return
	}
	sty = s.text()
	sty.Rotation = math.Pi / 2
	sty.XAlign = draw.XCenter
	x := r.Max.X + tickLength + 2 + b.widest(s) + 4 + sty.Height(b.label)
	c.FillText(sty, vg.Point{X: x - sty.FontExtents().Descent, Y: (r.Min.Y + r.Max.Y) / 2}, b.label)
}

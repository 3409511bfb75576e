package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// Heatmap draws the entries of m as colours, row 1 at the top, with a bar that
// says what they mean; label is the bar's. Entries of both signs get a scale
// that is white at zero, others one that runs from the smallest to the largest.
func Heatmap(label string, m mat.Matrix) *Figure {
	rows, cols := m.Dims()
	a := newAxes()
	h := &heatmap{m: m, scale: scaleOf(m)}
	a.heat = h
	a.bar = &colorBar{label: label, scale: &h.scale}
	a.onset = func(lo, hi float64) { h.scale.lo, h.scale.hi = lo, hi }
	a.tell = func() string { return tellHeatmap(label, rows, cols, h.scale) }
	a.plot.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	a.plot.X.Tick.Marker = Ticks{Integer: true}
	a.plot.Y.Tick.Marker = Ticks{Integer: true}
	a.plot.X.Min, a.plot.X.Max = .5, float64(cols)+.5
	a.plot.Y.Min, a.plot.Y.Max = .5, float64(rows)+.5
	if !finite(h.scale.lo) {
		h.scale.lo, h.scale.hi = 0, 1
		a.message = "nothing to draw: the matrix has no finite entry"
	}
	a.plot.Add(h)
	aspect := float64(cols) / float64(max(rows, 1))
	if aspect > .2 && aspect < 5 {
		a.aspect = aspect // square cells
	}
	width, height := 3.6, 0.
	if a.aspect == 0 {
		height = 2.4
	}
	return newFigure(width, height, a)
}

// heatmap is the plotter of a matrix.
type heatmap struct {
	m     mat.Matrix
	scale scale
	lines []int // where a block of rows and columns ends, in rows
}

func (h *heatmap) Plot(c draw.Canvas, p *plot.Plot) {
	rows, cols := h.m.Dims()
	drawRaster(c, c.Rectangle, rows, cols, func(i, j int) color.RGBA { return h.scale.at(h.m.At(i, j)) })
	for _, end := range h.lines {
		sty := draw.LineStyle{Color: color.White, Width: frameWidth}
		x, y := snap(c.X(p.X.Norm(float64(end)+.5))), snap(c.Y(p.Y.Norm(float64(end)+.5)))
		c.StrokeLine2(sty, x, c.Min.Y, x, c.Max.Y)
		c.StrokeLine2(sty, c.Min.X, y, c.Max.X, y)
	}
}

// scaleOf is a scale over the finite entries of all matrices.
func scaleOf(matrices ...mat.Matrix) scale {
	s := scale{math.Inf(1), math.Inf(-1), sequential}
	for _, m := range matrices {
		rows, cols := m.Dims()
		for i := range rows {
			for j := range cols {
				if v := m.At(i, j); finite(v) {
					s.lo, s.hi = math.Min(s.lo, v), math.Max(s.hi, v)
				}
			}
		}
	}
	switch {
	case !finite(s.lo):
	case s.lo < 0 && s.hi > 0:
		s.hi = math.Max(s.hi, -s.lo)
		s.lo = -s.hi
		s.colors = diverging
	case s.lo > 0 && s.lo < s.hi/10: // magnitudes start at zero
		s.lo = 0
	}
	return s
}

func tellHeatmap(label string, rows, cols int, s scale) string {
	return fmt.Sprintf("Heatmap of %s: %d rows, %d columns, colours from %.4g to %.4g.", named(label), rows, cols, s.lo, s.hi)
}

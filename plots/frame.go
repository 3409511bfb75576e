package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawGrid draws light lines across the data area c, where the ticks are.
func drawGrid(c draw.Canvas, p *plot.Plot) {
	sty := draw.LineStyle{Color: gridGrey, Width: frameWidth}
	for _, x := range majors(p.X) {
		at := snap(c.X(x))
		c.StrokeLine2(sty, at, c.Min.Y, at, c.Max.Y)
	}
	for _, y := range majors(p.Y) {
		at := snap(c.Y(y))
		c.StrokeLine2(sty, c.Min.X, at, c.Max.X, at)
	}
}

// majors returns where the labelled marks of an axis are, as fractions of it.
func majors(axis plot.Axis) (at []float64) {
	return marks(axis, func(t plot.Tick) bool { return !t.IsMinor() })
}

func marks(axis plot.Axis, keep func(plot.Tick) bool) (at []float64) {
	for _, t := range axis.Tick.Marker.Ticks(axis.Min, axis.Max) {
		if v := axis.Norm(t.Value); keep(t) && v >= -1e-9 && v <= 1+1e-9 {
			at = append(at, v)
		}
	}
	return at
}

// drawFrame draws the closed frame of the data area c and its tick marks, on
// whole pixels so that no edge is blurred.
func drawFrame(c draw.Canvas, p *plot.Plot) {
	sty := draw.LineStyle{Color: frameGrey, Width: frameWidth}
	strokeFrame(c, sty, c.Rectangle)
	tick := func(axis plot.Axis, length vg.Length, keep func(plot.Tick) bool, horizontal bool) {
		for _, v := range marks(axis, keep) {
			if horizontal {
				at, edge := snap(c.X(v)), snap(c.Min.Y)
				c.StrokeLine2(sty, at, edge-length, at, edge)
			} else {
				at, edge := snap(c.Y(v)), snap(c.Min.X)
				c.StrokeLine2(sty, edge-length, at, edge, at)
			}
		}
	}
	major := func(t plot.Tick) bool { return !t.IsMinor() }
	minor := plot.Tick.IsMinor
	tick(p.X, tickLength, major, true)
	tick(p.X, tickLength*.55, minor, true)
	tick(p.Y, tickLength, major, false)
	tick(p.Y, tickLength*.55, minor, false)
}

// strokeFrame draws a rectangle with mitred corners.
func strokeFrame(c draw.Canvas, sty draw.LineStyle, r vg.Rectangle) {
	x0, x1, y0, y1 := snap(r.Min.X), snap(r.Max.X), snap(r.Min.Y), snap(r.Max.Y)
	half := sty.Width / 2
	c.StrokeLine2(sty, x0-half, y0, x1+half, y0)
	c.StrokeLine2(sty, x0-half, y1, x1+half, y1)
	c.StrokeLine2(sty, x0, y0, x0, y1)
	c.StrokeLine2(sty, x1, y0, x1, y1)
}

// snap moves a length to the nearest edge of a pixel.
func snap(l vg.Length) vg.Length {
	return vg.Length(math.Round(float64(l/pixel))) * pixel
}

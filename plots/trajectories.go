package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Trajectories draws the way of points through the plane, such as that of noisy
// samples through the steps of a denoiser: each cloud is one way, its points in
// order, from a hollow mark to a full one. Ways with the same label have the same
// colour and one entry in the legend.
func Trajectories(ways ...Cloud) *Figure {
	labels := map[string]int{}
	a := newClouds("Trajectories", ways, func(p *points) drawing {
		k, known := labels[p.Label]
		if !known {
			k = len(labels)
			labels[p.Label] = k
		}
		p.index = k
		return &way{p}
	})
	named := map[string]bool{}
	for i, e := range a.legend {
		if named[e.label] {
			a.legend[i].label = ""
		}
		named[e.label] = true
	}
	a.tell = func() string {
		return fmt.Sprintf("Ways of %d points through the plane, of %d kinds.", len(ways), len(labels))
	}
	return newFigure(3.4, 3, a)
}

// way is the plotter of one way.
type way struct{ *points }

func (w *way) Plot(c draw.Canvas, p *plot.Plot) {
	var line []vg.Point
	for i := range w.X {
		at := vg.Point{X: c.X(p.X.Norm(w.X[i])), Y: c.Y(p.Y.Norm(w.Y[i]))}
		if finite(w.X[i]) && finite(w.Y[i]) && finite(float64(at.X+at.Y)) {
			line = append(line, at)
		}
	}
	if len(line) == 0 {
		return
	}
	tint := w.style.color(w.index)
	c.StrokeLines(draw.LineStyle{Color: translucent(tint, 0x80), Width: .7}, c.ClipLinesXY(line)...)
	r := vg.Points(w.style.MarkerSize) * .38
	if start := line[0]; c.Contains(start) {
		c.SetColor(tint)
		c.Fill(disc(start, r))
		c.SetColor(color.White)
		c.Fill(disc(start, r*.6))
	}
	if end := line[len(line)-1]; c.Contains(end) {
		c.SetColor(tint)
		c.Fill(disc(end, r))
	}
}

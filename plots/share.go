package plots

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// WithSharedAxes gives the panels of a grid the same ranges, so that they can be
// compared, labels only the axes at its left and lower edge, and leaves out the
// legends that repeat the first panel's. Figures that are no grid are not changed.
func (f *Figure) WithSharedAxes() *Figure {
	g, ok := f.content.(*panels)
	if !ok {
		return f
	}
	g.shared = true
	shareRanges(g.figs)
	for i, fig := range g.figs {
		if a, ok := fig.content.(*axes); ok {
			a.innerX = i+g.columns < len(g.figs)
			a.innerY = i%g.columns > 0
			a.unkeyed = i > 0 && sameKey(g.figs[0], fig)
		}
	}
	return f
}

// sameKey reports whether the legends of two figures say the same.
func sameKey(f, g *Figure) bool {
	a, ok := f.content.(*axes)
	b, also := g.content.(*axes)
	return ok && also && slices.EqualFunc(a.legend, b.legend, func(x, y entry) bool { return x.label == y.label })
}

// WithSharedBar gives the heatmaps of a grid one scale of colours and one bar for
// all of them, with the label of the first. It sizes the grid anew. Figures that
// are no grid of heatmaps are not changed.
func (f *Figure) WithSharedBar() *Figure {
	g, ok := f.content.(*panels)
	if !ok {
		return f
	}
	var maps []*heatmap
	for _, fig := range g.figs {
		if a, ok := fig.content.(*axes); ok && a.heat != nil {
			maps = append(maps, a.heat)
			if g.bar == nil {
				g.bar = a.bar
			}
			a.bar = nil
		}
	}
	if g.bar == nil {
		return f
	}
	shareScales(maps)
	f.Width, f.Height = g.size(f.style)
	return f
}

// shareScales gives all maps the scale of all their entries.
func shareScales(maps []*heatmap) {
	var all []mat.Matrix
	for _, h := range maps {
		all = append(all, h.m)
	}
	if s := scaleOf(all...); finite(s.lo) {
		for _, h := range maps {
			h.scale = s
		}
	}
}

// shareRanges gives the axes of all figures the ranges of all of them.
func shareRanges(figs []*Figure) {
	x0, x1, y0, y1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	var all []*axes
	for _, fig := range figs {
		if a, ok := fig.content.(*axes); ok && a.message == "" {
			all = append(all, a)
			x0, x1 = math.Min(x0, a.plot.X.Min), math.Max(x1, a.plot.X.Max)
			y0, y1 = math.Min(y0, a.plot.Y.Min), math.Max(y1, a.plot.Y.Max)
		}
	}
	for _, a := range all {
		a.plot.X.Min, a.plot.X.Max, a.plot.Y.Min, a.plot.Y.Max = x0, x1, y0, y1
		a.auto = math.NaN()
	}
}

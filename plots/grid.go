package plots

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Row sets figures side by side as panels (a), (b), …, their data areas level.
// It takes over their sizes: it is as tall as the tallest.
func Row(figs ...*Figure) *Figure { return Grid(len(figs), figs...) }

// Grid sets figures as panels (a), (b), … in rows of the given number of
// columns. Panels keep their own titles; their captions are left to the grid's.
func Grid(columns int, figs ...*Figure) *Figure {
	if columns <= 0 || len(figs) == 0 {
		panic(fmt.Sprintf("plots: Grid: %d columns for %d figures; want at least one of each", columns, len(figs)))
	}
	g := &panels{figs: figs, columns: min(columns, len(figs))}
	fig := &Figure{style: figs[0].style, content: g, provenance: ofCell()}
	fig.Width, fig.Height = g.size(fig.style)
	return fig
}

// size is the width and height of the grid at which its panels have theirs, or
// have given up some of it to share a page.
func (g *panels) size(s Style) (width, height float64) {
	for r := range g.rows() {
		w, h := 0., 0.
		for _, f := range g.row(r) {
			w += f.Width
			h = max(h, f.height())
		}
		width = max(width, w)
		height += h
	}
	if g.bar != nil {
		width += float64(g.bar.width(s) / vg.Inch)
	}
	if width > PageWidth {
		height *= max(.75, PageWidth/width)
		width = PageWidth
	}
	return width, height
}

// panels is the content of a grid.
type panels struct {
	figs     []*Figure
	columns  int
	untagged bool      // no (a), (b), …
	shared   bool      // axes: only the outer panels label them
	bar      *colorBar // of all panels, at the right of them
}

func (g *panels) rows() int { return (len(g.figs) + g.columns - 1) / g.columns }

func (g *panels) row(r int) []*Figure {
	return g.figs[r*g.columns : min((r+1)*g.columns, len(g.figs))]
}

const panelGap = 11 * vg.Length(1)

func (g *panels) draw(c draw.Canvas, s Style) {
	body := c
	if g.bar != nil {
		body = draw.Crop(c, 0, -g.bar.width(s), 0, 0)
	}
	data := vg.Rectangle{Min: body.Max, Max: body.Min}
	g.each(body, func(cell draw.Canvas, f *Figure, tag string, header vg.Length) {
		f.drawPanel(cell, tag, header)
		area := f.content.area(draw.Crop(cell, 0, 0, 0, -header), f.style)
		data.Min = vg.Point{X: min(data.Min.X, area.Min.X), Y: min(data.Min.Y, area.Min.Y)}
		data.Max = vg.Point{X: max(data.Max.X, area.Max.X), Y: max(data.Max.Y, area.Max.Y)}
	})
	if g.bar != nil {
		g.bar.draw(c, draw.Canvas{Canvas: c.Canvas, Rectangle: data}, s)
	}
}

// each calls visit with the part of c that belongs to each panel: as wide as
// its share, and cropped so that in a row the data areas have one floor.
func (g *panels) each(c draw.Canvas, visit func(cell draw.Canvas, f *Figure, tag string, header vg.Length)) {
	n := vg.Length(g.rows())
	left, below := g.outer(c)
	height := (c.Max.Y - c.Min.Y - (n-1)*panelGap - below) / n
	top := c.Max.Y
	for r := range g.rows() {
		bottom := top - height
		if r == g.rows()-1 {
			bottom -= below
		}
		cells := g.cells(c, g.row(r), bottom, top, left)
		top -= height + panelGap
		header := vg.Length(0)
		for i, f := range g.row(r) {
			header = max(header, f.header(g.tag(r*g.columns+i)))
		}
		above, below := g.level(g.row(r), cells, header)
		for i, f := range g.row(r) {
			visit(draw.Crop(cells[i], 0, 0, below[i], 0), f, g.tag(r*g.columns+i), header+above[i])
		}
	}
}

// level is how much each panel of a row must be cropped above and below for all
// data areas to be level. Panels of square cells keep their shape.
func (g *panels) level(figs []*Figure, cells []draw.Canvas, header vg.Length) (above, below []vg.Length) {
	above, below = make([]vg.Length, len(figs)), make([]vg.Length, len(figs))
	var lowest, highest vg.Length
	free := func(f *Figure) bool {
		a, ok := f.content.(*axes)
		return ok && a.aspect == 0
	}
	for i, f := range figs {
		if free(f) {
			body := draw.Crop(cells[i], 0, 0, 0, -header)
			area := f.content.area(body, f.style)
			above[i], below[i] = body.Max.Y-area.Max.Y, area.Min.Y-body.Min.Y
			lowest, highest = max(lowest, above[i]), max(highest, below[i])
		}
	}
	for i, f := range figs {
		if free(f) {
			above[i], below[i] = lowest-above[i], highest-below[i]
		}
	}
	return above, below
}

// outer is how much more room than the others the panels at the left and at the
// lower edge need for the labels that all panels share.
func (g *panels) outer(c draw.Canvas) (left, below vg.Length) {
	inner := len(g.figs) - 1 // not at the left, if there are two columns
	if !g.shared || g.columns < 2 && g.rows() < 2 {
		return 0, 0
	}
	around := func(f *Figure) (left, below vg.Length) {
		r := f.content.area(c, f.style)
		return r.Min.X - c.Min.X, r.Min.Y - c.Min.Y
	}
	l0, _ := around(g.figs[0])
	_, b1 := around(g.figs[inner])
	l1, b0 := l0, b1
	if g.columns > 1 {
		l1, _ = around(g.figs[1])
	}
	if g.rows() > 1 {
		_, b0 = around(g.figs[0])
	}
	return l0 - l1, b1 - b0
}

// cells divides a row in proportion to the figures' widths, but for what the
// first needs more.
func (g *panels) cells(c draw.Canvas, figs []*Figure, bottom, top, more vg.Length) []draw.Canvas {
	total := 0.
	for _, f := range figs {
		total += f.Width
	}
	// A last row that is not full keeps the columns' width.
	room := (c.Max.X - c.Min.X - vg.Length(g.columns-1)*panelGap - more) * vg.Length(len(figs)) / vg.Length(g.columns)
	var out []draw.Canvas
	x := c.Min.X
	for i, f := range figs {
		width := room * vg.Length(f.Width/total)
		if i == 0 {
			width += more
		}
		out = append(out, draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: bottom}, Max: vg.Point{X: x + width, Y: top}}})
		x += width + panelGap
	}
	return out
}

// tag is (a), (b), …; a single figure needs none.
func (g *panels) tag(i int) string {
	if len(g.figs) == 1 || g.untagged {
		return ""
	}
	return "(" + string(rune('a'+i%26)) + ")"
}

func (g *panels) area(c draw.Canvas, _ Style) vg.Rectangle { return c.Rectangle }

func (g *panels) restyle(s Style) {
	for _, f := range g.figs {
		f.WithStyle(s)
	}
}

func (g *panels) setRange(lo, hi float64) {
	for _, f := range g.figs {
		f.content.setRange(lo, hi)
	}
}

func (g *panels) setLabels(x, y string) {
	for _, f := range g.figs {
		f.content.setLabels(x, y)
	}
}

func (g *panels) setNote(note string) {
	for _, f := range g.figs {
		f.content.setNote(note)
	}
}

func (g *panels) describe() string {
	var parts []string
	for i, f := range g.figs {
		parts = append(parts, strings.TrimSpace(g.tag(i)+" "+f.String()))
	}
	return strings.Join(parts, "\n")
}

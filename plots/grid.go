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
	width, height := 0., 0.
	for r := range g.rows() {
		w, h := 0., 0.
		for _, f := range g.row(r) {
			w += f.Width
			h = max(h, f.height())
		}
		width = max(width, w)
		height += h
	}
	if width > PageWidth { // panels give up some of their size to share a page
		height *= max(.75, PageWidth/width)
		width = PageWidth
	}
	return &Figure{Width: width, Height: height, style: figs[0].style, content: g}
}

// panels is the content of a grid.
type panels struct {
	figs    []*Figure
	columns int
}

func (g *panels) rows() int { return (len(g.figs) + g.columns - 1) / g.columns }

func (g *panels) row(r int) []*Figure {
	return g.figs[r*g.columns : min((r+1)*g.columns, len(g.figs))]
}

const panelGap = 11 * vg.Length(1)

func (g *panels) draw(c draw.Canvas, s Style) {
	g.each(c, func(cell draw.Canvas, f *Figure, tag string, header vg.Length) {
		f.drawPanel(cell, tag, header)
	})
}

// each calls visit with the part of c that belongs to each panel: as wide as
// its share, and cropped so that in a row the data areas have one floor.
func (g *panels) each(c draw.Canvas, visit func(cell draw.Canvas, f *Figure, tag string, header vg.Length)) {
	n := vg.Length(g.rows())
	height := (c.Max.Y - c.Min.Y - (n-1)*panelGap) / n
	for r := range g.rows() {
		top := c.Max.Y - vg.Length(r)*(height+panelGap)
		cells := g.cells(c, g.row(r), top-height, top)
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

// cells divides a row in proportion to the figures' widths.
func (g *panels) cells(c draw.Canvas, figs []*Figure, bottom, top vg.Length) []draw.Canvas {
	total := 0.
	for _, f := range figs {
		total += f.Width
	}
	room := c.Max.X - c.Min.X - vg.Length(len(figs)-1)*panelGap
	if len(figs) < g.columns { // a last row that is not full keeps the columns' width
		room = room * vg.Length(len(figs)) / vg.Length(g.columns)
	}
	var out []draw.Canvas
	x := c.Min.X
	for _, f := range figs {
		width := room * vg.Length(f.Width/total)
		out = append(out, draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: bottom}, Max: vg.Point{X: x + width, Y: top}}})
		x += width + panelGap
	}
	return out
}

// tag is (a), (b), …; a single figure needs none.
func (g *panels) tag(i int) string {
	if len(g.figs) == 1 {
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

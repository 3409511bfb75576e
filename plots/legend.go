package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawing is a plotter with a line in the legend: a [Series] or a [Cloud].
type drawing interface {
	plot.Plotter
	plot.Thumbnailer
	thumbWidth() float64 // of the sample in the legend, in ems
	setStyle(Style)
	values() (x, y []float64)
}

type entry struct {
	label   string
	drawing drawing
}

// legend is a framed list of entries, in one or more columns.
type legend struct {
	entries []entry
	columns int
	style   Style
}

// The distances within a legend, in ems of its text.
const (
	legendPad  = .45
	legendGap  = .55 // between sample and text
	legendLine = 1.45
	legendSkip = 1.1 // between columns
)

func (l legend) em() vg.Length { return l.style.small().Font.Size }

// flattened is l with as few rows as fit into width, in columns of one length.
func (l legend) flattened(width vg.Length) legend {
	for l.columns = len(l.entries); l.columns > 1; l.columns-- {
		l.columns = (len(l.entries) + l.rows() - 1) / l.rows()
		if w, _ := l.size(); w <= width {
			break
		}
	}
	return l
}

func (l legend) rows() int { return (len(l.entries) + l.columns - 1) / l.columns }

// columnWidth is the width of the widest entry.
func (l legend) columnWidth() vg.Length {
	widest := vg.Length(0)
	for _, e := range l.entries {
		widest = max(widest, l.style.small().Width(e.label))
	}
	return widest + (l.thumbWidth()+legendGap)*l.em()
}

// thumbWidth is the width of the widest sample in ems.
func (l legend) thumbWidth() vg.Length {
	widest := 0.
	for _, e := range l.entries {
		widest = max(widest, e.drawing.thumbWidth())
	}
	return vg.Length(widest)
}

func (l legend) size() (width, height vg.Length) {
	n := vg.Length(l.columns)
	width = n*l.columnWidth() + (n-1)*legendSkip*l.em() + 2*legendPad*l.em()
	height = (vg.Length(l.rows())*legendLine + .9*legendPad) * l.em()
	return width, height
}

func (l legend) paint(c draw.Canvas, r vg.Rectangle) {
	paintFrame(c, r)
	em := l.em()
	thumb := l.thumbWidth()
	sty := l.style.small()
	for i, e := range l.entries {
		column, row := vg.Length(i/l.rows()), vg.Length(i%l.rows())
		x := r.Min.X + legendPad*em + column*(l.columnWidth()+legendSkip*em)
		y := r.Max.Y - .45*legendPad*em - (row+.5)*legendLine*em
		e.drawing.Thumbnail(&draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: y - em/2}, Max: vg.Point{X: x + thumb*em, Y: y + em/2}}})
		// A capital is two thirds of an em tall; its middle is the line's.
		fillBaseline(c, sty, x+(thumb+legendGap)*em, y-.33*em, e.label)
	}
}

// paintFrame is the ground of legends and notes: nearly opaque, so that what
// it must cover is not mistaken for text.
func paintFrame(c draw.Canvas, r vg.Rectangle) {
	c.SetColor(color.NRGBA{0xFF, 0xFF, 0xFF, 0xE8})
	c.Fill(r.Path())
	strokeFrame(c, draw.LineStyle{Color: edgeGrey, Width: frameWidth}, r)
}

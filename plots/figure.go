package plots

import (
	"fmt"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Figure is one figure: a single plot, a grid of panels, or a sheet of images.
// It is made by the functions of this package; the zero Figure is not usable.
//
// Its With… methods change it and return it, so that a cell can end with
//
//	plots.PerLayer(…).WithTitle("Digits").WithSize(3.25, 2.2)
type Figure struct {
	// Width and Height are in inches, without the caption. A Height of 0 is
	// the one at which a heatmap's cells are square.
	Width, Height float64
	Title         string
	// Caption is set under the figure, in lines as wide as it is. It is the
	// place to say how the numbers were measured.
	Caption string
	// Alt describes the figure to those who cannot see it. Left empty, it is
	// made from the labels and the data.
	Alt string

	// Plot is gonum's plot underneath; nil for [Grid], [Row] and [Images].
	Plot *plot.Plot

	style      Style
	provenance Provenance
	content    content
}

// The size of a new figure in inches, and the widths of a paper's columns and
// of a slide.
const (
	NotebookWidth  = 4.5
	NotebookHeight = 3.0
	ColumnWidth    = 3.25
	PageWidth      = 6.75
	SlideWidth     = 9.
)

// content is what a figure shows below its title and above its caption.
type content interface {
	draw(c draw.Canvas, s Style)
	// area is the part of c within which the data will be drawn.
	area(c draw.Canvas, s Style) vg.Rectangle
	restyle(s Style)
	setRange(lo, hi float64)
	setLabels(x, y string)
	setNote(note string)
	describe() string
	// spec is the content as Vega-Lite, in CSS pixels, or nil if only a
	// picture will do.
	spec(width, height int, s Style) object
}

func newFigure(width, height float64, c content) *Figure {
	f := &Figure{Width: width, Height: height, style: Style{}.filled(), content: c, provenance: ofCell()}
	c.restyle(f.style)
	if a, ok := c.(*axes); ok {
		f.Plot = a.plot
	}
	return f
}

// WithSize sets the width and height in inches, at most 100. Fonts keep their
// size.
func (f *Figure) WithSize(width, height float64) *Figure {
	if !(width > 0 && height > 0) {
		panic(fmt.Sprintf("plots: a figure of %g × %g in; both must be positive", width, height))
	}
	if max(width, height) > 100 { // pixels or millimetres, by mistake: the memory would not suffice
		panic(fmt.Sprintf("plots: a figure of %g × %g in; want at most 100 inches", width, height))
	}
	f.Width, f.Height = width, height
	return f
}

// WithTitle sets the title.
func (f *Figure) WithTitle(title string) *Figure {
	f.Title = title
	return f
}

// WithCaption sets the caption.
func (f *Figure) WithCaption(caption string) *Figure {
	f.Caption = caption
	return f
}

// WithAlt sets the description for those who cannot see the figure.
func (f *Figure) WithAlt(alt string) *Figure {
	f.Alt = alt
	return f
}

// WithLabels sets the labels of the axes; "" removes one. In a grid it sets
// those of every panel.
func (f *Figure) WithLabels(x, y string) *Figure {
	f.content.setLabels(x, y)
	return f
}

// WithRange sets the range of what the figure shows: of the vertical axis of
// curves and clouds, of the colours of a heatmap, of the greys of images. In a
// grid it sets that of every panel, which makes them comparable.
func (f *Figure) WithRange(lo, hi float64) *Figure {
	if !(lo < hi) || !finite(lo) || !finite(hi) {
		panic(fmt.Sprintf("plots: the range %g to %g; want two finite numbers, the smaller first", lo, hi))
	}
	f.content.setRange(lo, hi)
	return f
}

// WithNote writes a few words into the emptiest corner of a plot.
func (f *Figure) WithNote(note string) *Figure {
	f.content.setNote(note)
	return f
}

// WithStyle sets the look; see [Style] for what is left zero.
func (f *Figure) WithStyle(s Style) *Figure {
	f.style = s.filled()
	f.content.restyle(f.style)
	return f
}

// WithLogX makes the horizontal axis logarithmic. Values that are not positive
// are not drawn.
func (f *Figure) WithLogX() *Figure {
	if a, ok := f.content.(*axes); ok {
		a.setLog(&a.plot.X)
	}
	return f
}

// WithLogY makes the vertical axis logarithmic. Values that are not positive
// are not drawn.
func (f *Figure) WithLogY() *Figure {
	if a, ok := f.content.(*axes); ok {
		a.setLog(&a.plot.Y)
	}
	return f
}

// String returns the description of the figure, and its caption.
func (f *Figure) String() string {
	text := f.Alt
	if text == "" {
		text = f.content.describe()
		if title := f.title(); title != "" {
			text = mathtext.Plain(title) + ". " + text
		}
	}
	if f.Caption != "" {
		text += "\n" + mathtext.Plain(f.Caption)
	}
	return text
}

// title is the figure's own, or the one set in gonum's plot.
func (f *Figure) title() string {
	if f.Title == "" && f.Plot != nil {
		return f.Plot.Title.Text
	}
	return f.Title
}

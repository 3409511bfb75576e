package plots

import (
	"image/color"

	"github.com/gocrate/gocrate/internal/mathtext/typeset"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Style is the look of a figure. A zero field means its default, which is that
// of [Paper].
type Style struct {
	FontSize   float64       // of labels and titles in points (10); ticks, legends and captions are one smaller
	Serif      bool          // Latin Modern Roman instead of Sans
	LineWidth  float64       // of curves in points (1.4)
	MarkerSize float64       // diameter of markers in points (4.2)
	Palette    []color.Color // of series and classes, in order (OkabeIto)
	NoGrid     bool
	NoLegend   bool
}

// Paper is the style of figures until another is asked for: text that is as
// large as a paper's own in a figure as wide as a column.
func Paper() Style { return Style{}.filled() }

// Notebook is a style for reading on a screen, a little larger than [Paper].
func Notebook() Style { return Style{FontSize: 11.5, LineWidth: 1.7, MarkerSize: 5}.filled() }

// Slides is a style to be read from the back of a room, for figures as wide as
// [SlideWidth].
func Slides() Style { return Style{FontSize: 20, LineWidth: 3, MarkerSize: 9}.filled() }

// OkabeIto is the palette of Okabe and Ito, which stays distinguishable under
// the common forms of colour-blindness, ordered so that its first colours also
// differ in lightness and its yellow, faint on white, is left out.
func OkabeIto() []color.Color {
	return []color.Color{
		color.NRGBA{0x00, 0x72, 0xB2, 0xFF}, // blue
		color.NRGBA{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
		color.NRGBA{0x00, 0x9E, 0x73, 0xFF}, // bluish green
		color.NRGBA{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
		color.NRGBA{0xE6, 0x9F, 0x00, 0xFF}, // orange
		color.NRGBA{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
		color.NRGBA{0x00, 0x00, 0x00, 0xFF},
	}
}

var (
	ink       = color.NRGBA{0x1A, 0x1A, 0x1A, 0xFF}
	frameGrey = color.NRGBA{0x33, 0x33, 0x33, 0xFF}
	edgeGrey  = color.NRGBA{0xC4, 0xC4, 0xC4, 0xFF}
	gridGrey  = color.NRGBA{0xE9, 0xE9, 0xE9, 0xFF}
	quietGrey = color.NRGBA{0x77, 0x77, 0x77, 0xFF}
)

const (
	tickLength = 3 * vg.Length(1)
	frameWidth = .75 * vg.Length(1) // two pixels at 192 dpi
)

// filled is s with every default in its place.
func (s Style) filled() Style {
	if s.FontSize <= 0 {
		s.FontSize = 10
	}
	if s.LineWidth <= 0 {
		s.LineWidth = 1.4
	}
	if s.MarkerSize <= 0 {
		s.MarkerSize = 4.2
	}
	if len(s.Palette) == 0 {
		s.Palette = OkabeIto()
	}
	return s
}

func (s Style) color(i int) color.Color { return s.Palette[i%len(s.Palette)] }

// text is the style of labels and titles.
func (s Style) text() text.Style { return s.textAt(s.FontSize) }

// small is the style of tick labels, legends, notes and captions.
func (s Style) small() text.Style { return s.textAt(s.FontSize - 1) }

func (s Style) textAt(size float64) text.Style {
	return text.Style{
		Color:   ink,
		Font:    font.Font{Typeface: "Latin Modern", Size: vg.Points(size)},
		Handler: typeset.Handler{Serif: s.Serif},
	}
}

func bold(t text.Style) text.Style {
	t.Font.Weight = xfont.WeightBold
	return t
}

// apply gives p the fonts and distances of s. Frame, grid and ticks are drawn
// by package plots, so gonum's own are switched off.
func (s Style) apply(p *plot.Plot) {
	p.TextHandler = typeset.Handler{Serif: s.Serif}
	p.Title.TextStyle = s.text()
	p.Legend.TextStyle = s.small()
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Width = 0
		axis.Padding = tickLength + 1.5
		axis.Label.Padding = vg.Points(.3 * s.FontSize)
		axis.Label.TextStyle = withAlign(s.text(), axis.Label.TextStyle)
		axis.Tick.Length = 0
		axis.Tick.Width = 0
		axis.Tick.Label = withAlign(s.small(), axis.Tick.Label)
	}
	p.Y.Padding = tickLength
	p.Y.Label.Padding = 1
}

// fillBaseline draws a line of text with its baseline at y.
func fillBaseline(c draw.Canvas, t text.Style, x, y vg.Length, txt string) {
	_, _, depth := t.Handler.Box(txt, t.Font)
	t.YAlign = draw.YBottom
	c.FillText(t, vg.Point{X: x, Y: y - depth + t.FontExtents().Descent}, txt)
}

// fitted is t in a size, down to two thirds of its own, at which txt is no
// longer than room.
func fitted(t text.Style, txt string, room vg.Length) text.Style {
	if w := t.Width(txt); w > room && room > 0 {
		t.Font.Size *= max(2./3, room/w)
	}
	return t
}

func withAlign(t, like text.Style) text.Style {
	t.XAlign, t.YAlign, t.Rotation = like.XAlign, like.YAlign, like.Rotation
	return t
}

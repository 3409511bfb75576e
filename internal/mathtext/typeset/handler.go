// Package typeset draws labels that contain formulas: "Layer index $\ell$".
//
// Its [Handler] serves gonum/plot in the place of that library's own. It sets
// text in Latin Modern Sans (or Roman) and formulas in Latin Modern Math, both
// embedded, after the rules of TeX (TeXbook, appendix G), simplified where a
// label has no use for them. Letters are drawn as outlines: a figure looks the
// same in PNG, SVG and PDF, and on a machine that has none of the fonts.
package typeset

import (
	"math"
	"strings"

	"github.com/gocrate/gocrate/internal/mathtext"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// Handler is a [text.Handler] for labels with formulas between dollar signs.
// The zero value is ready for use. Of a font it honours size and weight.
type Handler struct {
	Serif bool // text in Latin Modern Roman instead of Sans
}

var _ text.Handler = Handler{}

// lineSkip is the distance of two baselines in ems.
const lineSkip = 1.25

// Cache returns gonum's fonts, for plotters that draw strings by themselves.
func (h Handler) Cache() *font.Cache { return font.DefaultCache }

// Extents returns the extents of the text font.
func (h Handler) Extents(f font.Font) font.Extents {
	return font.Extents{Ascent: .75 * f.Size, Descent: .25 * f.Size, Height: f.Size}
}

// Lines returns txt undivided: Box and Draw see to its lines themselves, since
// only they know how tall each is.
func (h Handler) Lines(txt string) []string { return []string{txt} }

// Box returns the size of txt. Its height is at least that of a digit, so that
// labels side by side share a baseline.
func (h Handler) Box(txt string, f font.Font) (width, height, depth vg.Length) {
	lines, ys := h.set(txt, f)
	for i, b := range lines {
		width = max(width, b.width+b.italic)
		if i == 0 {
			height = b.height
		}
		depth = max(depth, b.depth-ys[i])
	}
	return width, height, depth
}

// Draw draws txt at pt, aligned and rotated as sty says.
func (h Handler) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	lines, ys := h.set(txt, sty.Font)
	_, height, depth := h.Box(txt, sty.Font)
	// gonum adds the font's descent to every position, expecting it to be
	// taken off here.
	e := h.Extents(sty.Font)
	baseline := vg.Length(sty.YAlign)*(height+depth) - (e.Height - e.Ascent) + depth

	c.Push()
	defer c.Pop()
	c.SetColor(sty.Color)
	c.Translate(pt)
	if math.Abs(sty.Rotation) > 1e-9 {
		c.Rotate(sty.Rotation)
	}
	for i, b := range lines {
		x := vg.Length(sty.XAlign) * (b.width + b.italic)
		for _, path := range b.marks {
			c.Fill(transform(path, 1, 1, x, baseline+ys[i]))
		}
	}
}

// set returns the lines of txt and how far each baseline is from the first.
func (h Handler) set(txt string, f font.Font) (lines []box, ys []vg.Length) {
	s := setter{size: f.Size, scale: 1, serif: h.Serif, bold: f.Weight >= xfont.WeightSemiBold}
	y := vg.Length(0)
	for i, line := range strings.Split(strings.TrimRight(txt, "\n"), "\n") {
		b := s.node(mathtext.ParseLabel(line))
		if i == 0 {
			b.height = max(b.height, .66*f.Size)
		} else {
			y -= max(lineSkip*f.Size, lines[i-1].depth+b.height+.15*f.Size)
		}
		lines, ys = append(lines, b), append(ys, y)
	}
	return lines, ys
}

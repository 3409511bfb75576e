package typeset

import (
	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot/vg"
)

// The dimensions of Latin Modern Math, in ems (TeXbook, appendix G).
const (
	axisHeight     = .25 // of a fraction's line and of a minus sign
	xHeight        = .431
	ruleThickness  = .04
	superShift     = .38
	subShift       = .15
	subShiftBoth   = .247
	superDrop      = .386
	subDrop        = .05
	scriptScale    = .72
	smallestScript = .52
	afterScript    = .05
)

// setter sets formulas at one size. Its copies at smaller sizes set the scripts.
type setter struct {
	size   vg.Length // of the em, in points
	scale  float64   // of size to the size of the label
	serif  bool
	bold   bool
	script bool // TeX's script style: hardly any space between atoms
}

// smaller is the setter for scripts and for the parts of a fraction.
func (s setter) smaller() setter {
	scale := max(s.scale*scriptScale, smallestScript)
	s.size *= vg.Length(scale / s.scale)
	s.scale = scale
	s.script = true
	return s
}

func (s setter) em(x float64) vg.Length { return vg.Length(x) * s.size }

// node sets any piece of a formula.
func (s setter) node(n mathtext.Node) box {
	switch n := n.(type) {
	case mathtext.Row:
		return s.row(n)
	case mathtext.Atom:
		return s.atom(n)
	case mathtext.Words:
		return s.words(n.Text, n.Font)
	case mathtext.Space:
		return box{width: s.em(n.Em)}
	case mathtext.Delimiter:
		return s.delimiter(n.Text, s.em(n.Em))
	case mathtext.Script:
		return s.scripted(n)
	case mathtext.Accent:
		return s.accent(n)
	case mathtext.Fraction:
		return s.fraction(n)
	case mathtext.Root:
		return s.root(n)
	case mathtext.Fence:
		return s.fenced(n.Open, n.Close, s.node(n.Body))
	case mathtext.Table:
		return s.fenced(n.Open, n.Close, s.table(n))
	}
	return box{}
}

// row sets a list, with the space between its items that their classes ask for.
func (s setter) row(r mathtext.Row) box {
	var out box
	before := mathtext.Open // what precedes the row attracts no space
	for i, n := range r {
		if _, ok := n.(mathtext.Space); ok {
			out.append(s.node(n))
			continue
		}
		class := effectiveClass(before, n, i+1 < len(r))
		if i > 0 {
			out.width += s.em(space(before, class, s.script))
		}
		b := s.node(n)
		b.single = false
		if out.italic > 0 && class != mathtext.Ordinary {
			out.width += out.italic // a leaning letter would touch the parenthesis
		}
		out.append(b)
		before = class
	}
	return out
}

// effectiveClass turns a binary operator without a left operand, as the minus
// of −1, and one without a right operand, into an ordinary symbol.
func effectiveClass(before mathtext.Class, n mathtext.Node, more bool) mathtext.Class {
	class := mathtext.ClassOf(n)
	if class != mathtext.Binary {
		return class
	}
	switch before {
	case mathtext.Ordinary, mathtext.Close:
		if more {
			return class
		}
	}
	return mathtext.Ordinary
}

// space is TeX's table of the space between two atoms, in ems: thin, medium
// and thick; in scripts only functions keep theirs.
func space(a, b mathtext.Class, script bool) float64 {
	const thin, medium, thick = 3. / 18, 4. / 18, 5. / 18
	word := func(c mathtext.Class) bool { return c == mathtext.Function || c == mathtext.Large }
	switch {
	case word(a) && (b == mathtext.Ordinary || word(b)), word(b) && (a == mathtext.Ordinary || a == mathtext.Close):
		return thin
	case script:
		return 0
	case a == mathtext.Relation && b == mathtext.Relation:
		return 0
	case a == mathtext.Relation && b != mathtext.Close, b == mathtext.Relation && a != mathtext.Open:
		return thick
	case a == mathtext.Binary, b == mathtext.Binary:
		return medium
	case a == mathtext.Punctuation:
		return thin
	}
	return 0
}

func (s setter) atom(a mathtext.Atom) box {
	if a.Class == mathtext.Function {
		return s.runes(a.Text, mathematics)
	}
	if a.Text == "′" && s.script { // the glyph is a raised one already
		full := s
		full.size /= scriptScale
		b := full.runes(a.Text, mathematics).raised(-full.em(superShift))
		b.depth = 0 // what it was raised by is white
		return b
	}
	out := s.runes(a.Shape(), mathematics)
	if a.Class == mathtext.Large { // centred on the axis, a little larger than the text
		out = out.scaled(1.2, 1.2)
		out = out.raised(s.em(axisHeight) - (out.height-out.depth)/2)
	}
	out.single = len([]rune(a.Text)) == 1
	return out
}

// words sets text of a label.
func (s setter) words(text string, font mathtext.Font) box {
	regular, bold, italic := sans, sansBold, sansItalic
	if s.serif {
		regular, bold, italic = roman, romanBold, romanItalic
	}
	switch {
	case font == mathtext.Bold || s.bold:
		return s.runes(text, bold, mathematics)
	case font == mathtext.Italic:
		return s.runes(text, italic, mathematics)
	}
	return s.runes(text, regular, mathematics)
}

// runes sets characters one after another, each in the first face that has it.
func (s setter) runes(text string, faces ...*face) box {
	var out box
	var before *glyph
	var beforeIn *face
	for _, r := range text {
		g, in := find(r, faces)
		if before != nil && in == beforeIn {
			out.width += in.kern(before, g) * s.size
		}
		out.append(s.glyph(g))
		before, beforeIn = g, in
	}
	return out
}

func (s setter) glyph(g *glyph) box {
	b := box{
		width:  g.advance * s.size,
		height: max(0, g.ink.Max.Y*s.size),
		depth:  max(0, -g.ink.Min.Y*s.size),
		italic: max(0, g.ink.Max.X-g.advance) * s.size,
	}
	if len(g.path) > 0 {
		b.marks = []vg.Path{transform(g.path, s.size, s.size, 0, 0)}
	}
	return b
}

// find returns the glyph of r; where no face has one, the replacement character.
func find(r rune, faces []*face) (*glyph, *face) {
	if r == '\u00A0' {
		r = ' '
	}
	for _, f := range append(faces, fallback) {
		if g := f.glyph(r); g != nil {
			return g, f
		}
	}
	return fallback.glyph('\uFFFD'), fallback
}

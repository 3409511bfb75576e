package typeset

import (
	"sync"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/latin-modern/lmmath"
	"codeberg.org/go-fonts/latin-modern/lmroman10bold"
	"codeberg.org/go-fonts/latin-modern/lmroman10italic"
	"codeberg.org/go-fonts/latin-modern/lmroman10regular"
	"codeberg.org/go-fonts/latin-modern/lmsans10bold"
	"codeberg.org/go-fonts/latin-modern/lmsans10oblique"
	"codeberg.org/go-fonts/latin-modern/lmsans10regular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// face is one embedded font, opened when it is first needed. It remembers the
// outlines it has read; a label asks for the same few dozen again and again.
type face struct {
	data []byte

	once   sync.Once
	font   *sfnt.Font
	perEm  fixed.Int26_6
	mu     sync.Mutex
	glyphs map[rune]*glyph
}

// glyph is an outline in units of the em, y upwards.
type glyph struct {
	index   sfnt.GlyphIndex
	path    vg.Path
	advance vg.Length
	ink     vg.Rectangle
}

var (
	sans       = &face{data: lmsans10regular.TTF}
	sansBold   = &face{data: lmsans10bold.TTF}
	sansItalic = &face{data: lmsans10oblique.TTF}

	roman       = &face{data: lmroman10regular.TTF}
	romanBold   = &face{data: lmroman10bold.TTF}
	romanItalic = &face{data: lmroman10italic.TTF}

	mathematics = &face{data: lmmath.TTF}
	fallback    = &face{data: dejavusans.TTF} // for scripts that Latin Modern lacks
)

func (f *face) open() {
	f.once.Do(func() {
		parsed, err := sfnt.Parse(f.data)
		if err != nil {
			panic("typeset: an embedded font cannot be read: " + err.Error())
		}
		f.font = parsed
		f.perEm = fixed.Int26_6(parsed.UnitsPerEm())
		f.glyphs = map[rune]*glyph{}
	})
}

// glyph returns the outline of r, or nil if the font has none.
func (f *face) glyph(r rune) *glyph {
	f.open()
	f.mu.Lock()
	defer f.mu.Unlock()
	g, ok := f.glyphs[r]
	if !ok {
		g = f.load(r)
		f.glyphs[r] = g
	}
	return g
}

// load reads an outline at one pixel for each font unit, where the fixed-point
// coordinates are the font's own integers.
func (f *face) load(r rune) *glyph {
	var buf sfnt.Buffer
	index, err := f.font.GlyphIndex(&buf, r)
	if err != nil || index == 0 {
		return nil
	}
	advance, err := f.font.GlyphAdvance(&buf, index, f.perEm, font.HintingNone)
	if err != nil {
		return nil
	}
	segments, err := f.font.LoadGlyph(&buf, index, f.perEm, nil)
	if err != nil {
		return nil
	}
	em := vg.Length(f.perEm)
	at := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: vg.Length(p.X) / em, Y: -vg.Length(p.Y) / em}
	}
	g := &glyph{index: index, advance: vg.Length(advance) / em}
	if box := segments.Bounds(); len(segments) > 0 {
		low, high := at(box.Min), at(box.Max)
		g.ink = vg.Rectangle{Min: vg.Point{X: low.X, Y: high.Y}, Max: vg.Point{X: high.X, Y: low.Y}}
	}
	g.path = outline(segments, at)
	return g
}

func outline(segments sfnt.Segments, at func(fixed.Point26_6) vg.Point) vg.Path {
	var p vg.Path
	for i, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				p.Close()
			}
			p.Move(at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			p.Line(at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			p.QuadTo(at(s.Args[0]), at(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			p.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
		}
	}
	if len(p) > 0 {
		p.Close()
	}
	return p
}

// kern is the correction between two glyphs of f, in ems.
func (f *face) kern(a, b *glyph) vg.Length {
	var buf sfnt.Buffer
	k, err := f.font.Kern(&buf, a.index, b.index, f.perEm, font.HintingNone)
	if err != nil {
		return 0
	}
	return vg.Length(k) / vg.Length(f.perEm)
}

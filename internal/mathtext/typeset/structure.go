package typeset

import (
	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot/vg"
)

// scripted sets scripts beside a base, or above and below a stacked one.
func (s setter) scripted(n mathtext.Script) box {
	base := s.node(n.Base)
	var sub, sup box
	if n.Sub != nil {
		sub = s.smaller().node(n.Sub)
	}
	if n.Sup != nil {
		sup = s.smaller().node(n.Sup)
	}
	if n.Stacked {
		return s.stacked(base, sub, sup)
	}
	up, down := s.shifts(base, sub, sup, n.Sub != nil, n.Sup != nil)
	out := base
	out.single = false
	if n.Sup != nil {
		out.add(sup, base.width+base.italic, up)
		out.width = base.width + base.italic + sup.width
	}
	if n.Sub != nil {
		out.add(sub, base.width, -down)
		out.width = max(out.width, base.width+sub.width)
	}
	out.width += s.em(afterScript)
	out.italic = 0
	return out
}

// shifts is how far the superscript goes up and the subscript down (TeXbook,
// appendix G, rule 18): clear of the base, and clear of each other.
func (s setter) shifts(base, sub, sup box, hasSub, hasSup bool) (up, down vg.Length) {
	up, down = s.em(superShift), s.em(subShift)
	if !base.single {
		up = max(up, base.height-s.smaller().em(superDrop))
		down = max(down, base.depth+s.smaller().em(subDrop))
	}
	up = max(up, sup.depth+s.em(xHeight)/4)
	if !hasSub {
		return up, down
	}
	if hasSup {
		down = max(down, s.em(subShiftBoth))
		if gap := (up - sup.depth) - (sub.height - down); gap < s.em(4*ruleThickness) {
			down += s.em(4*ruleThickness) - gap
		}
		return up, down
	}
	return up, max(down, sub.height-s.em(xHeight)*4/5)
}

func (s setter) stacked(base, sub, sup box) box {
	out := box{width: max(base.width, sub.width, sup.width)}
	out.add(base, (out.width-base.width)/2, 0)
	gap := s.em(.12)
	if sup.marks != nil {
		out.add(sup, (out.width-sup.width)/2, base.height+sup.depth+gap)
	}
	if sub.marks != nil {
		out.add(sub, (out.width-sub.width)/2, -base.depth-sub.height-gap)
	}
	return out
}

// fraction sets its parts small, as TeX does in running text, around the axis.
func (s setter) fraction(f mathtext.Fraction) box {
	part := s.smaller()
	if f.Size == mathtext.DisplayFraction {
		part = s
	}
	num, den := part.node(f.Num), part.node(f.Den)
	width := max(num.width, den.width) + s.em(.1)
	axis, thick := s.em(axisHeight), s.em(ruleThickness)
	gap := s.em(.1)

	out := box{}
	if !f.Bare {
		out.add(rule(width, thick, axis-thick/2), s.em(.06), 0)
	}
	out.add(num, s.em(.06)+(width-num.width)/2, axis+thick/2+gap+num.depth)
	out.add(den, s.em(.06)+(width-den.width)/2, axis-thick/2-gap-den.height)
	out.width = width + s.em(.12)
	return out
}

// root draws its sign as lines, so that it fits any radicand.
func (s setter) root(n mathtext.Root) box {
	body := s.node(n.Radicand)
	thick, gap := s.em(ruleThickness), s.em(.1)
	top := max(body.height, s.em(xHeight)) + gap
	bottom := -max(body.depth, 0) - s.em(.04)
	hook := s.em(.45)

	var p vg.Path
	height := top - bottom
	p.Move(vg.Point{X: s.em(.02), Y: bottom + height*.50})
	p.Line(vg.Point{X: s.em(.14), Y: bottom + height*.58})
	p.Line(vg.Point{X: s.em(.25), Y: bottom + height*.16})
	p.Line(vg.Point{X: hook - thick, Y: top + thick})
	p.Line(vg.Point{X: hook + thick/2, Y: top + thick})
	p.Line(vg.Point{X: s.em(.25), Y: bottom})
	p.Line(vg.Point{X: s.em(.10), Y: bottom + height*.50})
	p.Line(vg.Point{X: s.em(.03), Y: bottom + height*.46})
	p.Close()
	out := box{height: top + thick, depth: -bottom, marks: []vg.Path{p}}
	out.add(rule(body.width+s.em(.08), thick, top), hook-thick/2, 0)
	out.add(body, hook+s.em(.04), 0)
	out.width = hook + body.width + s.em(.1)
	if n.Degree != nil {
		degree := s.smaller().smaller().node(n.Degree)
		lead := max(0, degree.width-s.em(.18))
		shifted := box{width: out.width + lead}
		shifted.add(out, lead, 0)
		shifted.add(degree, max(0, s.em(.18)-degree.width), bottom+height*.62)
		return shifted
	}
	return out
}

// accent puts a mark over the ink of its base, following the slant of letters.
func (s setter) accent(n mathtext.Accent) box {
	base := s.node(n.Base)
	out := base
	width := base.width + base.italic
	if n.Mark == '¯' || n.Mark == '_' {
		return s.bar(out, width, n)
	}
	mark := s.accentMark(n.Mark)
	if n.Wide && mark.width > 0 {
		mark = mark.scaled(width/mark.width, 1)
	}
	slant := vg.Length(0)
	if a, ok := n.Base.(mathtext.Atom); ok && a.Font == mathtext.Default && base.single {
		slant = s.em(.04)
	}
	x := (width-mark.width)/2 + slant
	if n.Under {
		out.add(mark, x, -base.depth-s.em(.08)-mark.height)
		return out
	}
	out.add(mark, x, base.height+s.em(.06)+mark.depth)
	out.single = base.single
	return out
}

// accentMark is a mark cut down to its ink, standing on the baseline.
func (s setter) accentMark(mark rune) box {
	r, scale := mark, vg.Length(1)
	switch mark {
	case '^':
		r = 'ˆ'
	case '~':
		r = '˜'
	case '→':
		scale = .6
	}
	g, _ := find(r, []*face{mathematics, sans})
	b := s.glyph(g)
	out := box{width: (g.ink.Max.X - g.ink.Min.X) * s.size, height: (g.ink.Max.Y - g.ink.Min.Y) * s.size}
	for _, path := range b.marks {
		out.marks = append(out.marks, transform(path, 1, 1, -g.ink.Min.X*s.size, -g.ink.Min.Y*s.size))
	}
	return out.scaled(scale, scale)
}

func (s setter) bar(out box, width vg.Length, n mathtext.Accent) box {
	thick, gap := s.em(.045), s.em(.09)
	inset := vg.Length(0)
	if !n.Wide {
		inset = min(width*.12, s.em(.06))
	}
	line := rule(width-2*inset, thick, 0)
	if n.Under {
		out.add(line, inset, -out.depth-gap-thick)
	} else {
		out.add(line, inset, out.height+gap)
	}
	return out
}

// delimiter sets a delimiter of at least the given height, centred on the axis.
func (s setter) delimiter(text string, height vg.Length) box {
	b := s.runes(text, mathematics)
	b.italic = 0
	natural := b.height + b.depth
	if natural <= 0 || height <= natural*1.08 {
		return b
	}
	stretch := height / natural
	b = b.scaled(1+(stretch-1)*.25, stretch) // taller, and a little wider
	return b.raised(s.em(axisHeight) - (b.height-b.depth)/2)
}

// fenced puts delimiters round body, as tall as it is.
func (s setter) fenced(open, close string, body box) box {
	axis := s.em(axisHeight)
	height := 2 * max(body.height-axis, body.depth+axis)
	if open+close != "" {
		height *= 1.05
	}
	var out box
	if open != "" {
		out.append(s.delimiter(open, height))
	}
	body.single = false
	out.append(body)
	if close != "" {
		out.width += body.italic
		out.append(s.delimiter(close, height))
	}
	return out
}

// table sets rows of cells, centred on the axis.
func (s setter) table(t mathtext.Table) box {
	cells := make([][]box, len(t.Rows))
	var widths []vg.Length
	for i, row := range t.Rows {
		for j, cell := range row {
			b := s.node(aligned(t, j, cell))
			cells[i] = append(cells[i], b)
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], b.width)
		}
	}
	var out box
	y := vg.Length(0)
	for _, row := range cells {
		height, depth := s.em(.7), s.em(.3) // at least a line of text
		for _, b := range row {
			height, depth = max(height, b.height), max(depth, b.depth)
		}
		y -= height
		x := vg.Length(0)
		for j, b := range row {
			slack := widths[j] - b.width
			switch t.Align[j%len(t.Align)] {
			case 'c':
				out.add(b, x+slack/2, y)
			case 'r':
				out.add(b, x+slack, y)
			default:
				out.add(b, x, y)
			}
			x += widths[j] + s.em(t.Gap)
			out.width = max(out.width, x-s.em(t.Gap))
		}
		y -= depth + s.em(.15)
	}
	out.height, out.depth = 0, max(0, -y-s.em(.15))
	return out.raised(out.depth/2 + s.em(axisHeight))
}

// aligned gives the relation that a column of equations starts with the space
// that it would have after the left-hand side.
func aligned(t mathtext.Table, column int, cell mathtext.Node) mathtext.Node {
	r, ok := cell.(mathtext.Row)
	if ok && t.Align == "rl" && column%2 == 1 && len(r) > 0 && mathtext.ClassOf(r[0]) == mathtext.Relation {
		return mathtext.Row{mathtext.Space{Em: 5. / 18}, r}
	}
	return cell
}

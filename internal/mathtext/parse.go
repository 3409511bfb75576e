package mathtext

import (
	"strings"
	"unicode"
)

// Parse reads a formula as it stands between dollar signs.
func Parse(tex string) Node { return parse(tex, 0) }

// parse reads a formula that is deep levels inside another.
func parse(tex string, deep int) Node {
	p := &parser{src: tex, deep: deep}
	rows := p.rows()
	for p.peek().kind != tokenEnd { // a stray }, \right or \end
		p.next()
		more := p.rows()
		last := rows[len(rows)-1]
		last[len(last)-1] = append(last[len(last)-1].(Row), more[0][0].(Row)...)
		rows[len(rows)-1] = append(last, more[0][1:]...)
		rows = append(rows, more[1:]...)
	}
	if len(rows) == 1 && len(rows[0]) == 1 {
		return rows[0][0]
	}
	return Table{Rows: rows, Align: "rl"}
}

// ParseLabel reads text with formulas between dollar signs, the way of axis
// labels: "Layer index $\ell$". A dollar without its partner, and \$, are
// dollars.
func ParseLabel(label string) Node {
	return parseMixed(label, Upright, 0)
}

func parseMixed(s string, font Font, deep int) Node {
	var out Row
	var words strings.Builder
	flush := func() {
		if words.Len() > 0 {
			out = append(out, Words{words.String(), font})
			words.Reset()
		}
	}
	for s != "" {
		at := strings.IndexByte(s, '$')
		if at < 0 || deep >= maxDepth {
			words.WriteString(s)
			break
		}
		if before, ok := strings.CutSuffix(s[:at], `\`); ok {
			words.WriteString(before + "$")
			s = s[at+1:]
			continue
		}
		words.WriteString(s[:at])
		end := dollar(s[at+1:])
		if end < 0 {
			words.WriteString(s[at:])
			break
		}
		flush()
		out = append(out, parse(s[at+1:at+1+end], deep))
		s = s[at+end+2:]
	}
	flush()
	if len(out) == 1 {
		return out[0]
	}
	return out
}

// dollar finds the end of a formula: the first dollar sign outside braces or,
// where the braces do not match, the first of all. It is -1 if there is none.
func dollar(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		case '$':
			if depth <= 0 && (i == 0 || s[i-1] != '\\') {
				return i
			}
		}
	}
	return strings.IndexByte(s, '$')
}

// maxDepth bounds the nesting of groups, so that no input can exhaust the stack.
const maxDepth = 100

type parser struct {
	src  string
	pos  int
	font Font
	deep int
}

// rows reads rows of cells, separated by \\ and &, up to what ends a group.
func (p *parser) rows() [][]Node {
	rows := [][]Node{{}}
	for {
		cell := p.row()
		rows[len(rows)-1] = append(rows[len(rows)-1], cell)
		switch p.peek().kind {
		case tokenAlign:
			p.next()
		case tokenNewline:
			p.next()
			p.optional()
			rows = append(rows, []Node{})
		default:
			return rows
		}
	}
}

// row reads terms up to what ends a cell or a group, and leaves that unread.
func (p *parser) row() Row {
	out := Row{}
	for !p.peek().ends() {
		n := p.scripts(p.nucleus(false))
		if r, ok := n.(Row); !ok || len(r) > 0 {
			out = append(out, n)
		}
	}
	return out
}

// scripts reads the scripts and primes that follow base.
func (p *parser) scripts(base Node) Node {
	var sub, sup Row
	for {
		switch t := p.peek(); {
		case t.kind == tokenPrime:
			p.next()
			sup = append(sup, Atom{Text: "′"})
		case t.kind == tokenSuper:
			p.next()
			sup = append(sup, p.argument())
		case t.kind == tokenSub:
			p.next()
			sub = append(sub, p.argument())
		case t.kind == tokenCommand && (t.text == "limits" || t.text == "nolimits"):
			p.next()
		default:
			return script(base, sub, sup)
		}
	}
}

func script(base Node, sub, sup Row) Node {
	if sub == nil && sup == nil {
		return base
	}
	s := Script{Base: base}
	if sub != nil {
		s.Sub = simplify(sub)
	}
	if sup != nil {
		s.Sup = simplify(sup)
	}
	if a, ok := base.(Accent); ok && (a.Mark == '⏟' || a.Mark == '⏞') {
		s.Stacked = true
	}
	return s
}

// simplify unwraps rows of one.
func simplify(n Node) Node {
	for {
		r, ok := n.(Row)
		if !ok || len(r) != 1 {
			return n
		}
		n = r[0]
	}
}

// argument reads a group, or the single token that stands for one.
func (p *parser) argument() Node {
	t := p.peek()
	if t.kind == tokenOpen {
		return p.group()
	}
	if t.ends() {
		return Row{}
	}
	if p.deep >= maxDepth {
		return p.rest()
	}
	p.deep++
	defer func() { p.deep-- }()
	return p.nucleus(true)
}

// rest is what is left of the source, shown as it is.
func (p *parser) rest() Node {
	rest := p.src[p.pos:]
	p.pos = len(p.src)
	return Words{printable(rest), Upright}
}

// group reads {…}; alphabets chosen inside end with it.
func (p *parser) group() Node {
	p.next()
	font := p.font
	rows := p.nested()
	p.font = font
	if p.peek().kind == tokenClose {
		p.next()
	}
	if len(rows) == 1 && len(rows[0]) == 1 {
		return simplify(rows[0][0])
	}
	return Table{Rows: rows, Align: "c"}
}

// nested is rows one level deeper; at the bottom the rest is shown as it is.
func (p *parser) nested() [][]Node {
	if p.deep >= maxDepth {
		return [][]Node{{Row{p.rest()}}}
	}
	p.deep++
	defer func() { p.deep-- }()
	return p.rows()
}

// nucleus reads what scripts can be attached to. With single set it takes one
// letter or digit where it would otherwise take a word or a number.
func (p *parser) nucleus(single bool) Node {
	t := p.peek()
	switch t.kind {
	case tokenOpen:
		return p.group()
	case tokenSuper, tokenSub:
		if single {
			p.next()
		}
		return Row{}
	case tokenCommand:
		p.next()
		return p.command(t.text)
	case tokenPrime:
		if single {
			p.next()
			return Atom{Text: "′"}
		}
		return Row{}
	}
	return p.character(single)
}

// character reads a letter, a number or a symbol typed as itself.
func (p *parser) character(single bool) Node {
	t := p.next()
	r := []rune(t.text)[0]
	switch {
	case isDigit(r):
		return Atom{Text: t.text + p.run(single, isNumeric), Font: p.font}
	case unicode.IsLetter(r) && p.font != Default:
		return Atom{Text: t.text + p.run(single, unicode.IsLetter), Font: p.font}
	}
	if s, ok := characters()[t.text]; ok {
		return Atom{Text: s.text, Class: s.class, Limits: s.limits}
	}
	return Atom{Text: t.text, Font: p.font}
}

func isDigit(r rune) bool   { return '0' <= r && r <= '9' }
func isNumeric(r rune) bool { return isDigit(r) || r == '.' }

// run takes characters while they are of a kind; a final full stop is left,
// because it ends the sentence and not the number.
func (p *parser) run(single bool, kind func(rune) bool) string {
	if single {
		return ""
	}
	rest := p.src[p.pos:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !kind(r) })
	if n < 0 {
		n = len(rest)
	}
	word := strings.TrimRight(rest[:n], ".")
	p.pos += len(word)
	return word
}

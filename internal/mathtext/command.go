package mathtext

import (
	"fmt"
	"strings"
)

// command reads the arguments of \name and returns what it stands for.
func (p *parser) command(name string) Node {
	if f, ok := alphabetCommands[name]; ok {
		return p.inFont(f)
	}
	if f, ok := oldAlphabets[name]; ok {
		p.font = f
		return Row{}
	}
	if f, ok := textCommands[name]; ok {
		return p.words(p.raw(), f)
	}
	if a, ok := accentCommands[name]; ok {
		a.Base = p.argument()
		return a
	}
	if em, ok := spaces[name]; ok {
		return Space{em}
	}
	if silent[name] {
		return Row{}
	}
	if n, ok := p.big(name); ok {
		return n
	}
	if n, ok := p.structure(name); ok {
		return n
	}
	return p.symbol(name)
}

// symbol is \name without arguments; one that nobody knows is shown as its name.
func (p *parser) symbol(name string) Node {
	s, ok := symbols()[name]
	if !ok {
		return Atom{Text: name, Class: Function, Font: Upright}
	}
	a := Atom{Text: s.text, Class: s.class, Limits: s.limits}
	if s.class == Ordinary {
		a.Font = p.font
		if p.font == Upright || p.font == Blackboard || p.font == Calligraphic {
			a.Font = Default // these have no Greek
		}
	}
	return a
}

// inFont reads an argument in alphabet f.
func (p *parser) inFont(f Font) Node {
	before := p.font
	p.font = f
	n := p.argument()
	p.font = before
	return n
}

// structure reads the commands that build something out of their arguments.
func (p *parser) structure(name string) (Node, bool) {
	switch name {
	case "frac", "cfrac":
		return Fraction{Num: p.argument(), Den: p.argument()}, true
	case "tfrac":
		return Fraction{Num: p.argument(), Den: p.argument(), Size: TextFraction}, true
	case "dfrac":
		return Fraction{Num: p.argument(), Den: p.argument(), Size: DisplayFraction}, true
	case "binom", "dbinom", "tbinom":
		return Fence{"(", ")", Fraction{Num: p.argument(), Den: p.argument(), Bare: true}}, true
	case "sqrt":
		return p.root(), true
	case "left":
		return p.fence(), true
	case "middle":
		return Delimiter{Text: p.delimiter(), Class: Relation}, true
	case "begin":
		return p.environment(), true
	case "operatorname":
		return p.operator(), true
	case "overset", "stackrel":
		over := p.argument()
		return Script{Base: p.argument(), Sup: over, Stacked: true}, true
	case "underset":
		under := p.argument()
		return Script{Base: p.argument(), Sub: under, Stacked: true}, true
	case "not":
		return negated(p.argument()), true
	case "tag":
		p.star()
		return Row{Space{2}, Words{printable("(" + p.raw() + ")"), Upright}}, true
	case "label", "color", "vspace":
		p.raw()
		return Row{}, true
	case "hspace", "kern", "mspace":
		return p.hspace(), true
	case "phantom", "hphantom", "vphantom":
		p.raw()
		return Space{.5}, true
	}
	return nil, false
}

func (p *parser) root() Node {
	degree, ok := p.optional()
	r := Root{Radicand: p.argument()}
	if ok {
		r.Degree = p.inside(degree)
	}
	return r
}

// inside parses a part of the source that was taken out as text.
func (p *parser) inside(tex string) Node {
	q := &parser{src: tex, font: p.font, deep: p.deep}
	return simplify(q.nested()[0][0])
}

func (p *parser) fence() Node {
	f := Fence{Open: p.delimiter()}
	font := p.font
	rows := p.nested()
	p.font = font
	f.Body = Table{Rows: rows, Align: "c"}
	if len(rows) == 1 && len(rows[0]) == 1 {
		f.Body = rows[0][0]
	}
	if t := p.peek(); t.kind == tokenCommand && t.text == "right" {
		p.next()
		f.Close = p.delimiter()
	}
	return f
}

// delimiter reads what follows \left, \right, \middle and \big: a character or
// a command; a full stop is an invisible one.
func (p *parser) delimiter() string {
	t := p.peek()
	if t.kind == tokenEnd || t.kind == tokenOpen || t.kind == tokenClose {
		return ""
	}
	p.next()
	if t.kind == tokenCommand {
		if s, ok := symbols()[t.text]; ok {
			return s.text
		}
		return t.text
	}
	switch t.text {
	case ".":
		return ""
	case "<":
		return "⟨"
	case ">":
		return "⟩"
	}
	return t.text
}

func (p *parser) big(name string) (Node, bool) {
	class := Ordinary
	em, ok := bigCommands[name]
	for suffix, c := range map[string]Class{"l": Open, "r": Close, "m": Relation} {
		if base, found := strings.CutSuffix(name, suffix); found && !ok {
			if em, ok = bigCommands[base]; ok {
				class = c
			}
		}
	}
	if !ok {
		return nil, false
	}
	return Delimiter{p.delimiter(), class, em}, true
}

func (p *parser) operator() Node {
	limits := p.star()
	name := strings.NewReplacer(`\,`, " ", `\ `, " ", `\;`, " ", "{", "", "}", "").Replace(p.raw())
	return Atom{Text: printable(name), Class: Function, Font: Upright, Limits: limits}
}

func negated(n Node) Node {
	const negation = "\u0338"
	switch a := n.(type) {
	case Atom:
		if a.Text == "=" {
			return Atom{Text: "≠", Class: Relation}
		}
		if a.Text == "∈" {
			return Atom{Text: "∉", Class: Relation}
		}
		a.Text += negation
		return a
	default:
		return n
	}
}

func (p *parser) hspace() Node {
	p.star()
	var em float64
	if n, _ := fmt.Sscanf(p.raw(), "%gem", &em); n == 1 && em > -4 && em < 40 {
		return Space{em}
	}
	return Space{.5}
}

// words is the argument of \text, which may hold formulas again.
func (p *parser) words(s string, f Font) Node {
	return parseMixed(printable(strings.NewReplacer(`\%`, "%", `\_`, "_", `\&`, "&", `\#`, "#", `~`, "\u00A0").Replace(s)), f, p.deep+1)
}

// printable replaces what has no glyph and no place in XML.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r == 0xFFFE || r == 0xFFFF:
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

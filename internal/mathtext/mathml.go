package mathtext

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// MathML returns the formula tex as a <math> element in MathML Core, which
// browsers draw without a script. With display set it stands on a line of its
// own, its limits above and below; otherwise it stands in running text.
//
// The result is well-formed XML whatever tex is; everything in it is escaped.
func MathML(tex string, display bool) string {
	w := &mathmlWriter{}
	if display {
		w.WriteString(`<math display="block">`)
	} else {
		w.WriteString(`<math>`)
	}
	w.node(Parse(tex))
	w.WriteString(`</math>`)
	return w.String()
}

type mathmlWriter struct{ strings.Builder }

func (w *mathmlWriter) node(n Node) {
	switch n := n.(type) {
	case Row:
		w.row(n)
	case Atom:
		w.atom(n)
	case Words:
		w.words(n)
	case Space:
		fmt.Fprintf(w, `<mspace width="%.3gem"/>`, n.Em)
	case Delimiter:
		w.delimiter(n)
	case Script:
		w.script(n)
	case Accent:
		w.accent(n)
	case Fraction:
		w.fraction(n)
	case Root:
		w.root(n)
	case Fence:
		w.fenced(n.Open, n.Close, func() { w.node(n.Body) })
	case Table:
		w.table(n)
	}
}

// row wraps its items in one element, because scripts and fractions take
// exactly that many children.
func (w *mathmlWriter) row(r Row) {
	if len(r) == 1 {
		w.node(r[0])
		return
	}
	w.WriteString("<mrow>")
	for i, n := range r {
		w.node(n)
		if i+1 < len(r) && functionSpace(n, r[i+1]) {
			w.WriteString(`<mspace width="0.167em"/>`)
		}
	}
	w.WriteString("</mrow>")
}

// functionSpace reports whether a thin space separates a word such as "log" from
// its neighbour: from a letter, a fraction or another word, and not from what
// opens a parenthesis.
func functionSpace(n, next Node) bool {
	a, b := ClassOf(n), ClassOf(next)
	switch {
	case isSpace(n) || isSpace(next):
		return false
	case a == Function:
		_, fence := next.(Fence)
		return !fence && (b == Ordinary || b == Large || b == Function)
	}
	return b == Function && (a == Ordinary || a == Close)
}

func isSpace(n Node) bool {
	_, ok := n.(Space)
	return ok
}

func (w *mathmlWriter) element(tag, attributes, text string) {
	w.WriteString("<" + tag + attributes + ">" + html.EscapeString(text) + "</" + tag + ">")
}

// atom writes a letter as <mi>, a number as <mn> and anything else as <mo>.
// MathML slants an <mi> of one letter by itself.
func (w *mathmlWriter) atom(a Atom) {
	first, _ := utf8.DecodeRuneInString(a.Text)
	one := utf8.RuneCountInString(a.Text) == 1
	switch {
	case a.Class == Function && a.Limits:
		w.element("mo", ` movablelimits="true" form="prefix" lspace="0" rspace="0"`, a.Text)
	case a.Class == Function:
		w.element("mi", "", a.Text)
	case a.Class != Ordinary:
		w.operator(a.Text, a.Class)
	case strings.ContainsRune("|‖/\\′!?.…⋯⋮⋱", first):
		w.operator(a.Text, Ordinary)
	case isDigit(first):
		w.element("mn", "", AlphabetString(a.Font, a.Text))
	case a.Font == Default && slants(first) && one:
		w.element("mi", "", a.Text)
	case one:
		w.element("mi", ` mathvariant="normal"`, AlphabetString(a.Font, a.Text))
	default:
		w.element("mi", "", AlphabetString(a.Font, a.Text))
	}
}

// operator states what a browser would otherwise guess from its dictionary:
// that the delimiter does not grow, and the space that its class has.
func (w *mathmlWriter) operator(text string, c Class) {
	attributes := ""
	switch {
	case c == Open:
		attributes = ` form="prefix" stretchy="false"`
	case c == Close && text != "!" && text != "?":
		attributes = ` form="postfix" stretchy="false"`
	case c == Ordinary:
		attributes = ` stretchy="false" lspace="0" rspace="0"`
	case c == Relation:
		attributes = ` stretchy="false" lspace="0.278em" rspace="0.278em"`
	}
	w.element("mo", attributes, text)
}

func (w *mathmlWriter) words(t Words) {
	text := strings.ReplaceAll(t.Text, " ", "\u00A0") // white space at the ends would be lost
	switch t.Font {
	case Bold:
		w.element("mtext", ` style="font-weight:bold"`, text)
	case Italic:
		w.element("mtext", ` style="font-style:italic"`, text)
	default:
		w.element("mtext", "", text)
	}
}

func (w *mathmlWriter) delimiter(d Delimiter) {
	if d.Text == "" {
		w.WriteString("<mrow></mrow>")
		return
	}
	attributes := ` stretchy="true" symmetric="true"`
	if d.Em > 0 {
		attributes += fmt.Sprintf(` minsize="%gem" maxsize="%gem"`, d.Em, d.Em)
	}
	switch d.Class {
	case Open:
		attributes += ` form="prefix"`
	case Close:
		attributes += ` form="postfix"`
	case Ordinary:
		attributes += ` lspace="0" rspace="0"`
	}
	w.element("mo", attributes, d.Text)
}

func (w *mathmlWriter) script(s Script) {
	below, above, both := "msub", "msup", "msubsup"
	if limits(s) {
		below, above, both = "munder", "mover", "munderover"
	}
	switch {
	case s.Sup == nil:
		w.children(below, s.Base, s.Sub)
	case s.Sub == nil:
		w.children(above, s.Base, s.Sup)
	default:
		w.children(both, s.Base, s.Sub, s.Sup)
	}
}

// limits reports whether the scripts of s go below and above its base. For an
// operator such as ∑ the browser puts them beside it in running text.
func limits(s Script) bool {
	a, ok := simplify(s.Base).(Atom)
	return s.Stacked || ok && a.Limits
}

// children writes an element with one child for each node.
func (w *mathmlWriter) children(tag string, nodes ...Node) {
	w.WriteString("<" + tag + ">")
	for _, n := range nodes {
		w.child(n)
	}
	w.WriteString("</" + tag + ">")
}

// child writes n as exactly one element.
func (w *mathmlWriter) child(n Node) {
	if n == nil {
		n = Row{}
	}
	w.node(n)
}

func (w *mathmlWriter) accent(a Accent) {
	tag := "mover"
	if a.Under {
		tag = "munder"
	}
	w.WriteString("<" + tag + ` accent="true" accentunder="true">`)
	w.child(a.Base)
	mark := a.Mark
	if narrow, ok := narrowMarks[mark]; ok && !a.Wide {
		mark = narrow
	}
	w.element("mo", fmt.Sprintf(` stretchy="%v"`, a.Wide), string(mark))
	w.WriteString("</" + tag + ">")
}

// narrowMarks are the characters of the size of an accent where those that
// stretch are larger.
var narrowMarks = map[rune]rune{'^': 'ˆ', '~': '˜'}

func (w *mathmlWriter) fraction(f Fraction) {
	attributes := ""
	if f.Bare {
		attributes = ` linethickness="0"`
	}
	switch f.Size {
	case TextFraction:
		attributes += ` displaystyle="false"`
	case DisplayFraction:
		attributes += ` displaystyle="true"`
	}
	w.WriteString("<mfrac" + attributes + ">")
	w.child(f.Num)
	w.child(f.Den)
	w.WriteString("</mfrac>")
}

func (w *mathmlWriter) root(r Root) {
	if r.Degree == nil {
		w.children("msqrt", r.Radicand)
		return
	}
	w.children("mroot", r.Radicand, r.Degree)
}

func (w *mathmlWriter) fenced(open, close string, body func()) {
	w.WriteString("<mrow>")
	if open != "" {
		w.element("mo", ` form="prefix" stretchy="true"`, open)
	}
	body()
	if close != "" {
		w.element("mo", ` form="postfix" stretchy="true"`, close)
	}
	w.WriteString("</mrow>")
}

func (w *mathmlWriter) table(t Table) {
	w.fenced(t.Open, t.Close, func() {
		if t.Align == "rl" { // equations, each in displayed style
			w.WriteString(`<mtable displaystyle="true">`)
		} else {
			w.WriteString("<mtable>")
		}
		for _, row := range t.Rows {
			w.WriteString("<mtr>")
			for i, cell := range row {
				w.WriteString(`<mtd style="` + cellStyle(t, i, len(row)) + `">`)
				w.node(cell)
				w.WriteString("</mtd>")
			}
			w.WriteString("</mtr>")
		}
		w.WriteString("</mtable>")
	})
}

// cellStyle aligns a cell: MathML Core leaves that to CSS. What is in the cell is
// a block, which Chromium and WebKit only move for their own -webkit- values.
func cellStyle(t Table, column, columns int) string {
	align := map[byte]string{'l': "left", 'c': "center", 'r': "right"}[t.Align[column%len(t.Align)]]
	pad := func(outside bool) float64 {
		if outside {
			return 0
		}
		return t.Gap / 2
	}
	return fmt.Sprintf("text-align:%[1]s;text-align:-webkit-%[1]s;padding-left:%[2]gem;padding-right:%[3]gem",
		align, pad(column == 0), pad(column == columns-1))
}

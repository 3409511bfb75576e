package mathtext

import (
	"strings"
	"unicode/utf8"
)

// Plain returns a label (text with formulas between dollar signs) as a line of
// plain text, for alternative texts and terminals: "R^c(Z^(ℓ+1/2) ∣ U_[K])".
func Plain(label string) string {
	var w strings.Builder
	plain(&w, ParseLabel(label))
	return strings.Join(strings.Fields(w.String()), " ")
}

func plain(w *strings.Builder, n Node) {
	switch n := n.(type) {
	case Row:
		for _, item := range n {
			plain(w, item)
		}
	case Atom:
		plainAtom(w, n)
	case Words:
		w.WriteString(n.Text)
	case Space:
		if n.Em > 0 {
			w.WriteString(" ")
		}
	case Delimiter:
		w.WriteString(n.Text)
	case Script:
		plain(w, n.Base)
		plainScript(w, "_", n.Sub)
		plainScript(w, "^", n.Sup)
	case Accent:
		plain(w, n.Base)
	case Fraction:
		w.WriteString(part(n.Num) + "/" + part(n.Den))
	case Root:
		w.WriteString("√" + part(n.Radicand))
	case Fence:
		w.WriteString(n.Open)
		plain(w, n.Body)
		w.WriteString(n.Close)
	case Table:
		plainTable(w, n)
	}
}

func plainAtom(w *strings.Builder, a Atom) {
	switch a.Class {
	case Binary, Relation:
		w.WriteString(" " + a.Text + " ")
	case Function:
		w.WriteString(a.Text + " ")
	case Punctuation:
		w.WriteString(a.Text + " ")
	default:
		w.WriteString(a.Text)
	}
}

func plainScript(w *strings.Builder, mark string, n Node) {
	if n == nil {
		return
	}
	s := part(n)
	if s != "′" {
		w.WriteString(mark)
	}
	w.WriteString(s)
}

// part is n in parentheses if it is longer than one character, unless it brings
// its own brackets.
func part(n Node) string {
	var w strings.Builder
	plain(&w, n)
	s := strings.ReplaceAll(w.String(), " ", "")
	bracketed := strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") || strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")")
	if utf8.RuneCountInString(s) > 1 && !bracketed {
		s = "(" + s + ")"
	}
	return s
}

func plainTable(w *strings.Builder, t Table) {
	w.WriteString(t.Open)
	for i, row := range t.Rows {
		if i > 0 {
			w.WriteString("; ")
		}
		for j, cell := range row {
			if j > 0 {
				w.WriteString(" ")
			}
			plain(w, cell)
		}
	}
	w.WriteString(t.Close)
}

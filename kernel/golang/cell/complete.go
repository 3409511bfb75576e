package cell

import (
	"go/token"
	"strings"
)

// Completeness says whether code is ready to run, in the words of the Jupyter
// protocol: "complete"; "incomplete", if lines are missing, with the indent of
// the next line; or "invalid", if code has a syntax error that no further line
// cures. A text that ends inside brackets, a raw string, a comment or an
// expression is incomplete; so is the header of an if, for or switch.
func Completeness(code string) (status, indent string) {
	if expanded, err := Expand("", code, func(string) bool { return false }); err == nil {
		code = expanded
	}
	t := scan(code)
	fset := token.NewFileSet()
	for from := 0; from < len(t.toks) || from == 0; {
		p := t.parsePiece(fset, "", from)
		switch {
		case p.fault() == nil:
		case p.to == len(t.toks) && p.canGoOn():
			return "incomplete", t.nextIndent()
		default:
			return "invalid", ""
		}
		if from = p.to; from == 0 {
			break
		}
	}
	return "complete", ""
}

// canGoOn reports whether more lines may cure what is wrong with the last piece
// of a cell: the text ends where Go expects more, and nothing before is wrong.
func (p *piece) canGoOn() bool {
	if p.misplaced() != nil {
		return false
	}
	cut := p.t.isCut()
	if n := len(p.scannerErrors()); n > 1 || n == 1 && !cut {
		return false
	}
	if len(p.errors) > 0 && !p.wantsMore() {
		return false
	}
	return cut || len(p.t.open) > 0 || p.t.hasHeader(p.from) || !p.t.endsLine()
}

// wantsMore reports whether all that the parser misses is more text.
func (p *piece) wantsMore() bool {
	end := p.t.endBefore(p.to)
	atEnd := false
	for _, e := range p.errors {
		if e.off >= end {
			atEnd = true
		} else if !isAboutHeader(e.msg) && !isAboutCut(e.msg) {
			return false
		}
	}
	return atEnd
}

// isAboutHeader reports whether an error before the end of a text may come from
// its end: the parser says so at the start of a header when it misses the rest.
func isAboutHeader(msg string) bool {
	return strings.Contains(msg, "(missing parentheses around composite literal?)") ||
		msg == "missing condition in if statement"
}

// isAboutCut reports whether the scanner complains of the end of the text.
func isAboutCut(msg string) bool {
	return msg == "raw string literal not terminated" || msg == "comment not terminated"
}

// isCut reports whether the text ends in a raw string or a comment.
func (t *text) isCut() bool {
	n := len(t.errors)
	return n > 0 && isAboutCut(t.errors[n-1].msg)
}

// endsLine reports whether Go's automatic semicolon ends the text.
func (t *text) endsLine() bool { return len(t.toks) > 0 && t.toks[len(t.toks)-1].isNewline() }

// nextIndent returns a tab for each line that opens a bracket, as gofmt indents.
// What continues a raw string or a comment is not indented.
func (t *text) nextIndent() string {
	if t.isCut() {
		return ""
	}
	n := 0
	for i, o := range t.open {
		if i == 0 || t.open[i-1].line < o.line {
			n++
		}
	}
	return strings.Repeat("\t", n)
}

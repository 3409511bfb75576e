package cell

import (
	"go/token"
	"strings"
)

// fault returns the error of the piece that its author should read, nil if there
// is none. What the scanner did not understand comes first, because all else
// follows from it; then an open bracket, which sends the parser to the end of
// the cell; then what the parser says, unless it says so about the wrapper.
func (p *piece) fault() *problem {
	if at := p.scannerErrors(); len(at) > 0 {
		return &at[0]
	}
	first, misplaced := p.parserError(), p.misplaced()
	if p.isUnclosed() && misplaced == nil {
		o := p.t.unclosed()
		return &problem{o.off, "this " + o.String() + " is not closed"}
	}
	switch {
	case misplaced == nil:
		return first
	case first != nil && first.off < misplaced.off, first != nil && first.off == misplaced.off && misplaced.stray:
		return first
	}
	return &problem{misplaced.off, "expected statement, found '" + misplaced.String() + "'"}
}

// parserError returns the parser's first error. Where it has several at one
// place, the missing semicolon is what it says last and puts first.
func (p *piece) parserError() *problem {
	if len(p.errors) == 0 {
		return nil
	}
	if e := p.errors; len(e) > 1 && e[0].off == e[1].off && strings.HasPrefix(e[0].msg, "expected ';'") {
		return &e[1]
	}
	return &p.errors[0]
}

// scannerErrors returns the scanner's errors in the piece.
func (p *piece) scannerErrors() []problem {
	var out []problem
	for _, e := range p.t.errors {
		if p.start <= e.off && (e.off < p.end || p.end == len(p.t.src)) {
			out = append(out, e)
		}
	}
	return out
}

// isUnclosed reports whether a bracket of the piece is open at the end of the
// cell.
func (p *piece) isUnclosed() bool { return p.to == len(p.t.toks) && len(p.t.open) > 0 }

// misplaced returns the first token that would have ended the wrapper: a closing
// bracket where none is open, or a case outside a switch.
func (p *piece) misplaced() *tok {
	for i := p.from; i < p.to; i++ {
		k := &p.t.toks[i]
		first := i == p.from && p.kind == statement
		if k.stray || first && (k.Token == token.CASE || k.Token == token.DEFAULT) {
			return k
		}
	}
	return nil
}

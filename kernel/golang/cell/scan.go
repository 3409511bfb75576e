package cell

import (
	"bytes"
	"go/scanner"
	"go/token"
	"sort"
	"strings"
)

// text is a cell's text as Go's scanner sees it.
type text struct {
	src      []byte // as long as the code; what no Go scanner should see is blank
	toks     []tok  // without comments
	comments []mark
	errors   []problem // of the scanner
	open     []tok     // brackets that are open at the end, outermost first
	lines    []int     // offsets of the lines
}

// tok is a token and its place among the brackets of the cell.
type tok struct {
	token.Token
	off, end int  // an automatic semicolon is empty
	line     int  // 0-based
	depth    int  // number of brackets open round it
	stray    bool // a closing bracket where none is open
}

// mark is the place of a comment.
type mark struct{ off, line int }

// problem is an error at an offset of the cell.
type problem struct {
	off int
	msg string
}

// isSemicolon reports whether t is a semicolon that somebody typed.
func (t tok) isSemicolon() bool { return t.Token == token.SEMICOLON && t.end > t.off }

// isNewline reports whether t is the semicolon that Go puts at the end of a line.
func (t tok) isNewline() bool { return t.Token == token.SEMICOLON && t.end == t.off }

// scan reads the whole text. It never fails: errors are kept for those whose
// piece they are in.
func scan(code string) *text {
	t := &text{src: blankPrelude([]byte(code)), lines: []int{0}}
	for i, b := range t.src {
		if b == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	file := token.NewFileSet().AddFile("", -1, len(t.src))
	var s scanner.Scanner
	s.Init(file, t.src, func(pos token.Position, msg string) {
		t.errors = append(t.errors, problem{pos.Offset, msg})
	}, scanner.ScanComments)
	for {
		known := len(t.errors)
		pos, kind, lit := s.Scan()
		off := file.Offset(pos)
		switch kind {
		case token.EOF:
			return t
		case token.COMMENT:
			t.comments = append(t.comments, mark{off, t.line(off)})
			t.defuse(off, lit, known)
		default:
			t.push(tok{Token: kind, off: off, end: t.tokenEnd(off, kind, lit), line: t.line(off)})
		}
	}
}

// blankPrelude overwrites with spaces what may stand before Go code in a file:
// a byte order mark and a #! line.
func blankPrelude(src []byte) []byte {
	n := 0
	if bytes.HasPrefix(src, []byte("\ufeff")) {
		n = len("\ufeff")
	}
	if bytes.HasPrefix(src[n:], []byte("#!")) {
		if n = bytes.IndexByte(src, '\n'); n < 0 {
			n = len(src)
		}
	}
	for i := range n {
		src[i] = ' '
	}
	return src
}

// defuse makes a line directive an ordinary comment, because a cell's positions
// are its own, and forgets what the scanner said about the directive.
func (t *text) defuse(off int, lit string, known int) {
	if !strings.HasPrefix(lit[2:], "line ") {
		return
	}
	t.src[off+2] = 'L'
	kept := t.errors[:known]
	for _, p := range t.errors[known:] {
		if p.off == off {
			kept = append(kept, p) // it is not terminated
		}
	}
	t.errors = kept
}

// tokenEnd returns the offset behind a token. The scanner's literal does not
// tell for raw strings, of which it drops carriage returns.
func (t *text) tokenEnd(off int, kind token.Token, lit string) int {
	switch {
	case kind == token.SEMICOLON && lit == "\n":
		return off
	case kind == token.STRING && lit[0] == '`':
		if n := bytes.IndexByte(t.src[off+1:], '`'); n >= 0 {
			return off + n + 2
		}
		return len(t.src)
	case kind.IsOperator():
		return off + len(kind.String())
	case kind == token.ILLEGAL:
		return off + 1
	}
	return off + len(lit)
}

// push appends a token and keeps account of the brackets.
func (t *text) push(k tok) {
	switch k.Token {
	case token.RPAREN, token.RBRACK, token.RBRACE:
		k.stray = len(t.open) == 0
		t.open = t.open[:t.remaining(k.Token)]
	}
	k.depth = len(t.open)
	t.toks = append(t.toks, k)
	switch k.Token {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		t.open = append(t.open, k)
	}
}

// remaining returns how many brackets are open behind a closing one. A brace
// closes all that is open inside it, or everything if no brace is open. Other
// brackets do not reach across a brace, and stand for one another if that is
// all there is: a slip of the finger should not swallow the rest of the cell.
func (t *text) remaining(closing token.Token) int {
	const distance = token.RPAREN - token.LPAREN // the same for all three pairs
	n := len(t.open)
	for i := n - 1; i >= 0; i-- {
		opening := t.open[i].Token
		if opening+distance == closing {
			return i
		}
		if opening == token.LBRACE {
			break
		}
	}
	switch {
	case closing == token.RBRACE:
		return 0
	case n > 0 && t.open[n-1].Token != token.LBRACE:
		return n - 1
	}
	return n
}

// line returns the 0-based line of an offset.
func (t *text) line(off int) int {
	return sort.Search(len(t.lines), func(i int) bool { return t.lines[i] > off }) - 1
}

// position returns the place of an offset as users count.
func (t *text) position(name string, off int) token.Position {
	n := t.line(off)
	return token.Position{Filename: name, Offset: off, Line: n + 1, Column: off - t.lines[n] + 1}
}

// end returns the offset just behind the last token.
func (t *text) end() int { return t.endBefore(len(t.toks)) }

// endBefore returns the offset just behind the last token before t.toks[i].
func (t *text) endBefore(i int) int {
	for i--; i >= 0; i-- {
		if !t.toks[i].isNewline() {
			return t.toks[i].end
		}
	}
	return 0
}

// unclosed returns the open bracket that most likely should have been closed:
// one whose closing brace stands, by its indentation, for an outer one, or else
// the innermost.
func (t *text) unclosed() tok {
	last := t.open[len(t.open)-1]
	var open []tok
	for i, k := range t.toks {
		switch {
		case k.Token == token.LBRACE:
			open = append(open, k)
		case k.Token == token.RBRACE && len(open) > 0:
			o := open[len(open)-1]
			open = open[:len(open)-1]
			first := i == 0 || t.toks[i-1].line < k.line
			if first && o.off > last.off && t.indent(k.line) < t.indent(o.line) {
				return o
			}
		}
	}
	return last
}

// indent returns the number of blanks at the start of a line.
func (t *text) indent(line int) int {
	rest := t.src[t.lines[line]:]
	return len(rest) - len(bytes.TrimLeft(rest, " \t"))
}

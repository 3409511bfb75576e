package cell

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"sort"
	"strings"
)

// A kind is one of the things that Go keeps apart.
type kind int

const (
	statement     kind = iota
	packageClause      // package p
	importDecl         // import "p", import (…)
	otherDecl          // type, const, func
)

// piece is one statement or declaration at depth 0, with its comments. Pieces
// tile the text of a cell.
type piece struct {
	t          *text
	kind       kind
	from, to   int // tokens
	start, end int // offsets

	syntax *ast.File   // of the piece in its wrapper
	file   *token.File // of the same
	prefix int         // length of the wrapper before the piece
	errors []problem   // of the parser
}

// parsePiece parses the piece that starts with token from.
//
// A brace that ends a composite or function literal in a header ("if v :=
// []int{}; len(v) > 0 {") looks like the end of the statement. Go's parser knows
// better: it asks for more.
func (t *text) parsePiece(fset *token.FileSet, name string, from int) *piece {
	p := t.newPiece(from, t.nextAfter(from, from))
	p.parse(fset, name)
	for t.hasHeader(from) && p.to < len(t.toks) && p.wantsMore() {
		fset.RemoveFile(p.file)
		p = t.newPiece(from, t.nextAfter(from, p.to))
		p.parse(fset, name)
	}
	return p
}

func (t *text) newPiece(from, to int) *piece {
	p := &piece{t: t, kind: t.kind(from), from: from, to: to, start: t.boundary(from), end: len(t.src)}
	if to < len(t.toks) {
		p.end = t.boundary(to)
	}
	return p
}

// nextAfter returns the token behind the piece that starts with token from and
// includes at least the tokens before i.
func (t *text) nextAfter(from, i int) int {
	header := t.hasHeader(from)
	function := t.kind(from) == otherDecl && t.toks[from].Token == token.FUNC
	for ; i < len(t.toks); i++ {
		k := t.toks[i]
		switch {
		case k.Token != token.SEMICOLON || k.depth > 0:
		case header && t.toks[i-1].Token != token.RBRACE:
		case function && k.isNewline() && t.is(i+1, token.LBRACE): // a common mistake, which the parser names
		default:
			return i + 1
		}
	}
	return len(t.toks)
}

// boundary returns the offset that separates token i from the one before it. A
// comment belongs to what it follows on its line, else to what it precedes.
func (t *text) boundary(i int) int {
	if i == 0 {
		return 0
	}
	before := t.toks[i-1]
	next := sort.Search(len(t.comments), func(i int) bool { return t.comments[i].line > before.line })
	if next < len(t.comments) {
		return min(t.comments[next].off, t.toks[i].off)
	}
	return t.toks[i].off
}

// is reports whether token i exists and is of the given kind.
func (t *text) is(i int, want token.Token) bool {
	return i >= 0 && i < len(t.toks) && t.toks[i].Token == want
}

// kind tells what begins with token i.
func (t *text) kind(i int) kind {
	if i >= len(t.toks) {
		return statement
	}
	switch t.toks[i].Token {
	case token.PACKAGE:
		if i == 0 {
			return packageClause
		}
	case token.IMPORT:
		return importDecl
	case token.TYPE, token.CONST:
		return otherDecl
	case token.FUNC:
		if t.is(i+1, token.IDENT) || t.isMethod(i) {
			return otherDecl
		}
	}
	return statement
}

// isMethod reports whether the func at token i has a receiver. What follows its
// first parentheses is "name(" then, or "name[T any](", which Go's parser will
// reject with better words; in a literal it can be a result type and a brace.
func (t *text) isMethod(i int) bool {
	if !t.is(i+1, token.LPAREN) {
		return false
	}
	name := t.closing(i+1) + 1
	if !t.is(name, token.IDENT) {
		return false
	}
	if t.is(name+1, token.LBRACK) {
		return t.is(t.closing(name+1)+1, token.LPAREN)
	}
	return t.is(name+1, token.LPAREN)
}

// closing returns the token that closes the bracket at token i.
func (t *text) closing(i int) int {
	for j := i + 1; j < len(t.toks); j++ {
		if t.toks[j].depth == t.toks[i].depth {
			return j
		}
	}
	return len(t.toks)
}

// hasHeader reports whether the statement at token i has semicolons before its
// block.
func (t *text) hasHeader(i int) bool {
	for t.is(i, token.IDENT) && t.is(i+1, token.COLON) {
		i += 2 // labels
	}
	return t.is(i, token.FOR) || t.is(i, token.IF) || t.is(i, token.SWITCH)
}

const noBody = "missing function body"

// wrapping is what makes a file of a piece. The newline keeps the parser from
// taking the first comment of the piece for one about the wrapper.
var wrapping = map[kind]struct{ prefix, suffix string }{
	statement:     {"package p;func _(){\n", "\n}"},
	packageClause: {"", ""},
	importDecl:    {"package p;\n", ""},
	otherDecl:     {"package p;\n", ""},
}

// parse parses the piece in its wrapper, and tells the positions of its nodes
// where they are in the cell.
func (p *piece) parse(fset *token.FileSet, name string) {
	w := wrapping[p.kind]
	src := w.prefix + string(p.t.src[p.start:p.end]) + w.suffix
	mode := parser.SkipObjectResolution | parser.ParseComments | parser.AllErrors
	if p.kind == packageClause {
		mode |= parser.PackageClauseOnly
	}
	var err error
	p.syntax, err = parser.ParseFile(fset, name, src, mode)
	p.file = fset.File(p.syntax.FileStart)
	p.prefix = len(w.prefix)
	p.errors = p.problems(err)
	at := p.t.position(name, p.start)
	p.file.AddLineColumnInfo(p.prefix, name, at.Line, at.Column)
	if p.kind == otherDecl && len(p.errors) > 0 && p.errors[0].msg != noBody {
		p.parseConversion(fset, name)
	}
}

// parseConversion takes what looks like a faulty method for a conversion to a
// function type, func(T) R(x), if it is one without fault.
func (p *piece) parseConversion(fset *token.FileSet, name string) {
	other := *p
	other.kind = statement
	if other.parse(fset, name); len(other.errors) == 0 {
		*p = other
	}
}

// problems moves the parser's errors into the cell. Those about the end of the
// wrapper are about the end of the piece.
func (p *piece) problems(err error) []problem {
	var list scanner.ErrorList
	errors.As(err, &list)
	var out []problem
	end := p.t.endBefore(p.to)
	for _, e := range list {
		off, msg := e.Pos.Offset-p.prefix+p.start, e.Msg
		if off > p.end {
			msg = strings.Replace(msg, "found '}'", "found 'EOF'", 1)
		}
		out = append(out, problem{min(max(off, p.start), max(end, p.start)), msg})
	}
	if p.kind == otherDecl && len(out) == 0 {
		out = p.missingBody()
	}
	return out
}

// missingBody complains, as the compiler does and the parser does not, about a
// function that is declared but not written.
func (p *piece) missingBody() []problem {
	for _, d := range p.syntax.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			return []problem{{p.offset(f.Name.Pos()), noBody}}
		}
	}
	return nil
}

// statements returns the statements of the piece, none if it is a declaration.
func (p *piece) statements() []ast.Stmt {
	if p.kind != statement || len(p.syntax.Decls) == 0 {
		return nil
	}
	f, ok := p.syntax.Decls[0].(*ast.FuncDecl)
	if !ok || f.Body == nil {
		return nil
	}
	for _, s := range f.Body.List {
		p.endLabel(s)
	}
	return f.Body.List
}

// endLabel moves the empty statement that the parser puts behind a label without
// a statement from the wrapper's brace to the end of the piece.
func (p *piece) endLabel(s ast.Stmt) {
	for {
		switch x := s.(type) {
		case *ast.LabeledStmt:
			s = x.Stmt
			continue
		case *ast.EmptyStmt:
			if x.Implicit {
				x.Semicolon = p.pos(p.t.endBefore(p.to))
			}
		}
		return
	}
}

// pos returns the position of an offset of the cell that is in the piece.
func (p *piece) pos(off int) token.Pos { return p.file.Pos(off - p.start + p.prefix) }

// offset is the inverse of pos.
func (p *piece) offset(pos token.Pos) int { return p.file.Offset(pos) - p.prefix + p.start }

package lower

import (
	"go/ast"
	"go/token"
)

// An error at run time must name its line, and the interpreter knows only the
// function. So every function of the user has a variable, its mark, to which
// the place of a statement is assigned before the statement does anything that
// can fail. One variable for each function, not one for all, keeps a mark right
// when a call returns, and tells where each function on the stack had got to.
//
// What is known about the mark at each point of a function saves most of the
// assignments: a loop whose failing statements are all on one line is marked
// once, before it.

// Func is a function as the user wrote it, or the statements of a cell.
type Func struct {
	Name     string         // what the interpreter calls the declaration that it is in
	Display  string         // what the user calls that, "" in the statements of a cell
	Literal  bool           // a function literal in the declaration
	Cell     bool           // the statements of a cell
	From, To token.Position // of the body
	Mark     string         // its mark variable, "" if nothing in it can fail
	Places   []int          // places of its marked statements, without repetition
	Calls    []int          // those of them that call what may be the user's code
	// Closures says that it does nothing but call the compiled one.
	Closures bool
	// Mixed says that a call of the function by itself could return and leave
	// its mark where a statement is not at its end.
	Mixed bool
	// Recursive says that it may be called while it runs.
	Recursive bool
}

// marker marks one function.
type marker struct {
	*lowerer
	f     *Func
	gotos map[string]bool // labels that a goto may jump to
}

// unknown is the place in a mark of which nothing is known.
const unknown = 0

// mark marks the body of the function that is being left.
func (l *lowerer) mark(body *ast.BlockStmt) {
	fr := l.frames[len(l.frames)-1]
	if body != bodyOf(fr.node) {
		return // a literal that belongs to the function round it
	}
	f := &Func{Closures: l.hasClosures(fr.node), From: l.fset.Position(body.Pos()), To: l.fset.Position(body.End()), Mark: MarkVar}
	_, isCell := fr.node.(*ast.BlockStmt)
	if f.Cell = isCell; isCell {
		f.From, f.To = token.Position{}, token.Position{}
	} else {
		f.Mark = markName(l.u.Number, len(l.marked))
	}
	_, f.Literal = fr.node.(*ast.FuncLit)
	m := &marker{lowerer: l, f: f, gotos: gotoLabels(body)}
	body.List, _ = m.list(body.List, unknown)
	f.Recursive = !isCell && len(f.Calls) > 0 && l.reenters(fr.node)
	f.Mixed = f.Mixed && (f.Recursive || !isCell && len(f.Calls) == 0)
	if len(f.Places) == 0 {
		f.Mark = ""
	} else if !isCell && (fr.defers != "" || !firstPos(body.List[0]).IsValid()) {
		body.List = append([]ast.Stmt{m.assign(f.Places[0], body.Lbrace)}, body.List...)
	}
	if f.Literal {
		body.List = append([]ast.Stmt{l.check(body.Lbrace)}, body.List...)
	}
	l.marked = append(l.marked, f)
}

func bodyOf(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	case *ast.BlockStmt:
		return n
	}
	return nil
}

// list marks the statements of a list; at is what the mark holds before it, and
// the second result what it holds behind.
func (m *marker) list(in []ast.Stmt, at int) ([]ast.Stmt, int) {
	out := make([]ast.Stmt, 0, len(in))
	for _, s := range in {
		var before []ast.Stmt
		before, s, at = m.stmt(s, at)
		s, after := m.withChecks(s)
		out = append(append(out, before...), s)
		if after != nil {
			out = append(out, after)
		}
	}
	return out, at
}

// stmt marks a statement and returns what must run before it.
func (m *marker) stmt(s ast.Stmt, at int) ([]ast.Stmt, ast.Stmt, int) {
	if _, isLabel := s.(*ast.LabeledStmt); isLabel {
		at = unknown // a goto may come from anywhere
	}
	if loop := m.loopOf(s); loop != nil {
		return m.loop(s, loop, at)
	}
	var before []ast.Stmt
	before, at = m.enter(s, at)
	switch s := s.(type) {
	case *ast.BlockStmt:
		s.List, at = m.list(s.List, at)
	case *ast.LabeledStmt:
		inner, rest, end := m.stmt(s.Stmt, unknown)
		if len(inner) > 0 {
			rest = block(append(inner, rest)...)
		}
		s.Stmt, at = rest, end
	case *ast.IfStmt:
		at = m.ifStmt(s, at)
	case *ast.SwitchStmt:
		at = m.cases(s.Body, at)
	case *ast.TypeSwitchStmt:
		at = m.cases(s.Body, at)
	case *ast.SelectStmt:
		at = m.cases(s.Body, at)
	}
	return before, s, at
}

// enter returns the mark that the head of a statement needs.
func (m *marker) enter(s ast.Stmt, at int) ([]ast.Stmt, int) {
	h := m.head(s)
	m.literals(h)
	if !h.fails {
		return nil, at
	}
	place, ok := m.place(s)
	if !ok {
		return nil, unknown
	}
	m.seen(place, h)
	var before []ast.Stmt
	if at != place {
		before = append(before, m.assign(place, firstPos(s)))
	}
	if h.calls {
		return before, unknown // a call may come back to this function
	}
	return before, place
}

// seen records that a statement of a place is marked.
func (m *marker) seen(place int, h head) {
	m.f.Places = appendNew(m.f.Places, place)
	if h.calls {
		m.f.Calls = appendNew(m.f.Calls, place)
		m.f.Mixed = m.f.Mixed || h.mixed
	}
}

// literals marks the function literals that lowering made of statements: they
// belong to the function that they stand in.
func (m *marker) literals(h head) {
	for _, lit := range h.made {
		lit.Body.List, _ = m.list(lit.Body.List, unknown)
	}
}

func (m *marker) ifStmt(s *ast.IfStmt, at int) int {
	var then, other int
	s.Body.List, then = m.list(s.Body.List, at)
	if s.Else == nil {
		return join(then, at)
	}
	var before []ast.Stmt
	before, s.Else, other = m.stmt(s.Else, at)
	if len(before) > 0 {
		s.Else = block(append(before, s.Else)...)
	}
	return join(then, other)
}

func (m *marker) cases(body *ast.BlockStmt, at int) int {
	end := at
	for _, c := range body.List {
		var e int
		switch c := c.(type) {
		case *ast.CaseClause:
			c.Body, e = m.list(c.Body, unknown) // of earlier cases, expressions may have been marked
		case *ast.CommClause:
			c.Body, e = m.list(c.Body, unknown)
		}
		end = join(end, e)
	}
	return end
}

func join(a, b int) int {
	if a == b {
		return a
	}
	return unknown
}

// unmarked leaves the marks out. The linker sets it, for measuring what they
// cost; see bench/language.py.
var unmarked string

// assign sets the mark. Its position tells the interpreter's trace in which
// function it stands.
func (m *marker) assign(place int, pos token.Pos) ast.Stmt {
	if unmarked != "" {
		return &ast.EmptyStmt{Semicolon: pos}
	}
	return assign(list(&ast.Ident{Name: m.f.Mark, NamePos: pos}), intLit(place))
}

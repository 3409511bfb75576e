package lower

import (
	"go/ast"
	"go/token"
)

// loopOf returns the loop that a statement is, labelled or not. One that a goto
// may jump to is not treated as one.
func (m *marker) loopOf(s ast.Stmt) ast.Stmt {
	switch s := s.(type) {
	case *ast.ForStmt, *ast.RangeStmt:
		return s
	case *ast.LabeledStmt:
		if !m.gotos[s.Label.Name] {
			return m.loopOf(s.Stmt)
		}
	}
	return nil
}

func gotoLabels(body *ast.BlockStmt) map[string]bool {
	labels := map[string]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			labels[b.Label.Name] = true
		}
		return true
	})
	return labels
}

// loop marks a loop: once before it if all that can fail in it is on one line,
// otherwise statement by statement.
func (m *marker) loop(s, loop ast.Stmt, at int) ([]ast.Stmt, ast.Stmt, int) {
	c := m.census(loop)
	place, ok := m.place(loop)
	h := m.head(loop)
	m.literals(h)
	var before []ast.Stmt
	inside := unknown
	switch {
	case c.one && c.place == unknown:
		inside = at
	case c.one:
		inside = c.place
		if at != inside {
			before = append(before, m.assign(inside, firstPos(s)))
		}
	case h.fails && ok && at != place:
		before = append(before, m.assign(place, firstPos(s)))
	}
	if h.fails && ok {
		m.seen(place, h)
	}
	m.inLoop(loop, inside)
	return before, s, inside
}

// inLoop marks the body of a loop. In one that is not marked as a whole, the
// condition and the post statement get their mark at the end of the body.
func (m *marker) inLoop(loop ast.Stmt, at int) {
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		loop.Body.List, _ = m.list(loop.Body.List, at)
	case *ast.ForStmt:
		h := m.head(&ast.ForStmt{Cond: loop.Cond, Post: loop.Post, Body: &ast.BlockStmt{}})
		loop.Body.List, _ = m.list(loop.Body.List, at)
		place, ok := m.place(loop)
		if h.fails && ok && at != place {
			again := func() ast.Stmt { return m.assign(place, token.NoPos) }
			m.beforeContinue(loop, loop.Body, again)
			loop.Body.List = append(loop.Body.List, again())
		}
	}
}

// census is what happens in a loop.
type census struct {
	place int  // where something can fail, unknown if nothing can
	one   bool // there is one such place at most, and nothing calls the function again
	calls bool // something may run the user's code
}

func (m *marker) census(loop ast.Stmt) census {
	c := census{one: true}
	var walk func(s ast.Stmt)
	walk = func(s ast.Stmt) {
		h := m.head(s)
		c.calls = c.calls || h.calls
		if h.fails {
			p, ok := m.place(s)
			c.one = c.one && ok && (c.place == unknown || c.place == p)
			c.place = p
		}
		for _, inner := range inside(s) {
			walk(inner)
		}
	}
	walk(loop)
	c.one = c.one && !c.calls
	return c
}

// inside returns the statements inside a compound statement.
func inside(s ast.Stmt) []ast.Stmt {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return s.List
	case *ast.LabeledStmt:
		return []ast.Stmt{s.Stmt}
	case *ast.IfStmt:
		if s.Else != nil {
			return append(s.Body.List[:len(s.Body.List):len(s.Body.List)], s.Else)
		}
		return s.Body.List
	case *ast.ForStmt:
		return s.Body.List
	case *ast.RangeStmt:
		return s.Body.List
	case *ast.SwitchStmt:
		return insideCases(s.Body)
	case *ast.TypeSwitchStmt:
		return insideCases(s.Body)
	case *ast.SelectStmt:
		return insideCases(s.Body)
	}
	return nil
}

func insideCases(body *ast.BlockStmt) []ast.Stmt {
	var list []ast.Stmt
	for _, c := range body.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			list = append(list, c.Body...)
		case *ast.CommClause:
			list = append(list, c.Body...)
		}
	}
	return list
}

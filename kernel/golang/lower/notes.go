package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// noter finds the sites of a statement and the variables to be noted.
type noter struct {
	*marker
	roots   []ast.Stmt           // notes to be made before the statement
	slots   map[types.Object]int // of variables whose address is noted
	numbers map[string]int       // slots of what is noted as a number, by its text
	list    []site
	lost    bool
	calls   int  // of the user's code so far: numbers that were noted before may have changed
	filed   bool // the statement is counted
	called  bool // something that may be the user's code runs before what follows
}

func (m *marker) newNoter() *noter {
	return &noter{marker: m, slots: map[types.Object]int{}, numbers: map[string]int{}}
}

// note returns the notes that the head of a statement needs.
func (m *marker) note(s ast.Stmt, place int) []ast.Stmt {
	n := m.group
	if n == nil {
		n = m.newNoter()
	}
	n.roots, n.list, n.lost, n.called = nil, nil, false, false
	if m.head(s).calls {
		defer func() { n.calls++ }()
	}
	switch s := s.(type) {
	case *ast.IfStmt:
		if s.Init == nil {
			n.visit(s.Cond, false)
		} else {
			n.skip(s.Init, s.Cond)
		}
	case *ast.SwitchStmt:
		if s.Init == nil && s.Tag != nil {
			n.visit(s.Tag, false)
		}
	case *ast.AssignStmt, *ast.ExprStmt, *ast.ReturnStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.DeclStmt:
		n.visit(s, false)
	case *ast.ForStmt:
		if s.Init != nil {
			n.skip(s.Init)
		}
		m.visitHeader(n, s)
	default:
		for _, x := range m.head(s).exprs {
			n.skip(x)
		}
	}
	return n.finish(place)
}

// visitHeader looks at a loop's condition and post statement, whose variables
// can only have been noted before the loop.
func (m *marker) visitHeader(n *noter, s *ast.ForStmt) {
	if s.Cond != nil {
		n.visit(s.Cond, false)
	}
	if s.Post != nil {
		n.visit(s.Post, true)
	}
	if len(n.roots) > 0 {
		n.roots, n.list, n.lost = nil, nil, true
	}
}

// finish files the sites under their place and returns the notes.
func (n *noter) finish(place int) []ast.Stmt {
	if len(n.list) == 0 && !n.lost {
		return nil
	}
	all := n.marking.sites[place]
	if all == nil {
		all = &Sites{}
		n.marking.sites[place] = all
	}
	if !n.filed {
		all.stmts++
	}
	n.filed = true
	all.list = append(all.list, n.list...)
	all.lost = all.lost || n.lost
	return n.roots
}

func noteStmt(slot int, id *ast.Ident) ast.Stmt {
	return assign(list(ast.NewIdent(NoteVar(slot))), addr(ast.NewIdent(id.Name)))
}

// skip takes expressions for sites that cannot be noted.
func (n *noter) skip(nodes ...ast.Node) {
	for _, x := range nodes {
		ast.Inspect(x, func(x ast.Node) bool {
			switch x.(type) {
			case *ast.IndexExpr, *ast.SliceExpr:
				n.lost = true
			}
			return true
		})
	}
}

// visit collects sites in the order of evaluation.
func (n *noter) visit(x ast.Node, conditional bool) {
	ast.Inspect(x, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			if x.Op == token.LAND || x.Op == token.LOR {
				n.visit(x.X, conditional)
				n.visit(x.Y, true)
				return false
			}
		case *ast.CallExpr:
			_, calls := n.callEffect(x)
			for _, a := range x.Args {
				n.visit(a, conditional)
			}
			n.visit(x.Fun, conditional)
			n.called = n.called || calls
			return false
		case *ast.IndexExpr:
			if _, ok := n.container(x).(*types.Map); ok {
				return true
			}
			n.visit(x.X, conditional)
			n.visit(x.Index, conditional)
			e := site{length: n.lengthNote(x.X), index: [3]operand{n.value(x.Index)}, conditional: conditional}
			if e.length == nil {
				e.x = n.value(x.X)
			}
			n.add(e, e.index[0] != nil)
			return false
		case *ast.SliceExpr:
			n.visit(x.X, conditional)
			e, ok := site{x: n.value(x.X), slice: true, conditional: conditional}, true
			for i, y := range []ast.Expr{x.Low, x.High, x.Max} {
				if y != nil {
					n.visit(y, conditional)
					e.index[i] = n.value(y)
					ok = ok && e.index[i] != nil
				}
			}
			n.add(e, ok)
			return false
		}
		return true
	})
}

// add adds a site if its operands were found and are those of the failure.
func (n *noter) add(e site, found bool) {
	if e.x == nil && e.length == nil || !found || n.called {
		n.lost = true
		return
	}
	n.list = append(n.list, e)
}

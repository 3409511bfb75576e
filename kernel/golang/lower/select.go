package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// selectStmt makes a compiled helper choose: the interpreter's own select
// shares its cases among goroutines and forgets where branches lead. The
// channels and the values to send are evaluated first, in order; values travel
// through pointers, so that their types stay as they are.
//
//	c1 := ch
//	var v1 T
//	k, ok := rt.Select(false, "r", c1, &v1) // the clause, and whether something was received
//	if k == 0 { v := v1; … }
func (c *control) selectStmt(s *ast.SelectStmt, label string) []ast.Stmt {
	if len(s.Body.List) == 0 {
		return []ast.Stmt{s}
	}
	t := c.push(label, false, false)
	k, ok := c.local("k", types.Typ[types.Int]), c.local("ok", types.Typ[types.Bool])
	chosen := func(i int) ast.Expr {
		return &ast.BinaryExpr{X: c.use(k), Op: token.EQL, Y: intLit(i)}
	}
	var before []ast.Stmt
	var args []ast.Expr
	var first, last *ast.IfStmt
	kinds, hasDefault := "", "false"
	for _, n := range s.Body.List {
		cc := n.(*ast.CommClause)
		x := &ast.IfStmt{If: cc.Case, Body: block()}
		if cc.Comm == nil {
			hasDefault = "true"
			x.Cond = chosen(-1)
		} else {
			m := c.comm(cc.Comm, ok)
			before = append(before, m.before...)
			args = append(args, c.use(m.ch), m.place)
			x.Cond = chosen(len(kinds))
			kinds += m.kind
			x.Body.List = c.list(m.inside)
		}
		x.Body.List = append(x.Body.List, c.list(cc.Body)...)
		if first == nil {
			first = x
		} else {
			last.Else = x
		}
		last = x
	}
	c.pop()
	pick := c.helper("Select", append([]ast.Expr{ast.NewIdent(hasDefault), strLit(kinds)}, args...)...)
	pick.Lparen = s.Select
	list := append(before, define([]ast.Expr{c.def(k), c.def(ok)}, pick), first)
	return []ast.Stmt{block(t.ended(list...)...)}
}

// communication is the operation of a clause.
type communication struct {
	kind           string // "r" or "s", as rt.Select knows them
	before, inside []ast.Stmt
	ch             *types.Var
	place          ast.Expr // the address of the value, or nil
}

// comm evaluates the operands of a communication. Ok is whether something was
// received.
func (c *control) comm(s ast.Stmt, ok *types.Var) communication {
	switch s := s.(type) {
	case *ast.SendStmt:
		m := c.channel("s", s.Chan)
		v := c.local("v", m.ch.Type().Underlying().(*types.Chan).Elem())
		m.before = append(m.before, c.bindVar(v, s.Value))
		m.place = addr(c.use(v))
		return m
	case *ast.AssignStmt:
		m := c.channel("r", ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr).X)
		for i, x := range s.Lhs {
			if isBlank(x) {
				continue
			}
			v := ok
			if i == 0 {
				v = c.local("v", m.ch.Type().Underlying().(*types.Chan).Elem())
				m.before = append(m.before, c.varStmt(v, x.Pos()))
				m.place = addr(c.use(v))
			}
			m.inside = append(m.inside, &ast.AssignStmt{Lhs: list(x), TokPos: s.TokPos, Tok: s.Tok, Rhs: list(c.use(v))})
		}
		return m
	default:
		return c.channel("r", ast.Unparen(s.(*ast.ExprStmt).X).(*ast.UnaryExpr).X)
	}
}

// channel evaluates the channel of a clause.
func (c *control) channel(kind string, x ast.Expr) communication {
	v := c.local("c", c.info.Types[x].Type)
	return communication{kind: kind, before: []ast.Stmt{c.bindVar(v, x)}, ch: v, place: ast.NewIdent("nil")}
}

// varStmt declares a variable with its zero value.
func (l *lowerer) varStmt(v *types.Var, pos token.Pos) ast.Stmt {
	typ := l.typeExpr(v.Type(), pos)
	l.info.Types[typ] = types.TypeAndValue{Type: v.Type()}
	return &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, TokPos: pos, Specs: []ast.Spec{
		&ast.ValueSpec{Names: []*ast.Ident{l.def(v)}, Type: typ}}}}
}

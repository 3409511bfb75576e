package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// rangeChan rewrites a range over a channel as a loop of receive operations:
// the interpreter's own cannot range over a captured channel.
//
//	c := ch
//	for { v1, ok := <-c; if !ok { break }; v := v1; … }
func (c *control) rangeChan(s *ast.RangeStmt, label string) []ast.Stmt {
	ch := c.local("c", c.info.Types[s.X].Type)
	v := c.local("v", ch.Type().Underlying().(*types.Chan).Elem())
	ok := c.local("ok", types.Typ[types.Bool])
	first := []ast.Stmt{
		&ast.AssignStmt{Lhs: []ast.Expr{c.def(v), c.def(ok)}, TokPos: s.For, Tok: token.DEFINE, Rhs: list(c.receiveFrom(ch))},
		&ast.IfStmt{Cond: &ast.UnaryExpr{Op: token.NOT, X: c.use(ok)}, Body: block(&ast.BranchStmt{Tok: token.BREAK})},
	}
	if s.Key != nil && !isBlank(s.Key) {
		first = append(first, &ast.AssignStmt{Lhs: list(s.Key), TokPos: s.TokPos, Tok: s.Tok, Rhs: list(c.use(v))})
	}
	body := *s.Body
	body.List = append(first, body.List...)
	loop := c.loop(&ast.ForStmt{For: s.For, Body: &body}, &body, label)
	return []ast.Stmt{block(append([]ast.Stmt{c.bindVar(ch, s.X)}, loop...)...)}
}

func (c *control) receiveFrom(ch *types.Var) ast.Expr {
	x := &ast.UnaryExpr{Op: token.ARROW, X: c.use(ch)}
	c.info.Types[x] = types.TypeAndValue{Type: ch.Type().Underlying().(*types.Chan).Elem()}
	return x
}

// receives rewrites an assignment of what a channel delivers, which the
// interpreter does right for two values only: v, ok := <-ch.
func (c *control) receives(s *ast.AssignStmt) []ast.Stmt {
	if len(s.Lhs) != 1 || s.Tok != token.DEFINE && s.Tok != token.ASSIGN || isBlank(s.Lhs[0]) {
		return nil
	}
	x, ok := ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr)
	if !ok || x.Op != token.ARROW {
		return nil
	}
	received := c.def(c.local("ok", types.Typ[types.Bool]))
	if s.Tok == token.DEFINE {
		s.Lhs, s.Rhs = append(s.Lhs, received), list(x)
		return []ast.Stmt{s}
	}
	var out []ast.Stmt
	place := c.hold(s.Lhs[0], &out)
	v := c.local("v", c.info.Types[x].Type)
	return []ast.Stmt{block(append(out,
		&ast.AssignStmt{Lhs: []ast.Expr{c.def(v), received}, TokPos: s.TokPos, Tok: token.DEFINE, Rhs: list(x)},
		&ast.AssignStmt{Lhs: list(place), TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: list(c.use(v))})...)}
}

// dropsReceived reports whether s assigns one of the two things that a channel
// delivers: the interpreter puts the other into the first variable of the function.
func dropsReceived(s *ast.AssignStmt) bool {
	return isReceive(s.Rhs[0]) && slices.ContainsFunc(s.Lhs, isBlank)
}

// receivesBeside reports whether s defines several variables, one of them by what
// a channel delivers: the interpreter loses the values beside that.
func receivesBeside(s *ast.AssignStmt) bool {
	return s.Tok == token.DEFINE && len(s.Rhs) > 1 && slices.ContainsFunc(s.Rhs, isReceive)
}

// defineReceived defines them by way of others.
func (c *control) defineReceived(s *ast.AssignStmt) (out []ast.Stmt) {
	values := make([]ast.Expr, len(s.Rhs))
	for i, x := range s.Rhs {
		t := c.placeType(s.Lhs[i])
		if t == nil {
			t = types.Default(c.info.Types[x].Type)
		}
		v := c.local("v", t)
		out = append(out, c.bindVar(v, x))
		values[i] = c.use(v)
	}
	s.Rhs = values
	return append(out, s)
}

// declaredBeside does the same in a declaration.
func (c *control) declaredBeside(d *ast.DeclStmt) {
	for _, spec := range d.Decl.(*ast.GenDecl).Specs {
		if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) > 1 && slices.ContainsFunc(v.Values, isReceive) {
			c.receiveElsewhere(v.Values)
		}
	}
}

// receiveElsewhere does the same where only one statement is allowed.
func (c *control) receiveElsewhere(values []ast.Expr) {
	for i, x := range values {
		if isReceive(x) {
			values[i] = c.madeElsewhere(x)
		}
	}
}

// isReceive reports whether x takes a value from a channel, which the
// interpreter puts in the place of a result instead of into it.
func isReceive(x ast.Expr) bool {
	u, ok := ast.Unparen(x).(*ast.UnaryExpr)
	return ok && u.Op == token.ARROW
}

// makeChan makes a channel of one direction, which the interpreter cannot, from
// one of both.
func (l *lowerer) makeChan(n *ast.CallExpr) ast.Expr {
	t := l.info.Types[n].Type
	ch, ok := under(t).(*types.Chan)
	if !ok || ch.Dir() == types.SendRecv {
		return nil
	}
	both := l.typeExpr(types.NewChan(types.SendRecv, ch.Elem()), n.Pos())
	made := &ast.CallExpr{Fun: n.Fun, Lparen: n.Lparen, Args: append(list(both), n.Args[1:]...), Rparen: n.Rparen}
	return call(&ast.ParenExpr{X: l.typeExpr(t, n.Pos())}, made)
}

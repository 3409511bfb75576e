package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Since Go 1.22 each iteration of a loop has its own copy of the loop's
// variables. The interpreter has one copy for all, which differs where a
// variable outlives its iteration: captured by a function literal, or
// addressed. There, and only there, the body gets a copy.

// loopVars gives the body of a three-clause loop its own variables.
func (l *lowerer) loopVars(n *ast.ForStmt) {
	init, ok := n.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return
	}
	for _, x := range init.Lhs {
		id := x.(*ast.Ident)
		obj := l.info.Defs[id]
		if obj == nil || !l.outlives(obj, n.Body) {
			continue
		}
		inner, outer := id.Name, l.temp(id.Name)
		changed := l.assigned(obj, n.Body)
		l.renameIn(n.Init, obj, outer)
		if n.Cond != nil {
			l.renameIn(n.Cond, obj, outer)
		}
		if n.Post != nil {
			l.renameIn(n.Post, obj, outer)
		}
		if changed {
			inner = l.temp(inner) // the body may declare another of the same name
			l.renameIn(n.Body, obj, inner)
			back := func() ast.Stmt { return assign(list(ast.NewIdent(outer)), ast.NewIdent(inner)) }
			l.beforeContinue(n, n.Body, back)
			n.Body.List = append(n.Body.List, back())
		}
		n.Body.List = append([]ast.Stmt{define(list(ast.NewIdent(inner)), ast.NewIdent(outer))}, n.Body.List...)
	}
}

// rangeVars does the same for the variables of a range loop.
func (l *lowerer) rangeVars(n *ast.RangeStmt) {
	l.ranged[n] = l.info.Types[n.X].Type // n.X may be a folded constant later
	if n.Tok == token.ASSIGN && !isInteger(l.info.Types[n.X].Type) {
		l.rangeAssign(n)
		return
	}
	if n.Tok != token.DEFINE {
		return
	}
	var copies []ast.Stmt
	for _, x := range []*ast.Expr{&n.Key, &n.Value} {
		id, ok := (*x).(*ast.Ident)
		if !ok || id.Name == "_" {
			continue
		}
		obj := l.info.Defs[id]
		if obj == nil || !l.outlives(obj, n.Body) && !(isInteger(l.info.Types[n.X].Type) && l.assigned(obj, n.Body)) {
			continue
		}
		outer := l.temp(id.Name)
		*x = &ast.Ident{Name: outer, NamePos: id.NamePos}
		copies = append(copies, define(list(ast.NewIdent(id.Name)), ast.NewIdent(outer)))
	}
	n.Body.List = append(copies, n.Body.List...)
}

// rangeAssign makes a range that assigns to existing places define variables
// and assign those: the interpreter assigns to names only.
func (l *lowerer) rangeAssign(n *ast.RangeStmt) {
	var places, values []ast.Expr
	for _, x := range []*ast.Expr{&n.Key, &n.Value} {
		if id, ok := (*x).(*ast.Ident); *x == nil || ok && id.Name == "_" {
			continue
		}
		v := l.temp("k")
		places, values = append(places, *x), append(values, ast.NewIdent(v))
		*x = ast.NewIdent(v)
	}
	if len(places) > 0 {
		n.Tok = token.DEFINE
		n.Body.List = append([]ast.Stmt{assign(places, values...)}, n.Body.List...)
	}
}

// rangeStmt rewrites a range over an integer as a counting loop, and refuses a
// range over a function.
func (l *lowerer) rangeStmt(n *ast.RangeStmt) ast.Stmt {
	t := l.ranged[n]
	if t == nil {
		return nil
	}
	if _, ok := t.Underlying().(*types.Signature); ok {
		l.refuse(n.Pos(), "range over a function is not supported yet", "call it with a function literal: seq(func(v T) bool { …; return true })")
		return nil
	}
	if !isInteger(t) {
		return nil
	}
	typ := l.rangeType(n, t)
	i, limit := l.temp("i"), l.temp("n")
	if id, ok := n.Key.(*ast.Ident); ok && n.Tok == token.DEFINE && id.Name != "_" {
		i = id.Name
	} else if n.Key != nil && n.Tok == token.ASSIGN {
		n.Body.List = append([]ast.Stmt{assign(list(n.Key), ast.NewIdent(i))}, n.Body.List...)
	}
	return &ast.ForStmt{
		For:  n.For,
		Init: define(list(ast.NewIdent(i), ast.NewIdent(limit)), call(typ(), intLit(0)), call(typ(), n.X)),
		Cond: &ast.BinaryExpr{X: ast.NewIdent(i), OpPos: n.For, Op: token.LSS, Y: ast.NewIdent(limit)},
		Post: &ast.IncDecStmt{X: ast.NewIdent(i), TokPos: n.For, Tok: token.INC},
		Body: n.Body,
	}
}

// rangeType returns a maker of the type of the loop's counter.
func (l *lowerer) rangeType(n *ast.RangeStmt, t types.Type) func() ast.Expr {
	if id, ok := n.Key.(*ast.Ident); ok {
		if obj := l.info.Defs[id]; obj != nil {
			t = obj.Type()
		} else if obj := l.info.Uses[id]; obj != nil && n.Tok == token.ASSIGN {
			t = obj.Type()
		}
	}
	return func() ast.Expr { return l.typeExpr(types.Default(t), n.Pos()) }
}

func isInteger(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// outlives reports whether a variable may be used after its iteration: whether
// body captures it in a function literal or takes its address.
func (l *lowerer) outlives(obj types.Object, body ast.Node) bool {
	found := false
	var walk func(n ast.Node, inside bool)
	walk = func(n ast.Node, inside bool) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				if !inside {
					walk(n.Body, true)
					return false
				}
			case *ast.Ident:
				found = found || inside && l.info.Uses[n] == obj
			case *ast.UnaryExpr:
				found = found || n.Op == token.AND && l.rootUse(n.X) == obj
			case *ast.SliceExpr:
				found = found || l.rootUse(n.X) == obj && isArray(obj.Type())
			case *ast.GoStmt, *ast.DeferStmt:
				ast.Inspect(n, func(n ast.Node) bool {
					id, ok := n.(*ast.Ident)
					found = found || ok && l.info.Uses[id] == obj
					return true
				})
			case *ast.SelectorExpr:
				found = found || l.addressedByMethod(n, obj)
			}
			return !found
		})
	}
	walk(body, false)
	return found
}

// addressedByMethod reports whether sel calls a pointer method of a variable.
func (l *lowerer) addressedByMethod(sel *ast.SelectorExpr, obj types.Object) bool {
	s := l.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal || l.rootUse(sel.X) != obj {
		return false
	}
	_, wantPtr := types.Unalias(s.Obj().(*types.Func).Signature().Recv().Type()).(*types.Pointer)
	_, isPtr := obj.Type().Underlying().(*types.Pointer)
	return wantPtr && !isPtr
}

// rootUse returns the variable whose storage x is part of.
func (l *lowerer) rootUse(x ast.Expr) types.Object {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return l.info.Uses[x]
	case *ast.SelectorExpr:
		return l.rootUse(x.X)
	case *ast.IndexExpr:
		if isArray(l.info.Types[x.X].Type) {
			return l.rootUse(x.X)
		}
	}
	return nil
}

func isArray(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Array)
	return ok
}

// assigned reports whether body may change a variable.
func (l *lowerer) assigned(obj types.Object, body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				found = found || l.rootUse(x) == obj
			}
		case *ast.IncDecStmt:
			found = found || l.rootUse(n.X) == obj
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && l.rootUse(n.X) == obj
		case *ast.SelectorExpr:
			found = found || l.addressedByMethod(n, obj)
		case *ast.RangeStmt:
			for _, x := range []ast.Expr{n.Key, n.Value} {
				found = found || x != nil && n.Tok == token.ASSIGN && l.rootUse(x) == obj
			}
		}
		return !found
	})
	return found
}

// renameIn renames the uses of a variable in a part of a loop's header.
func (l *lowerer) renameIn(part ast.Node, obj types.Object, name string) {
	ast.Inspect(part, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && (l.info.Uses[id] == obj || l.info.Defs[id] == obj) {
			id.Name = name
		}
		return true
	})
}

// beforeContinue puts a statement before every continue of a loop.
func (l *lowerer) beforeContinue(loop *ast.ForStmt, body *ast.BlockStmt, stmt func() ast.Stmt) {
	label := l.labelOf(loop)
	var walk func(list []ast.Stmt, nested bool)
	visit := func(s ast.Stmt, nested bool) {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.BlockStmt:
				walk(n.List, nested)
				return false
			case *ast.CaseClause:
				walk(n.Body, nested)
				return false
			case *ast.CommClause:
				walk(n.Body, nested)
				return false
			case *ast.ForStmt:
				walk(n.Body.List, true)
				return false
			case *ast.RangeStmt:
				walk(n.Body.List, true)
				return false
			}
			return true
		})
	}
	walk = func(list []ast.Stmt, nested bool) {
		for i, s := range list {
			b, ok := s.(*ast.BranchStmt)
			if ok && b.Tok == token.CONTINUE && (b.Label == nil && !nested || b.Label != nil && b.Label.Name == label) {
				list[i] = block(stmt(), b)
				continue
			}
			visit(s, nested)
		}
	}
	walk(body.List, false)
}

func (l *lowerer) labelOf(loop *ast.ForStmt) string { return l.labels[loop] }

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// assertion lowers x.(T).
func (l *lowerer) assertion(n *ast.TypeAssertExpr) ast.Expr {
	if n.Type == nil {
		return nil
	}
	a := l.asserted[n]
	if a.to == nil || a.from == nil {
		return nil
	}
	switch {
	case isOpen(a.to):
		if a.ok {
			return l.helper("TryOpen", l.id(a.to), n.X)
		}
		return at2(n.Lparen, l.helper("AssertOpen", l.id(a.to), l.id(a.from), n.X))
	case isCompiledInterface(a.to):
		if a.ok {
			return l.tryTo(n, a.to)
		}
		return l.pointee(at2(n.Lparen, l.helper("AssertTo", l.id(a.to), l.id(a.from), n.X)), a.to, n)
	case a.ok && a.fresh && !l.forgets(a.to):
		return &ast.TypeAssertExpr{X: at2(n.Lparen, l.helper("Try", l.id(a.to), n.X)), Lparen: n.Lparen, Type: n.Type, Rparen: n.Rparen}
	case a.ok:
		// Where the interpreter's own assertion fails it leaves the old value in
		// the variable, instead of zero.
		return l.typed(at2(n.Lparen, l.helper("Try", l.id(a.to), n.X)), a.to, true, n)
	}
	x := at2(n.Lparen, l.helper("Assert", l.id(a.to), l.id(a.from), n.X))
	if l.forgets(a.to) {
		return l.typed(x, a.to, false, n)
	}
	return &ast.TypeAssertExpr{X: x, Lparen: n.Lparen, Type: n.Type, Rparen: n.Rparen}
}

// forgets reports whether the interpreter fails to assert a type on the result
// of a compiled function.
func (l *lowerer) forgets(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Struct:
		return u.NumFields() == 0
	}
	return false
}

// an assertedType is what a type assertion asserts.
type assertedType struct {
	from, to types.Type
	ok       bool // it is x, ok := …
	fresh    bool // x is zero before
}

// typed asserts a type on a variable instead:
//
//	func() (T, bool) { var x any; x = …; v, ok := x.(T); return v, ok }()
func (l *lowerer) typed(x ast.Expr, t types.Type, ok bool, where ast.Node) ast.Expr {
	typ := func() ast.Expr { return l.typeExpr(t, where.Pos()) }
	results := fields(field("", typ()))
	body := []ast.Stmt{declare("ꞏx", ast.NewIdent("any")), assign(list(ast.NewIdent("ꞏx")), x), declare("ꞏv", typ())}
	asserted := &ast.TypeAssertExpr{X: ast.NewIdent("ꞏx"), Type: typ()}
	if ok {
		results.List = append(results.List, field("", ast.NewIdent("bool")))
		body = append(body, declare("ꞏok", ast.NewIdent("bool")), assign(list(ast.NewIdent("ꞏv"), ast.NewIdent("ꞏok")), asserted),
			&ast.ReturnStmt{Results: list(ast.NewIdent("ꞏv"), ast.NewIdent("ꞏok"))})
	} else {
		body = append(body, assign(list(ast.NewIdent("ꞏv")), asserted), &ast.ReturnStmt{Results: list(ast.NewIdent("ꞏv"))})
	}
	return call(&ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}, Results: results}, Body: block(body...)})
}

// tryTo lowers v, ok := x.(I) for a compiled interface I.
func (l *lowerer) tryTo(n *ast.TypeAssertExpr, t types.Type) ast.Expr {
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}, Results: fields(field("", l.typeExpr(t, n.Pos())), field("", ast.NewIdent("bool")))},
		Body: block(
			define(list(ast.NewIdent("ꞏp"), ast.NewIdent("ꞏok")), l.helper("TryTo", l.id(t), n.X)),
			&ast.ReturnStmt{Results: list(l.pointee(ast.NewIdent("ꞏp"), t, n), ast.NewIdent("ꞏok"))}),
	})
}

// surveyFresh notes the expressions with ok whose first value goes nowhere, or
// into a variable that is zero already: it is declared there, and not in a
// loop.
func (l *lowerer) surveyFresh(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if len(n.Lhs) == 2 && len(n.Rhs) == 1 {
			id, _ := n.Lhs[0].(*ast.Ident)
			l.fresh[n.Rhs[0]] = id != nil && id.Name == "_" || n.Tok == token.DEFINE && !l.inLoop[n] && l.info.Defs[id] != nil
		}
	case *ast.ValueSpec:
		if len(n.Names) == 2 && len(n.Values) == 1 {
			l.fresh[n.Values[0]] = n.Names[0].Name == "_" || !l.inLoop[n]
		}
	}
}

// switchTypes notes the types of a type switch.
func (l *lowerer) switchTypes(n *ast.TypeSwitchStmt) {
	for _, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		var ts []types.Type
		for _, x := range c.List {
			tv := l.info.Types[x]
			if tv.IsNil() {
				ts = append(ts, nil)
			} else {
				ts = append(ts, tv.Type)
			}
		}
		l.cases[c] = ts
	}
}

// typeSwitch lowers a type switch to a switch over the index of the case:
//
//	switch ꞏx, ꞏk := rt.Match(x, 17, 3); ꞏk {
//	case 0:
//		var v T
//		v = rt.Raw(ꞏx).(T)
//		…
//	}
func (l *lowerer) typeSwitch(n *ast.TypeSwitchStmt) ast.Node {
	x, name := guard(n)
	v, k := l.temp("x"), l.temp("k")
	ids := list(x)
	body := &ast.BlockStmt{Lbrace: n.Body.Lbrace, Rbrace: n.Body.Rbrace}
	for _, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		out := &ast.CaseClause{Case: c.Case, Colon: c.Colon}
		for _, t := range l.cases[c] {
			out.List = append(out.List, intLit(len(ids)-1))
			if t == nil {
				ids = append(ids, &ast.UnaryExpr{Op: token.SUB, X: intLit(1)})
			} else {
				ids = append(ids, l.id(t))
			}
		}
		if obj := l.info.Implicits[c]; obj != nil && name != "_" {
			out.Body = l.bindCase(name, v, obj.Type(), c)
		}
		out.Body = append(out.Body, c.Body...)
		body.List = append(body.List, out)
	}
	sw := &ast.SwitchStmt{Switch: n.Switch, Init: define(list(ast.NewIdent(v), ast.NewIdent(k)), l.helper("Match", ids...)), Tag: ast.NewIdent(k), Body: body}
	return l.behind(n.Init, sw)
}

// behind puts a switch behind the init statement that it had.
func (l *lowerer) behind(init ast.Stmt, sw ast.Stmt) ast.Node {
	if init == nil {
		return sw
	}
	b := block(init, sw)
	l.split[b] = true
	return b
}

// guard returns the value of a type switch and the name of its variable.
func guard(n *ast.TypeSwitchStmt) (ast.Expr, string) {
	switch s := n.Assign.(type) {
	case *ast.ExprStmt:
		return ast.Unparen(s.X).(*ast.TypeAssertExpr).X, "_"
	case *ast.AssignStmt:
		return ast.Unparen(s.Rhs[0]).(*ast.TypeAssertExpr).X, s.Lhs[0].(*ast.Ident).Name
	}
	return nil, "_"
}

// bindCase declares the variable of a case. The value is in v, unwrapped.
func (l *lowerer) bindCase(name, v string, t types.Type, c *ast.CaseClause) []ast.Stmt {
	var value ast.Expr = ast.NewIdent(v)
	switch {
	case isOpen(t):
	case isCompiledInterface(t):
		value = l.compiled(value, t, &ast.BadExpr{From: c.Pos()})
	default:
		raw := l.temp("v")
		return []ast.Stmt{
			declare(raw, ast.NewIdent("any")), assign(list(ast.NewIdent(raw)), l.helper("Raw", value)),
			declare(name, l.typeExpr(t, c.Pos())), assign(list(ast.NewIdent(name)), &ast.TypeAssertExpr{X: ast.NewIdent(raw), Type: l.typeExpr(t, c.Pos())}),
		}
	}
	return []ast.Stmt{declare(name, l.typeExpr(t, c.Pos())), assign(list(ast.NewIdent(name)), value)}
}

// joinCases makes the conditions of each clause of a switch without a value
// one condition: the interpreter sees only the first of several.
func (l *lowerer) joinCases(n *ast.SwitchStmt) {
	for _, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		for len(c.List) > 1 {
			c.List = append(list(&ast.BinaryExpr{X: c.List[0], Op: token.LOR, Y: c.List[1]}), c.List[2:]...)
		}
	}
}

// exprSwitch lowers a switch that compares interface values.
func (l *lowerer) exprSwitch(n *ast.SwitchStmt) ast.Node {
	v := l.temp("x")
	init := n.Init
	n.Init = define(list(ast.NewIdent(v)), n.Tag)
	n.Tag = nil
	for _, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		for i, x := range c.List {
			c.List[i] = at2(x.Pos(), l.helper("Equal", ast.NewIdent(v), x))
		}
	}
	l.joinCases(n)
	return l.behind(init, n)
}

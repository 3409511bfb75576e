package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// call rewrites the built-in functions that the interpreter lacks. A nil
// result leaves the call as it is.
func (l *lowerer) call(n *ast.CallExpr) ast.Expr {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok {
		return nil
	}
	if _, ok := l.info.Uses[id].(*types.Builtin); !ok {
		return nil
	}
	switch id.Name {
	case "min", "max":
		return l.minMax(n, id.Name)
	case "clear":
		return l.clear(n)
	case "delete":
		l.deleteKey(n)
	case "new":
		return l.newValue(n)
	case "recover":
		return l.recoverCall()
	case "print", "println":
		name := "Print"
		if id.Name == "println" {
			name = "Println"
		}
		return l.helper(name, n.Args...)
	}
	return nil
}

// minMax compares in a function of the operands' type. Floating-point numbers
// go to package math, which treats NaN as the built-in does.
func (l *lowerer) minMax(n *ast.CallExpr, name string) ast.Expr {
	t := l.info.Types[n].Type
	op := token.LSS
	if name == "max" {
		op = token.GTR
	}
	b, _ := t.Underlying().(*types.Basic)
	x := n.Args[0]
	for _, y := range n.Args[1:] {
		if b != nil && b.Info()&types.IsFloat != 0 {
			fn := map[string]string{"min": "Min", "max": "Max"}[name]
			f64 := func(v ast.Expr) ast.Expr { return call(ast.NewIdent("float64"), v) }
			x = call(l.typeExpr(t, n.Pos()), call(&ast.SelectorExpr{X: l.alias("math"), Sel: ast.NewIdent(fn)}, f64(x), f64(y)))
			continue
		}
		typ := func() ast.Expr { return l.typeExpr(t, n.Pos()) }
		x = call(&ast.FuncLit{
			Type: &ast.FuncType{Params: fields(field("ꞏa", typ()), field("ꞏb", typ())), Results: fields(field("", typ()))},
			Body: block(
				&ast.IfStmt{Cond: &ast.BinaryExpr{X: ast.NewIdent("ꞏa"), Op: op, Y: ast.NewIdent("ꞏb")}, Body: block(&ast.ReturnStmt{Results: list(ast.NewIdent("ꞏa"))})},
				&ast.ReturnStmt{Results: list(ast.NewIdent("ꞏb"))}),
		}, x, y)
	}
	return x
}

func (l *lowerer) clear(n *ast.CallExpr) ast.Expr { return l.helper("Clear", n.Args[0]) }

// newValue rewrites new(x) of Go 1.26, a pointer to a copy of a value.
func (l *lowerer) newValue(n *ast.CallExpr) ast.Expr {
	ptr, ok := l.info.Types[n].Type.(*types.Pointer)
	if !ok || l.info.Types[n.Args[0]].IsType() || l.typeArg[n] {
		return nil
	}
	t := func() ast.Expr { return l.typeExpr(ptr.Elem(), n.Pos()) }
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: fields(field("ꞏx", t())), Results: fields(field("", &ast.StarExpr{X: t()}))},
		Body: block(&ast.ReturnStmt{Results: list(addr(ast.NewIdent("ꞏx")))}),
	}, n.Args[0])
}

// goStmt starts a goroutine through a helper that knows its cell and turns a
// panic into an error of that cell. Function and arguments are evaluated now,
// as the language says.
func (l *lowerer) goStmt(n *ast.GoStmt) ast.Stmt {
	setup, c := l.bind(n.Call)
	body := thunk(exprStmt(c))
	if lit, ok := c.Fun.(*ast.FuncLit); ok && len(c.Args) == 0 && lit.Type.Results == nil {
		body = lit
	}
	l.entered[body] = true // it runs beside this function
	f := ast.NewIdent(l.temp("g"))
	setup = append(setup, define(list(f), apart(body, &ast.FuncType{Params: &ast.FieldList{}})))
	return block(append(setup, at(n.Pos(), exprStmt(l.helper("Go", ast.NewIdent(f.Name)))))...)
}

// bind evaluates the parts of a call into variables and returns the call of
// those.
func (l *lowerer) bind(c *ast.CallExpr) ([]ast.Stmt, *ast.CallExpr) {
	out := *c
	var setup []ast.Stmt
	keep := func(x ast.Expr) ast.Expr {
		v := l.temp("b")
		d := define(list(ast.NewIdent(v)), x)
		d.TokPos = c.Pos()
		setup = append(setup, d)
		return ast.NewIdent(v)
	}
	if sel, ok := c.Fun.(*ast.SelectorExpr); ok && l.info.Selections[sel] != nil {
		if _, isPtr := l.typeOf(sel.X).(*types.Pointer); isPtr || types.IsInterface(l.typeOf(sel.X)) {
			out.Fun = &ast.SelectorExpr{X: keep(sel.X), Sel: sel.Sel}
		}
	} else if _, isIdent := c.Fun.(*ast.Ident); !isIdent && !ok {
		if _, lit := c.Fun.(*ast.FuncLit); !lit {
			out.Fun = keep(c.Fun)
		}
	}
	out.Args = make([]ast.Expr, len(c.Args))
	for i, x := range c.Args {
		if isConstantSyntax(x) || l.tupleArg[c] {
			out.Args[i] = x
		} else {
			out.Args[i] = keep(x)
		}
	}
	return setup, &out
}

func (l *lowerer) typeOf(x ast.Expr) types.Type {
	if t := l.info.Types[x].Type; t != nil {
		return t.Underlying()
	}
	return types.Typ[types.Invalid]
}

// isConstantSyntax reports whether x is a literal or nil, whose value cannot
// change and whose type the callee decides.
func isConstantSyntax(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit, *ast.FuncLit, *ast.ArrayType, *ast.MapType, *ast.ChanType:
		return true
	case *ast.Ident:
		return x.Name == "nil" || x.Name == "true" || x.Name == "false"
	case *ast.UnaryExpr:
		return isConstantSyntax(x.X)
	}
	return false
}

func at(pos token.Pos, s ast.Stmt) ast.Stmt {
	if e, ok := s.(*ast.ExprStmt); ok {
		if c, ok := e.X.(*ast.CallExpr); ok {
			c.Lparen = pos
		}
	}
	return s
}

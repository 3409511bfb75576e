package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
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
	case "make":
		return l.makeChan(n)
	case "new":
		return l.newValue(n)
	case "append":
		return l.appendCopies(n)
	case "len", "cap":
		return l.lengthBehind(n)
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

// boundCallee puts the function that is called into a variable, if it is the
// result of another call, where the interpreter confuses the results of both,
// or what a pointer points to, where it would wait for itself for ever if that
// is nil.
func (l *lowerer) boundCallee(n *ast.CallExpr) {
	t := l.info.Types[n.Fun]
	if t.Type == nil || t.IsType() || isRecursiveFunc(t.Type) {
		return
	}
	switch ast.Unparen(n.Fun).(type) {
	case *ast.CallExpr, *ast.StarExpr:
		n.Fun = l.bound(n.Fun, t.Type)
	}
}

// packArgs passes the last arguments of a variadic function value as a slice: the
// interpreter loses count of them.
func (l *lowerer) packArgs(n *ast.CallExpr) {
	sig := l.variadic[n]
	if sig == nil {
		return
	}
	fixed := sig.Params().Len() - 1
	t := l.typeExpr(sig.Params().At(fixed).Type(), n.Pos())
	packed := ast.Expr(&ast.CompositeLit{Type: t, Elts: n.Args[fixed:]})
	if len(n.Args) == fixed {
		packed = call(&ast.ParenExpr{X: t}, ast.NewIdent("nil"))
	}
	n.Args, n.Ellipsis = append(n.Args[:fixed:fixed], packed), n.Rparen
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

// appendCopies evaluates all values of an append before the first is stored,
// which may be where another one is read:
//
//	func(s []T, a, b T) []T { return append(s, a, b) }(s[:1], x, s[1])
func (l *lowerer) appendCopies(n *ast.CallExpr) ast.Expr {
	if len(n.Args) < 3 || !slices.ContainsFunc(n.Args[2:], readsMemory) {
		return nil
	}
	t := l.info.Types[n].Type
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return nil
	}
	args := list(ast.NewIdent("ꞏs"))
	params := []*ast.Field{field("ꞏs", l.typeExpr(t, n.Pos()))}
	for i := range n.Args[1:] {
		name := "ꞏx" + strconv.Itoa(i)
		args = append(args, ast.NewIdent(name))
		params = append(params, field(name, l.typeExpr(s.Elem(), n.Pos())))
	}
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: fields(params...), Results: fields(field("", l.typeExpr(t, n.Pos())))},
		Body: block(&ast.ReturnStmt{Results: list(call(ast.NewIdent("append"), args...))}),
	}, n.Args...)
}

// readsMemory reports whether x is read from where a pointer or a slice leads.
func readsMemory(x ast.Expr) bool {
	switch ast.Unparen(x).(type) {
	case *ast.IndexExpr, *ast.StarExpr, *ast.SelectorExpr:
		return true
	}
	return false
}

// lengthBehind is the length of an array to which the result of a call points.
// The array need not be there.
func (l *lowerer) lengthBehind(n *ast.CallExpr) ast.Expr {
	x := n.Args[0]
	t := l.info.Types[x].Type
	size, ok := 0, false
	if t != nil {
		size, ok = arrayLen(t)
	}
	if !ok {
		return nil
	}
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: fields(field("ꞏx", l.typeExpr(t, n.Pos()))), Results: fields(field("", ast.NewIdent("int")))},
		Body: block(&ast.ReturnStmt{Results: list(intLit(size))}),
	}, x)
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
	keepIn := func(x ast.Expr) ast.Expr {
		v := l.temp("b")
		d := define(list(ast.NewIdent(v)), x)
		d.TokPos = c.Pos()
		setup = append(setup, d)
		return ast.NewIdent(v)
	}
	keep := func(x ast.Expr) ast.Expr {
		if _, ok := ast.Unparen(x).(*ast.CompositeLit); ok {
			x = keepIn(x) // see fresh
		}
		return keepIn(x)
	}
	switch fun := c.Fun.(type) {
	case *ast.SelectorExpr:
		s := l.info.Selections[fun]
		switch {
		case s == nil:
		case s.Kind() == types.MethodVal:
			t, x := l.receiver(s, fun.X)
			recv := keep(x)
			if types.IsInterface(t) {
				setup = append(setup, l.demandDynamic(recv))
			}
			out.Fun = &ast.SelectorExpr{X: recv, Sel: fun.Sel}
		default:
			out.Fun = keep(fun)
		}
	case *ast.FuncLit:
	case *ast.Ident:
		if l.isVar(fun) {
			out.Fun = keep(fun)
		}
	default:
		out.Fun = keep(fun)
	}
	out.Args = make([]ast.Expr, len(c.Args))
	for i, x := range c.Args {
		if isConstantSyntax(x) || l.tupleArg[c] {
			out.Args[i] = x
		} else {
			out.Args[i] = keep(x)
		}
		if i == 0 && l.openCalls[c] {
			setup = append(setup, l.demandDynamic(out.Args[0]))
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

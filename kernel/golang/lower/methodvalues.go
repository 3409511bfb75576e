package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// methodValue rewrites a method that is taken as a value: its receiver is
// evaluated now, as the language says, not when the value is called.
func (l *lowerer) methodValue(sel *ast.SelectorExpr) ast.Expr {
	s := l.info.Selections[sel]
	// In T.f(x), a method of an embedded type would get the wrong receiver.
	if s == nil || l.called[sel] && !(s.Kind() == types.MethodExpr && len(s.Index()) > 1) {
		l.promote(sel, s)
		if s != nil && s.Kind() == types.MethodVal {
			sel.X = l.namedFunc(s, sel.X)
		}
		return nil
	}
	sig, ok := s.Type().(*types.Signature)
	if !ok {
		return nil
	}
	switch s.Kind() {
	case types.MethodVal:
		l.promote(sel, s)
		t, x := l.receiver(s, sel.X)
		return l.bindMethod(sig, sel, t, x)
	case types.MethodExpr:
		return l.forward(sig, sel, nil, 1)
	}
	return nil
}

// promote writes out the embedded fields on the way to a method that is called:
// the interpreter may find another one of that name.
func (l *lowerer) promote(sel *ast.SelectorExpr, s *types.Selection) {
	if s == nil || s.Kind() != types.MethodVal || len(s.Index()) == 1 || l.hidden(s) {
		return
	}
	if iface, _ := interfaceMethod(s); iface == nil {
		sel.X = l.path(sel.X, s)
	}
}

// namedFunc converts a function that is not in a variable to its own type, where
// a method of that is called: the interpreter takes it for one of no name.
//
//	b.f.Twice(x)          F(b.f).Twice(x)
func (l *lowerer) namedFunc(s *types.Selection, x ast.Expr) ast.Expr {
	t, recv := l.receiver(s, x)
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !rt.IsUser(n.Obj().Pkg()) || recv != x || l.hidden(s) {
		return x
	}
	if _, isFunc := n.Underlying().(*types.Signature); !isFunc {
		return x
	}
	return call(l.typeExpr(t, l.pos()), x)
}

// through is the embedded field of x that has the method of T.M.
func (l *lowerer) through(x ast.Expr, s *types.Selection) ast.Expr {
	if s == nil || l.hidden(s) {
		return x
	}
	return l.namedFunc(s, l.path(x, s))
}

// bindMethod binds a method to its receiver x of type t:
//
//	func(r T) func(A) B { return func(a A) B { return r.M(a) } }(x)
func (l *lowerer) bindMethod(sig *types.Signature, sel *ast.SelectorExpr, t types.Type, x ast.Expr) ast.Expr {
	body := block(&ast.ReturnStmt{Results: list(l.forward(sig, sel, ast.NewIdent("ꞏr"), 0))})
	if types.IsInterface(t) {
		body.List = append([]ast.Stmt{l.demandDynamic(ast.NewIdent("ꞏr"))}, body.List...)
	}
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: fields(field("ꞏr", l.typeExpr(t, sel.Pos()))), Results: fields(field("", l.typeExpr(sig, sel.Pos())))},
		Body: body,
	}, x)
}

// callMethodExpr calls a method that is named by its type, T.M(x, …), as
// x.M(…): the interpreter does not take x for the receiver.
func (l *lowerer) callMethodExpr(n *ast.CallExpr) ast.Expr {
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := l.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodExpr {
		return nil
	}
	if l.tupleArg[n] || l.wraps(s) || reflectMethod(s) != "" {
		return &ast.CallExpr{Fun: l.forward(s.Type().(*types.Signature), sel, nil, 1), Lparen: n.Lparen, Args: n.Args, Ellipsis: n.Ellipsis, Rparen: n.Rparen}
	}
	recv := call(l.typeExpr(s.Recv(), n.Pos()), n.Args[0])
	if _, isPtr := types.Unalias(s.Recv()).(*types.Pointer); isPtr {
		recv.Fun = &ast.ParenExpr{X: recv.Fun}
	}
	return &ast.CallExpr{
		Fun: &ast.SelectorExpr{X: l.through(recv, s), Sel: ast.NewIdent(sel.Sel.Name)}, Lparen: n.Lparen, Args: n.Args[1:], Ellipsis: n.Ellipsis, Rparen: n.Rparen,
	}
}

// wraps reports whether a method of a pointer type is one of the type that it
// points to, so that there must be a value.
func (l *lowerer) wraps(s *types.Selection) bool {
	_, isPtr := types.Unalias(s.Recv()).(*types.Pointer)
	_, wantPtr := types.Unalias(s.Obj().(*types.Func).Signature().Recv().Type()).(*types.Pointer)
	return isPtr && !wantPtr && len(s.Index()) == 1 && !types.IsInterface(deref(s.Recv()))
}

// demandValue panics as the compiler's wrapper of such a method does if there
// is none:
//
//	if p == nil { rt.NoValue("main.T", "M") }
func (l *lowerer) demandValue(p ast.Expr, s *types.Selection) ast.Stmt {
	t := rt.TypeText(deref(s.Recv()))
	return &ast.IfStmt{
		Cond: &ast.BinaryExpr{X: p, Op: token.EQL, Y: ast.NewIdent("nil")},
		Body: block(exprStmt(l.helper("NoValue", strLit(t), strLit(s.Obj().Name())))),
	}
}

// receiver returns the value that a method value binds, or a deferred call of a
// method, and its type: what the method itself takes. X leads to the embedded
// field that has the method.
func (l *lowerer) receiver(s *types.Selection, x ast.Expr) (types.Type, ast.Expr) {
	t := s.Recv()
	if iface, promoted := interfaceMethod(s); promoted {
		return iface, x
	}
	if len(s.Index()) > 1 {
		if l.hidden(s) {
			return t, x
		}
		t = lastEmbedded(s)
	}
	_, isPtr := types.Unalias(t).(*types.Pointer)
	_, wantPtr := types.Unalias(s.Obj().(*types.Func).Signature().Recv().Type()).(*types.Pointer)
	switch {
	case types.IsInterface(t):
	case wantPtr && !isPtr:
		return types.NewPointer(t), addr(x)
	case isPtr && !wantPtr:
		return types.Unalias(t).(*types.Pointer).Elem(), &ast.StarExpr{X: x}
	}
	return t, x
}

// lastEmbedded is the type of the embedded field that has the method.
func lastEmbedded(s *types.Selection) types.Type {
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		t = deref(t).Underlying().(*types.Struct).Field(i).Type()
	}
	return t
}

// hidden reports whether a method is promoted through a struct of a compiled
// package, the fields of which cannot all be named.
func (l *lowerer) hidden(s *types.Selection) bool {
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		if n, ok := types.Unalias(deref(t)).(*types.Named); ok && !rt.IsUser(n.Obj().Pkg()) {
			return true
		}
		t = deref(t).Underlying().(*types.Struct).Field(i).Type()
	}
	return false
}

// demandDynamic panics if an interface value is nil, which has no methods.
func (l *lowerer) demandDynamic(x ast.Expr) ast.Stmt {
	return exprStmt(l.helper("Callee", x))
}

// forward is a function literal that calls a method: of recv, or of its own
// first parameter.
func (l *lowerer) forward(sig *types.Signature, sel *ast.SelectorExpr, recv ast.Expr, skip int) ast.Expr {
	typ := l.signature(sig, sel.Pos(), "ꞏa")
	var args []ast.Expr
	for i := skip; i < sig.Params().Len(); i++ {
		args = append(args, ast.NewIdent("ꞏa"+strconv.Itoa(i)))
	}
	if recv == nil {
		recv = l.through(ast.NewIdent("ꞏa0"), l.info.Selections[sel])
	}
	c := call(&ast.SelectorExpr{X: recv, Sel: ast.NewIdent(sel.Sel.Name)}, args...)
	if name := reflectMethod(l.info.Selections[sel]); name != "" {
		c = l.helper("Value"+name, append(list(recv), args...)...)
	}
	if sig.Variadic() {
		c.Ellipsis = ellipsis(sel.Pos())
	}
	body := block(l.result(sig, c))
	if s := l.info.Selections[sel]; skip > 0 && l.wraps(s) {
		body.List = append([]ast.Stmt{l.demandValue(ast.NewIdent("ꞏa0"), s)}, body.List...)
	}
	return &ast.FuncLit{Type: typ, Body: body}
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// A declared function that is a value is, to the interpreter, the syntax of its
// declaration, which only some of the places where it can be stored take; and
// compiled code that gets it in a function literal gets one that does nothing,
// if the declaration comes later. A literal that calls it is a function
// everywhere:
//
//	return g          return func(a int) string { return g(a) }

// surveyFuncs notes the names of functions that are stored.
func (l *lowerer) surveyFuncs(n ast.Node) {
	switch n := n.(type) {
	case *ast.ReturnStmt:
		l.storesFuncs(n.Results...)
	case *ast.AssignStmt:
		l.storesFuncs(n.Rhs...)
	case *ast.ValueSpec:
		l.storesFuncs(n.Values...)
	case *ast.SendStmt:
		l.storesFuncs(n.Value)
	case *ast.CompositeLit:
		l.storesFuncs(n.Elts...)
	case *ast.CallExpr:
		fun, fn := l.info.Types[n.Fun], l.callee(n)
		if fun.IsType() || fun.IsBuiltin() || fn == nil && isVariadic(fun.Type) || fn != nil && !rt.IsUser(fn.Pkg()) {
			l.storesFuncs(n.Args...)
		}
	}
}

func isVariadic(t types.Type) bool {
	if t == nil {
		return false
	}
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Variadic()
}

func (l *lowerer) storesFuncs(values ...ast.Expr) {
	for _, x := range values {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		x = ast.Unparen(x)
		if l.isUserFunc(x) {
			l.stored[x] = true
		}
	}
}

// isUserFunc reports whether x names a function that a cell declares.
func (l *lowerer) isUserFunc(x ast.Expr) bool {
	switch y := x.(type) {
	case *ast.IndexExpr:
		x = y.X
	case *ast.IndexListExpr:
		x = y.X
	}
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return false
	}
	fn, ok := l.info.Uses[id].(*types.Func)
	return ok && rt.IsUser(fn.Pkg())
}

// literalOf is a literal that calls the function x of a type.
func (l *lowerer) literalOf(x ast.Expr, sig *types.Signature, pos token.Pos) ast.Expr {
	c := call(x, paramNames(sig, 0)...)
	if id, ok := x.(*ast.Ident); ok {
		if fn, ok := l.info.Uses[id].(*types.Func); ok && l.named[fn] {
			c = call(ast.NewIdent(id.Name+byName), append(list(l.helper("Deferred", intLit(plainCall))), c.Args...)...)
		}
	}
	if sig.Variadic() {
		c.Ellipsis = ellipsis(pos)
	}
	return &ast.FuncLit{Type: l.signature(sig, pos, "ꞏa"), Body: block(l.result(sig, c))}
}

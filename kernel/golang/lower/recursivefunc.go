package lower

import (
	"go/ast"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// A named function type that takes or returns itself,
//
//	type state func(*lexer) state
//
// is any to the interpreter as a whole. Functions become values of it as
// compiled functions, and get their type where they are called.

// isRecursiveFunc reports whether t is such a type.
func isRecursiveFunc(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !rt.IsUser(n.Obj().Pkg()) {
		return false
	}
	sig, ok := n.Underlying().(*types.Signature)
	return ok && mentions(sig, n, map[types.Type]bool{})
}

// mentions reports whether t is written with the type n.
func mentions(t types.Type, n *types.Named, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if t == n {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		if _, isStruct := t.Underlying().(*types.Struct); isStruct || !rt.IsUser(t.Obj().Pkg()) || types.IsInterface(t) {
			return false
		}
		return mentions(t.Underlying(), n, seen)
	case *types.Pointer:
		return mentions(t.Elem(), n, seen)
	case *types.Slice:
		return mentions(t.Elem(), n, seen)
	case *types.Array:
		return mentions(t.Elem(), n, seen)
	case *types.Chan:
		return mentions(t.Elem(), n, seen)
	case *types.Map:
		return mentions(t.Key(), n, seen) || mentions(t.Elem(), n, seen)
	case *types.Signature:
		for e := range tupleTypes(t) {
			if mentions(e, n, seen) {
				return true
			}
		}
	}
	return false
}

// convertFunc converts functions to and from recursive function types. It
// returns nil for other conversions.
func (l *lowerer) convertFunc(x ast.Expr, from, to types.Type, where ast.Expr) ast.Expr {
	switch into, outOf := isRecursiveFunc(to), isRecursiveFunc(from); {
	case into == outOf, isUntypedNil(from):
		return nil
	case into:
		if types.IsInterface(from) {
			return nil
		}
		return l.boundAs(from, l.helper("Func", ast.NewIdent("ꞏv")), ast.NewIdent("any"), x)
	case types.IsInterface(to):
		return nil
	}
	return l.typed(x, to, false, where)
}

// recursiveCall gives a function of a recursive type its type where it is
// called.
func (l *lowerer) recursiveCall(n *ast.CallExpr) {
	t := l.funcs[n]
	if t == nil {
		return
	}
	sig := t.Underlying()
	n.Fun = l.typed(l.helper("Callee", n.Fun), sig, false, n)
}

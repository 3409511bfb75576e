package lower

import (
	"go/ast"
	"go/types"
)

// holder evaluates the operands of places before any of them is assigned to.
type holder struct {
	*control
	out   *[]ast.Stmt
	fixed func(types.Object) bool // whether a variable keeps its value meanwhile
}

// hold evaluates the operands of one place and returns the place in terms of
// them.
func (c *control) hold(x ast.Expr, out *[]ast.Stmt) ast.Expr {
	h := holder{control: c, out: out, fixed: func(types.Object) bool { return false }}
	return h.hold(x)
}

func (h holder) hold(x ast.Expr) ast.Expr {
	typed := func(y ast.Expr) ast.Expr {
		h.info.Types[y] = h.info.Types[x]
		return y
	}
	switch n := ast.Unparen(x).(type) {
	case *ast.StarExpr:
		return typed(&ast.StarExpr{Star: n.Star, X: h.keep(n.X)})
	case *ast.SelectorExpr:
		s := h.info.Selections[n]
		if s == nil {
			return n
		}
		y := &ast.SelectorExpr{X: n.X, Sel: n.Sel}
		if isPointer(s.Recv()) {
			y.X = h.keep(n.X)
		} else {
			y.X = h.hold(n.X)
		}
		h.info.Selections[y] = s
		return typed(y)
	case *ast.IndexExpr:
		y := &ast.IndexExpr{Lbrack: n.Lbrack, Rbrack: n.Rbrack}
		if isArray(h.info.Types[n.X].Type) {
			y.X = h.hold(n.X)
		} else {
			y.X = h.keep(n.X)
		}
		if m, ok := h.info.Types[n.X].Type.Underlying().(*types.Map); ok {
			v := h.local("k", m.Key())
			*h.out = append(*h.out, h.bindVar(v, n.Index))
			y.Index = h.use(v)
		} else {
			y.Index = h.keep(n.Index)
		}
		return typed(y)
	default:
		return n
	}
}

// keep evaluates an operand into a variable, if it is not one that stays as it
// is.
func (h holder) keep(x ast.Expr) ast.Expr {
	if tv := h.info.Types[x]; tv.Value != nil {
		return x
	}
	if id, ok := ast.Unparen(x).(*ast.Ident); ok && h.fixed(h.info.Uses[id]) {
		return id
	}
	v := h.local("o", types.Default(h.info.Types[x].Type))
	*h.out = append(*h.out, h.bindVar(v, x))
	return h.use(v)
}

// fixed tells which variables keep their values while an assignment evaluates
// and assigns: all that it does not assign to, if it calls nothing. A variable
// that may be part of a place is not one of them.
func (c *control) fixed(s *ast.AssignStmt) func(types.Object) bool {
	changed := map[types.Object]bool{}
	for _, x := range s.Lhs {
		switch y := ast.Unparen(x).(type) {
		case *ast.StarExpr:
			return func(types.Object) bool { return false }
		default:
			changed[c.rootUse(y)] = true
		}
	}
	for _, x := range append(s.Rhs[:len(s.Rhs):len(s.Rhs)], s.Lhs...) {
		if hasCall(x) {
			return func(types.Object) bool { return false }
		}
	}
	return func(obj types.Object) bool {
		v, ok := obj.(*types.Var)
		return ok && !changed[v] && v.Parent() != c.pkg.Scope()
	}
}

package lower

import (
	"go/ast"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// need notes that values of t are boxed: the methods of the user types in it
// must be known to the helpers, which call them when they print a value, give
// it to compiled code or find it behind an interface.
func (l *lowerer) need(t types.Type) {
	t = types.Unalias(t)
	if l.needs[t] {
		return
	}
	l.needs[t] = true
	switch u := t.(type) {
	case *types.Named:
		l.needNamed(u)
	case *types.Pointer:
		l.need(u.Elem())
	case *types.Slice:
		l.need(u.Elem())
	case *types.Array:
		l.need(u.Elem())
	case *types.Chan:
		l.need(u.Elem())
	case *types.Map:
		l.need(u.Key())
		l.need(u.Elem())
	case *types.Struct:
		l.needMethods(u)
		l.needMethods(types.NewPointer(u))
		for i := range u.NumFields() {
			l.need(u.Field(i).Type())
		}
	}
}

func (l *lowerer) needNamed(t *types.Named) {
	for i := range t.TypeArgs().Len() {
		l.need(t.TypeArgs().At(i))
	}
	if !rt.IsUser(t.Obj().Pkg()) || types.IsInterface(t) || t.TypeParams().Len() > t.TypeArgs().Len() {
		return
	}
	l.needMethods(t)
	l.needMethods(types.NewPointer(t))
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			l.need(u.Field(i).Type())
		}
	default:
		l.need(u)
	}
}

// needMethods notes that the methods of t must be registered.
func (l *lowerer) needMethods(t types.Type) {
	if types.NewMethodSet(t).Len() > 0 && !l.ids.HasMethods(t) {
		l.needed = append(l.needed, t)
	}
}

// registerMethods are the statements that register the methods of all types
// that the cell needs.
func (l *lowerer) registerMethods() []ast.Stmt {
	var out []ast.Stmt
	for _, t := range l.needed {
		out = append(out, l.registrations(t)...)
	}
	return out
}

// registrations are the statements that register the methods of a type:
//
//	rt.Register(17, "Area", func(ꞏb any, ꞏa0 float64) float64 {
//		var ꞏx T
//		ꞏx = rt.Value(ꞏb).(T)
//		return ꞏx.Area(ꞏa0)
//	})
func (l *lowerer) registrations(t types.Type) []ast.Stmt {
	var out []ast.Stmt
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		s := set.At(i)
		m := s.Obj().(*types.Func)
		if !l.nameable(m) {
			continue
		}
		out = append(out, exprStmt(l.helper("Register", l.id(t), strLit(m.Name()), l.unbound(t, s, m))))
	}
	return out
}

// unbound is a method as a function of the box.
func (l *lowerer) unbound(t types.Type, s *types.Selection, m *types.Func) ast.Expr {
	pos := l.pos()
	sig := m.Signature()
	typ := l.signature(sig, pos, "ꞏa")
	typ.Params.List = append([]*ast.Field{field("ꞏb", ast.NewIdent("any"))}, typ.Params.List...)
	recv := l.namedFunc(s, l.path(ast.NewIdent("ꞏx"), s))
	var c ast.Expr
	if iface, _ := interfaceMethod(s); iface != nil {
		c = l.callMethod(recv, iface, m, paramNames(sig, 0), pos)
	} else {
		plain := call(&ast.SelectorExpr{X: recv, Sel: ast.NewIdent(m.Name())}, paramNames(sig, 0)...)
		if sig.Variadic() {
			plain.Ellipsis = ellipsis(pos)
		}
		c = plain
	}
	value, body := ast.Expr(l.helper("Value", ast.NewIdent("ꞏb"))), []ast.Stmt{declare("ꞏx", l.typeExpr(t, pos))}
	if l.forgets(t) {
		body = append(body, declare("ꞏv", ast.NewIdent("any")), assign(list(ast.NewIdent("ꞏv")), value))
		value = ast.NewIdent("ꞏv")
	}
	body = append(body, assign(list(ast.NewIdent("ꞏx")), &ast.TypeAssertExpr{X: value, Type: l.typeExpr(t, pos)}))
	if l.wraps(s) {
		body = append(body, l.demandValue(ast.NewIdent("ꞏx"), s))
	}
	body = append(body, l.result(sig, c))
	return &ast.FuncLit{Type: typ, Body: block(body...)}
}

// nameable reports whether a method can be written in a cell: its name and all
// types of its signature are exported by their packages.
func (l *lowerer) nameable(m *types.Func) bool {
	if !m.Exported() && m.Pkg() != nil && !rt.IsUser(m.Pkg()) {
		return false
	}
	before := len(l.errs)
	l.signature(m.Signature(), l.pos(), "")
	ok := len(l.errs) == before
	l.errs = l.errs[:before]
	return ok
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// The interpreter builds the type of a struct by reflection and cannot finish
// one that comes back to itself through a function type:
//
//	type machine struct{ next func(*machine) int }
//
// Such a field is of type any there ("loose"), and gets its type where it is
// read: func() T { v, _ := m.next.(T); return v }().

// isLoose reports whether a field's type leads through a function type back to
// the struct that has the field.
func isLoose(f *types.Var) bool {
	if !f.IsField() || !rt.IsUser(f.Pkg()) || isRecursiveFunc(f.Type()) {
		return false
	}
	r := reach{field: f, seen: map[visit]bool{}}
	r.walk(f.Type(), false)
	return r.found
}

type visit struct {
	t        types.Type
	function bool
}

type reach struct {
	field *types.Var
	seen  map[visit]bool
	found bool
}

func (r *reach) walk(t types.Type, function bool) {
	t = types.Unalias(t)
	if r.found || r.seen[visit{t, function}] {
		return
	}
	r.seen[visit{t, function}] = true
	switch t := t.(type) {
	case *types.Named:
		if rt.IsUser(t.Obj().Pkg()) && !types.IsInterface(t) && !isRecursiveFunc(t) {
			r.walk(t.Underlying(), function)
		}
	case *types.Pointer:
		r.walk(t.Elem(), function)
	case *types.Slice:
		r.walk(t.Elem(), function)
	case *types.Array:
		r.walk(t.Elem(), function)
	case *types.Chan:
		r.walk(t.Elem(), function)
	case *types.Map:
		r.walk(t.Key(), function)
		r.walk(t.Elem(), function)
	case *types.Signature:
		for e := range tupleTypes(t) {
			r.walk(e, true)
		}
	case *types.Struct:
		for i := range t.NumFields() {
			if f := t.Field(i); f == r.field {
				r.found = r.found || function
			} else {
				r.walk(f.Type(), function)
			}
		}
	}
}

// looseField returns the field that a selection reads or writes, if it is
// loose.
func (l *lowerer) looseField(n *ast.SelectorExpr) *types.Var {
	s := l.info.Selections[n]
	if s == nil || s.Kind() != types.FieldVal {
		return nil
	}
	f, ok := s.Obj().(*types.Var)
	if !ok || !isLoose(f) {
		return nil
	}
	return f
}

// readLoose gives a loose field its type where it is read.
func (l *lowerer) readLoose(n *ast.SelectorExpr) ast.Expr {
	f := l.looseField(n)
	if f == nil || l.loose[n] {
		return nil
	}
	return l.typedOrZero(n, f.Type(), false)
}

// typedOrZero gives a value of type any the type t, and zero where it is nil.
// With ok, x has a second value.
func (l *lowerer) typedOrZero(x ast.Expr, t types.Type, ok bool) ast.Expr {
	typ := func() ast.Expr { return l.typeExpr(t, x.Pos()) }
	results, values := fields(field("", typ())), list(ast.NewIdent("ꞏv"))
	var body []ast.Stmt
	if ok {
		body = append(body, define(list(ast.NewIdent("ꞏx"), ast.NewIdent("ꞏfound")), x))
		x = ast.NewIdent("ꞏx")
		results.List, values = append(results.List, field("", ast.NewIdent("bool"))), append(values, ast.NewIdent("ꞏfound"))
	}
	body = append(body,
		declare("ꞏv", typ()), declare("ꞏok", ast.NewIdent("bool")),
		assign(list(ast.NewIdent("ꞏv"), ast.NewIdent("ꞏok")), &ast.TypeAssertExpr{X: x, Type: typ()}),
		&ast.IfStmt{Cond: &ast.UnaryExpr{Op: token.NOT, X: ast.NewIdent("ꞏok")}, Body: block(declare("ꞏz", typ()), assign(list(ast.NewIdent("ꞏv")), ast.NewIdent("ꞏz")))},
		&ast.ReturnStmt{Results: values})
	return call(&ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}, Results: results}, Body: block(body...)})
}

// surveyLoose notes where loose fields are assigned to, and refuses what a
// field of type any cannot do.
func (l *lowerer) surveyLoose(n ast.Node) {
	l.surveyElement(n)
	place := func(x ast.Expr) {
		x = ast.Unparen(x)
		if sel, ok := x.(*ast.SelectorExpr); ok && l.looseField(sel) != nil {
			l.loose[sel] = true
		}
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, x := range n.Lhs {
			place(x)
			l.refuseInside(x)
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			if sel, ok := ast.Unparen(n.X).(*ast.SelectorExpr); ok && l.looseField(sel) != nil {
				l.refuse(n.Pos(), "the address of field "+sel.Sel.Name+" cannot be taken: its type leads through a function back to the struct", "keep the function in a variable")
			}
			l.refuseInside(n.X)
		}
	}
}

// refuseInside refuses to change a part of an array or struct in a loose
// field.
func (l *lowerer) refuseInside(x ast.Expr) {
	for {
		switch y := ast.Unparen(x).(type) {
		case *ast.IndexExpr:
			if !isArray(l.info.Types[y.X].Type) {
				return
			}
			x = y.X
		case *ast.SelectorExpr:
			if isPointer2(l.info.Types[y.X].Type) {
				return
			}
			x = y.X
		default:
			return
		}
		if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok && l.looseField(sel) != nil {
			l.refuse(sel.Pos(), "a part of field "+sel.Sel.Name+" cannot be changed: its type leads through a function back to the struct", "change a copy and assign the whole field")
			return
		}
	}
}

func isPointer2(t types.Type) bool { return t != nil && isPointer(t) }

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

package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// The interpreter builds types by reflection, which has none that contain
// themselves other than through a struct:
//
//	type tree map[string]tree        type tree map[string]any
//
// The elements of such a type are of type any there ("loose"), and get their
// type where they are read:
//
//	func() tree { v, _ := t["a"].(tree); return v }()

// looseElem returns the type of the elements of t if that leads back to t, or
// nil.
func looseElem(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	u := t.Underlying()
	var e types.Type
	switch u := u.(type) {
	case *types.Map:
		e = u.Elem()
	case *types.Slice:
		e = u.Elem()
	case *types.Array:
		e = u.Elem()
	}
	if e == nil || !leadsTo(e, u, map[types.Type]bool{}) {
		return nil
	}
	return e
}

// leadsTo reports whether t contains a user's type of the underlying type u,
// not counting what structs contain.
func leadsTo(t, u types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		if !rt.IsUser(t.Obj().Pkg()) || types.IsInterface(t) {
			return false
		}
		return t.Underlying() == u || leadsTo(t.Underlying(), u, seen)
	case *types.Pointer:
		return leadsTo(t.Elem(), u, seen)
	case *types.Slice:
		return leadsTo(t.Elem(), u, seen)
	case *types.Array:
		return leadsTo(t.Elem(), u, seen)
	case *types.Chan:
		return leadsTo(t.Elem(), u, seen)
	case *types.Map:
		return leadsTo(t.Key(), u, seen) || leadsTo(t.Elem(), u, seen)
	case *types.Signature:
		for e := range tupleTypes(t) {
			if leadsTo(e, u, seen) {
				return true
			}
		}
	}
	return false
}

// looseElements makes the elements of a declared type any, where they must be.
func (l *lowerer) looseElements(s *ast.TypeSpec) {
	obj := l.info.Defs[s.Name]
	if obj == nil || looseElem(obj.Type()) == nil {
		return
	}
	switch t := ast.Unparen(s.Type).(type) {
	case *ast.MapType:
		t.Value = ast.NewIdent("any")
	case *ast.ArrayType:
		t.Elt = ast.NewIdent("any")
	}
}

// looseType is the underlying type of a type with loose elements, or nil.
func (l *lowerer) looseType(t *types.Named) ast.Expr {
	if looseElem(t) == nil {
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		return &ast.MapType{Key: l.typeExpr(u.Key(), t.Obj().Pos()), Value: ast.NewIdent("any")}
	case *types.Slice:
		return &ast.ArrayType{Elt: ast.NewIdent("any")}
	case *types.Array:
		return &ast.ArrayType{Len: intLit(int(u.Len())), Elt: ast.NewIdent("any")}
	}
	return nil
}

// readElement gives a loose element its type where it is read.
func (l *lowerer) readElement(n *ast.IndexExpr) ast.Expr {
	e := looseElem(deref(l.containers[n]))
	if e == nil || l.places[n] {
		return nil
	}
	_, ok := l.info.Types[n].Type.(*types.Tuple)
	return l.typedOrZero(n, e, ok)
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

// definedByName returns the type that a declaration like type A B makes of
// another user's type. It is written out: the interpreter loses its way where
// such declarations refer to each other.
func (l *lowerer) definedByName(s *ast.TypeSpec) *types.Named {
	tn, ok := l.info.Defs[s.Name].(*types.TypeName)
	if !ok || tn.IsAlias() || s.TypeParams != nil {
		return nil
	}
	of, ok := types.Unalias(l.info.Types[s.Type].Type).(*types.Named)
	if !ok || !rt.IsUser(of.Obj().Pkg()) {
		return nil
	}
	return tn.Type().(*types.Named)
}

// demandBuildable refuses a type that cannot be built: one that leads to itself
// without a struct that has a name, or a recursive function type
// with methods.
func (l *lowerer) demandBuildable(t *types.Named, pos token.Pos) {
	switch {
	case isRecursiveFunc(t):
		if t.NumMethods() > 0 {
			l.refuse(pos, "methods of a function type that takes or returns itself are not supported yet", "put the function into a struct")
		}
	case !types.IsInterface(t) && !l.buildable(t):
		l.refuse(pos, "type "+rt.TypeText(t)+" contains itself otherwise than through a declared struct, a slice or a map", "declare a struct: type T struct{ next *T }")
	}
}

// buildable reports whether a type does not lead to itself, other than through
// structs with names, loose elements and what is any.
func (l *lowerer) buildable(t types.Type) bool {
	t = types.Unalias(t)
	if n, ok := t.(*types.Named); ok {
		if !rt.IsUser(n.Obj().Pkg()) || isAny(n) {
			return true
		}
		if ok, seen := l.built[n]; seen {
			return ok
		}
		l.built[n] = false // until all of it has been seen
		l.built[n] = l.partsBuildable(n)
		return l.built[n]
	}
	return l.partsBuildable(t)
}

func (l *lowerer) partsBuildable(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		_, named := t.(*types.Named)
		for f := range u.Fields() {
			if !named && !l.buildable(f.Type()) {
				return false
			}
		}
	case *types.Pointer:
		return l.buildable(u.Elem())
	case *types.Chan:
		return l.buildable(u.Elem())
	case *types.Map:
		return l.buildable(u.Key()) && (looseElem(t) != nil || l.buildable(u.Elem()))
	case *types.Slice:
		return looseElem(t) != nil || l.buildable(u.Elem())
	case *types.Array:
		return looseElem(t) != nil || l.buildable(u.Elem())
	case *types.Signature:
		for e := range tupleTypes(u) {
			if !l.buildable(e) {
				return false
			}
		}
	}
	return true
}

// surveyElement notes where loose elements are stored.
func (l *lowerer) surveyElement(n ast.Node) {
	store := func(container, x ast.Expr) {
		lit, isLit := x.(*ast.CompositeLit)
		if tv := l.info.Types[x]; looseElem(deref(l.info.Types[container].Type)) != nil && !tv.IsNil() && !(isLit && lit.Type == nil) {
			l.adapted[x] = "Unwrap"
		}
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, x := range n.Lhs {
			if at, ok := ast.Unparen(x).(*ast.IndexExpr); ok && len(n.Lhs) == len(n.Rhs) {
				store(at.X, n.Rhs[i])
			}
		}
	case *ast.CompositeLit:
		for _, x := range n.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				x = kv.Value
			}
			store(n, x)
		}
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok && l.isBuiltin(id) && id.Name == "append" && !n.Ellipsis.IsValid() {
			for _, x := range n.Args[1:] {
				store(n.Args[0], x)
			}
		}
	case *ast.UnaryExpr:
		x, ok := ast.Unparen(n.X).(*ast.IndexExpr)
		if n.Op == token.AND && ok && looseElem(deref(l.info.Types[x.X].Type)) != nil {
			l.refuse(n.Pos(), "the address of an element cannot be taken: its type contains itself", "put the elements into a struct: type T []struct{ sub T }")
		}
	}
}

// keepsElements refuses to convert what has elements of their own type to a
// type with loose ones, and the other way round; so it does where pointers to
// such values are converted.
func (l *lowerer) keepsElements(x ast.Expr, to types.Type) {
	from := l.info.Types[x].Type
	if from == nil || to == nil || types.IsInterface(to) || types.IsInterface(from) || isUntypedNil(from) {
		return
	}
	if isPointer(from) && isPointer(to) {
		from, to = deref(from), deref(to)
	}
	if types.Identical(from, to) || from.Underlying() == to.Underlying() {
		return
	}
	if lit, ok := ast.Unparen(x).(*ast.CompositeLit); ok && looseElem(to) != nil {
		lit.Type = l.typeExpr(to, x.Pos())
		l.info.Types[lit] = types.TypeAndValue{Type: to}
		return
	}
	if looseElem(from) != nil || looseElem(to) != nil {
		l.refuse(x.Pos(), "a value of type "+rt.TypeText(from)+" cannot become one of type "+rt.TypeText(to)+": the type contains itself", "make it of that type from the start")
	}
}

// literalElements writes the types of the elements of a literal that leaves
// them out.
func (l *lowerer) literalElements(n *ast.CompositeLit) {
	e := looseElem(deref(l.info.Types[n].Type))
	if e == nil {
		return
	}
	for i, x := range n.Elts {
		place := &n.Elts[i]
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			place = &kv.Value
		}
		lit, ok := (*place).(*ast.CompositeLit)
		if !ok || lit.Type != nil {
			continue
		}
		if p, ok := e.Underlying().(*types.Pointer); ok {
			lit.Type = l.typeExpr(p.Elem(), lit.Lbrace)
			*place = l.helper("Unwrap", addr(lit))
		} else {
			lit.Type = l.typeExpr(e, lit.Lbrace)
			*place = l.helper("Unwrap", lit)
		}
	}
}

package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// interfaceName replaces the name of an open interface by any.
func (l *lowerer) interfaceName(id *ast.Ident) ast.Expr {
	tn, ok := l.info.Uses[id].(*types.TypeName)
	if !ok || !isAny(tn.Type()) || !rt.IsUser(tn.Pkg()) {
		return nil
	}
	return &ast.Ident{Name: "any", NamePos: id.NamePos}
}

// isInterfaceSpec reports whether a type declaration declares an open
// interface or another name of one: nothing is left to declare then.
func (l *lowerer) isInterfaceSpec(s *ast.TypeSpec) bool {
	obj := l.info.Defs[s.Name]
	if obj == nil || s.TypeParams != nil {
		return false
	}
	if n, ok := obj.Type().(*types.Named); ok {
		l.demandBuildable(n, s.Pos())
	}
	return isAny(obj.Type())
}

// isAny reports whether a type is any to the interpreter.
func isAny(t types.Type) bool { return isOpen(t) || isRecursiveFunc(t) }

// nameFields gives embedded interfaces of a struct a name: the interpreter
// cannot promote their methods, lowered code does. Blank fields get names too.
func (l *lowerer) nameFields(n *ast.StructType) {
	st, _ := l.info.Types[n].Type.(*types.Struct)
	i := 0
	for _, f := range n.Fields.List {
		if t := l.info.Types[f.Type].Type; len(f.Names) == 0 && embedsByName(t) {
			f.Names = []*ast.Ident{ast.NewIdent(embeddedName(f.Type))}
		} else if len(f.Names) == 0 && t != nil {
			f.Type = l.typeExpr(t, f.Type.Pos()) // another name of a type would be the field's
		}
		for j, id := range f.Names {
			if st != nil {
				id.Name = fieldName(st, i+j)
			}
		}
		i += max(1, len(f.Names))
	}
}

// embedsByName reports whether an embedded field of type t becomes one that has
// a name: the interpreter would not find it by that of its type.
func embedsByName(t types.Type) bool {
	if _, ok := t.(*types.Alias); ok {
		switch types.Unalias(t).(type) {
		case *types.Named, *types.Pointer:
		default:
			return true
		}
	}
	return isValueInterface(t)
}

func embeddedName(x ast.Expr) string {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.IndexExpr:
		return embeddedName(x.X)
	case *ast.IndexListExpr:
		return embeddedName(x.X)
	case *ast.StarExpr:
		return embeddedName(x.X)
	}
	return "_"
}

// interfaceMethod returns the interface whose method a selection selects, and
// whether the method is promoted from an embedded field.
func interfaceMethod(s *types.Selection) (types.Type, bool) {
	if s == nil || s.Kind() == types.FieldVal {
		return nil, false
	}
	recv := s.Obj().(*types.Func).Signature().Recv().Type()
	if !types.IsInterface(recv) {
		return nil, false
	}
	if len(s.Index()) == 1 {
		return s.Recv(), false
	}
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		t = deref(t).Underlying().(*types.Struct).Field(i).Type()
	}
	return t, true
}

// path writes out the embedded fields by which a selection reaches its method.
func (l *lowerer) path(x ast.Expr, s *types.Selection) ast.Expr {
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		f := deref(t).Underlying().(*types.Struct).Field(i)
		name := l.embeddedName(f)
		if name == "" {
			name = f.Name()
		}
		x = &ast.SelectorExpr{X: x, Sel: ast.NewIdent(name)}
		t = f.Type()
	}
	return x
}

// selector lowers a method of an interface that is taken as a value. Where the
// method is called, only an embedded interface is written out here.
func (l *lowerer) selector(n *ast.SelectorExpr) ast.Expr {
	s := l.info.Selections[n]
	t, promoted := interfaceMethod(s)
	if t == nil {
		return nil
	}
	if s.Kind() == types.MethodExpr {
		return l.interfaceMethodExpr(n, s, t)
	}
	if promoted {
		n.X = l.path(n.X, s)
	}
	sig := s.Type().(*types.Signature)
	switch {
	case l.called[n]:
		return nil
	case isOpen(t):
		return &ast.TypeAssertExpr{
			X:    &ast.ParenExpr{X: l.helper("Bound", n.X, strLit(n.Sel.Name))},
			Type: l.signature(sig, n.Pos(), ""),
		}
	case promoted:
		return l.bindMethod(sig, n, t, n.X)
	}
	return nil
}

// interfaceMethodExpr lowers I.M and T.M where M comes from an interface.
func (l *lowerer) interfaceMethodExpr(n *ast.SelectorExpr, s *types.Selection, t types.Type) ast.Expr {
	sig := s.Type().(*types.Signature)
	typ := l.signature(sig, n.Pos(), "ꞏa")
	recv := l.path(ast.NewIdent("ꞏa0"), s)
	method := s.Obj().(*types.Func)
	return &ast.FuncLit{Type: typ, Body: block(l.result(method.Signature(), l.callMethod(recv, t, method, paramNames(method.Signature(), 1), n.Pos())))}
}

// result returns what a call returns, or just calls.
func (l *lowerer) result(sig *types.Signature, c ast.Expr) ast.Stmt {
	if sig.Results().Len() == 0 {
		return exprStmt(c)
	}
	return &ast.ReturnStmt{Results: list(c)}
}

// paramNames are the names that [lowerer.signature] gives with prefix ꞏa.
func paramNames(sig *types.Signature, first int) []ast.Expr {
	var names []ast.Expr
	for i := range sig.Params().Len() {
		names = append(names, ast.NewIdent("ꞏa"+strconv.Itoa(first+i)))
	}
	return names
}

// callMethod calls a method of an interface value of type t with all
// parameters, a variadic one as a slice.
func (l *lowerer) callMethod(x ast.Expr, t types.Type, m *types.Func, args []ast.Expr, pos token.Pos) ast.Expr {
	var c *ast.CallExpr
	if isOpen(t) {
		c = call(ast.NewIdent(l.caller(m, pos)), append(list(x), args...)...)
	} else {
		c = call(&ast.SelectorExpr{X: x, Sel: ast.NewIdent(m.Name())}, args...)
	}
	if m.Signature().Variadic() {
		c.Ellipsis = ellipsis(pos)
	}
	return c
}

// callIdentity lowers a call of a method of an open interface, and the
// functions of compiled packages that know user types.
func (l *lowerer) callIdentity(n *ast.CallExpr) ast.Expr {
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := l.info.Selections[sel]
	t, _ := interfaceMethod(s)
	if t == nil || s.Kind() != types.MethodVal || !isOpen(t) {
		return nil
	}
	m := s.Obj().(*types.Func)
	if l.tupleArg[n] {
		n.Fun = &ast.TypeAssertExpr{
			X:    &ast.ParenExpr{X: l.helper("Bound", sel.X, strLit(m.Name()))},
			Type: l.signature(m.Signature(), n.Pos(), ""),
		}
		return nil
	}
	c := &ast.CallExpr{
		Fun: ast.NewIdent(l.caller(m, n.Pos())), Lparen: n.Lparen, Args: append(list(sel.X), n.Args...), Ellipsis: n.Ellipsis, Rparen: n.Rparen,
	}
	l.openCalls[c] = true
	return c
}

// caller returns the name of an emitted function that calls a method of an
// open interface:
//
//	func ꞏcallꞏ7ꞏ1(ꞏs any, ꞏa0 float64) float64 {
//		var ꞏf func(any, float64) float64
//		ꞏf = rt.Method(ꞏs, "Scale").(func(any, float64) float64)
//		return ꞏf(ꞏs, ꞏa0)
//	}
func (l *lowerer) caller(m *types.Func, pos token.Pos) string {
	key := fmt.Sprint(m.Name(), " ", l.ids.ID(m.Signature()))
	if name := l.callers[key]; name != "" {
		return name
	}
	name := fmt.Sprintf("ꞏcallꞏ%dꞏ%d", l.u.Number, len(l.callers)+1)
	l.callers[key] = name
	sig := m.Signature()
	withSelf := func() *ast.FuncType {
		ft := l.signature(sig, pos, "")
		ft.Params.List = append([]*ast.Field{field("", ast.NewIdent("any"))}, ft.Params.List...)
		return ft
	}
	typ := l.signature(sig, pos, "ꞏa")
	typ.Params.List = append([]*ast.Field{field("ꞏs", ast.NewIdent("any"))}, typ.Params.List...)
	c := call(ast.NewIdent("ꞏf"), append(list(ast.NewIdent("ꞏs")), paramNames(sig, 0)...)...)
	if sig.Variadic() {
		c.Ellipsis = ellipsis(pos)
	}
	l.helpers = append(l.helpers, &ast.FuncDecl{Name: ast.NewIdent(name), Type: typ, Body: block(
		declare("ꞏf", withSelf()),
		assign(list(ast.NewIdent("ꞏf")), &ast.TypeAssertExpr{X: l.helper("Method", ast.NewIdent("ꞏs"), strLit(m.Name())), Type: withSelf()}),
		l.result(sig, c),
	)})
	return name
}

// declare is var name typ.
func declare(name string, typ ast.Expr) ast.Stmt {
	return &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{&ast.ValueSpec{Names: []*ast.Ident{ast.NewIdent(name)}, Type: typ}}}}
}

// tupleTypes yields the types of a function's parameters and results.
func tupleTypes(sig *types.Signature) func(yield func(types.Type) bool) {
	return func(yield func(types.Type) bool) {
		for _, t := range []*types.Tuple{sig.Params(), sig.Results()} {
			for i := range t.Len() {
				if !yield(t.At(i).Type()) {
					return
				}
			}
		}
	}
}

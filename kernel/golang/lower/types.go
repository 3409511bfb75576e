package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// varDecl declares the storage of a variable.
func (l *lowerer) varDecl(d *check.Decl) ast.Decl {
	return &ast.GenDecl{Tok: token.VAR, TokPos: d.Obj.Pos(), Specs: []ast.Spec{&ast.ValueSpec{
		Names: []*ast.Ident{{Name: d.Emit, NamePos: d.Obj.Pos()}},
		Type:  l.typeExpr(d.Obj.Type(), d.Obj.Pos()),
	}}}
}

// typeExpr writes a type. A type that has no name in this package is refused
// at pos.
func (l *lowerer) typeExpr(t types.Type, pos token.Pos) ast.Expr {
	switch t := t.(type) {
	case *types.Basic:
		return basic(t)
	case *types.Alias:
		return l.typeExpr(types.Unalias(t), pos)
	case *types.Named:
		return l.namedType(t, pos)
	case *types.Pointer:
		return &ast.StarExpr{X: l.typeExpr(t.Elem(), pos)}
	case *types.Slice:
		return &ast.ArrayType{Elt: l.typeExpr(t.Elem(), pos)}
	case *types.Array:
		return &ast.ArrayType{Len: intLit(int(t.Len())), Elt: l.typeExpr(t.Elem(), pos)}
	case *types.Map:
		return &ast.MapType{Key: l.typeExpr(t.Key(), pos), Value: l.typeExpr(t.Elem(), pos)}
	case *types.Chan:
		dir := map[types.ChanDir]ast.ChanDir{types.SendRecv: ast.SEND | ast.RECV, types.SendOnly: ast.SEND, types.RecvOnly: ast.RECV}
		return &ast.ChanType{Dir: dir[t.Dir()], Value: l.typeExpr(t.Elem(), pos)}
	case *types.Signature:
		return l.signature(t, pos, "")
	case *types.Struct:
		return l.structType(t, pos)
	case *types.Interface:
		return ast.NewIdent("any")
	}
	l.refuse(pos, "a value of type "+t.String()+" cannot be kept between cells yet", "keep it inside a function")
	return ast.NewIdent("any")
}

func basic(t *types.Basic) ast.Expr {
	switch t.Kind() {
	case types.UntypedBool, types.UntypedInt, types.UntypedFloat, types.UntypedComplex, types.UntypedString, types.UntypedRune:
		return ast.NewIdent(types.Default(t).(*types.Basic).Name())
	case types.UnsafePointer:
		return ast.NewIdent("uintptr")
	}
	return ast.NewIdent(t.Name())
}

func (l *lowerer) namedType(t *types.Named, pos token.Pos) ast.Expr {
	obj := t.Obj()
	if isAny(t) && rt.IsUser(obj.Pkg()) {
		return ast.NewIdent("any")
	}
	if isLocal(obj) {
		return ast.NewIdent(l.localName(t))
	}
	if t.TypeArgs().Len() > 0 {
		if name := l.u.InstanceName(t.Origin().Obj(), t.TypeArgs()); name != "" {
			return ast.NewIdent(name)
		}
	}
	if name := l.u.EmitName(obj); name != "" {
		return ast.NewIdent(name)
	}
	if obj.Pkg() == nil || obj.Pkg() == l.pkg || rt.IsUser(obj.Pkg()) {
		return ast.NewIdent(obj.Name())
	}
	if t.TypeArgs().Len() > 0 {
		return l.libraryType(t, pos)
	}
	if !obj.Exported() {
		l.refuse(pos, "a value of type "+obj.Pkg().Name()+"."+obj.Name()+" cannot be kept: the type has no name outside its package",
			"declare the variable with an interface type: var x I = …")
		return ast.NewIdent("any")
	}
	return &ast.SelectorExpr{X: l.alias(obj.Pkg().Path()), Sel: ast.NewIdent(obj.Name())}
}

// embeddedName returns the name of an embedded field: the engine's name of its
// type, by which the interpreter knows it, or "" where that is the type's own.
func (l *lowerer) embeddedName(v *types.Var) string {
	t := types.Unalias(v.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || embedsByName(v.Type()) {
		return "" // an interface is a field of its own name
	}
	switch x := l.namedType(n, v.Pos()).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

// signature writes a function type. With a prefix, parameters are named
// prefix0, prefix1, ….
func (l *lowerer) signature(sig *types.Signature, pos token.Pos, prefix string) *ast.FuncType {
	ft := &ast.FuncType{Params: &ast.FieldList{}}
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		x := ast.Expr(nil)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			x = &ast.Ellipsis{Elt: l.typeExpr(types.Unalias(t).(*types.Slice).Elem(), pos)}
		} else {
			x = l.typeExpr(t, pos)
		}
		name := ""
		if prefix != "" {
			name = prefix + strconv.Itoa(i)
		}
		ft.Params.List = append(ft.Params.List, field(name, x))
	}
	if sig.Results().Len() > 0 {
		ft.Results = &ast.FieldList{}
		for i := range sig.Results().Len() {
			ft.Results.List = append(ft.Results.List, field("", l.typeExpr(sig.Results().At(i).Type(), pos)))
		}
	}
	return ft
}

func (l *lowerer) structType(t *types.Struct, pos token.Pos) ast.Expr {
	s := &ast.StructType{Fields: &ast.FieldList{}}
	for i := range t.NumFields() {
		name := fieldName(t, i)
		if t.Field(i).Embedded() && !embedsByName(t.Field(i).Type()) {
			name = ""
		}
		f := field(name, l.typeExpr(t.Field(i).Type(), pos))
		if t.Tag(i) != "" {
			f.Tag = &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(t.Tag(i))}
		}
		s.Fields.List = append(s.Fields.List, f)
	}
	return s
}

func field(name string, t ast.Expr) *ast.Field {
	if name == "" {
		return &ast.Field{Type: t}
	}
	return &ast.Field{Names: []*ast.Ident{ast.NewIdent(name)}, Type: t}
}

func fields(list ...*ast.Field) *ast.FieldList { return &ast.FieldList{List: list} }

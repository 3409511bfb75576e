package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// The interpreter's generics are unreliable, so it never sees any: each
// instance of a generic function or type is checked and emitted for itself,
// its type parameters bound to the arguments.

// Instance is a generic function or type with concrete type arguments.
type Instance struct {
	Origin types.Object
	Args   []types.Type
	Emit   string       // the engine's name
	Named  *types.Named // the type; nil for a function
}

// maxInstances bounds the instances that one cell may cause.
const maxInstances = 2000

// InstanceName returns the engine's name of a generic object with the given
// arguments, or "" if the session has no such instance.
func (u *Unit) InstanceName(obj types.Object, args *types.TypeList) string {
	if in := findInstance(u.instances[obj], args); in != nil {
		return in.Emit
	}
	if in := findInstance(u.liveInstances[obj], args); in != nil {
		return in.Emit
	}
	return ""
}

// Bound returns the type that a type parameter stands for in the instance of
// which its name is part.
func (u *Unit) Bound(obj types.Object) types.Type { return u.bound[obj] }

func findInstance(list []*Instance, args *types.TypeList) *Instance {
	for _, in := range list {
		same := len(in.Args) == args.Len()
		for i := 0; same && i < args.Len(); i++ {
			same = types.Identical(in.Args[i], args.At(i))
		}
		if same {
			return in
		}
	}
	return nil
}

// instantiate emits every instance that the unit needs and does not have,
// those that the instances themselves need included.
func (b *builder) instantiate(u *Unit) {
	f := finder{b: b, u: u, seen: map[types.Type]bool{}}
	for n := 0; len(b.errs) == 0; n++ {
		f.find()
		if n >= len(f.found) {
			return
		}
		if n == maxInstances {
			b.errs = append(b.errs, types.Error{Fset: b.fset, Pos: b.body.Pos(), Msg: fmt.Sprintf("this cell needs more than %d instances of generic declarations", maxInstances)})
			return
		}
		b.emitInstance(u, f.found[n])
	}
}

// finder collects instances.
type finder struct {
	b     *builder
	u     *Unit
	seen  map[types.Type]bool
	found []*Instance
}

// find looks through all that was checked so far.
func (f *finder) find() {
	for id, inst := range f.b.info.Instances {
		obj := f.b.info.Uses[id]
		if fn, ok := obj.(*types.Func); ok {
			f.add(fn, inst.TypeArgs, nil)
		}
		f.walk(inst.Type)
	}
	for _, c := range f.u.Converted {
		f.walk(c.New.Obj.Type())
	}
	for _, tv := range f.b.info.Types {
		f.walk(tv.Type)
	}
	for _, obj := range f.b.info.Defs {
		if obj != nil {
			f.walk(obj.Type())
		}
	}
}

// add notes an instance of a declaration of the session.
func (f *finder) add(obj types.Object, args *types.TypeList, named *types.Named) {
	if !f.b.owns(obj.Pkg()) || args.Len() == 0 || isLocal(obj) {
		return
	}
	var list []types.Type
	for t := range args.Types() {
		if hasTypeParam(t, nil) {
			return
		}
		list = append(list, t)
	}
	if f.u.InstanceName(obj, args) != "" {
		return
	}
	in := &Instance{Origin: obj, Args: list, Named: named, Emit: f.b.emitName(obj.Name()+string(instanceMark), f.b.number)}
	f.u.instances[obj] = append(f.u.instances[obj], in)
	f.found = append(f.found, in)
}

// instanceMark ends the names of instances.
const instanceMark = 'ꞌ'

// walk finds the instances of generic types that a type is made of.
func (f *finder) walk(t types.Type) {
	if t == nil || f.seen[t] {
		return
	}
	f.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		f.walk(types.Unalias(t))
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			f.walk(a)
		}
		f.add(t.Origin().Obj(), t.TypeArgs(), t)
		if f.b.owns(t.Obj().Pkg()) && !hasTypeParam(t, nil) {
			f.walk(t.Underlying())
		}
	case interface{ Elem() types.Type }:
		f.walk(t.Elem())
		if m, ok := t.(*types.Map); ok {
			f.walk(m.Key())
		}
	case *types.Signature:
		f.walk(t.Params())
		f.walk(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			f.walk(v.Type())
		}
	case *types.Struct:
		for v := range t.Fields() {
			f.walk(v.Type())
		}
	case *types.Interface:
		for m := range t.Methods() {
			f.walk(m.Type())
		}
	}
}

// hasTypeParam reports whether a type depends on a type parameter.
func hasTypeParam(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	if seen == nil {
		seen = map[types.Type]bool{}
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.TypeParam:
		return true
	case *types.Alias:
		return hasTypeParam(types.Unalias(t), seen)
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if hasTypeParam(a, seen) {
				return true
			}
		}
		if t.TypeParams().Len() > 0 && t.TypeArgs().Len() == 0 {
			return true
		}
		// A type declared inside a generic function may be made of its parameters.
		return isLocal(t.Obj()) && hasTypeParam(t.Underlying(), seen)
	case *types.Map:
		return hasTypeParam(t.Key(), seen) || hasTypeParam(t.Elem(), seen)
	case interface{ Elem() types.Type }:
		return hasTypeParam(t.Elem(), seen)
	case *types.Signature:
		return hasTypeParam(t.Params(), seen) || hasTypeParam(t.Results(), seen)
	case *types.Tuple:
		for v := range t.Variables() {
			if hasTypeParam(v.Type(), seen) {
				return true
			}
		}
	case *types.Struct:
		for v := range t.Fields() {
			if hasTypeParam(v.Type(), seen) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if hasTypeParam(m.Type(), seen) {
				return true
			}
		}
	}
	return false
}

// isLocal reports whether an object is declared inside a function.
func isLocal(obj types.Object) bool {
	s := obj.Parent()
	return s != nil && s != types.Universe && s.Parent() != types.Universe
}

// emitInstance checks the function, or the methods of the type, with the type
// parameters bound, and adds them to the unit.
func (b *builder) emitInstance(u *Unit, in *Instance) {
	d := b.declOf(u, in.Origin)
	if d == nil {
		return
	}
	if in.Named == nil {
		fn := b.reparse(d.Source, d.Name, "").(*ast.FuncDecl)
		names := paramNames(fn.Type.TypeParams)
		fn.Type.TypeParams = nil
		b.bindAndCheck(u, in, fn, names, node{decl: fn, source: d.Source, pkgs: d.pkgs}, b.varying[bodyKey{d.Source, d.Name, ""}])
		u.Nodes = append(u.Nodes, fn)
		u.instanceOf[fn] = in
		return
	}
	u.InstanceTypes = append(u.InstanceTypes, in)
	for _, m := range d.methods {
		fn := b.reparse(m.source, d.Name, m.name).(*ast.FuncDecl)
		nameBlankParams(fn)
		b.bindAndCheck(u, in, fn, receiverNames(fn), node{decl: fn, source: m.source, pkgs: d.pkgs}, b.varying[bodyKey{m.source, d.Name, m.name}])
		u.Nodes = append(u.Nodes, fn)
		u.instanceOf[fn] = in
	}
}

// declOf finds the declaration of a generic object, of this unit or live.
func (b *builder) declOf(u *Unit, obj types.Object) *Decl {
	for _, d := range u.Decls {
		if d.Obj == obj {
			return d
		}
	}
	if d := b.decls[obj.Name()]; d != nil && d.Obj == obj {
		return d
	}
	return nil
}

// bindAndCheck checks a function in which names stand for the instance's type
// arguments, and the calls of the given numbers for no constants.
func (b *builder) bindAndCheck(u *Unit, in *Instance, fn *ast.FuncDecl, names []string, n node, varying map[int]bool) {
	declared := u.Declared
	if pkg := in.Origin.Pkg(); pkg != b.pkg {
		declared = contents(pkg.Scope())
		defer b.within(pkg, declared)()
	}
	scope := emptied(b.pkg)
	for i, name := range names {
		if name == "_" || i >= len(in.Args) {
			continue
		}
		obj := types.NewTypeName(fn.Pos(), b.pkg, name, in.Args[i])
		scope.Insert(obj)
		u.bound[obj] = in.Args[i]
	}
	for _, v := range b.pkgVars {
		scope.Insert(v)
	}
	for _, obj := range declared {
		scope.Insert(obj)
	}
	ast.Inspect(fn, func(x ast.Node) bool {
		if id, ok := x.(*ast.Ident); ok {
			if d := b.decls[id.Name]; d != nil && !b.own[d.Name] {
				scope.Insert(d.Obj)
			}
		}
		return true
	})
	restore := shield(fn, varying, scope)
	f := &ast.File{Package: b.body.Pos(), Name: &ast.Ident{Name: b.pkg.Name(), NamePos: b.body.Pos()}}
	blank := b.blank(fn)
	blank.Type.TypeParams = nil
	f.Decls = append(b.importDecls(n), blank)
	b.checkFiles([]*ast.File{f}, toleratedInInstance)
	if checked, ok := b.info.Defs[blank.Name].(*types.Func); ok {
		b.info.Defs[fn.Name] = unblank(checked, fn)
	}
	restore(b.info)
}

// unblank returns a function that was checked as a blank one under its name,
// and a method with its receiver.
func unblank(checked *types.Func, fn *ast.FuncDecl) *types.Func {
	sig := checked.Signature()
	if fn.Recv != nil {
		var params []*types.Var
		for i := 1; i < sig.Params().Len(); i++ {
			params = append(params, sig.Params().At(i))
		}
		sig = types.NewSignatureType(sig.Params().At(0), nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	}
	return types.NewFunc(fn.Name.Pos(), checked.Pkg(), fn.Name.Name, sig)
}

// toleratedInInstance reports whether an error is none in an instance: its type
// arguments may make cases alike, or impossible, that are not in general.
func toleratedInInstance(e types.Error) bool {
	return tolerated(e) || strings.HasPrefix(e.Msg, "duplicate case ") || strings.HasPrefix(e.Msg, "impossible type ")
}

// nameBlankParams gives the blank type parameters of a receiver names that can
// be bound.
func nameBlankParams(fn *ast.FuncDecl) {
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == "_" {
			id.Name = fmt.Sprintf("ꞏ%d", id.Pos())
		}
		return true
	})
}

// paramNames returns the names of a type parameter list.
func paramNames(list *ast.FieldList) []string {
	var names []string
	for _, f := range list.List {
		for _, id := range f.Names {
			names = append(names, id.Name)
		}
	}
	return names
}

// receiverNames returns the names that a method gives the type parameters of
// its receiver.
func receiverNames(fn *ast.FuncDecl) []string {
	if len(fn.Recv.List) == 0 {
		return nil
	}
	var names []string
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		var list []ast.Expr
		switch n := n.(type) {
		case *ast.IndexExpr:
			list = []ast.Expr{n.Index}
		case *ast.IndexListExpr:
			list = n.Indices
		}
		for _, x := range list {
			if id, ok := x.(*ast.Ident); ok {
				names = append(names, id.Name)
			}
		}
		return list == nil
	})
	return names
}

// isGeneric reports whether a declaration has type parameters of its own.
func isGeneric(n node) bool {
	switch d := n.decl.(type) {
	case *ast.FuncDecl:
		return d.Type.TypeParams != nil || d.Recv != nil && len(receiverNames(d)) > 0
	case *ast.GenDecl:
		return d.Tok == token.TYPE && d.Specs[0].(*ast.TypeSpec).TypeParams != nil
	}
	return false
}

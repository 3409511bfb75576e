package check

import (
	"go/ast"
	"go/token"
	"go/types"
)

// members lists what can follow the dot of a selector.
func (b *builder) members(sel *ast.SelectorExpr) []Candidate {
	if id, ok := sel.X.(*ast.Ident); ok {
		if pkg, ok := b.info.Uses[id].(*types.PkgName); ok {
			return packageMembers(pkg.Imported())
		}
	}
	t := b.info.Types[sel.X].Type
	if t == nil {
		return nil
	}
	return typeMembers(t)
}

func packageMembers(pkg *types.Package) []Candidate {
	var out []Candidate
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			out = append(out, candidate(pkg.Scope().Lookup(name)))
		}
	}
	return out
}

// typeMembers lists the fields and methods that a value of type t has,
// promoted ones included.
func typeMembers(t types.Type) []Candidate {
	seen := map[string]bool{}
	var out []Candidate
	add := func(obj types.Object) {
		if !seen[obj.Name()] && obj.Name() != "_" && (obj.Exported() || obj.Pkg() == nil || obj.Pkg().Path() == "main") {
			seen[obj.Name()] = true
			out = append(out, candidate(obj))
		}
	}
	set := types.NewMethodSet(t)
	if !types.IsInterface(t) {
		if _, isPtr := t.Underlying().(*types.Pointer); !isPtr {
			set = types.NewMethodSet(types.NewPointer(t))
		}
	}
	addFields(t, add, map[types.Type]bool{})
	for i := range set.Len() {
		add(set.At(i).Obj())
	}
	return out
}

func addFields(t types.Type, add func(types.Object), seen map[types.Type]bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || seen[t] {
		return
	}
	seen[t] = true
	for f := range s.Fields() {
		add(f)
		if f.Embedded() {
			addFields(f.Type(), add, seen)
		}
	}
}

func memberNames(t types.Type) []string {
	var names []string
	for _, c := range typeMembers(t) {
		names = append(names, c.Name)
	}
	return names
}

func candidate(obj types.Object) Candidate {
	c := Candidate{Name: obj.Name(), Object: obj}
	switch obj := obj.(type) {
	case *types.Func:
		c.Kind = "function"
		if obj.Signature().Recv() != nil {
			c.Kind = "method"
		}
	case *types.Var:
		c.Kind = "variable"
		if obj.IsField() {
			c.Kind = "field"
		}
	case *types.Const:
		c.Kind = "constant"
	case *types.TypeName:
		c.Kind = typeKind(obj.Type())
	case *types.PkgName:
		c.Kind = "module"
	case *types.Builtin:
		c.Kind = "function"
	default:
		c.Kind = "keyword"
	}
	if obj.Type() != nil && obj.Type() != types.Typ[types.Invalid] && c.Kind != "module" {
		c.Type = types.TypeString(obj.Type(), ShortNames)
	}
	return c
}

func typeKind(t types.Type) string {
	switch t.Underlying().(type) {
	case *types.Interface:
		return "interface"
	case *types.Struct:
		return "struct"
	}
	return "type"
}

// ShortNames qualifies types as a cell would: main's not at all, others by the
// name of their package.
func ShortNames(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}

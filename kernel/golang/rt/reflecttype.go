package rt

import (
	"go/token"
	"go/types"
	"reflect"
	"sort"
)

// TypeOf is reflect.TypeOf: the type of a user's value has the names, fields
// and methods that the program gave it.
func TypeOf(x any) reflect.Type {
	b, ok := Unwrap(x).(Box)
	if !ok {
		return reflect.TypeOf(x)
	}
	return userType{reflect.TypeOf(b.V), b.T}
}

// userType is an interpreted type with what the checker knows of it.
type userType struct {
	reflect.Type
	t *Type
}

// part describes a part of a type.
func (u userType) part(t types.Type, real reflect.Type) reflect.Type {
	if !mentionsUser(t, nil) {
		return real
	}
	return userType{real, u.t.types.Of(t)}
}

func (u userType) String() string { return u.t.String() }

func (u userType) Name() string {
	if n, ok := u.t.Go.(*types.Named); ok {
		return typeName(n)
	}
	return ""
}

func (u userType) PkgPath() string {
	if n, ok := u.t.Go.(*types.Named); ok {
		return n.Obj().Pkg().Path()
	}
	return ""
}

func (u userType) Comparable() bool { return types.Comparable(u.t.Go) }

func (u userType) Elem() reflect.Type {
	switch t := u.t.Go.Underlying().(type) {
	case *types.Pointer:
		return u.part(t.Elem(), u.Type.Elem())
	case *types.Slice:
		return u.part(t.Elem(), u.Type.Elem())
	case *types.Array:
		return u.part(t.Elem(), u.Type.Elem())
	case *types.Chan:
		return u.part(t.Elem(), u.Type.Elem())
	case *types.Map:
		return u.part(t.Elem(), u.Type.Elem())
	}
	return u.Type.Elem()
}

func (u userType) Key() reflect.Type {
	if t, ok := u.t.Go.Underlying().(*types.Map); ok {
		return u.part(t.Key(), u.Type.Key())
	}
	return u.Type.Key()
}

func (u userType) In(i int) reflect.Type {
	if t, ok := u.t.Go.Underlying().(*types.Signature); ok {
		return u.part(t.Params().At(i).Type(), u.Type.In(i))
	}
	return u.Type.In(i)
}

func (u userType) Out(i int) reflect.Type {
	if t, ok := u.t.Go.Underlying().(*types.Signature); ok {
		return u.part(t.Results().At(i).Type(), u.Type.Out(i))
	}
	return u.Type.Out(i)
}

func (u userType) Field(i int) reflect.StructField {
	f := u.Type.Field(i)
	t, ok := u.t.Go.Underlying().(*types.Struct)
	if !ok {
		return f
	}
	v := t.Field(i)
	f.Name, f.Anonymous, f.Tag = v.Name(), v.Embedded(), reflect.StructTag(t.Tag(i))
	f.Type, f.PkgPath = u.part(v.Type(), f.Type), ""
	if !v.Exported() {
		f.PkgPath = v.Pkg().Path()
	}
	return f
}

func (u userType) FieldByName(name string) (reflect.StructField, bool) {
	return u.FieldByNameFunc(func(s string) bool { return s == name })
}

// FieldByNameFunc looks among the fields and, behind them, those of embedded
// structs.
func (u userType) FieldByNameFunc(match func(string) bool) (reflect.StructField, bool) {
	for i := range u.NumField() {
		if f := u.Field(i); match(f.Name) {
			return f, true
		}
	}
	for i := range u.NumField() {
		f := u.Field(i)
		if inner, ok := f.Type.(userType); ok && f.Anonymous && inner.Kind() == reflect.Struct {
			if g, ok := inner.FieldByNameFunc(match); ok {
				g.Index = append([]int{i}, g.Index...)
				return g, true
			}
		}
	}
	return reflect.StructField{}, false
}

// methodNames are the exported methods, in the order of package reflect.
func (u userType) methodNames() []string {
	var names []string
	set := types.NewMethodSet(u.t.Go)
	for i := range set.Len() {
		if name := set.At(i).Obj().Name(); token.IsExported(name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

func (u userType) NumMethod() int { return len(u.methodNames()) }

func (u userType) Method(i int) reflect.Method {
	m, _ := u.MethodByName(u.methodNames()[i])
	return m
}

func (u userType) MethodByName(name string) (reflect.Method, bool) {
	for i, n := range u.methodNames() {
		if n == name {
			m := reflect.Method{Name: n, Index: i}
			if f := u.methodFunc(name); f.IsValid() {
				m.Type, m.Func = inner(f).typ(), f
			}
			return m, true
		}
	}
	return reflect.Method{}, false
}

// methodFunc is a method as a function of its receiver.
func (u userType) methodFunc(name string) reflect.Value {
	f := u.t.method(name)
	if !f.IsValid() {
		return f
	}
	obj, _, _ := types.LookupFieldOrMethod(u.t.Go, false, nil, name)
	sig := obj.(*types.Func).Signature()
	params := []*types.Var{types.NewParam(token.NoPos, nil, "", u.t.Go)}
	for p := range sig.Params().Variables() {
		params = append(params, p)
	}
	in, out := []reflect.Type{u.Type}, []reflect.Type{}
	for i := 1; i < f.Type().NumIn(); i++ {
		in = append(in, f.Type().In(i))
	}
	for i := range f.Type().NumOut() {
		out = append(out, f.Type().Out(i))
	}
	fn := reflect.MakeFunc(reflect.FuncOf(in, out, sig.Variadic()), func(args []reflect.Value) []reflect.Value {
		args[0] = inInterface(Box{u.t, args[0].Interface()})
		if sig.Variadic() {
			return f.CallSlice(args)
		}
		return f.Call(args)
	})
	t := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	return userValue{v: fn, t: u.t.types.Of(t)}.outer()
}

func (u userType) Implements(t reflect.Type) bool {
	if i, ok := t.(userType); ok {
		return types.Implements(u.t.Go, i.t.Go.Underlying().(*types.Interface))
	}
	for i := range t.NumMethod() {
		f := u.t.method(t.Method(i).Name)
		if !f.IsValid() || withoutReceiver(f.Type()) != t.Method(i).Type {
			return false
		}
	}
	return true
}

func (u userType) AssignableTo(t reflect.Type) bool {
	if to, ok := t.(userType); ok {
		return types.AssignableTo(u.t.Go, to.t.Go)
	}
	return t.Kind() == reflect.Interface && u.Implements(t) || u.Name() == "" && u.Type == t
}

func (u userType) ConvertibleTo(t reflect.Type) bool {
	if to, ok := t.(userType); ok {
		return types.ConvertibleTo(u.t.Go, to.t.Go)
	}
	if t.Kind() == reflect.Interface {
		return u.Implements(t)
	}
	return u.Type.ConvertibleTo(t)
}

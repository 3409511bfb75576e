package rt

import (
	"go/types"
	"reflect"
)

// What the methods of reflect.Value do with a user's value.

func (u userValue) typ() reflect.Type {
	if u.t == nil {
		return u.v.Type()
	}
	return newUserType(u.v.Type(), u.t)
}

// under is the underlying type of a user's value.
func (u userValue) under() types.Type {
	if u.t == nil {
		return nil
	}
	return u.t.Go.Underlying()
}

// same is another value of u's type.
func (u userValue) same(v reflect.Value) reflect.Value {
	return reflect.ValueOf(userValue{v, u.t, u.ro})
}

func (u userValue) toInterface() any {
	if u.ro {
		panic("reflect.Value.Interface: cannot return value obtained from unexported field or method")
	}
	return u.boxed()
}

func (u userValue) text() string {
	if u.v.Kind() == reflect.String {
		return u.v.String()
	}
	return "<" + u.typ().String() + " Value>"
}

func (u userValue) elem() reflect.Value {
	if p, ok := u.under().(*types.Pointer); ok && !u.v.IsNil() {
		return u.part(u.v.Elem(), p.Elem(), false)
	}
	if u.v.Kind() == reflect.Interface && u.ro && !u.v.IsNil() {
		e := ValueOf(u.v.Interface())
		i := inner(e)
		if i.t == nil {
			return e
		}
		i.ro = true
		return reflect.ValueOf(i)
	}
	return u.v.Elem()
}

func (u userValue) addr() reflect.Value {
	return u.part(u.v.Addr(), types.NewPointer(u.t.Go), false)
}

func (u userValue) field(i int) reflect.Value {
	st, ok := u.under().(*types.Struct)
	if !ok {
		return u.v.Field(i)
	}
	f, v := st.Field(i), u.v.Field(i)
	if f.Name() == "_" {
		v = reflect.Zero(v.Type()) // nobody can assign to it
	}
	return u.part(v, f.Type(), !f.Exported())
}

func (u userValue) fieldByName(name string) reflect.Value {
	return u.fieldByNameFunc(func(s string) bool { return s == name })
}

func (u userValue) fieldByNameFunc(match func(string) bool) reflect.Value {
	f, ok := u.typ().FieldByNameFunc(match)
	if !ok {
		return reflect.Value{}
	}
	return u.fieldByIndex(f.Index)
}

func (u userValue) fieldByIndex(path []int) reflect.Value {
	for n, i := range path {
		if n > 0 && u.v.Kind() == reflect.Pointer {
			u = inner(u.elem())
		}
		u = inner(u.field(i))
	}
	return u.outer()
}

// outer is u as the program sees it.
func (u userValue) outer() reflect.Value {
	if u.t == nil {
		return u.v
	}
	return reflect.ValueOf(u)
}

// elemOf is the type of the elements.
func (u userValue) elemOf() types.Type {
	switch t := u.under().(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	}
	return types.Typ[types.Uint8] // of a text
}

func (u userValue) index(i int) reflect.Value { return u.part(u.v.Index(i), u.elemOf(), false) }

func (u userValue) mapIndex(key reflect.Value) reflect.Value {
	v := u.v.MapIndex(inner(key).into(u.v.Type().Key()))
	if !v.IsValid() || u.t == nil {
		return v
	}
	return u.part(v, u.elemOf(), false)
}

func (u userValue) mapKeys() []reflect.Value {
	keys := u.v.MapKeys()
	m, ok := u.under().(*types.Map)
	for i := range keys {
		if ok {
			keys[i] = u.part(keys[i], m.Key(), false)
		}
	}
	return keys
}

func (u userValue) setMapIndex(key, elem reflect.Value) {
	t := u.v.Type()
	if elem.IsValid() {
		elem = inner(elem).into(t.Elem())
	}
	u.v.SetMapIndex(inner(key).into(t.Key()), elem)
}

func (u userValue) numMethod() int { return u.typ().NumMethod() }

func (u userValue) method(i int) reflect.Value {
	if u.t == nil {
		return u.v.Method(i)
	}
	names := userType{u.v.Type(), u.t}.methodNames()
	if i < 0 || i >= len(names) {
		panic("reflect: Method index out of range")
	}
	return u.methodByName(names[i])
}

func (u userValue) methodByName(name string) reflect.Value {
	if u.t == nil {
		return u.v.MethodByName(name)
	}
	if !u.t.Has(name) {
		return reflect.Value{}
	}
	f := reflect.ValueOf(u.t.types.boundMethod(Box{u.t, u.v.Interface()}, name))
	obj, _, _ := types.LookupFieldOrMethod(u.t.Go, false, nil, name)
	sig := obj.(*types.Func).Signature()
	return userValue{v: f, t: u.t}.part(f, types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()), u.ro)
}

// call calls a function whose arguments or results are of users' types.
func (u userValue) call(args []reflect.Value) []reflect.Value {
	in, t := make([]reflect.Value, len(args)), u.v.Type()
	for i, a := range args {
		p := t.In(min(i, t.NumIn()-1))
		if t.IsVariadic() && i >= t.NumIn()-1 {
			p = p.Elem()
		}
		in[i] = inner(a).into(p)
	}
	out := u.v.Call(in)
	if sig, ok := u.under().(*types.Signature); ok {
		for i := range out {
			out[i] = u.part(out[i], sig.Results().At(i).Type(), false)
		}
	}
	return out
}

func (u userValue) set(x reflect.Value) {
	u.mustWrite("Set")
	u.v.Set(inner(x).into(u.v.Type()))
}

func (u userValue) convert(t reflect.Type) reflect.Value {
	v := u.v
	if t.Kind() == reflect.Interface {
		return inInterface(u.boxed())
	}
	v = v.Convert(realType(t))
	if to, ok := t.(userType); ok {
		return reflect.ValueOf(userValue{v: v, t: to.t})
	}
	return v
}

func (u userValue) comparable() bool {
	return (u.t == nil || types.Comparable(u.t.Go)) && u.v.Comparable()
}

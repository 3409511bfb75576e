package rt

import (
	"fmt"
	"go/types"
	"reflect"
)

// Raw returns an interface value as the interpreter holds it, for compiled
// functions that look into it by reflection.
func Raw(x any) any { return raw(x) }

// RawAll is Raw of all arguments.
func RawAll(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = raw(a)
	}
	return out
}

// DeepEqual is reflect.DeepEqual.
func DeepEqual(x, y any) bool {
	x, y = Unwrap(x), Unwrap(y)
	a, ok := x.(Box)
	b, both := y.(Box)
	if ok != both || ok && a.T != b.T {
		return false
	}
	return reflect.DeepEqual(raw(x), raw(y))
}

// TemplateData prepares the data of a template. A template finds fields in the
// interpreter's values, but not the methods of their types.
func TemplateData(x any) any {
	x = Unwrap(x)
	if b, ok := x.(Box); ok {
		if t := WithMethods(b.T.Go); t != nil {
			panic(fmt.Sprintf("a template cannot call the methods of %s, a type of a cell: put what it shows into a map[string]any or a struct without methods", TypeText(t)))
		}
		return b.V
	}
	v := reflect.ValueOf(x)
	switch v.Kind() {
	case reflect.Map:
		if v.Type().Elem() != anyType || v.IsNil() {
			return x
		}
		out := reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			out.SetMapIndex(k, inInterface(TemplateData(v.MapIndex(k).Interface())))
		}
		return out.Interface()
	case reflect.Slice:
		if v.Type().Elem() != anyType || v.IsNil() {
			return x
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(inInterface(TemplateData(v.Index(i).Interface())))
		}
		return out.Interface()
	}
	return x
}

func inInterface(x any) reflect.Value {
	v := reflect.New(anyType).Elem()
	if x != nil {
		v.Set(reflect.ValueOf(x))
	}
	return v
}

// WithMethods returns a user's type with methods that t is or contains, or
// nil.
func WithMethods(t types.Type) types.Type { return withMethods(t, map[types.Type]bool{}) }

func withMethods(t types.Type, seen map[types.Type]bool) types.Type {
	t = types.Unalias(t)
	if seen[t] {
		return nil
	}
	seen[t] = true
	if UserMethods(t) && types.NewMethodSet(t).Len() > 0 {
		return t
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return withMethods(u.Elem(), seen)
	case *types.Slice:
		return withMethods(u.Elem(), seen)
	case *types.Array:
		return withMethods(u.Elem(), seen)
	case *types.Map:
		if k := withMethods(u.Key(), seen); k != nil {
			return k
		}
		return withMethods(u.Elem(), seen)
	case *types.Struct:
		if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && !IsUser(n.Obj().Pkg()) {
			return nil
		}
		for i := range u.NumFields() {
			if f := withMethods(u.Field(i).Type(), seen); f != nil {
				return f
			}
		}
	}
	return nil
}

// NoXML panics where package encoding/xml would be given a user's value: it
// takes the names of elements from types, which the interpreter forgets.
func NoXML(x any) any {
	if b, ok := Unwrap(x).(Box); ok {
		panic(fmt.Sprintf("encoding/xml cannot see the names in %s, a type of a cell; encoding/json can", b.T))
	}
	return x
}

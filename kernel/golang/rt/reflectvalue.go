package rt

import (
	"fmt"
	"go/types"
	"reflect"
)

// A reflect.Value of a user's value holds, to the interpreter, a userValue: the
// interpreter's value and the type that the program gave it. Lowered code calls
// the methods of reflect.Value through the functions of this file, which see
// through it.
type userValue struct {
	v  reflect.Value
	t  *Type
	ro bool // found through an unexported field
}

var (
	userValueType = reflect.TypeFor[userValue]()
	boxType       = reflect.TypeFor[Box]()
	valueType     = reflect.TypeFor[reflect.Value]()
)

// ValueOf is reflect.ValueOf.
func ValueOf(x any) reflect.Value {
	if b, ok := Unwrap(x).(Box); ok {
		return reflect.ValueOf(userValue{v: reflect.ValueOf(b.V), t: b.T})
	}
	return reflect.ValueOf(x)
}

// inner is what a reflect.Value of the program is to the interpreter; its t is
// nil if both are the same.
func inner(v reflect.Value) userValue {
	if v.IsValid() && v.CanInterface() {
		switch v.Type() {
		case userValueType:
			return v.Interface().(userValue)
		case boxType:
			b := v.Interface().(Box).newest()
			return userValue{v: reflect.ValueOf(b.V), t: b.T}
		}
	}
	return userValue{v: v}
}

// part is a part of u with the type that the checker knows.
func (u userValue) part(v reflect.Value, t types.Type, ro bool) reflect.Value {
	ro = ro || u.ro
	if !ro && (types.IsInterface(t) || !mentionsUser(t, nil)) {
		return v
	}
	return reflect.ValueOf(userValue{v, u.t.types.Of(t), ro})
}

// boxed is the value as it stands in an interface.
func (u userValue) boxed() any {
	if u.t == nil || types.IsInterface(u.t.Go) || !mentionsUser(u.t.Go, nil) {
		return u.v.Interface()
	}
	return Box{u.t, u.v.Interface()}
}

// into is the value as it goes into a place of type t.
func (u userValue) into(t reflect.Type) reflect.Value {
	if u.t == nil || t.Kind() != reflect.Interface {
		return u.v
	}
	return inInterface(u.boxed())
}

// valueMethods are the methods of reflect.Value that must know the type.
func valueMethods() map[string]any {
	return map[string]any{
		"Type":            userValue.typ,
		"Interface":       userValue.toInterface,
		"CanInterface":    func(u userValue) bool { return u.v.CanInterface() && !u.ro },
		"CanSet":          func(u userValue) bool { return u.v.CanSet() && !u.ro },
		"String":          userValue.text,
		"Elem":            userValue.elem,
		"Addr":            userValue.addr,
		"Field":           userValue.field,
		"FieldByName":     userValue.fieldByName,
		"FieldByNameFunc": userValue.fieldByNameFunc,
		"FieldByIndex":    userValue.fieldByIndex,
		"Index":           userValue.index,
		"Slice":           func(u userValue, i, j int) reflect.Value { return u.same(u.v.Slice(i, j)) },
		"Slice3":          func(u userValue, i, j, k int) reflect.Value { return u.same(u.v.Slice3(i, j, k)) },
		"MapIndex":        userValue.mapIndex,
		"MapKeys":         userValue.mapKeys,
		"SetMapIndex":     userValue.setMapIndex,
		"NumMethod":       userValue.numMethod,
		"Method":          userValue.method,
		"MethodByName":    userValue.methodByName,
		"Call":            userValue.call,
		"Set":             userValue.set,
		"Convert":         userValue.convert,
		"CanConvert":      func(u userValue, t reflect.Type) bool { return u.v.CanConvert(realType(t)) },
		"Equal":           func(u userValue, x reflect.Value) bool { return equal(u.boxed(), inner(x).boxed()) },
		"Comparable":      userValue.comparable,
	}
}

// unseen are those that would show the interpreter's own values.
var unseen = map[string]bool{"MapRange": true, "Fields": true, "Methods": true, "Seq": true, "Seq2": true, "CallSlice": true, "FieldByIndexErr": true, "SetIterKey": true, "SetIterValue": true, "Recv": true, "TryRecv": true}

// valueExports are the methods of reflect.Value as functions of it, by the name
// with "Value" before it.
func valueExports(table map[string]reflect.Value) {
	special := valueMethods()
	for i := range valueType.NumMethod() {
		m := valueType.Method(i)
		var known reflect.Value
		if f := special[m.Name]; f != nil {
			known = reflect.ValueOf(f)
		}
		table["Value"+m.Name] = reflect.MakeFunc(m.Func.Type(), func(args []reflect.Value) []reflect.Value {
			u := inner(args[0].Interface().(reflect.Value))
			switch {
			case u.t == nil && !holdsValue(args[1:]):
				if m.Func.Type().IsVariadic() {
					return m.Func.CallSlice(args)
				}
				return m.Func.Call(args)
			case known.IsValid():
				return known.Call(append([]reflect.Value{reflect.ValueOf(u)}, args[1:]...))
			case unseen[m.Name]:
				panic(fmt.Sprintf("reflect.Value.%s does not know values of %s, a type of a cell: use other methods", m.Name, u.t))
			}
			u.mustWrite(m.Name)
			return m.Func.Call(append([]reflect.Value{reflect.ValueOf(u.v)}, plainValues(args[1:])...))
		})
	}
}

// mustWrite panics as package reflect does where a setter meets an unexported
// field.
func (u userValue) mustWrite(method string) {
	if u.ro && len(method) > 3 && method[:3] == "Set" {
		panic("reflect: reflect.Value." + method + " using value obtained using unexported field")
	}
}

// holdsValue reports whether one of the arguments is a user's value.
func holdsValue(args []reflect.Value) bool {
	for _, a := range args {
		switch x := a.Interface().(type) {
		case reflect.Value:
			if inner(x).t != nil {
				return true
			}
		case []reflect.Value:
			for _, v := range x {
				if inner(v).t != nil {
					return true
				}
			}
		case userType:
			return true
		}
	}
	return false
}

// plainValues are arguments with the interpreter's values and types in them.
func plainValues(args []reflect.Value) []reflect.Value {
	out := make([]reflect.Value, len(args))
	for i, a := range args {
		out[i] = a
		switch x := a.Interface().(type) {
		case reflect.Value:
			out[i] = reflect.ValueOf(inner(x).v)
		case []reflect.Value:
			plain := make([]reflect.Value, len(x))
			for j, v := range x {
				plain[j] = inner(v).v
			}
			out[i] = reflect.ValueOf(plain)
		case userType:
			out[i] = reflect.ValueOf(x.Type)
		}
	}
	return out
}

// printed is a reflect.Value as package fmt prints it: what it holds.
func printed(v reflect.Value) any {
	u := inner(v)
	switch {
	case u.t == nil || !u.v.CanInterface():
		return v
	case u.ro: // package fmt must not call its methods
		return u.v.Interface()
	}
	return u.boxed()
}

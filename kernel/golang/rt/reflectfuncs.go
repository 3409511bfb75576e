package rt

import (
	"go/types"
	"reflect"
)

// ReflectFuncs are the functions of package reflect that must know the types of
// a cell.
func (ts *Types) ReflectFuncs() map[string]any {
	pointer := func(t reflect.Type) reflect.Type {
		if u, ok := t.(userType); ok {
			return newUserType(reflect.PointerTo(u.Type), ts.Of(types.NewPointer(u.t.Go)))
		}
		return reflect.PointerTo(t)
	}
	// made gives what a function makes of a type's interpreted form the type.
	made := func(f func(t reflect.Type) reflect.Value) func(t reflect.Type) reflect.Value {
		return func(t reflect.Type) reflect.Value {
			if u, ok := t.(userType); ok {
				return userValue{v: f(u.Type), t: u.t}.outer()
			}
			return f(t)
		}
	}
	return map[string]any{
		"TypeOf": TypeOf, "ValueOf": ValueOf, "DeepEqual": DeepEqual,
		"PointerTo": pointer, "PtrTo": pointer,
		"Zero":    made(reflect.Zero),
		"MakeMap": made(reflect.MakeMap),
		"New": func(t reflect.Type) reflect.Value {
			v := userValue{v: reflect.New(realType(t))}
			if u, ok := t.(userType); ok {
				v.t = ts.Of(types.NewPointer(u.t.Go))
			}
			return v.outer()
		},
		"MakeSlice": func(t reflect.Type, n, c int) reflect.Value {
			return made(func(t reflect.Type) reflect.Value { return reflect.MakeSlice(t, n, c) })(t)
		},
		"MakeMapWithSize": func(t reflect.Type, n int) reflect.Value {
			return made(func(t reflect.Type) reflect.Value { return reflect.MakeMapWithSize(t, n) })(t)
		},
		"MakeChan": func(t reflect.Type, n int) reflect.Value {
			return made(func(t reflect.Type) reflect.Value { return reflect.MakeChan(t, n) })(t)
		},
		"SliceOf": func(t reflect.Type) reflect.Type {
			if u, ok := t.(userType); ok {
				return newUserType(reflect.SliceOf(u.Type), ts.Of(types.NewSlice(u.t.Go)))
			}
			return reflect.SliceOf(t)
		},
		"Indirect": func(v reflect.Value) reflect.Value {
			if u := inner(v); u.t != nil && u.v.Kind() == reflect.Pointer {
				return u.elem()
			}
			return reflect.Indirect(v)
		},
		"Append": func(s reflect.Value, x ...reflect.Value) reflect.Value {
			u := inner(s)
			for _, e := range x {
				u.v = reflect.Append(u.v, inner(e).into(u.v.Type().Elem()))
			}
			return u.outer()
		},
		"AppendSlice": func(s, t reflect.Value) reflect.Value {
			u := inner(s)
			u.v = reflect.AppendSlice(u.v, inner(t).v)
			return u.outer()
		},
		"Copy":    func(dst, src reflect.Value) int { return reflect.Copy(inner(dst).v, inner(src).v) },
		"Swapper": func(x any) func(i, j int) { return reflect.Swapper(raw(x)) },
		"MakeFunc": func(t reflect.Type, f func([]reflect.Value) []reflect.Value) reflect.Value {
			u, ok := t.(userType)
			if !ok {
				return reflect.MakeFunc(t, f)
			}
			return userValue{v: reflect.MakeFunc(u.Type, u.adapt(f)), t: u.t}.outer()
		},
	}
}

// adapt makes f, which works with the program's values, one that works with the
// interpreter's, for a function of type u.
func (u userType) adapt(f func([]reflect.Value) []reflect.Value) func([]reflect.Value) []reflect.Value {
	sig := u.t.Go.Underlying().(*types.Signature)
	return func(args []reflect.Value) []reflect.Value {
		in := make([]reflect.Value, len(args))
		for i, a := range args {
			in[i] = userValue{t: u.t}.part(a, sig.Params().At(i).Type(), false)
		}
		out := f(in)
		for i, v := range out {
			out[i] = inner(v).into(u.Type.Out(i))
		}
		return out
	}
}

// realType is a type as the interpreter knows it.
func realType(t reflect.Type) reflect.Type {
	if u, ok := t.(userType); ok {
		return u.Type
	}
	return t
}

func newUserType(t reflect.Type, of *Type) reflect.Type { return userType{t, of} }

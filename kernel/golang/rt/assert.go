package rt

import (
	"go/types"
	"reflect"
)

// Type assertions and type switches. Lowered code names types by number.

// TypeAssertionError is a failed assertion, with Go's own text.
type TypeAssertionError string

func (e TypeAssertionError) Error() string { return "interface conversion: " + string(e) }

// RuntimeError marks the type as a runtime.Error.
func (e TypeAssertionError) RuntimeError() {}

type matchKey struct {
	t  reflect.Type // of a compiled value
	id int
}

type boxMatch struct{ t, want *Type }

// is reports whether x has the type t, or implements it.
func (ts *Types) is(x any, t *Type) bool {
	if x == nil {
		return false
	}
	b, boxed := x.(Box)
	iface, isIface := t.Go.Underlying().(*types.Interface)
	switch {
	case boxed && !isIface:
		return b.T == t
	case boxed:
		key := boxMatch{b.T, t}
		ok, found := ts.matches.Load(key)
		if !found {
			ok = types.Implements(b.T.Go, iface)
			ts.matches.Store(key, ok)
		}
		return ok.(bool)
	}
	key := matchKey{reflect.TypeOf(x), t.id}
	ok, found := ts.matches.Load(key)
	if !found {
		ok = ts.compiledIs(key.t, t.Go, iface)
		ts.matches.Store(key, ok)
	}
	return ok.(bool)
}

// compiledIs reports whether a compiled type is t, or implements it.
func (ts *Types) compiledIs(have reflect.Type, t types.Type, iface *types.Interface) bool {
	if iface == nil {
		if want := ts.Reflect(t); want != nil {
			return want == have
		}
		return have.String() == TypeText(t) // an instance of a generic type
	}
	if info := ts.iface(t); info.t != nil {
		return have.Implements(info.t)
	}
	return ts.missing(have, iface) == ""
}

// missing returns the name of the first method of an interface that a compiled
// type lacks, or "".
func (ts *Types) missing(have reflect.Type, iface *types.Interface) string {
	for i := range iface.NumMethods() {
		m := iface.Method(i)
		f, ok := have.MethodByName(m.Name())
		if !ok {
			return m.Name()
		}
		if want := ts.Reflect(m.Signature()); want == nil || want != withoutReceiver(f.Type) {
			return m.Name()
		}
	}
	return ""
}

// assert returns the value of x as the interpreter holds it, if its type is
// the concrete one of a number, and panics otherwise. From is x's static type.
func (ts *Types) assert(id, from int, x any) any {
	x, t := Unwrap(x), ts.get(id)
	if !ts.is(x, t) {
		panic(ts.failed(x, t, ts.get(from)))
	}
	if b, ok := x.(Box); ok {
		return b.V
	}
	return x
}

// try is assert that returns nil where assert panics.
func (ts *Types) try(id int, x any) any {
	x = Unwrap(x)
	if !ts.is(x, ts.get(id)) {
		return nil
	}
	if b, ok := x.(Box); ok {
		return b.V
	}
	return x
}

// assertOpen asserts an interface that is any to the interpreter.
func (ts *Types) assertOpen(id, from int, x any) any {
	x, t := Unwrap(x), ts.get(id)
	if !ts.is(x, t) {
		panic(ts.failed(x, t, ts.get(from)))
	}
	return x
}

func (ts *Types) tryOpen(id int, x any) (any, bool) {
	x = Unwrap(x)
	if !ts.is(x, ts.get(id)) {
		return nil, false
	}
	return x, true
}

// assertTo asserts a compiled interface. The result is a pointer to a variable
// of that type.
func (ts *Types) assertTo(id, from int, x any) any {
	ts.assertOpen(id, from, x)
	return ts.to(id, x)
}

func (ts *Types) tryTo(id int, x any) (any, bool) {
	_, ok := ts.tryOpen(id, x)
	if !ok {
		x = nil
	}
	return ts.to(id, x), ok
}

// match returns x unwrapped, and the index of the first of the numbered types
// that x has, or -1. The number -1 stands for nil.
func (ts *Types) match(x any, ids ...int) (any, int) {
	x = Unwrap(x)
	for i, id := range ids {
		if id < 0 {
			if x == nil {
				return x, i
			}
		} else if ts.is(x, ts.get(id)) {
			return x, i
		}
	}
	return x, -1
}

// failed is the error of an assertion.
func (ts *Types) failed(x any, t, from *Type) error {
	iface, isIface := t.Go.Underlying().(*types.Interface)
	switch {
	case x == nil && isIface:
		return TypeAssertionError("interface is nil, not " + t.String())
	case x == nil:
		return TypeAssertionError(fromText(from) + " is nil, not " + t.String())
	case !isIface:
		text := fromText(from) + " is " + dynamicText(x) + ", not " + t.String()
		if dynamicText(x) == t.String() {
			text += " (types from different scopes)"
		}
		return TypeAssertionError(text)
	}
	name := ""
	if b, ok := x.(Box); ok {
		if m, _ := types.MissingMethod(b.T.Go, iface, true); m != nil {
			name = m.Name()
		}
	} else {
		name = ts.missing(reflect.TypeOf(x), iface)
	}
	return TypeAssertionError(dynamicText(x) + " is not " + t.String() + ": missing method " + name)
}

func fromText(t *Type) string {
	if i, ok := t.Go.(*types.Interface); ok && i.NumMethods() > 0 {
		return "interface"
	}
	return TypeText(t.Go)
}

// dynamicText is the name of the type of an interface value.
func dynamicText(x any) string {
	if b, ok := x.(Box); ok {
		return b.T.String()
	}
	if name := runtimeType(x); name != "" {
		return name
	}
	return reflect.TypeOf(x).String()
}

// Reflect returns the compiled type of t, or nil if it mentions a type that
// only the interpreter or the checker knows.
func (ts *Types) Reflect(t types.Type) reflect.Type {
	switch t := t.(type) {
	case *types.Alias:
		return ts.Reflect(types.Unalias(t))
	case *types.Basic:
		return basicTypes[t.Kind()]
	case *types.Named:
		return ts.reflectNamed(t)
	case *types.Pointer:
		return of1(reflect.PointerTo, ts.Reflect(t.Elem()))
	case *types.Slice:
		return of1(reflect.SliceOf, ts.Reflect(t.Elem()))
	case *types.Array:
		return of1(func(e reflect.Type) reflect.Type { return reflect.ArrayOf(int(t.Len()), e) }, ts.Reflect(t.Elem()))
	case *types.Chan:
		dir := [...]reflect.ChanDir{reflect.BothDir, reflect.SendDir, reflect.RecvDir}[t.Dir()]
		return of1(func(e reflect.Type) reflect.Type { return reflect.ChanOf(dir, e) }, ts.Reflect(t.Elem()))
	case *types.Map:
		k := ts.Reflect(t.Key())
		return of1(func(e reflect.Type) reflect.Type {
			return of1(func(k reflect.Type) reflect.Type { return reflect.MapOf(k, e) }, k)
		}, ts.Reflect(t.Elem()))
	case *types.Signature:
		return ts.reflectFunc(t)
	case *types.Struct:
		return ts.reflectStruct(t)
	case *types.Interface:
		if t.NumMethods() == 0 {
			return anyType
		}
	}
	return nil
}

func of1(f func(reflect.Type) reflect.Type, t reflect.Type) reflect.Type {
	if t == nil {
		return nil
	}
	return f(t)
}

func (ts *Types) reflectNamed(t *types.Named) reflect.Type {
	obj := t.Obj()
	if obj.Pkg() == nil {
		if obj.Name() == "error" {
			return errorType
		}
		return nil
	}
	if IsUser(obj.Pkg()) || ts.Exports == nil || t.TypeArgs().Len() > 0 {
		return nil
	}
	v, ok := ts.Exports(obj.Pkg().Path())[obj.Name()]
	if !ok || v.Kind() != reflect.Pointer || !v.IsNil() {
		return nil
	}
	return v.Type().Elem()
}

func (ts *Types) reflectFunc(t *types.Signature) reflect.Type {
	var in, out []reflect.Type
	for i := range t.Params().Len() {
		in = append(in, ts.Reflect(t.Params().At(i).Type()))
	}
	for i := range t.Results().Len() {
		out = append(out, ts.Reflect(t.Results().At(i).Type()))
	}
	for _, t := range append(in[:len(in):len(in)], out...) {
		if t == nil {
			return nil
		}
	}
	return reflect.FuncOf(in, out, t.Variadic())
}

func (ts *Types) reflectStruct(t *types.Struct) reflect.Type {
	var fields []reflect.StructField
	for i := range t.NumFields() {
		f := t.Field(i)
		ft := ts.Reflect(f.Type())
		if ft == nil || !f.Exported() || f.Embedded() {
			return nil
		}
		fields = append(fields, reflect.StructField{Name: f.Name(), Type: ft, Tag: reflect.StructTag(t.Tag(i))})
	}
	return reflect.StructOf(fields)
}

var basicTypes = map[types.BasicKind]reflect.Type{
	types.Bool: reflect.TypeFor[bool](), types.String: reflect.TypeFor[string](),
	types.Int: reflect.TypeFor[int](), types.Int8: reflect.TypeFor[int8](), types.Int16: reflect.TypeFor[int16](),
	types.Int32: reflect.TypeFor[int32](), types.Int64: reflect.TypeFor[int64](),
	types.Uint: reflect.TypeFor[uint](), types.Uint8: reflect.TypeFor[uint8](), types.Uint16: reflect.TypeFor[uint16](),
	types.Uint32: reflect.TypeFor[uint32](), types.Uint64: reflect.TypeFor[uint64](), types.Uintptr: reflect.TypeFor[uintptr](),
	types.Float32: reflect.TypeFor[float32](), types.Float64: reflect.TypeFor[float64](),
	types.Complex64: reflect.TypeFor[complex64](), types.Complex128: reflect.TypeFor[complex128](),
	types.UnsafePointer: reflect.TypeFor[uintptr](),
}

package rt

import (
	"fmt"
	"go/types"
	"reflect"
)

// An interface type that a cell declares is any to the interpreter. Its
// methods are looked up when they are called: in the box of a user's value, by
// reflection in a compiled one.

// methodOf returns a method of x's dynamic type as a function whose first
// parameter is x. The checker knows that there is one, unless x is nil.
func (ts *Types) methodOf(x any, name string) any {
	f := ts.lookup(Unwrap(x), name)
	if !f.IsValid() {
		panic(RuntimeError(nilDereference))
	}
	return f.Interface()
}

func (ts *Types) lookup(x any, name string) reflect.Value {
	if x == nil {
		return reflect.Value{}
	}
	if b, ok := x.(Box); ok {
		return b.T.method(name)
	}
	key := boundKey{reflect.TypeOf(x), name}
	if f, ok := ts.bound.Load(key); ok {
		return f.(reflect.Value)
	}
	m, ok := key.t.MethodByName(name)
	if !ok {
		return reflect.Value{}
	}
	in, out := []reflect.Type{anyType}, []reflect.Type{}
	for i := 1; i < m.Type.NumIn(); i++ {
		in = append(in, m.Type.In(i))
	}
	for i := range m.Type.NumOut() {
		out = append(out, m.Type.Out(i))
	}
	f := reflect.MakeFunc(reflect.FuncOf(in, out, m.Type.IsVariadic()), func(args []reflect.Value) []reflect.Value {
		args[0] = reflect.ValueOf(Unwrap(args[0].Interface()))
		if m.Type.IsVariadic() {
			return m.Func.CallSlice(args)
		}
		return m.Func.Call(args)
	})
	ts.bound.Store(key, f)
	return f
}

type boundKey struct {
	t    reflect.Type
	name string
}

var (
	anyType   = reflect.TypeFor[any]()
	errorType = reflect.TypeFor[error]()
)

// bind returns a method of b as a function of type t.
func (b Box) bind(name string, t reflect.Type) reflect.Value {
	f := b.T.method(name)
	self := reflect.ValueOf(b)
	return reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		args = append([]reflect.Value{self}, args...)
		if t.IsVariadic() {
			return f.CallSlice(args)
		}
		return f.Call(args)
	})
}

// call calls a method of b by its name, and returns its first result.
func (b Box) call(name string, args ...reflect.Value) any {
	out := b.T.method(name).Call(append([]reflect.Value{reflect.ValueOf(b)}, args...))
	if len(out) == 0 {
		return nil
	}
	return out[0].Interface()
}

// Call calls a method func() X of b, if it has one of this name.
func (b Box) Call(name string) (any, bool) {
	f := b.T.method(name)
	if !f.IsValid() || f.Type().NumIn() != 1 || f.Type().NumOut() != 1 {
		return nil, false
	}
	return b.call(name), true
}

// Part returns the value of type t that v holds as a box, or as it is if t is
// a compiled type.
func (b Box) Part(t types.Type, v reflect.Value) any {
	if !mentionsUser(t, nil) || types.IsInterface(t) {
		return Unwrap(v.Interface())
	}
	return Box{b.T.types.Of(t), v.Interface()}
}

// callString calls a method func() string of b.
func (b Box) callString(name string) string {
	if f, ok := b.T.method(name).Interface().(func(any) string); ok {
		return f(b)
	}
	return fmt.Sprint(b.call(name))
}

// boundMethod is a method value of an interface value.
func (ts *Types) boundMethod(x any, name string) any {
	x = Unwrap(x)
	switch b := x.(type) {
	case nil:
		panic(RuntimeError(nilDereference))
	case Box:
		t := b.T.method(name).Type()
		in, out := []reflect.Type{}, []reflect.Type{}
		for i := 1; i < t.NumIn(); i++ {
			in = append(in, t.In(i))
		}
		for i := range t.NumOut() {
			out = append(out, t.Out(i))
		}
		return b.bind(name, reflect.FuncOf(in, out, t.IsVariadic())).Interface()
	}
	return reflect.ValueOf(x).MethodByName(name).Interface()
}

// ifaceInfo is what is known of a compiled interface.
type ifaceInfo struct {
	t        reflect.Type   // the interface; nil if it has no name that cells can use
	wrappers []reflect.Type // those with most methods first
}

func (ts *Types) iface(t types.Type) *ifaceInfo {
	if i, ok := ts.wrappers.Load(t); ok {
		return i.(*ifaceInfo)
	}
	info := &ifaceInfo{}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		switch {
		case n.Obj().Pkg() == nil && n.Obj().Name() == "error":
			info.t = errorType
		case n.Obj().Pkg() != nil:
			info.find(ts, n.Obj().Pkg().Path(), n.Obj().Name())
		}
	}
	ts.wrappers.Store(t, info)
	return info
}

func (info *ifaceInfo) find(ts *Types, path, name string) {
	if ts.Exports == nil {
		return
	}
	symbols := ts.Exports(path)
	v, ok := symbols[name]
	if !ok || v.Kind() != reflect.Pointer || v.Type().Elem().Kind() != reflect.Interface {
		return
	}
	info.t = v.Type().Elem()
	w, ok := symbols["_"+name]
	if !ok {
		return
	}
	for key, types := range ts.Composed {
		if key.Kind() == reflect.Pointer && key.Type() == w.Type() {
			info.wrappers = append(info.wrappers, types...)
		}
	}
	info.wrappers = append(info.wrappers, w.Type().Elem())
}

// CanWrap reports whether values of user types can be given to compiled code
// as values of interface t.
func (ts *Types) CanWrap(t types.Type) bool {
	info := ts.iface(t)
	return info.t == errorType || info.t != nil && len(info.wrappers) > 0
}

// to converts x to the compiled interface of a number; it returns a pointer to
// a variable of it. The conversion is known to be possible, or x is nil.
func (ts *Types) to(id int, x any) any {
	info := ts.iface(ts.get(id).Go)
	p := reflect.New(info.t)
	if v := ts.wrap(info, x); v != nil {
		p.Elem().Set(reflect.ValueOf(v))
	}
	return p.Interface()
}

// toError converts x to error.
func (ts *Types) toError(x any) error {
	err, _ := ts.wrap(&ifaceInfo{t: errorType}, x).(error)
	return err
}

// wrap returns x as a value that implements a compiled interface.
func (ts *Types) wrap(info *ifaceInfo, x any) any {
	x = Unwrap(x)
	b, ok := x.(Box)
	if !ok {
		return x
	}
	if info.t == errorType {
		return wrapError(b)
	}
	for _, w := range info.wrappers {
		if v, ok := fill(w, b); ok {
			return v
		}
	}
	panic(fmt.Sprintf("%s cannot be given to compiled code as %s", b.T, info.t))
}

// fill makes a wrapper of type w for b, if b has the methods.
func fill(w reflect.Type, b Box) (any, bool) {
	v := reflect.New(w).Elem()
	for i := 1; i < w.NumField(); i++ {
		f := b.T.method(w.Field(i).Name[1:])
		if !f.IsValid() {
			return nil, false
		}
		field := w.Field(i).Type
		if field.Kind() != reflect.Func { // any: the wrapper accepts more than one type
			field = withoutReceiver(f.Type())
		} else if withoutReceiver(f.Type()) != field {
			return nil, false
		}
		v.Field(i).Set(b.bind(w.Field(i).Name[1:], field))
	}
	v.Field(0).Set(reflect.ValueOf(b))
	return v.Interface(), true
}

// withoutReceiver is a function type without its first parameter.
func withoutReceiver(t reflect.Type) reflect.Type {
	in, out := []reflect.Type{}, []reflect.Type{}
	for i := 1; i < t.NumIn(); i++ {
		in = append(in, t.In(i))
	}
	for i := range t.NumOut() {
		out = append(out, t.Out(i))
	}
	return reflect.FuncOf(in, out, t.IsVariadic())
}

package rt

import (
	"go/types"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/types/typeutil"
)

// The interpreter's values of types that a cell declares have lost the names,
// the unexported fields and the methods of these types as soon as they are in
// an interface: a main.Celsius is a float64 there. Lowered code therefore puts
// such a value into a Box, with its type, whenever it becomes an interface
// value, and takes it out where the program looks for the type again.

// Box is a value of a user's type inside an interface. Boxes compare as the
// interface values of the compiled program do: the types are the same, and the
// values equal.
type Box struct {
	T *Type
	V any // the interpreter's value
}

// Type is a Go type as the checker knows it, with the methods that lowered
// code registered for it. There is one for identical types.
type Type struct {
	id      int
	Go      types.Type
	types   *Types
	methods atomic.Pointer[map[string]reflect.Value]
	now     atomic.Pointer[version]
}

// version is the newest version of a type in a generation of the session.
type version struct {
	generation int64
	t          *Type
}

// Types is the types of one session.
type Types struct {
	mu   sync.RWMutex
	all  []*Type
	byGo typeutil.Map // types.Type → *Type

	// Exports returns the symbols of a compiled package, see package stdlib.
	Exports func(path string) map[string]reflect.Value
	// Composed are wrappers with the methods of more than one interface, by
	// wrapper; see package stdlib.
	Composed map[reflect.Value][]reflect.Type

	// OnRenew rewrites a type with the new versions of the types in it.
	OnRenew func(t types.Type, renewed map[*types.TypeName]*types.TypeName) types.Type
	// OnDisplay and OnText say how package display shows a box: in all formats,
	// and as text inside another value.
	OnDisplay func(b Box) map[string]any
	OnText    func(b Box) string

	wrappers sync.Map // types.Type of an interface → *ifaceInfo
	bound    sync.Map // boundKey → reflect.Value
	matches  sync.Map // matchKey → bool

	renewed    map[*types.TypeName]*types.TypeName
	generation atomic.Int64 // counts the changes of renewed
}

// Of returns the Type of t.
func (ts *Types) Of(t types.Type) *Type {
	t = types.Unalias(t)
	ts.mu.RLock()
	found, _ := ts.byGo.At(t).(*Type)
	ts.mu.RUnlock()
	if found != nil {
		return found
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if found, _ := ts.byGo.At(t).(*Type); found != nil {
		return found
	}
	found = &Type{id: len(ts.all), Go: t, types: ts}
	ts.all = append(ts.all, found)
	ts.byGo.Set(t, found)
	return found
}

// ID returns the number by which lowered code names a type.
func (ts *Types) ID(t types.Type) int { return ts.Of(t).id }

// HasMethods reports whether the methods of a type were registered.
func (ts *Types) HasMethods(t types.Type) bool { return ts.Of(t).methods.Load() != nil }

func (ts *Types) get(id int) *Type {
	ts.mu.RLock()
	defer ts.mu.RUnlock()
	return ts.all[id]
}

// register notes a method of a type: a function with the box as its first
// parameter.
func (ts *Types) register(id int, name string, f any) {
	t := ts.get(id)
	ts.mu.Lock()
	defer ts.mu.Unlock()
	m := map[string]reflect.Value{}
	if old := t.methods.Load(); old != nil {
		for k, v := range *old {
			m[k] = v
		}
	}
	m[name] = reflect.ValueOf(f)
	t.methods.Store(&m)
}

// method returns a method of t as a function of the box, or the zero Value.
func (t *Type) method(name string) reflect.Value {
	if m := t.methods.Load(); m != nil {
		return (*m)[name]
	}
	return reflect.Value{}
}

// Has reports whether a method of t is registered.
func (t *Type) Has(name string) bool { return t.method(name).IsValid() }

// String is the type's name as package reflect writes it.
func (t *Type) String() string { return TypeText(t.Go) }

// TypeText writes a type as package reflect does.
func TypeText(t types.Type) string { return reflectSpelling(t) }

// box puts a value into a box of the type of a number.
func (ts *Types) box(id int, v any) any { return Box{ts.get(id), v} }

// value takes the interpreter's value out of a box.
func value(b any) any { return b.(Box).V }

// function returns a function in an interface, nil if it is nil.
func function(f any) any {
	if v := reflect.ValueOf(f); v.Kind() == reflect.Func && v.IsNil() {
		return nil
	}
	return f
}

// callee returns a function that is about to be called.
func callee(f any) any {
	if f == nil {
		panic(RuntimeError(nilDereference))
	}
	return f
}

// noValue panics because a method of a type was called through a pointer that
// points to no value.
func noValue(typ, method string) {
	panic(PlainError("value method " + typ + "." + method + " called using nil *" + typ[strings.LastIndexByte(typ, '.')+1:] + " pointer"))
}

// ref returns a variable with the value of x.
func ref(x any) *any {
	x = Unwrap(x)
	return &x
}

// raw returns an interface value as the interpreter holds it.
func raw(x any) any {
	x = Unwrap(x)
	if b, ok := x.(Box); ok {
		return b.V
	}
	return x
}

// MIMEBundle shows the boxed value; package display calls it.
func (b Box) MIMEBundle() map[string]any { return b.T.types.OnDisplay(b) }

// DisplayText is the text of the boxed value inside another one.
func (b Box) DisplayText() string { return b.T.types.OnText(b) }

// Unwrap returns what an interface value is to the program: the box inside a
// wrapper by which a user's value reaches compiled code, and everything else
// as it is.
func Unwrap(x any) any {
	switch x := x.(type) {
	case nil, int, string, float64, bool:
		return x
	case Box:
		return x.newest()
	case wrapped:
		return x.box().newest()
	}
	v := reflect.ValueOf(x)
	if v.Kind() == reflect.Struct && isWrapper(v.Type()) {
		if b, ok := v.Field(0).Interface().(Box); ok {
			return b.newest()
		}
	}
	return x
}

// Renew makes values of old versions of types count as values of the new ones.
func (ts *Types) Renew(renewed map[*types.TypeName]*types.TypeName) {
	if len(renewed) == 0 {
		return
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	all := map[*types.TypeName]*types.TypeName{}
	for old, now := range ts.renewed {
		if newer, ok := renewed[now]; ok {
			now = newer
		}
		all[old] = now
	}
	for old, now := range renewed {
		all[old] = now
	}
	ts.renewed = all
	ts.generation.Add(1)
}

// newest returns b under the newest version of its type.
func (b Box) newest() Box {
	g := b.T.types.generation.Load()
	if g == 0 {
		return b
	}
	v := b.T.now.Load()
	if v == nil || v.generation != g {
		b.T.types.mu.RLock()
		renewed := b.T.types.renewed
		b.T.types.mu.RUnlock()
		v = &version{g, b.T.types.Of(b.T.types.OnRenew(b.T.Go, renewed))}
		b.T.now.Store(v)
	}
	return Box{v.t, b.V}
}

// wrapped is implemented by the wrappers of this package.
type wrapped interface{ box() Box }

// isWrapper reports whether a type is one of the wrappers of package stdlib.
func isWrapper(t reflect.Type) bool {
	return t.NumField() > 1 && t.Field(0).Name == "IValue"
}

// equal compares two interface values.
func equal(a, b any) bool {
	a, b = Unwrap(a), Unwrap(b)
	if x, ok := a.(Box); ok {
		y, ok := b.(Box)
		if !ok || x.T != y.T {
			return false
		}
		if !types.Comparable(x.T.Go) {
			panic(RuntimeError("comparing uncomparable type " + x.T.String()))
		}
		return equal(x.V, y.V)
	}
	return a == b
}

// key returns an interface value by which a map is about to be asked, newKey
// one to which it is about to assign, as far as it can be a key.
func key(x any) any {
	x = Unwrap(x)
	if b, ok := x.(Box); ok && !types.Comparable(b.T.Go) {
		panic(RuntimeError("hash of unhashable type " + b.T.String()))
	}
	return x
}

func newKey(x any) any {
	x = key(x)
	if t := reflect.TypeOf(x); t != nil && !t.Comparable() {
		panic(RuntimeError("hash of unhashable type " + t.String()))
	}
	return x
}

// elem returns the type that a pointer type points to.
func (t *Type) elem() (*Type, bool) {
	p, ok := t.Go.Underlying().(*types.Pointer)
	if !ok {
		return nil, false
	}
	return t.types.Of(p.Elem()), true
}

// exports is the part of the helpers' symbol table that lowered code needs for
// interface values.
func (ts *Types) exports() map[string]reflect.Value {
	table := map[string]reflect.Value{
		"Box":          reflect.ValueOf(ts.box),
		"Value":        reflect.ValueOf(value),
		"Unwrap":       reflect.ValueOf(Unwrap),
		"Func":         reflect.ValueOf(function),
		"Callee":       reflect.ValueOf(callee),
		"NoValue":      reflect.ValueOf(noValue),
		"Ref":          reflect.ValueOf(ref),
		"Raw":          reflect.ValueOf(raw),
		"Equal":        reflect.ValueOf(equal),
		"Key":          reflect.ValueOf(key),
		"NewKey":       reflect.ValueOf(newKey),
		"Register":     reflect.ValueOf(ts.register),
		"Method":       reflect.ValueOf(ts.methodOf),
		"Bound":        reflect.ValueOf(ts.boundMethod),
		"To":           reflect.ValueOf(ts.to),
		"Error":        reflect.ValueOf(ts.toError),
		"Assert":       reflect.ValueOf(ts.assert),
		"Try":          reflect.ValueOf(ts.try),
		"AssertOpen":   reflect.ValueOf(ts.assertOpen),
		"TryOpen":      reflect.ValueOf(ts.tryOpen),
		"AssertTo":     reflect.ValueOf(ts.assertTo),
		"TryTo":        reflect.ValueOf(ts.tryTo),
		"Match":        reflect.ValueOf(ts.match),
		"JSONTarget":   reflect.ValueOf(JSONTarget),
		"NoXML":        reflect.ValueOf(NoXML),
		"TemplateData": reflect.ValueOf(TemplateData),
	}
	valueExports(table)
	return table
}

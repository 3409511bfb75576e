package engine

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/traefik/yaegi/interp"
)

// internals are fields of the interpreter that its API does not reach.
type internals struct {
	id     *uint64
	done   reflect.Value
	roots  reflect.Value // the syntax of all that was compiled
	scopes reflect.Value // by package
	frame  reflect.Value // a pointer: the variables of packages
}

// needed are the unexported fields that this package looks at, by the way from
// the interpreter to them.
var needed = []struct {
	path string
	kind reflect.Kind
}{
	{"id", reflect.Uint64}, {"done", reflect.Chan}, {"roots", reflect.Slice}, {"scopes", reflect.Map}, {"scopes.child", reflect.Slice},
	{"frame", reflect.Pointer}, {"frame.data", reflect.Slice}, {"scopes.sym.index", reflect.Int},
	{"scopes.sym", reflect.Map}, {"scopes.sym.typ", reflect.Pointer},
	{"scopes.sym.typ.cat", reflect.Uint}, {"scopes.sym.typ.key", reflect.Pointer}, {"scopes.sym.typ.val", reflect.Pointer},
	{"scopes.sym.typ.arg", reflect.Slice}, {"scopes.sym.typ.ret", reflect.Slice}, {"scopes.sym.typ.name", reflect.String},
	{"scopes.sym.typ.length", reflect.Int}, {"scopes.sym.typ.rtype", reflect.Interface}, {"scopes.sym.typ.str", reflect.String},
	{"scopes.sym.typ.field", reflect.Slice}, {"scopes.sym.typ.field.name", reflect.String}, {"scopes.sym.typ.field.tag", reflect.String},
	{"scopes.sym.typ.field.embed", reflect.Bool}, {"scopes.sym.typ.field.typ", reflect.Pointer},
}

// internalsOf fails if the interpreter is not the version whose fields are known.
func internalsOf(i *interp.Interpreter) (internals, error) {
	v := reflect.ValueOf(i).Elem()
	for _, n := range needed {
		if err := checkField(v.Type(), n.path, n.kind); err != nil {
			return internals{}, err
		}
	}
	return internals{
		id:   (*uint64)(v.FieldByName("id").Addr().UnsafePointer()),
		done: settable(v.FieldByName("done")), roots: settable(v.FieldByName("roots")), scopes: settable(v.FieldByName("scopes")),
		frame: settable(v.FieldByName("frame")),
	}, nil
}

// checkField reports that a struct has no such field. The way leads through the
// elements of pointers, slices and maps.
func checkField(t reflect.Type, path string, want reflect.Kind) error {
	for _, name := range strings.Split(path, ".") {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		var f reflect.StructField
		ok := t.Kind() == reflect.Struct
		if ok {
			f, ok = t.FieldByName(name)
		}
		if !ok {
			return fmt.Errorf("the interpreter has no field %s: expected yaegi v0.16.1", path)
		}
		t = f.Type
	}
	if t.Kind() != want {
		return fmt.Errorf("the interpreter's field %s is of kind %s, expected %s as in yaegi v0.16.1", path, t.Kind(), want)
	}
	return nil
}

// settable makes an unexported field settable.
func settable(f reflect.Value) reflect.Value {
	return reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem()
}

// renewDone gives the interpreter the channel that ends the channel operations
// of what it executes next.
func (in internals) renewDone() chan struct{} {
	done := make(chan struct{})
	in.done.Set(reflect.ValueOf(done))
	return done
}

// forget drops what the interpreter keeps of all it has compiled and never looks
// at again: its debugger would look at the roots, and nothing at the scopes
// inside a package's. Functions keep what they need.
func (in internals) forget() {
	in.roots.SetZero()
	main := in.scopes.MapIndex(reflect.ValueOf("main"))
	if !main.IsValid() || main.IsNil() {
		return
	}
	settable(main.Elem().FieldByName("child")).SetZero()
}

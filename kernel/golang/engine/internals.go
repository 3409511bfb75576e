package engine

import (
	"reflect"
	"sync/atomic"

	"github.com/traefik/yaegi/interp"
)

// internals are fields of the interpreter that its API does not reach. Its
// version is pinned; where a field is not as expected, it is left alone.
type internals struct {
	id     *uint64
	roots  reflect.Value // the syntax of all that was compiled
	scopes reflect.Value // by package
}

func internalsOf(i *interp.Interpreter) internals {
	v := reflect.ValueOf(i).Elem()
	var in internals
	if f := v.FieldByName("id"); f.IsValid() && f.Kind() == reflect.Uint64 {
		in.id = (*uint64)(f.Addr().UnsafePointer())
	}
	if f := v.FieldByName("roots"); f.IsValid() && f.Kind() == reflect.Slice {
		in.roots = settable(f)
	}
	if f := v.FieldByName("scopes"); f.IsValid() && f.Kind() == reflect.Map {
		in.scopes = settable(f)
	}
	return in
}

// settable makes an unexported field settable.
func settable(f reflect.Value) reflect.Value {
	return reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem()
}

// Revive must be called after a run that was stopped, when its goroutines have
// ended or are doomed. The interpreter stops by giving itself a new number:
// every function that was made under another one ends at once, which holds for
// those that are stopped and, for ever, for every closure that a variable of the
// session keeps. So the interpreter gets its first number back.
func (e *Engine) Revive() {
	if e.internals.id != nil {
		atomic.StoreUint64(e.internals.id, 0)
	}
}

// forget drops what the interpreter keeps of all it has compiled and never looks
// at again: its debugger would look at the roots, and nothing at the scopes
// inside a package's. Functions keep what they need.
func (in internals) forget() {
	if in.roots.IsValid() {
		in.roots.SetZero()
	}
	if !in.scopes.IsValid() {
		return
	}
	main := in.scopes.MapIndex(reflect.ValueOf("main"))
	if !main.IsValid() || main.Kind() != reflect.Pointer || main.IsNil() {
		return
	}
	if inner := main.Elem().FieldByName("child"); inner.IsValid() && inner.Kind() == reflect.Slice {
		settable(inner).SetZero()
	}
}

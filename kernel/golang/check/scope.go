package check

import (
	"go/types"
	"reflect"
	"unsafe"
)

// The declarations of a session come and go, but they belong to one package
// and one scope: go/types compares both by identity, the package when it asks
// whether an unexported field may be named, the scope when it asks whether a
// type is local. A scope cannot forget a name, so it is emptied by hand before
// each check.

// emptied returns the scope of pkg with nothing in it.
func emptied(pkg *types.Package) *types.Scope {
	scope := pkg.Scope()
	v := reflect.ValueOf(scope).Elem()
	for _, name := range []string{"elems", "children"} {
		f := v.FieldByName(name)
		reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().SetZero()
	}
	return scope
}

// contents returns what a scope holds.
func contents(scope *types.Scope) map[string]types.Object {
	all := map[string]types.Object{}
	for _, name := range scope.Names() {
		all[name] = scope.Lookup(name)
	}
	return all
}

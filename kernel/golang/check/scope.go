package check

import (
	"go/token"
	"go/types"
	"reflect"
	"unsafe"
)

// The declarations of a session come and go, but they belong to one package:
// go/types compares packages by identity when it asks whether an unexported
// field may be named. A types.Package cannot forget a name, so each check gets
// a new scope under the same package.

// withScope gives pkg a new, empty scope and returns it.
func withScope(pkg *types.Package) *types.Scope {
	scope := types.NewScope(types.Universe, token.NoPos, token.NoPos, "session")
	field := reflect.ValueOf(pkg).Elem().FieldByName("scope")
	reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Set(reflect.ValueOf(scope))
	return scope
}

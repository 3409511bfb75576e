package engine

import (
	"reflect"
	_ "unsafe" // for go:linkname
)

// SetFieldType sets the type of a field of a struct that package reflect made. It
// is the interpreter's own way of making recursive structs.
//
//go:linkname SetFieldType github.com/traefik/yaegi/internal/unsafe2.SetFieldType
func SetFieldType(s reflect.Type, field int, t reflect.Type)

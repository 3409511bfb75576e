package rt

import (
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/types/typeutil"
)

// shapes gives the fields of structs that lead to each other their types. The
// interpreter makes types by reflection, which has no such structs, and writes
// the circles into them afterwards, all with the same type. The arguments are
// the number of a type and a pointer to a value, in turn.
func (ts *Types) shapes(args ...any) {
	var made typeutil.Map // types.Type → reflect.Type
	for i := 0; i < len(args); i += 2 {
		made.Set(ts.get(args[i].(int)).Go, reflect.TypeOf(args[i+1]).Elem())
	}
	made.Iterate(func(t types.Type, at any) { shape(&made, t.Underlying().(*types.Struct), at.(reflect.Type)) })
}

// shape gives the fields of a struct their types.
func shape(made *typeutil.Map, t *types.Struct, at reflect.Type) {
	if at.Kind() != reflect.Struct || at.NumField() != t.NumFields() {
		return
	}
	for i := range t.NumFields() {
		is := at.Field(i).Type
		if should := shaped(made, t.Field(i).Type(), is); should != is {
			setFieldType(at, i, should)
		}
	}
}

// shaped returns the type that stands for t, where the interpreter has is.
func shaped(made *typeutil.Map, t types.Type, is reflect.Type) reflect.Type {
	t = types.Unalias(t)
	if m, ok := made.At(t).(reflect.Type); ok {
		return m
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		if is.Kind() == reflect.Pointer {
			return reflect.PointerTo(shaped(made, u.Elem(), is.Elem()))
		}
	case *types.Slice:
		if is.Kind() == reflect.Slice {
			return reflect.SliceOf(shaped(made, u.Elem(), is.Elem()))
		}
	case *types.Array:
		if is.Kind() == reflect.Array {
			return reflect.ArrayOf(is.Len(), shaped(made, u.Elem(), is.Elem()))
		}
	case *types.Map:
		if is.Kind() == reflect.Map {
			return reflect.MapOf(shaped(made, u.Key(), is.Key()), shaped(made, u.Elem(), is.Elem()))
		}
	case *types.Chan:
		if is.Kind() == reflect.Chan {
			return reflect.ChanOf(is.ChanDir(), shaped(made, u.Elem(), is.Elem()))
		}
	case *types.Struct:
		if _, isNamed := t.(*types.Named); !isNamed {
			shape(made, u, is)
		}
	}
	return is
}

// structType is how package reflect keeps the type of a struct.
type structType struct {
	_       [2]uintptr // size, size of the part with pointers
	_       uint32     // hash
	_       [4]uint8
	_       func(unsafe.Pointer, unsafe.Pointer) bool
	_       *byte
	_       [2]int32
	pkgPath *byte
	fields  []struct {
		name   *byte
		typ    unsafe.Pointer
		offset uintptr
	}
}

// setFieldType writes the type of a field into the type of a struct that was
// made by reflection.
func setFieldType(of reflect.Type, i int, t reflect.Type) {
	s := (*structType)(typePointer(of))
	if i < len(s.fields) && s.fields[i].typ == typePointer(of.Field(i).Type) {
		s.fields[i].typ = typePointer(t)
	}
}

// typePointer is the address of a type: the second word of the interface.
func typePointer(t reflect.Type) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1] }

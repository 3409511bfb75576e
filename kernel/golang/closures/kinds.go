package closures

import (
	"fmt"
	"go/constant"
	"go/types"
	"reflect"
	"unsafe"
)

// unsupported is why a function cannot be compiled.
type unsupported string

var intKind = newIntegers[int]()

var kinds = struct{ int64, uint64, uint8, int32 number }{newIntegers[int64](), newIntegers[uint64](), newIntegers[uint8](), newIntegers[int32]()}

var basicKinds = map[types.BasicKind]kind{
	types.Bool: boolKind, types.UntypedBool: boolKind,
	types.Int: intKind, types.Int8: newIntegers[int8](), types.Int16: newIntegers[int16](), types.Int32: kinds.int32, types.Int64: kinds.int64,
	types.Uint: newIntegers[uint](), types.Uint8: kinds.uint8, types.Uint16: newIntegers[uint16](), types.Uint32: newIntegers[uint32](), types.Uint64: kinds.uint64,
	types.Uintptr: newIntegers[uintptr](), types.Float32: newFloats[float32](), types.Float64: newFloats[float64](),
	types.UntypedInt: intKind, types.UntypedRune: kinds.int32, types.UntypedFloat: newFloats[float64](),
	types.String: stringKind, types.UntypedString: stringKind,
}

// kindOf returns the kind of a type's values, whatever its name.
func (u *Unit) kindOf(t types.Type) kind { return u.kindIn(t, 0) }

// maxNesting bounds how deep types are nested: type T []T has no end.
const maxNesting = 8

func (u *Unit) kindIn(t types.Type, depth int) kind {
	if _, isParam := types.Unalias(t).(*types.TypeParam); isParam || depth > maxNesting || u.src.Loose(t) {
		panic(unsupported(fmt.Sprintf("type %s", t)))
	}
	whole := t
	switch t := t.Underlying().(type) {
	case *types.Basic:
		if k := basicKinds[t.Kind()]; k != nil {
			return k
		}
	case *types.Slice:
		return sliceKind{sliceRep, u.kindIn(t.Elem(), depth+1)}
	case *types.Pointer:
		return pointerKind{pointerRep, t.Elem()}
	case *types.Map:
		return mapKind{pointerRep, u.kindIn(t.Key(), depth+1), u.kindIn(t.Elem(), depth+1)}
	case *types.Interface:
		return interfaceKind{interfaceRep}
	case *types.Struct, *types.Array:
		return u.aggregateOf(whole, depth)
	}
	panic(unsupported(fmt.Sprintf("type %s", t)))
}

type bools struct{ scalar[bool] }

var boolKind = bools{newScalar[bool]()}

func (k bools) zero() value { return constantOf[bool](k, false) }

type stringsKind struct{ rep[string] }

var stringKind = stringsKind{stringRep}

func (k stringsKind) zero() value { return constantOf[string](k, "") }

type sliceKind struct {
	rep[slice]
	elem kind
}

func (k sliceKind) zero() value { return constantOf[slice](k, slice{}) }

// pointerKind is pointers to values of a type, which is looked at where one is
// followed: it may lead back to itself.
type pointerKind struct {
	rep[unsafe.Pointer]
	elem types.Type
}

func (k pointerKind) zero() value { return constantOf[unsafe.Pointer](k, nil) }

// interfaceKind is interfaces, which are only handed on and compared with nil:
// what is in them is the interpreter's.
type interfaceKind struct{ rep[iface] }

// iface is how interfaces are represented.
type iface struct{ typ, data unsafe.Pointer }

func (k interfaceKind) zero() value { return constantOf[iface](k, iface{}) }

// isNil reports whether a value is the nil of its kind, as the text says.
func (v value) isNil() bool { return v.konst != nil && reflect.ValueOf(v.konst).IsZero() }

// isNil compares a slice, a map or an interface with nil.
func isNil(x value) func(*frame) bool {
	switch f := x.code.(type) {
	case func(*frame) slice:
		return func(fr *frame) bool { return f(fr).data == nil }
	case func(*frame) iface:
		return func(fr *frame) bool { return f(fr).typ == nil }
	}
	f := code[unsafe.Pointer](x)
	return func(fr *frame) bool { return f(fr) == nil }
}

// constantValue is a constant of a type.
func (c *compiler) constantValue(t types.Type, x constant.Value) value {
	switch k := c.kindOf(t).(type) {
	case number:
		if constant.ToInt(x).Kind() == constant.Int && t.Underlying().(*types.Basic).Info()&types.IsInteger != 0 {
			x = constant.ToInt(x)
		}
		return k.constant(x)
	case bools:
		return constantOf[bool](k, constant.BoolVal(x))
	case stringsKind:
		return constantOf[string](k, constant.StringVal(x))
	}
	panic(unsupported(fmt.Sprintf("a constant of type %s", t)))
}

// transfer copies values between frames and the rest of the program.
func (r rep[T]) in(s slot, _ reflect.Type) func(*frame, unsafe.Pointer) {
	put := r.put(s)
	return func(fr *frame, p unsafe.Pointer) { put(fr, *(*T)(p)) }
}

func (r rep[T]) out(s slot, _ reflect.Type) func(*frame, unsafe.Pointer) {
	get := r.get(s)
	return func(fr *frame, p unsafe.Pointer) { *(*T)(p) = get(fr) }
}

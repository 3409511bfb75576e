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
func kindOf(t types.Type) kind { return kindIn(t, 0) }

// maxNesting bounds how deep types are nested: type T []T has no end.
const maxNesting = 8

func kindIn(t types.Type, depth int) kind {
	if depth > maxNesting {
		panic(unsupported(fmt.Sprintf("type %s", t)))
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		if k := basicKinds[t.Kind()]; k != nil {
			return k
		}
	case *types.Slice:
		return sliceKind{sliceRep, kindIn(t.Elem(), depth+1)}
	case *types.Pointer:
		if _, ok := t.Elem().Underlying().(*types.Pointer); !ok {
			return pointerKind{pointerRep, kindIn(t.Elem(), depth+1)}
		}
	}
	panic(unsupported(fmt.Sprintf("type %s", t)))
}

// isRepresented reports whether values of type t outside compiled code are r's in
// memory.
func isRepresented(t types.Type, r reflect.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return r.Kind().String() == types.Typ[t.Kind()].Name() // of byte and rune, too
	case *types.Slice:
		return r.Kind() == reflect.Slice && isRepresented(t.Elem(), r.Elem())
	case *types.Pointer:
		return r.Kind() == reflect.Pointer && isRepresented(t.Elem(), r.Elem())
	}
	return false
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

// pointerKind is pointers to values of a kind.
type pointerKind struct {
	rep[unsafe.Pointer]
	elem kind
}

func (k pointerKind) zero() value { return constantOf[unsafe.Pointer](k, nil) }

// isNil compares a slice with nil.
func isNil(x value) func(*frame) bool {
	f := code[slice](x)
	return func(fr *frame) bool { return f(fr).data == nil }
}

// constantValue is a constant of a type.
func constantValue(t types.Type, c constant.Value) value {
	switch k := kindOf(t).(type) {
	case number:
		if constant.ToInt(c).Kind() == constant.Int && t.Underlying().(*types.Basic).Info()&types.IsInteger != 0 {
			c = constant.ToInt(c)
		}
		return k.constant(c)
	case bools:
		return constantOf[bool](k, constant.BoolVal(c))
	case stringsKind:
		return constantOf[string](k, constant.StringVal(c))
	}
	panic(unsupported(fmt.Sprintf("a constant of type %s", t)))
}

// transfer copies values between frames and the rest of the program.
func (r rep[T]) in(s slot) func(*frame, unsafe.Pointer) {
	put := r.put(s)
	return func(fr *frame, p unsafe.Pointer) { put(fr, *(*T)(p)) }
}

func (r rep[T]) out(s slot) func(*frame, unsafe.Pointer) {
	get := r.get(s)
	return func(fr *frame, p unsafe.Pointer) { *(*T)(p) = get(fr) }
}

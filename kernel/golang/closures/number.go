package closures

import (
	"go/constant"
	"go/token"
)

type signed interface {
	int | int8 | int16 | int32 | int64
}

type unsigned interface {
	uint | uint8 | uint16 | uint32 | uint64 | uintptr
}

type integer interface{ signed | unsigned }

type float interface{ float32 | float64 }

type real interface{ integer | float }

// number is a kind with arithmetic.
type number interface {
	kind
	constant(constant.Value) value
	// binary is x op y; operators that the kind does not have are not asked for.
	// The count of a shift is of any integer kind.
	binary(op token.Token, x, y value, where place) value
	negate(x value) any
	invert(x value) any // ^x
	compare(op token.Token, x, y value) value
	convert(x value) any // of another number
	count(x value, where place) func(*frame) uint64
	extreme(max bool, xs []value) any
}

type reals[T real] struct{ scalar[T] }

func (k reals[T]) compare(op token.Token, x, y value) value { return comparison[T](op, x, y) }

func (k reals[T]) equal(x, y value) func(*frame) bool {
	return code[bool](comparison[T](token.EQL, x, y))
}

func (k reals[T]) negate(x value) any {
	f := code[T](x)
	return func(fr *frame) T { return -f(fr) }
}

func (k reals[T]) extreme(larger bool, xs []value) any {
	codes := codesOf[T](xs)
	return func(fr *frame) T {
		m := codes[0](fr)
		for _, f := range codes[1:] {
			if x := f(fr); larger {
				m = max(m, x)
			} else {
				m = min(m, x)
			}
		}
		return m
	}
}

func (k reals[T]) convert(x value) any {
	switch f := x.code.(type) {
	case func(*frame) int:
		return converted[T](f)
	case func(*frame) int8:
		return converted[T](f)
	case func(*frame) int16:
		return converted[T](f)
	case func(*frame) int32:
		return converted[T](f)
	case func(*frame) int64:
		return converted[T](f)
	case func(*frame) uint:
		return converted[T](f)
	case func(*frame) uint8:
		return converted[T](f)
	case func(*frame) uint16:
		return converted[T](f)
	case func(*frame) uint32:
		return converted[T](f)
	case func(*frame) uint64:
		return converted[T](f)
	case func(*frame) uintptr:
		return converted[T](f)
	case func(*frame) float32:
		return converted[T](f)
	case func(*frame) float64:
		return converted[T](f)
	}
	panic(unsupported("this conversion"))
}

func converted[T, S real](f func(*frame) S) any {
	return func(fr *frame) T { return T(f(fr)) }
}

// integers are the kinds of integers.
type integers[T integer] struct{ reals[T] }

func newIntegers[T integer]() number { return integers[T]{reals[T]{newScalar[T]()}} }

func (k integers[T]) zero() value { return constantOf[T](k, 0) }

func (k integers[T]) constant(c constant.Value) value {
	if n, exact := constant.Int64Val(c); exact {
		return constantOf(k, T(n))
	}
	n, _ := constant.Uint64Val(c)
	return constantOf(k, T(n))
}

func (k integers[T]) invert(x value) any {
	f := code[T](x)
	return func(fr *frame) T { return ^f(fr) }
}

func (k integers[T]) binary(op token.Token, x, y value, where place) value {
	switch op {
	case token.SHL:
		return shift[left, T](k, x, y, where)
	case token.SHR:
		return shift[right, T](k, x, y, where)
	case token.QUO, token.REM:
		y = divisor[T](y, where)
	}
	return integerArithmetic[T](op, k, x, y)
}

// divisor is y, which ends compiled code if it is 0.
func divisor[T integer](y value, where place) value {
	if y.konst != nil {
		return y
	}
	v, g := made(y.kind, nil, y), code[T](y)
	v.code = func(fr *frame) T {
		y := g(fr)
		if y == 0 {
			divideByZero(fr, where)
		}
		return y
	}
	if y.slot != nil {
		at := y.slot.number
		v.code = func(fr *frame) T {
			y := *num[T](fr, at)
			if y == 0 {
				divideByZero(fr, where)
			}
			return y
		}
	}
	return v
}

// count is the count of a shift; a negative one ends compiled code.
func (k integers[T]) count(x value, where place) func(*frame) uint64 {
	if x.slot != nil {
		at := x.slot.number
		return func(fr *frame) uint64 {
			n := *num[T](fr, at)
			if n < 0 {
				negativeShift(fr, where, int(n))
			}
			return uint64(n)
		}
	}
	f := code[T](x)
	return func(fr *frame) uint64 {
		n := f(fr)
		if n < 0 {
			negativeShift(fr, where, int(n))
		}
		return uint64(n)
	}
}

// floats are the kinds of floating-point numbers.
type floats[T float] struct{ reals[T] }

func newFloats[T float]() number { return floats[T]{reals[T]{newScalar[T]()}} }

func (k floats[T]) zero() value { return constantOf[T](k, 0) }

func (k floats[T]) constant(c constant.Value) value {
	if f, _ := constant.Float32Val(c); k.size() == 4 {
		return constantOf(k, T(f))
	}
	f, _ := constant.Float64Val(c)
	return constantOf(k, T(f))
}

func (k floats[T]) invert(value) any { panic(unsupported("operator ^")) }

func (k floats[T]) binary(op token.Token, x, y value, _ place) value {
	return arithmetic[T](op, k, x, y)
}

func (k floats[T]) count(value, place) func(*frame) uint64 {
	panic(unsupported("a count that is no integer"))
}

// toIndex makes an index of an integer.
func toIndex(x value) index {
	if f, ok := x.code.(func(*frame) int); ok {
		return index{code: f, slot: x.slot}
	}
	i := index{}
	switch x.code.(type) {
	case func(*frame) uint, func(*frame) uint64, func(*frame) uintptr:
		i.unsigned = true
	}
	i.code = intKind.convert(x).(func(*frame) int)
	return i
}

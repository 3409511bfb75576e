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
	binary(op token.Token, x, y value, where place) any
	negate(x value) any
	invert(x value) any // ^x
	compare(op token.Token, x, y value) func(*frame) bool
	add(s slot, x value) stmt // s += x
	convert(x value) any      // of another number
	extreme(max bool, xs []value) any
}

type reals[T real] struct{ scalar[T] }

func (k reals[T]) compare(op token.Token, x, y value) func(*frame) bool { return compare[T](op, x, y) }

func (k reals[T]) equal(x, y value) func(*frame) bool { return compare[T](token.EQL, x, y) }

func (k reals[T]) negate(x value) any {
	f := code[T](x)
	return func(fr *frame) T { return -f(fr) }
}

// add is also for numbers that are subtracted from.
func (k reals[T]) add(s slot, x value) stmt {
	to := s.number
	switch {
	case x.konst != nil:
		c := x.konst.(T)
		return func(fr *frame) ctl { *num[T](fr, to) += c; return next }
	case x.slot != nil:
		from := x.slot.number
		return func(fr *frame) ctl { *num[T](fr, to) += *num[T](fr, from); return next }
	}
	f := code[T](x)
	return func(fr *frame) ctl {
		v := f(fr)
		*num[T](fr, to) += v
		return next
	}
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

func (k integers[T]) binary(op token.Token, x, y value, where place) any {
	switch op {
	case token.ADD:
		return add[T](x, y)
	case token.SUB:
		return sub[T](x, y)
	case token.MUL:
		return mul[T](x, y)
	case token.QUO:
		return quo[T](x, y, where)
	case token.REM:
		return rem[T](x, y, where)
	case token.AND:
		return and[T](x, y)
	case token.OR:
		return or[T](x, y)
	case token.XOR:
		return xor[T](x, y)
	case token.AND_NOT:
		return andNot[T](x, y)
	case token.SHL:
		return shl[T](x, y, where)
	case token.SHR:
		return shr[T](x, y, where)
	}
	panic(unsupported("operator " + op.String()))
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

func (k floats[T]) binary(op token.Token, x, y value, where place) any {
	switch op {
	case token.ADD:
		return add[T](x, y)
	case token.SUB:
		return sub[T](x, y)
	case token.MUL:
		return mul[T](x, y)
	case token.QUO:
		f, g := code[T](x), code[T](y)
		return func(fr *frame) T {
			a := f(fr)
			return a / g(fr)
		}
	}
	panic(unsupported("operator " + op.String()))
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

// count is the count of a shift; a negative one ends compiled code.
func count(x value, where place) func(*frame) uint64 {
	switch x.kind.(type) {
	case integers[int], integers[int8], integers[int16], integers[int32], integers[int64]:
		f := kinds.int64.convert(x).(func(*frame) int64)
		return func(fr *frame) uint64 {
			n := f(fr)
			if n < 0 {
				negativeShift(fr, where, int(n))
			}
			return uint64(n)
		}
	}
	return kinds.uint64.convert(x).(func(*frame) uint64)
}

// constantCount is the count of a shift if it is a constant.
func constantCount(x value) (n uint64, ok bool) {
	if x.konst == nil {
		return 0, false
	}
	return x.konst.(uint64), true
}

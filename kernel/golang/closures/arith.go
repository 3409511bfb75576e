package closures

import "go/token"

// binaryOperator is a binary operator as a type: what has it as a type parameter is
// compiled for each, and then the choice in [calc] is made.
type binaryOperator interface {
	add | sub | mul | quo | rem | and | or | xor | andNot
}

type (
	add    [0]struct{}
	sub    [1]struct{}
	mul    [2]struct{}
	quo    [3]struct{}
	rem    [4]struct{}
	and    [5]struct{}
	or     [6]struct{}
	xor    [7]struct{}
	andNot [8]struct{}
)

// calc is x op y. Only integers have the last five operators: a remainder is what
// the language says it is, and operators on bits do not depend on their number.
func calc[O binaryOperator, T real](x, y T) T {
	switch len(*new(O)) {
	case len(add{}):
		return x + y
	case len(sub{}):
		return x - y
	case len(mul{}):
		return x * y
	case len(quo{}):
		return x / y
	case len(rem{}):
		return x - x/y*y
	case len(and{}):
		return T(int64(x) & int64(y))
	case len(or{}):
		return T(int64(x) | int64(y))
	case len(xor{}):
		return T(int64(x) ^ int64(y))
	}
	return T(int64(x) &^ int64(y))
}

// arithmetic is x op y for an operator that all numbers have.
func arithmetic[T real](op token.Token, k kind, x, y value) value {
	v, o := made(k, nil, x, y), operandsOf[T](x, y)
	switch op {
	case token.ADD:
		operate[add](&v, o)
	case token.SUB:
		operate[sub](&v, o)
	case token.MUL:
		operate[mul](&v, o)
	case token.QUO:
		operate[quo](&v, o)
	default:
		panic(unsupported("operator " + op.String()))
	}
	return v
}

// integerArithmetic is x op y for an operator that integers have, but shifts.
func integerArithmetic[T integer](op token.Token, k kind, x, y value) value {
	v, o := made(k, nil, x, y), operandsOf[T](x, y)
	switch op {
	case token.REM:
		operate[rem](&v, o)
	case token.AND:
		operate[and](&v, o)
	case token.OR:
		operate[or](&v, o)
	case token.XOR:
		operate[xor](&v, o)
	case token.AND_NOT:
		operate[andNot](&v, o)
	default:
		return arithmetic[T](op, k, x, y)
	}
	return v
}

// operands are those of a binary operator.
type operands[T any] struct {
	form form
	a, b int // offsets of variables
	c    T
	f, g func(*frame) T
}

// form is that of an operator: the first operand computed or a variable, the
// second computed, a variable or a constant.
type form int

const (
	computed     form = 0
	variable     form = 1
	withVariable form = 2
	withConstant form = 4
)

func operandsOf[T any](x, y value) operands[T] {
	o := operands[T]{f: code[T](x), g: code[T](y)}
	if x.slot != nil {
		o.form, o.a = variable, x.slot.number
	}
	switch {
	case y.slot != nil:
		o.form, o.b = o.form+withVariable, y.slot.number
	case y.konst != nil:
		o.form, o.c = o.form+withConstant, y.konst.(T)
	}
	return o
}

// operate makes v the value of an operation. A call of a closure costs more than
// most operators, so there is one for each form. None has two operators on
// floating-point numbers, which some machines would round once.
func operate[O binaryOperator, T real](v *value, o operands[T]) {
	if o.form != computed {
		v.into = func(to slot) stmt { return assignOperation[O](to.number, o) }
	}
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch o.form {
	case variable + withVariable:
		v.code = func(fr *frame) T { return calc[O](*num[T](fr, a), *num[T](fr, b)) }
	case variable + withConstant:
		v.code = func(fr *frame) T { return calc[O](*num[T](fr, a), c) }
	case variable:
		v.code = func(fr *frame) T { y := g(fr); return calc[O](*num[T](fr, a), y) }
	case withVariable:
		v.code = func(fr *frame) T { return calc[O](f(fr), *num[T](fr, b)) }
	case withConstant:
		v.code = func(fr *frame) T { return calc[O](f(fr), c) }
	default:
		v.code = func(fr *frame) T { x := f(fr); return calc[O](x, g(fr)) }
	}
}

// assignOperation assigns the value of an operation to a variable.
func assignOperation[O binaryOperator, T real](to int, o operands[T]) stmt {
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch o.form {
	case variable + withVariable:
		return func(fr *frame) ctl { *num[T](fr, to) = calc[O](*num[T](fr, a), *num[T](fr, b)); return next }
	case variable + withConstant:
		return func(fr *frame) ctl { *num[T](fr, to) = calc[O](*num[T](fr, a), c); return next }
	case variable:
		return func(fr *frame) ctl { y := g(fr); *num[T](fr, to) = calc[O](*num[T](fr, a), y); return next }
	case withVariable:
		return func(fr *frame) ctl { *num[T](fr, to) = calc[O](f(fr), *num[T](fr, b)); return next }
	}
	return func(fr *frame) ctl { *num[T](fr, to) = calc[O](f(fr), c); return next }
}

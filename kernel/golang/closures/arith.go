package closures

import "go/token"

// Each operator has a form for operands that are variables of the frame (a, b),
// for a constant (c) and for what must be computed (f, g): a call of a closure
// costs more than most operators. No form has two operators on floating-point
// numbers, so none can be fused on machines that round once for both.

// operands are those of a binary operator.
type operands[T any] struct {
	a, b int // offsets of variables
	c    T
	f, g func(*frame) T
}

func operandsOf[T any](x, y value) (o operands[T], form form) {
	o.f, o.g = code[T](x), code[T](y)
	if x.slot != nil {
		o.a, form = x.slot.number, variable
	}
	switch {
	case y.slot != nil:
		o.b = y.slot.number
		return o, form + withVariable
	case y.konst != nil:
		o.c = y.konst.(T)
		return o, form + withConstant
	}
	return o, form
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

func add[T real](x, y value) any {
	o, form := operandsOf[T](x, y)
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) T { return *num[T](fr, a) + *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) T { return *num[T](fr, a) + c }
	case variable:
		return func(fr *frame) T { y := g(fr); return *num[T](fr, a) + y }
	case withVariable:
		return func(fr *frame) T { return f(fr) + *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) T { return f(fr) + c }
	}
	return func(fr *frame) T { x := f(fr); return x + g(fr) }
}

func sub[T real](x, y value) any {
	o, form := operandsOf[T](x, y)
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) T { return *num[T](fr, a) - *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) T { return *num[T](fr, a) - c }
	case variable:
		return func(fr *frame) T { y := g(fr); return *num[T](fr, a) - y }
	case withVariable:
		return func(fr *frame) T { return f(fr) - *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) T { return f(fr) - c }
	}
	return func(fr *frame) T { x := f(fr); return x - g(fr) }
}

func mul[T real](x, y value) any {
	o, form := operandsOf[T](x, y)
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) T { return *num[T](fr, a) * *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) T { return *num[T](fr, a) * c }
	case variable:
		return func(fr *frame) T { y := g(fr); return *num[T](fr, a) * y }
	case withVariable:
		return func(fr *frame) T { return f(fr) * *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) T { return f(fr) * c }
	}
	return func(fr *frame) T { x := f(fr); return x * g(fr) }
}

func and[T integer](x, y value) any {
	o, form := operandsOf[T](x, y)
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) T { return *num[T](fr, a) & *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) T { return *num[T](fr, a) & c }
	case variable:
		return func(fr *frame) T { y := g(fr); return *num[T](fr, a) & y }
	case withVariable:
		return func(fr *frame) T { return f(fr) & *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) T { return f(fr) & c }
	}
	return func(fr *frame) T { x := f(fr); return x & g(fr) }
}

func or[T integer](x, y value) any {
	o, form := operandsOf[T](x, y)
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) T { return *num[T](fr, a) | *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) T { return *num[T](fr, a) | c }
	case variable:
		return func(fr *frame) T { y := g(fr); return *num[T](fr, a) | y }
	case withVariable:
		return func(fr *frame) T { return f(fr) | *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) T { return f(fr) | c }
	}
	return func(fr *frame) T { x := f(fr); return x | g(fr) }
}

func xor[T integer](x, y value) any {
	o, form := operandsOf[T](x, y)
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) T { return *num[T](fr, a) ^ *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) T { return *num[T](fr, a) ^ c }
	case variable:
		return func(fr *frame) T { y := g(fr); return *num[T](fr, a) ^ y }
	case withVariable:
		return func(fr *frame) T { return f(fr) ^ *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) T { return f(fr) ^ c }
	}
	return func(fr *frame) T { x := f(fr); return x ^ g(fr) }
}

func andNot[T integer](x, y value) any {
	o, form := operandsOf[T](x, y)
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) T { return *num[T](fr, a) &^ *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) T { return *num[T](fr, a) &^ c }
	case variable:
		return func(fr *frame) T { y := g(fr); return *num[T](fr, a) &^ y }
	case withVariable:
		return func(fr *frame) T { return f(fr) &^ *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) T { return f(fr) &^ c }
	}
	return func(fr *frame) T { x := f(fr); return x &^ g(fr) }
}

func quo[T integer](x, y value, where place) any {
	f, g := code[T](x), code[T](y)
	if c, ok := y.konst.(T); ok && c != 0 {
		return func(fr *frame) T { return f(fr) / c }
	}
	return func(fr *frame) T {
		x := f(fr)
		y := g(fr)
		if y == 0 {
			divideByZero(fr, where)
		}
		return x / y
	}
}

func rem[T integer](x, y value, where place) any {
	f, g := code[T](x), code[T](y)
	if c, ok := y.konst.(T); ok && c != 0 {
		return func(fr *frame) T { return f(fr) % c }
	}
	return func(fr *frame) T {
		x := f(fr)
		y := g(fr)
		if y == 0 {
			divideByZero(fr, where)
		}
		return x % y
	}
}

func shl[T integer](x, y value, where place) any {
	f := code[T](x)
	if n, ok := constantCount(y); ok {
		return func(fr *frame) T { return f(fr) << n }
	}
	g := count(y, where)
	return func(fr *frame) T {
		x := f(fr)
		return x << g(fr)
	}
}

func shr[T integer](x, y value, where place) any {
	f := code[T](x)
	if n, ok := constantCount(y); ok {
		return func(fr *frame) T { return f(fr) >> n }
	}
	g := count(y, where)
	return func(fr *frame) T {
		x := f(fr)
		return x >> g(fr)
	}
}

// compare is x op y.
func compare[T real](op token.Token, x, y value) func(*frame) bool {
	o, form := operandsOf[T](x, y)
	switch op {
	case token.EQL:
		return equal(o, form)
	case token.NEQ:
		return not(equal(o, form))
	case token.LSS:
		return less(o, form)
	case token.LEQ:
		return lessEqual(o, form)
	case token.GTR:
		return greater(o, form)
	}
	return greaterEqual(o, form)
}

func not(f func(*frame) bool) func(*frame) bool {
	return func(fr *frame) bool { return !f(fr) }
}

func equal[T real](o operands[T], form form) func(*frame) bool {
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) bool { return *num[T](fr, a) == *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) bool { return *num[T](fr, a) == c }
	case withVariable:
		return func(fr *frame) bool { return f(fr) == *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) bool { return f(fr) == c }
	}
	return func(fr *frame) bool { x := f(fr); return x == g(fr) }
}

func less[T real](o operands[T], form form) func(*frame) bool {
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) bool { return *num[T](fr, a) < *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) bool { return *num[T](fr, a) < c }
	case withVariable:
		return func(fr *frame) bool { return f(fr) < *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) bool { return f(fr) < c }
	}
	return func(fr *frame) bool { x := f(fr); return x < g(fr) }
}

func lessEqual[T real](o operands[T], form form) func(*frame) bool {
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) bool { return *num[T](fr, a) <= *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) bool { return *num[T](fr, a) <= c }
	case withVariable:
		return func(fr *frame) bool { return f(fr) <= *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) bool { return f(fr) <= c }
	}
	return func(fr *frame) bool { x := f(fr); return x <= g(fr) }
}

func greater[T real](o operands[T], form form) func(*frame) bool {
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) bool { return *num[T](fr, a) > *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) bool { return *num[T](fr, a) > c }
	case withVariable:
		return func(fr *frame) bool { return f(fr) > *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) bool { return f(fr) > c }
	}
	return func(fr *frame) bool { x := f(fr); return x > g(fr) }
}

func greaterEqual[T real](o operands[T], form form) func(*frame) bool {
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch form {
	case variable + withVariable:
		return func(fr *frame) bool { return *num[T](fr, a) >= *num[T](fr, b) }
	case variable + withConstant:
		return func(fr *frame) bool { return *num[T](fr, a) >= c }
	case withVariable:
		return func(fr *frame) bool { return f(fr) >= *num[T](fr, b) }
	case withConstant:
		return func(fr *frame) bool { return f(fr) >= c }
	}
	return func(fr *frame) bool { x := f(fr); return x >= g(fr) }
}

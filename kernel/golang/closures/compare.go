package closures

import "go/token"

// relation is a comparison as a type, see binaryOperator.
type relation interface {
	equal | different | less | lessEqual | greater | greaterEqual
}

type (
	equal        [0]struct{}
	different    [1]struct{}
	less         [2]struct{}
	lessEqual    [3]struct{}
	greater      [4]struct{}
	greaterEqual [5]struct{}
)

func holds[R relation, T real](x, y T) bool {
	switch len(*new(R)) {
	case len(equal{}):
		return x == y
	case len(different{}):
		return x != y
	case len(less{}):
		return x < y
	case len(lessEqual{}):
		return x <= y
	case len(greater{}):
		return x > y
	}
	return x >= y
}

// comparison is x op y.
func comparison[T real](op token.Token, x, y value) value {
	v, o := made(boolKind, nil, x, y), operandsOf[T](x, y)
	switch op {
	case token.EQL:
		relate[equal](&v, o)
	case token.NEQ:
		relate[different](&v, o)
	case token.LSS:
		relate[less](&v, o)
	case token.LEQ:
		relate[lessEqual](&v, o)
	case token.GTR:
		relate[greater](&v, o)
	default:
		relate[greaterEqual](&v, o)
	}
	return v
}

// relate makes v the value of a comparison.
func relate[R relation, T real](v *value, o operands[T]) {
	if o.form != computed && o.form != variable {
		v.branch = func(then, other stmt) stmt { return branchOn[R](o, then, other) }
	}
	if o.form == variable+withVariable || o.form == variable+withConstant {
		v.counted = func(l counting) stmt { return loopOn[R](o, l) }
	}
	a, b, c, f, g := o.a, o.b, o.c, o.f, o.g
	switch o.form {
	case variable + withVariable:
		v.code = func(fr *frame) bool { return holds[R](*num[T](fr, a), *num[T](fr, b)) }
	case variable + withConstant:
		v.code = func(fr *frame) bool { return holds[R](*num[T](fr, a), c) }
	case withVariable:
		v.code = func(fr *frame) bool { return holds[R](f(fr), *num[T](fr, b)) }
	case withConstant:
		v.code = func(fr *frame) bool { return holds[R](f(fr), c) }
	default:
		v.code = func(fr *frame) bool { x := f(fr); return holds[R](x, g(fr)) }
	}
}

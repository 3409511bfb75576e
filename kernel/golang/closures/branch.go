package closures

// branch runs one of two statements, of which the second may be nil.
func branch(cond value, then, other stmt) stmt {
	if cond.branch != nil {
		return cond.branch(then, other)
	}
	f := code[bool](cond)
	return func(fr *frame) ctl {
		if f(fr) {
			return then(fr)
		}
		if other == nil {
			return next
		}
		return other(fr)
	}
}

// branchOn is a branch on a comparison.
func branchOn[R relation, T real](o operands[T], then, other stmt) stmt {
	a, b, c, f := o.a, o.b, o.c, o.f
	switch o.form {
	case variable + withVariable:
		return func(fr *frame) ctl {
			if holds[R](*num[T](fr, a), *num[T](fr, b)) {
				return then(fr)
			}
			if other == nil {
				return next
			}
			return other(fr)
		}
	case variable + withConstant:
		return func(fr *frame) ctl {
			if holds[R](*num[T](fr, a), c) {
				return then(fr)
			}
			if other == nil {
				return next
			}
			return other(fr)
		}
	case withVariable:
		return func(fr *frame) ctl {
			if holds[R](f(fr), *num[T](fr, b)) {
				return then(fr)
			}
			if other == nil {
				return next
			}
			return other(fr)
		}
	}
	return func(fr *frame) ctl {
		if holds[R](f(fr), c) {
			return then(fr)
		}
		if other == nil {
			return next
		}
		return other(fr)
	}
}

func negated(x value) value {
	f := code[bool](x)
	v := made(boolKind, func(fr *frame) bool { return !f(fr) }, x)
	v.branch = func(then, other stmt) stmt {
		if other == nil {
			other = nothing
		}
		return branch(x, other, then)
	}
	return v
}

// both is x && y.
func both(x, y value) value {
	f, g := code[bool](x), code[bool](y)
	v := made(boolKind, func(fr *frame) bool { return f(fr) && g(fr) }, x, y)
	v.branch = func(then, other stmt) stmt { return branch(x, branch(y, then, other), other) }
	return v
}

// either is x || y.
func either(x, y value) value {
	f, g := code[bool](x), code[bool](y)
	v := made(boolKind, func(fr *frame) bool { return f(fr) || g(fr) }, x, y)
	v.branch = func(then, other stmt) stmt { return branch(x, then, branch(y, then, other)) }
	return v
}

// counting is a loop that adds a step to a variable after each round.
type counting struct {
	m    *Machine
	i    slot
	step value // a variable or a constant
	body stmt
	jump jump
}

// loopOn is a loop while a comparison is true of the variable that is counted and
// another or a constant. It is nil if another variable is compared.
func loopOn[R relation, T real](o operands[T], l counting) stmt {
	i := l.i.number
	if o.a != i {
		return nil
	}
	end, step := operand[T]{o.b, o.c}, operandOf[T](l.step)
	m, body, j := l.m, l.body, l.jump
	return func(fr *frame) ctl {
		for holds[R](*num[T](fr, i), end.of(fr)) {
			if r := body(fr); r != next && r != j.on {
				if r == j.end {
					break
				}
				return r
			}
			if fr.stop.Load() != goOn {
				m.interrupted(fr, nil)
			}
			*num[T](fr, i) += step.of(fr)
		}
		return next
	}
}

// operand is a variable or a constant.
type operand[T any] struct {
	at int // 0 if it is a constant
	c  T
}

func operandOf[T any](x value) operand[T] {
	if x.slot != nil {
		return operand[T]{at: x.slot.number}
	}
	return operand[T]{c: x.konst.(T)}
}

func (o *operand[T]) of(fr *frame) T {
	if o.at != 0 {
		return *num[T](fr, o.at)
	}
	return o.c
}

package closures

// shifting is a shift as a type, see binaryOperator. Its count is of any integer kind.
type shifting interface{ left | right }

type (
	left  [0]struct{}
	right [1]struct{}
)

func shifted[O shifting, T integer](x T, n uint64) T {
	if len(*new(O)) == len(left{}) {
		return x << n
	}
	return x >> n
}

// shift is x << y or x >> y.
func shift[O shifting, T integer](k kind, x, y value, where place) value {
	v := made(k, nil, x, y)
	if y.konst != nil {
		n := y.konst.(uint64)
		v.code, v.into = shiftedBy[O, T](x, n)
	} else {
		v.code, v.into = shiftedByCount[O, T](x, y.kind.(number).count(y, where))
	}
	return v
}

func shiftedBy[O shifting, T integer](x value, n uint64) (code func(*frame) T, into func(slot) stmt) {
	if x.slot != nil {
		a := x.slot.number
		return func(fr *frame) T { return shifted[O](*num[T](fr, a), n) }, func(to slot) stmt {
			return func(fr *frame) ctl { *num[T](fr, to.number) = shifted[O](*num[T](fr, a), n); return next }
		}
	}
	f := x.code.(func(*frame) T)
	return func(fr *frame) T { return shifted[O](f(fr), n) }, func(to slot) stmt {
		return func(fr *frame) ctl { *num[T](fr, to.number) = shifted[O](f(fr), n); return next }
	}
}

func shiftedByCount[O shifting, T integer](x value, n func(*frame) uint64) (code func(*frame) T, into func(slot) stmt) {
	if x.slot != nil {
		a := x.slot.number
		return func(fr *frame) T { n := n(fr); return shifted[O](*num[T](fr, a), n) }, func(to slot) stmt {
			return func(fr *frame) ctl { n := n(fr); *num[T](fr, to.number) = shifted[O](*num[T](fr, a), n); return next }
		}
	}
	f := x.code.(func(*frame) T)
	return func(fr *frame) T { x := f(fr); return shifted[O](x, n(fr)) }, func(to slot) stmt {
		return func(fr *frame) ctl { x := f(fr); *num[T](fr, to.number) = shifted[O](x, n(fr)); return next }
	}
}

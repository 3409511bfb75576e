package closures

import "unsafe"

// index is an index of any integer type as an int; one that does not fit is
// negative.
type index struct {
	code     func(*frame) int
	slot     *slot // of an int
	unsigned bool
}

// element is s[i].
func (r rep[T]) element(s, x value, where place) any {
	i, size := toIndex(x), unsafe.Sizeof(*new(T))
	if s.slot != nil && i.slot != nil {
		data, length, at := s.slot.pointer, s.slot.number, i.slot.number
		return func(fr *frame) T {
			n := *num[int](fr, at)
			if uint(n) >= *num[uint](fr, length) {
				outOfRange(fr, where, n, *num[int](fr, length), i.unsigned)
			}
			return *(*T)(unsafe.Add(*ptr(fr, data), uintptr(n)*size))
		}
	}
	if s.slot != nil {
		data, length := s.slot.pointer, s.slot.number
		return func(fr *frame) T {
			n := i.code(fr)
			if uint(n) >= *num[uint](fr, length) {
				outOfRange(fr, where, n, *num[int](fr, length), i.unsigned)
			}
			return *(*T)(unsafe.Add(*ptr(fr, data), uintptr(n)*size))
		}
	}
	f := code[slice](s)
	return func(fr *frame) T {
		s := f(fr)
		n := i.code(fr)
		if uint(n) >= uint(s.len) {
			outOfRange(fr, where, n, s.len, i.unsigned)
		}
		return *(*T)(unsafe.Add(s.data, uintptr(n)*size))
	}
}

// setElement is s[i] = x. The index is checked after x is computed.
func (r rep[T]) setElement(s, x, y value, where place) stmt {
	i, f, size := toIndex(x), code[T](y), unsafe.Sizeof(*new(T))
	if s.slot != nil {
		data, length := s.slot.pointer, s.slot.number
		return func(fr *frame) ctl {
			n := i.code(fr)
			v := f(fr)
			if uint(n) >= *num[uint](fr, length) {
				outOfRange(fr, where, n, *num[int](fr, length), i.unsigned)
			}
			*(*T)(unsafe.Add(*ptr(fr, data), uintptr(n)*size)) = v
			return next
		}
	}
	h := code[slice](s)
	return func(fr *frame) ctl {
		s := h(fr)
		n := i.code(fr)
		v := f(fr)
		if uint(n) >= uint(s.len) {
			outOfRange(fr, where, n, s.len, i.unsigned)
		}
		*(*T)(unsafe.Add(s.data, uintptr(n)*size)) = v
		return next
	}
}

// elementAddr is &s[i], for elements of any kind.
func elementAddr(s, x value, size int, where place) func(*frame) unsafe.Pointer {
	i, f := toIndex(x), code[slice](s)
	return func(fr *frame) unsafe.Pointer {
		s := f(fr)
		n := i.code(fr)
		if uint(n) >= uint(s.len) {
			outOfRange(fr, where, n, s.len, i.unsigned)
		}
		return unsafe.Add(s.data, n*size)
	}
}

// appendTo is append(s, xs...).
func (r rep[T]) appendTo(s value, xs []value) any {
	f := code[slice](s)
	if len(xs) == 1 {
		x := code[T](xs[0])
		return func(fr *frame) slice {
			s := f(fr)
			return toSlice(append(sliceOf[T](s), x(fr)))
		}
	}
	codes := codesOf[T](xs)
	return func(fr *frame) slice {
		s, xs := f(fr), make([]T, len(codes))
		for i, x := range codes {
			xs[i] = x(fr)
		}
		return toSlice(append(sliceOf[T](s), xs...))
	}
}

func codesOf[T any](xs []value) []func(*frame) T {
	codes := make([]func(*frame) T, len(xs))
	for i, x := range xs {
		codes[i] = code[T](x)
	}
	return codes
}

// appendAll is append(s, t...).
func (r rep[T]) appendAll(s, t value) any {
	f, g := code[slice](s), code[slice](t)
	return func(fr *frame) slice {
		s := f(fr)
		return toSlice(append(sliceOf[T](s), sliceOf[T](g(fr))...))
	}
}

// copyTo is copy(s, t).
func (r rep[T]) copyTo(s, t value) any {
	f, g := code[slice](s), code[slice](t)
	return func(fr *frame) int {
		s := f(fr)
		return copy(sliceOf[T](s), sliceOf[T](g(fr)))
	}
}

// make is make([]T, len, cap).
func (r rep[T]) make(length, capacity value, where place) any {
	n, c := toIndex(length), toIndex(capacity)
	most := 1 << 47 / max(r.size(), 1)
	return func(fr *frame) slice {
		n, c := n.code(fr), c.code(fr)
		if n < 0 || n > most || c < n || c > most {
			provoke(fr, where, func() { _ = make([]T, n, c) })
		}
		return toSlice(make([]T, n, c))
	}
}

// literal is []T{xs...}.
func (r rep[T]) literal(xs []value) any {
	codes := codesOf[T](xs)
	return func(fr *frame) slice {
		s := make([]T, len(codes))
		for i, x := range codes {
			s[i] = x(fr)
		}
		return toSlice(s)
	}
}

// part is s[low:high:most]; an end that is nil is missing.
func part(s value, low, high, most *index, isArray bool, where place) any {
	f, size := code[slice](s), s.kind.(sliceKind).elem.size()
	return func(fr *frame) slice {
		s := f(fr)
		i, j, k := low.or(fr, 0), high.or(fr, s.len), most.or(fr, s.cap)
		huge := low.huge(i) || high.huge(j) || most.huge(k)
		if isArray { // whose errors are those of a string
			checkStringPart(fr, where, unsafe.String((*byte)(s.data), s.cap), i, j, high == nil, huge)
		} else {
			checkPart(fr, where, s, i, j, k, high == nil, most != nil, huge)
		}
		if k == i {
			return slice{s.data, j - i, 0} // no pointer past the end
		}
		return slice{unsafe.Add(s.data, i*size), j - i, k - i}
	}
}

// stringPart is s[low:high].
func stringPart(s value, low, high *index, where place) any {
	f := code[string](s)
	return func(fr *frame) string {
		s := f(fr)
		i, j := low.or(fr, 0), high.or(fr, len(s))
		checkStringPart(fr, where, s, i, j, high == nil, low.huge(i) || high.huge(j))
		return s[i:j]
	}
}

func (x *index) or(fr *frame, n int) int {
	if x == nil {
		return n
	}
	return x.code(fr)
}

func (x *index) huge(n int) bool { return x != nil && x.unsigned && n < 0 }

// stringElement is s[i].
func stringElement(s, x value, where place) any {
	f, i := code[string](s), toIndex(x)
	return func(fr *frame) byte {
		s := f(fr)
		n := i.code(fr)
		if uint(n) >= uint(len(s)) {
			outOfRange(fr, where, n, len(s), i.unsigned)
		}
		return s[n]
	}
}

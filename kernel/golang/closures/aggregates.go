package closures

import (
	"math"
	"reflect"
	"unsafe"
)

// Slices of structs and arrays: what package reflect does with slices of their
// type in memory.

// sliceAt is a slice as package reflect knows it.
func (k aggregate) sliceAt(s *slice) reflect.Value {
	return reflect.NewAt(reflect.SliceOf(k.t), unsafe.Pointer(s)).Elem()
}

func (k aggregate) element(s, i value, where place) any {
	return elementAddr(s, i, k.size(), where)
}

func (k aggregate) setElement(s, i, x value, where place) stmt {
	at, move, f, size := toIndex(i), k.copier(), code[unsafe.Pointer](x), k.size()
	h := code[slice](s)
	return func(fr *frame) ctl {
		s := h(fr)
		n := at.code(fr)
		from := f(fr)
		if uint(n) >= uint(s.len) {
			outOfRange(fr, where, n, s.len, at.unsigned)
		}
		move(unsafe.Add(s.data, n*size), from)
		return next
	}
}

func (k aggregate) appendTo(s value, xs []value) any {
	if len(xs) > 1 {
		return k.appendAll(s, value{code: k.literal(xs)})
	}
	f, x, move, size := code[slice](s), code[unsafe.Pointer](xs[0]), k.copier(), k.size()
	return func(fr *frame) slice {
		s := f(fr)
		from := x(fr)
		if s.len == s.cap {
			s = k.grown(s)
		}
		s.len++
		move(unsafe.Add(s.data, (s.len-1)*size), from)
		return s
	}
}

// grown is a slice with more room, as append makes it.
func (k aggregate) grown(s slice) slice {
	out := new(slice)
	k.sliceAt(out).Set(reflect.Append(k.sliceAt(&s), reflect.Zero(k.t)))
	out.len = s.len
	return *out
}

func (k aggregate) appendAll(s, t value) any {
	f, g := code[slice](s), code[slice](t)
	return func(fr *frame) slice {
		s := f(fr)
		t, out := g(fr), new(slice)
		k.sliceAt(out).Set(reflect.AppendSlice(k.sliceAt(&s), k.sliceAt(&t)))
		return *out
	}
}

func (k aggregate) copyTo(s, t value) any {
	f, g := code[slice](s), code[slice](t)
	return func(fr *frame) int {
		s := f(fr)
		t := g(fr)
		return reflect.Copy(k.sliceAt(&s), k.sliceAt(&t))
	}
}

func (k aggregate) make(length, capacity value, where place) any {
	n, c, t := toIndex(length), toIndex(capacity), reflect.SliceOf(k.t)
	most := math.MaxInt
	if k.size() > 0 {
		most = 1 << 47 / k.size()
	}
	return func(fr *frame) slice {
		n, c := n.code(fr), c.code(fr)
		if n < 0 || n > most || c < n || c > most {
			badMake(fr, where, n < 0 || n > most)
		}
		out := new(slice)
		k.sliceAt(out).Set(reflect.MakeSlice(t, n, c))
		return *out
	}
}

func (k aggregate) literal(xs []value) any {
	codes, move, size, t := codesOf[unsafe.Pointer](xs), k.copier(), k.size(), reflect.SliceOf(k.t)
	return func(fr *frame) slice {
		s := new(slice)
		k.sliceAt(s).Set(reflect.MakeSlice(t, len(codes), len(codes)))
		for i, x := range codes {
			move(unsafe.Add(s.data, i*size), x(fr))
		}
		return *s
	}
}

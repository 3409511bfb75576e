package closures

import (
	"reflect"
	"unsafe"
)

// ctl says how a statement ended.
type ctl int

const (
	next ctl = iota
	returned
	fallsThrough
	// From here on, branches: break and continue of the loops and switches of a
	// function, in pairs.
	branches
)

// stmt is a statement.
type stmt func(*frame) ctl

// value is an expression.
type value struct {
	kind kind
	// code computes the value: a func(*frame) T, where T is the Go type by which
	// the kind represents its values.
	code  any
	slot  *slot // where it lies, if it is a variable of the frame
	konst any   // a T, if it is a constant
	calls bool  // it calls a function
	reads bool  // it reads memory that a call may change
	looks bool  // a call in it does
	owned bool  // it lies in new memory that nothing else uses

	// Shorter ways to use it, if there are any: into assigns it to a variable of
	// the frame, branch runs one of two statements, of which the second may be nil,
	// and counted is a loop while it is true, nil if it counts something else.
	into    func(slot) stmt
	branch  func(then, other stmt) stmt
	counted func(counting) stmt
}

// code returns what computes a value.
func code[T any](v value) func(*frame) T {
	f, ok := v.code.(func(*frame) T)
	if !ok {
		panic(unsupported("a value where one of another type is expected"))
	}
	return f
}

// constant is the value of a constant.
func constantOf[T any](k kind, x T) value {
	return value{kind: k, konst: x, code: func(*frame) T { return x }}
}

// slice is how slices are represented, whatever their elements.
type slice struct {
	data     unsafe.Pointer
	len, cap int
}

// of returns the slice as Go's own.
func sliceOf[T any](s slice) []T { return unsafe.Slice((*T)(s.data), s.cap)[:s.len] }

func toSlice[T any](s []T) slice {
	return slice{unsafe.Pointer(unsafe.SliceData(s)), len(s), cap(s)}
}

// kind is how the values of a type are represented and what can be done with
// them in memory and in frames. What only numbers can do is in [number].
type kind interface {
	size() int                     // in memory, in bytes
	memory() reflect.Type          // with the layout of a value
	as(code any) any               // code that returns the same bits, for values of this kind
	room() (numbers, pointers int) // in a frame, in words
	zero() value

	local(slot) any                            // reads a variable
	set(slot, value) stmt                      // assigns to one
	pass(slot, value) func(fr, callee *frame)  // assigns to a parameter
	result(*site, slot) any                    // calls and reads a result
	after(stmt, any) any                       // does something first
	load(addr func(*frame) unsafe.Pointer) any // reads memory
	store(addr func(*frame) unsafe.Pointer, x value) stmt
	fresh(x value) func(*frame) unsafe.Pointer // new memory with a value

	element(s, i value, where place) any
	setElement(s, i, x value, where place) stmt
	appendTo(s value, xs []value) any
	appendAll(s, t value) any
	copyTo(s, t value) any
	make(len, cap value, where place) any
	literal(xs []value) any // a slice of these
	equal(x, y value) func(*frame) bool

	box(x value) any                                        // as an interface holds it
	boxSlice(x value) any                                   // a slice of such values
	moved(x value) func(*frame, reflect.Type) reflect.Value // with its type outside

	in(slot, reflect.Type) func(*frame, unsafe.Pointer)  // from memory outside
	out(slot, reflect.Type) func(*frame, unsafe.Pointer) // to memory outside
}

// rep is a kind whose values are represented by T.
type rep[T any] struct {
	numbers, pointers int
	get               func(slot) func(*frame) T
	put               func(slot) func(*frame, T)
	same              func(x, y T) bool // nil if values cannot be compared
}

func (r rep[T]) size() int            { return int(unsafe.Sizeof(*new(T))) }
func (r rep[T]) memory() reflect.Type { return reflect.TypeFor[T]() }
func (r rep[T]) room() (int, int)     { return r.numbers, r.pointers }
func (r rep[T]) local(s slot) any     { return r.get(s) }

func (r rep[T]) set(s slot, x value) stmt {
	put, f := r.put(s), code[T](x)
	return func(fr *frame) ctl { put(fr, f(fr)); return next }
}

func (r rep[T]) pass(s slot, x value) func(fr, callee *frame) {
	put, f := r.put(s), code[T](x)
	return func(fr, callee *frame) { put(callee, f(fr)) }
}

func (r rep[T]) result(c *site, s slot) any {
	get := r.get(s)
	return func(fr *frame) T { return get(c.call(fr)) }
}

func (r rep[T]) after(before stmt, x any) any {
	f := x.(func(*frame) T)
	return func(fr *frame) T {
		before(fr)
		return f(fr)
	}
}

func (r rep[T]) load(addr func(*frame) unsafe.Pointer) any {
	return func(fr *frame) T { return *(*T)(addr(fr)) }
}

func (r rep[T]) store(addr func(*frame) unsafe.Pointer, x value) stmt {
	f := code[T](x)
	return func(fr *frame) ctl {
		v := f(fr)
		*(*T)(addr(fr)) = v
		return next
	}
}

func (r rep[T]) fresh(x value) func(*frame) unsafe.Pointer {
	f := code[T](x)
	return func(fr *frame) unsafe.Pointer {
		p := new(T)
		*p = f(fr)
		return unsafe.Pointer(p)
	}
}

func (r rep[T]) equal(x, y value) func(*frame) bool {
	same, a, b := r.same, code[T](x), code[T](y)
	return func(fr *frame) bool { return same(a(fr), b(fr)) }
}

// The kinds that are no numbers.
var (
	stringRep    = rep[string]{numbers: 1, pointers: 1, get: getString, put: putString, same: func(x, y string) bool { return x == y }}
	pointerRep   = rep[unsafe.Pointer]{pointers: 1, get: getPointer, put: putPointer, same: func(x, y unsafe.Pointer) bool { return x == y }}
	sliceRep     = rep[slice]{numbers: 2, pointers: 1, get: getSlice, put: putSlice}
	interfaceRep = rep[iface]{pointers: 2, get: getInterface, put: putInterface}
)

func getString(s slot) func(*frame) string {
	return func(fr *frame) string {
		return unsafe.String((*byte)(*ptr(fr, s.pointer)), *num[int](fr, s.number))
	}
}

func putString(s slot) func(*frame, string) {
	return func(fr *frame, x string) {
		*ptr(fr, s.pointer), *num[int](fr, s.number) = unsafe.Pointer(unsafe.StringData(x)), len(x)
	}
}

func getPointer(s slot) func(*frame) unsafe.Pointer {
	return func(fr *frame) unsafe.Pointer { return *ptr(fr, s.pointer) }
}

func putPointer(s slot) func(*frame, unsafe.Pointer) {
	return func(fr *frame, x unsafe.Pointer) { *ptr(fr, s.pointer) = x }
}

func getInterface(s slot) func(*frame) iface {
	return func(fr *frame) iface { return iface{*ptr(fr, s.pointer), *ptr(fr, s.pointer-word)} }
}

func putInterface(s slot) func(*frame, iface) {
	return func(fr *frame, x iface) { *ptr(fr, s.pointer), *ptr(fr, s.pointer-word) = x.typ, x.data }
}

func getSlice(s slot) func(*frame) slice {
	return func(fr *frame) slice {
		return slice{*ptr(fr, s.pointer), *num[int](fr, s.number), *num[int](fr, s.number+word)}
	}
}

func putSlice(s slot) func(*frame, slice) {
	return func(fr *frame, x slice) {
		*ptr(fr, s.pointer), *num[int](fr, s.number), *num[int](fr, s.number+word) = x.data, x.len, x.cap
	}
}

// scalar is a kind whose values are one number of a frame.
type scalar[T comparable] struct{ rep[T] }

// newScalar must not be inlined: in the copies of closures that this would make,
// the compiler inlines no calls of num. So it is with result.
//
//go:noinline
func newScalar[T comparable]() scalar[T] {
	return scalar[T]{rep[T]{
		numbers: 1,
		get:     func(s slot) func(*frame) T { return func(fr *frame) T { return *num[T](fr, s.number) } },
		put:     func(s slot) func(*frame, T) { return func(fr *frame, x T) { *num[T](fr, s.number) = x } },
		same:    func(x, y T) bool { return x == y },
	}}
}

func (scalar[T]) set(s slot, x value) stmt {
	to := s.number
	switch {
	case x.slot != nil:
		from := x.slot.number
		return func(fr *frame) ctl { *num[T](fr, to) = *num[T](fr, from); return next }
	case x.konst != nil:
		k := x.konst.(T)
		return func(fr *frame) ctl { *num[T](fr, to) = k; return next }
	case x.into != nil:
		return x.into(s)
	}
	f := code[T](x)
	return func(fr *frame) ctl { *num[T](fr, to) = f(fr); return next }
}

func (scalar[T]) pass(s slot, x value) func(fr, callee *frame) {
	to := s.number
	if x.slot != nil {
		from := x.slot.number
		return func(fr, callee *frame) { *num[T](callee, to) = *num[T](fr, from) }
	}
	f := code[T](x)
	return func(fr, callee *frame) { *num[T](callee, to) = f(fr) }
}

//go:noinline
func (scalar[T]) result(c *site, s slot) any {
	from := s.number
	return func(fr *frame) T { return *num[T](c.call(fr), from) }
}

package closures

import (
	"iter"
	"reflect"
	"unsafe"
)

// signature is how to call functions of one signature, as far as it matters: the
// results and arguments of all of them are the same in registers and memory.
type signature struct {
	letters string // see lettersOf
	// call returns what computes the arguments and calls the function: a
	// func(*frame) R, where a struct stands for none or several results.
	call func(f reflect.Value, id int32, args []value) any
	// assign assigns the results to variables; nil ones are dropped.
	assign func(code any, to []*local) stmt
}

// What a function returns that has no result, two or three. A struct is returned
// as its fields are.
type (
	none          struct{}
	two[R, S any] struct {
		R R
		S S
	}
	three[R, S, T any] struct {
		R R
		S S
		T T
	}
)

func (none) assign(code any, _ []*local) stmt {
	f := code.(func(*frame) none)
	return func(fr *frame) ctl { f(fr); return next }
}

func (two[R, S]) assign(code any, to []*local) stmt {
	f, put, put2 := code.(func(*frame) two[R, S]), putTo[R](to, 0), putTo[S](to, 1)
	return func(fr *frame) ctl {
		r := f(fr)
		put(fr, r.R)
		put2(fr, r.S)
		return next
	}
}

func (three[R, S, T]) assign(code any, to []*local) stmt {
	f, put, put2, put3 := code.(func(*frame) three[R, S, T]), putTo[R](to, 0), putTo[S](to, 1), putTo[T](to, 2)
	return func(fr *frame) ctl {
		r := f(fr)
		put(fr, r.R)
		put2(fr, r.S)
		put3(fr, r.T)
		return next
	}
}

func assignOne[R any](code any, to []*local) stmt {
	f, put := code.(func(*frame) R), putTo[R](to, 0)
	return func(fr *frame) ctl { put(fr, f(fr)); return next }
}

// putTo returns what assigns the i-th result.
func putTo[R any](to []*local, i int) func(*frame, R) {
	if to == nil || to[i] == nil {
		return func(*frame, R) {}
	}
	return putAt[R](to[i].slot)
}

// putAt returns what assigns to a variable.
func putAt[R any](at slot) func(*frame, R) {
	var put any
	switch any(*new(R)).(type) {
	case string:
		put = putString(at)
	case slice:
		put = putSlice(at)
	case unsafe.Pointer:
		put = putPointer(at)
	case iface:
		put = putInterface(at)
	default:
		return func(fr *frame, x R) { *num[R](fr, at.number) = x }
	}
	return put.(func(*frame, R))
}

// asFunc is a function as one of another type with the same signature.
func asFunc[F any](f reflect.Value) F {
	x := f.Interface()
	p := (*iface)(unsafe.Pointer(&x)).data
	return *(*F)(unsafe.Pointer(&p))
}

func newSignature[F, R any](call func(F, int32, []value) any) signature {
	s := signature{
		letters: letters(reflect.TypeFor[F]().Ins()) + "→" + resultLetters(reflect.TypeFor[R]()),
		call:    func(f reflect.Value, id int32, args []value) any { return call(asFunc[F](f), id, args) },
		assign:  assignOne[R],
	}
	if r, ok := any(*new(R)).(interface{ assign(any, []*local) stmt }); ok {
		s.assign = r.assign
	}
	return s
}

func sig0[R any]() signature {
	return newSignature[func() R, R](func(f func() R, id int32, _ []value) any {
		return func(fr *frame) R {
			fr.at = id
			return f()
		}
	})
}

func sig1[A, R any]() signature {
	return newSignature[func(A) R, R](func(f func(A) R, id int32, args []value) any {
		a := represented[A](args[0].code)
		return func(fr *frame) R {
			x := a(fr)
			fr.at = id
			return f(x)
		}
	})
}

func sig2[A, B, R any]() signature {
	return newSignature[func(A, B) R, R](func(f func(A, B) R, id int32, args []value) any {
		a, b := represented[A](args[0].code), represented[B](args[1].code)
		return func(fr *frame) R {
			x := a(fr)
			y := b(fr)
			fr.at = id
			return f(x, y)
		}
	})
}

func sig3[A, B, C, R any]() signature {
	return newSignature[func(A, B, C) R, R](func(f func(A, B, C) R, id int32, args []value) any {
		a, b, c := represented[A](args[0].code), represented[B](args[1].code), represented[C](args[2].code)
		return func(fr *frame) R {
			x := a(fr)
			y := b(fr)
			z := c(fr)
			fr.at = id
			return f(x, y, z)
		}
	})
}

func sig4[A, B, C, D, R any]() signature {
	return newSignature[func(A, B, C, D) R, R](func(f func(A, B, C, D) R, id int32, args []value) any {
		a, b, c, d := represented[A](args[0].code), represented[B](args[1].code), represented[C](args[2].code), represented[D](args[3].code)
		return func(fr *frame) R {
			w := a(fr)
			x := b(fr)
			y := c(fr)
			z := d(fr)
			fr.at = id
			return f(w, x, y, z)
		}
	})
}

// lettersOf writes the signature of a function: su→ve takes a string and an
// integer and returns a slice and an error.
func lettersOf(f reflect.Type) string { return letters(f.Ins()) + "→" + letters(f.Outs()) }

func resultLetters(t reflect.Type) string {
	if l := letter(t); l != '?' {
		return string(l)
	}
	var out []byte
	for i := range t.NumField() {
		out = append(out, letter(t.Field(i).Type))
	}
	return string(out)
}

func letters(types iter.Seq[reflect.Type]) string {
	var out []byte
	for t := range types {
		out = append(out, letter(t))
	}
	return string(out)
}

// letter stands for a type by what its values are in registers and memory, '?'
// for any that no signature below has.
func letter(t reflect.Type) byte {
	switch t {
	case reflect.TypeFor[slice]():
		return 'v'
	case reflect.TypeFor[iface]():
		return 'e'
	}
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return 'b'
	case reflect.Int32, reflect.Uint32:
		return 'w'
	case reflect.Int, reflect.Uint, reflect.Int64, reflect.Uint64, reflect.Uintptr:
		return 'u'
	case reflect.Float64:
		return 'd'
	case reflect.String:
		return 's'
	case reflect.Slice:
		return 'v'
	case reflect.Interface:
		return 'e'
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.UnsafePointer:
		return 'p'
	}
	return '?'
}

// signatures are those of the functions that programs call often.
var signatures = func() map[string]signature {
	type (
		P = unsafe.Pointer
		U = uint64
		W = uint32
		B = uint8
		D = float64
		S = string
		V = slice
		E = iface
	)
	table := map[string]signature{}
	for _, s := range []signature{
		sig0[D](), sig0[U](), sig0[W](),
		sig1[D, D](), sig1[D, B](), sig1[D, U](), sig1[D, two[D, D]](), sig1[D, two[D, U]](), sig1[D, P](),
		sig1[U, U](), sig1[U, D](), sig1[U, S](), sig1[U, V](), sig1[U, P](), sig1[U, none](),
		sig1[W, W](), sig1[W, U](), sig1[W, B](), sig1[W, S](), sig1[B, S](),
		sig1[S, S](), sig1[S, V](), sig1[S, U](), sig1[S, B](), sig1[S, P](), sig1[S, E](),
		sig1[S, two[S, E]](), sig1[S, two[U, E]](), sig1[S, two[B, E]](), sig1[S, two[W, U]](), sig1[S, two[S, S]](),
		sig1[V, V](), sig1[V, U](), sig1[V, B](), sig1[V, S](), sig1[V, P](), sig1[V, two[W, U]](), sig1[V, two[U, E]](), sig1[V, D](), sig1[V, W](), sig1[V, none](),
		sig1[P, none](), sig1[P, U](), sig1[P, B](), sig1[P, W](), sig1[P, D](), sig1[P, S](), sig1[P, V](), sig1[P, P](), sig1[P, E](),
		sig1[P, two[B, E]](), sig1[P, two[U, U]](), sig1[P, three[W, U, E]](), sig1[E, S](),
		sig2[D, D, D](), sig2[D, U, D](), sig2[D, U, B](), sig2[U, D, D](),
		sig2[U, U, U](), sig2[U, U, S](), sig2[U, U, two[U, U]](), sig2[W, U, W](),
		sig2[S, S, S](), sig2[S, S, B](), sig2[S, S, U](), sig2[S, S, V](), sig2[S, B, U](), sig2[S, W, U](), sig2[S, W, B](), sig2[S, U, S](), sig2[S, V, S](),
		sig2[V, U, two[U, B]](), sig2[V, S, two[U, B]](), sig2[V, D, two[U, B]](), sig2[S, S, two[S, B]](), sig2[S, S, three[S, S, B]](), sig2[S, U, two[D, E]](), sig2[S, V, two[U, E]](), sig2[S, V, E](),
		sig2[V, V, V](), sig2[V, V, B](), sig2[V, V, U](), sig2[V, S, S](), sig2[V, S, V](), sig2[V, S, U](), sig2[V, W, V](), sig2[V, W, U](),
		sig2[V, B, U](), sig2[V, U, B](), sig2[V, W, B](), sig2[V, B, B](), sig2[V, D, B](), sig2[V, S, B](), sig2[V, U, V](), sig2[V, U, U](), sig2[V, D, U](),
		sig2[P, U, U](), sig2[P, U, D](), sig2[P, U, W](), sig2[P, U, V](), sig2[P, U, S](), sig2[P, U, P](), sig2[P, U, none](), sig2[P, W, W](),
		sig2[P, S, S](), sig2[P, S, two[U, E]](), sig2[P, W, two[U, E]](), sig2[P, B, E](), sig2[P, V, two[U, E]](), sig2[P, B, two[S, E]](),
		sig2[P, P, P](), sig2[P, P, U](),
		sig3[S, S, S, S](), sig3[S, S, U, V](), sig3[S, U, U, two[U, E]](), sig3[V, U, U, V](), sig3[V, U, V, V](),
		sig2[S, P, S](), sig2[S, P, V](), sig2[S, P, B](), sig2[S, P, U](), sig2[V, P, U](), sig2[V, P, B](), sig2[V, P, V](), sig2[V, P, none](), sig2[E, P, none](), sig2[U, P, U](), sig2[U, P, none](), sig3[U, U, U, two[U, U]](), sig3[D, D, D, D](),
		sig3[P, P, P, P](), sig3[P, P, U, P](), sig3[P, U, U, D](), sig3[P, S, U, two[P, B]](),
		sig4[S, S, S, U, S](), sig4[D, B, U, U, S](), sig4[P, U, U, D, none](), sig4[P, P, P, P, P](),
	} {
		table[s.letters] = s
	}
	return table
}()

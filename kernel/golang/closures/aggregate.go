package closures

import (
	"go/types"
	"reflect"
	"strconv"
	"unsafe"
)

// aggregate is the kind of structs and arrays. The value of such an expression
// is an address, from which it is copied before anything can change it. A
// variable without pointers lies in the frame, any other in memory of its own:
//
//	… pointer to b | frame | … | a.x | a.y | …
type aggregate struct {
	t     reflect.Type // as in memory, all pointers being unsafe.Pointer
	words int          // in the frame, if it has no pointers
	flat  bool         // it has no pointers, and fits
	typ   types.Type   // a struct or an array
}

// maxFlat is how many words an aggregate in a frame may have.
const maxFlat = 160

func (u *Unit) aggregateOf(t types.Type, depth int) aggregate {
	m := u.memory(t, depth)
	words := (int(m.Size()) + word - 1) / word
	return aggregate{t: m, words: words, flat: words <= maxFlat && !hasPointers(m), typ: t}
}

// maxSize bounds the size of a type, in bytes: package reflect refuses those that
// are larger than all memory.
const maxSize = 1 << 40

// memory returns a type with the layout of t.
func (u *Unit) memory(t types.Type, depth int) reflect.Type {
	if depth > maxNesting || u.src.Loose(t) {
		panic(unsupported("type " + t.String()))
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && !u.src.User(n.Obj()) {
		if _, ok := n.Underlying().(*types.Struct); ok {
			return u.libraryType(n.Obj())
		}
	}
	switch t := t.Underlying().(type) {
	case *types.Array:
		elem := u.memory(t.Elem(), depth+1)
		if uint64(t.Len()) > maxSize/uint64(max(elem.Size(), 1)) {
			panic(unsupported("so large an array"))
		}
		return reflect.ArrayOf(int(t.Len()), elem)
	case *types.Struct:
		var fields []reflect.StructField
		for i := range t.NumFields() {
			fields = append(fields, reflect.StructField{Name: "F" + strconv.Itoa(i), Type: u.memory(t.Field(i).Type(), depth+1)})
		}
		return reflect.StructOf(fields)
	case *types.Signature, *types.Chan, *types.Pointer, *types.Map:
		return reflect.TypeFor[unsafe.Pointer]()
	case *types.Slice:
		return reflect.TypeFor[slice]()
	}
	return u.kindIn(t, depth).memory()
}

func (u *Unit) libraryType(obj *types.TypeName) reflect.Type {
	if p := reflect.TypeOf(u.src.Library(obj.Pkg().Path(), obj.Name())); p != nil && p.Kind() == reflect.Pointer && p.Elem().Kind() == reflect.Struct {
		return p.Elem()
	}
	panic(unsupported("type " + obj.Name()))
}

func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	case reflect.Array:
		return t.Len() > 0 && hasPointers(t.Elem())
	}
	return t.Kind() > reflect.Complex128
}

func (k aggregate) memory() reflect.Type { return k.t }
func (k aggregate) size() int            { return int(k.t.Size()) }

func (k aggregate) room() (numbers, pointers int) {
	if k.flat {
		return k.words, 0
	}
	return 0, 1
}

// at is the value at an address.
func (k aggregate) at(p unsafe.Pointer) reflect.Value { return reflect.NewAt(k.t, p).Elem() }

// copier returns what copies a value from one address to another.
func (k aggregate) copier() func(to, from unsafe.Pointer) {
	n := k.t.Size()
	if hasPointers(k.t) {
		return func(to, from unsafe.Pointer) { k.at(to).Set(k.at(from)) }
	}
	return func(to, from unsafe.Pointer) { copy(unsafe.Slice((*byte)(to), n), unsafe.Slice((*byte)(from), n)) }
}

// zero is shared by all if it is small.
func (k aggregate) zero() value {
	if k.flat {
		p := reflect.New(k.t).UnsafePointer()
		return value{kind: k, code: func(*frame) unsafe.Pointer { return p }}
	}
	return value{kind: k, owned: true, code: func(*frame) unsafe.Pointer { return reflect.New(k.t).UnsafePointer() }}
}

func (k aggregate) local(s slot) any {
	if k.flat {
		return func(fr *frame) unsafe.Pointer { return unsafe.Add(unsafe.Pointer(fr), s.number) }
	}
	return func(fr *frame) unsafe.Pointer { return *ptr(fr, s.pointer) }
}

// put returns what copies a value into a variable.
func (k aggregate) put(s slot) func(fr *frame, from unsafe.Pointer) {
	move := k.copier()
	if k.flat {
		return func(fr *frame, from unsafe.Pointer) { move(unsafe.Add(unsafe.Pointer(fr), s.number), from) }
	}
	return func(fr *frame, from unsafe.Pointer) {
		p := reflect.New(k.t).UnsafePointer()
		move(p, from)
		*ptr(fr, s.pointer) = p
	}
}

func (k aggregate) set(s slot, x value) stmt {
	put, f := k.put(s), code[unsafe.Pointer](x)
	if x.owned {
		return func(fr *frame) ctl { *ptr(fr, s.pointer) = f(fr); return next }
	}
	return func(fr *frame) ctl { put(fr, f(fr)); return next }
}

func (k aggregate) pass(s slot, x value) func(fr, callee *frame) {
	put, f := k.put(s), code[unsafe.Pointer](x)
	return func(fr, callee *frame) { put(callee, f(fr)) }
}

// result is in the frame of the call, until the next one.
func (k aggregate) result(c *site, s slot) any {
	get := k.local(s).(func(*frame) unsafe.Pointer)
	return func(fr *frame) unsafe.Pointer { return get(c.call(fr)) }
}

func (k aggregate) after(before stmt, x any) any {
	f := x.(func(*frame) unsafe.Pointer)
	return func(fr *frame) unsafe.Pointer {
		before(fr)
		return f(fr)
	}
}

func (k aggregate) load(addr func(*frame) unsafe.Pointer) any { return addr }

func (k aggregate) store(addr func(*frame) unsafe.Pointer, x value) stmt {
	move, f := k.copier(), code[unsafe.Pointer](x)
	return func(fr *frame) ctl {
		from := f(fr)
		move(addr(fr), from)
		return next
	}
}

func (k aggregate) fresh(x value) func(*frame) unsafe.Pointer {
	move, f := k.copier(), code[unsafe.Pointer](x)
	if x.owned {
		return f
	}
	return func(fr *frame) unsafe.Pointer {
		p := reflect.New(k.t).UnsafePointer()
		move(p, f(fr))
		return p
	}
}

func (k aggregate) in(s slot, _ reflect.Type) func(*frame, unsafe.Pointer) { return k.put(s) }

func (k aggregate) out(s slot, _ reflect.Type) func(*frame, unsafe.Pointer) {
	move, get := k.copier(), k.local(s).(func(*frame) unsafe.Pointer)
	return func(fr *frame, to unsafe.Pointer) { move(to, get(fr)) }
}

// equal compares by package reflect, which knows all types.
func (k aggregate) equal(x, y value) func(*frame) bool {
	if !types.Comparable(k.typ) || hasInterface(k.typ) {
		panic(unsupported("a comparison of these structs"))
	}
	f, g := code[unsafe.Pointer](x), code[unsafe.Pointer](y)
	return func(fr *frame) bool {
		p := f(fr)
		return k.at(p).Equal(k.at(g(fr)))
	}
}

// hasInterface reports whether comparing values of type t may ask what is in an
// interface, or must leave out a field.
func hasInterface(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Array:
		return hasInterface(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if f.Name() == "_" || hasInterface(f.Type()) {
				return true
			}
		}
	}
	return false
}

func (k aggregate) box(value) any      { panic(unsupported("a struct in an interface")) }
func (k aggregate) boxSlice(value) any { panic(unsupported("structs in an interface")) }

func (k aggregate) moved(x value) func(*frame, reflect.Type) reflect.Value {
	fresh := k.fresh(x)
	return func(fr *frame, t reflect.Type) reflect.Value { return reflect.NewAt(t, fresh(fr)).Elem() }
}

package engine

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// The interpreter builds the types of recursive structs wrongly if more than one
// struct, a function or a slice of structs is involved. So the types of all
// structs are built here, as soon as it knows their declarations and before it
// asks for any: first with a stand-in for each part that leads to a struct, of
// the same kind and size, then, when all are there, with the real parts.

// structs builds the types of structs.
type structs struct {
	built map[uintptr]reflect.Type // by declaration
	order []itype
	busy  map[uintptr]bool
}

// itype is the interpreter's own description of a type; its version is pinned.
type itype struct{ reflect.Value }

// Categories of types.
const (
	arrayT    = 1
	chanT     = 6
	sendT     = 7
	receiveT  = 8
	funcT     = 16
	ifaceT    = 18
	linkedT   = 24
	mapT      = 25
	pointerT  = 26
	sliceT    = 27
	structT   = 30
	valueT    = 37
	variadicT = 38
)

var leaves = map[uint64]reflect.Type{
	4: reflect.TypeFor[bool](), 10: reflect.TypeFor[complex64](), 11: reflect.TypeFor[complex128](),
	13: reflect.TypeFor[error](), 14: reflect.TypeFor[float32](), 15: reflect.TypeFor[float64](), ifaceT: reflect.TypeFor[any](),
	19: reflect.TypeFor[int](), 20: reflect.TypeFor[int8](), 21: reflect.TypeFor[int16](), 22: reflect.TypeFor[int32](), 23: reflect.TypeFor[int64](),
	29: reflect.TypeFor[string](),
	31: reflect.TypeFor[uint](), 32: reflect.TypeFor[uint8](), 33: reflect.TypeFor[uint16](), 34: reflect.TypeFor[uint32](), 35: reflect.TypeFor[uint64](), 36: reflect.TypeFor[uintptr](),
}

func (t itype) cat() uint64       { return t.FieldByName("cat").Uint() }
func (t itype) named() bool       { return t.FieldByName("name").Len() > 0 }
func (t itype) key() uintptr      { return t.Addr().Pointer() }
func (t itype) fields() int       { return t.FieldByName("field").Len() }
func (t itype) of(s string) itype { return itype{t.FieldByName(s).Elem()} }

func (t itype) list(s string) []itype {
	var list []itype
	for i := range t.FieldByName(s).Len() {
		list = append(list, itype{t.FieldByName(s).Index(i).Elem()})
	}
	return list
}

func (t itype) field(i int) (f reflect.Value, typ itype) {
	f = t.FieldByName("field").Index(i)
	return f, itype{f.FieldByName("typ").Elem()}
}

// known returns the type that the interpreter has already, or nil.
func (t itype) known() reflect.Type {
	r, _ := settable(t.FieldByName("rtype")).Interface().(reflect.Type)
	return r
}

// buildStructs builds the types of the structs that were declared under the
// given names. One that is renewed, the new version of another struct, keeps the
// type that this has, and with it the values that there are.
func (e *Engine) buildStructs(names []string, renewed map[string]string) {
	syms := e.internals.scopes.MapIndex(reflect.ValueOf("main")).Elem().FieldByName("sym")
	named := func(name string) (t itype, ok bool) {
		sym := syms.MapIndex(reflect.ValueOf(name))
		if !sym.IsValid() {
			return t, false
		}
		t = itype{sym.Elem().FieldByName("typ").Elem()}
		return t, t.cat() == structT
	}
	for now, before := range renewed {
		t, ok := named(now)
		if old, okToo := named(before); ok && okToo && t.known() == nil && old.known() != nil {
			settable(t.FieldByName("rtype")).Set(reflect.ValueOf(old.known()))
		}
	}
	s := &structs{built: map[uintptr]reflect.Type{}, busy: map[uintptr]bool{}}
	for _, name := range names {
		if t, ok := named(name); ok && t.known() == nil {
			s.build(t)
		}
	}
	for n := 0; n < len(s.order); n++ { // it may grow
		t := s.order[n]
		for i := range t.fields() {
			if _, f := t.field(i); s.open(f, map[uintptr]bool{}) {
				SetFieldType(s.built[t.key()], i, s.real(f))
			}
		}
	}
	for _, t := range s.order {
		settable(t.FieldByName("rtype")).Set(reflect.ValueOf(s.built[t.key()]))
	}
}

// build returns a struct type with stand-ins. The structs that are parts of it
// are built before it.
func (s *structs) build(t itype) reflect.Type {
	if r := s.built[t.key()]; r != nil {
		return r
	}
	r := s.structOf(t, s.standIn)
	s.built[t.key()], s.order = r, append(s.order, t)
	return r
}

// structOf names and tags fields as the interpreter does.
func (s *structs) structOf(t itype, part func(itype) reflect.Type) reflect.Type {
	var fields []reflect.StructField
	for i := range t.fields() {
		f, typ := t.field(i)
		name := f.FieldByName("name").String()
		if r, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(r) {
			name = "X" + name
		}
		fields = append(fields, reflect.StructField{
			Name: name, Type: part(typ), Tag: reflect.StructTag(f.FieldByName("tag").String()),
			Anonymous: t.fields() == 1 && f.FieldByName("embed").Bool(),
		})
	}
	return reflect.StructOf(fields)
}

// open reports whether a type leads to a struct that has no type yet.
func (s *structs) open(t itype, seen map[uintptr]bool) bool {
	if t.known() != nil || seen[t.key()] {
		return false
	}
	seen[t.key()] = true
	var parts []itype
	switch t.cat() {
	case structT:
		if t.named() {
			return true
		}
		for i := range t.fields() {
			_, f := t.field(i)
			parts = append(parts, f)
		}
	case mapT:
		parts = append(parts, t.of("key"), t.of("val"))
	case funcT:
		parts = append(t.list("arg"), t.list("ret")...)
	case arrayT, chanT, sendT, receiveT, linkedT, pointerT, sliceT, variadicT:
		parts = append(parts, t.of("val"))
	}
	for _, p := range parts {
		if s.open(p, seen) {
			return true
		}
	}
	return false
}

// standIns counts stand-ins: no two are the same type, or package reflect would
// make one type of two structs.
var standIns atomic.Int32

// standIn returns a type of the kind and size of t, or t if it is complete.
func (s *structs) standIn(t itype) reflect.Type {
	if !s.open(t, map[uintptr]bool{}) {
		return s.real(t)
	}
	any := reflect.ArrayOf(int(standIns.Add(1)), reflect.TypeFor[struct{}]())
	switch t.cat() {
	case structT:
		if t.named() {
			return s.build(t)
		}
		return s.structOf(t, s.standIn)
	case arrayT:
		return reflect.ArrayOf(int(t.FieldByName("length").Int()), s.standIn(t.of("val")))
	case linkedT:
		return s.standIn(t.of("val"))
	case pointerT:
		return reflect.PointerTo(any)
	case mapT:
		return reflect.MapOf(reflect.TypeFor[int](), any)
	case funcT:
		return reflect.FuncOf([]reflect.Type{any}, nil, false)
	case chanT, sendT, receiveT:
		return reflect.ChanOf(direction(t), any)
	}
	return reflect.SliceOf(any)
}

func direction(t itype) reflect.ChanDir {
	return map[uint64]reflect.ChanDir{chanT: reflect.BothDir, sendT: reflect.SendDir, receiveT: reflect.RecvDir}[t.cat()]
}

// real returns the type of t.
func (s *structs) real(t itype) reflect.Type {
	if r := t.known(); r != nil {
		return r
	}
	if r := s.built[t.key()]; r != nil {
		return r
	}
	if s.busy[t.key()] {
		panic(fmt.Sprintf("type %s leads to itself without a struct", t.FieldByName("name")))
	}
	s.busy[t.key()] = true
	defer delete(s.busy, t.key())
	switch t.cat() {
	case structT:
		if t.named() {
			return s.build(t) // it leads to no other one
		}
		return s.structOf(t, s.real)
	case arrayT:
		return reflect.ArrayOf(int(t.FieldByName("length").Int()), s.real(t.of("val")))
	case linkedT:
		return s.real(t.of("val"))
	case pointerT:
		return reflect.PointerTo(s.real(t.of("val")))
	case mapT:
		return reflect.MapOf(s.real(t.of("key")), s.real(t.of("val")))
	case chanT, sendT, receiveT:
		return reflect.ChanOf(direction(t), s.real(t.of("val")))
	case sliceT, variadicT:
		return reflect.SliceOf(s.real(t.of("val")))
	case funcT:
		return s.function(t)
	}
	if r := leaves[t.cat()]; r != nil {
		return r
	}
	panic(fmt.Sprintf("type %s is of an unknown kind, %d", t.FieldByName("str"), t.cat()))
}

func (s *structs) function(t itype) reflect.Type {
	var in, out []reflect.Type
	variadic := false
	for _, p := range t.list("arg") {
		in, variadic = append(in, s.real(p)), p.cat() == variadicT
	}
	for _, p := range t.list("ret") {
		out = append(out, s.real(p))
	}
	return reflect.FuncOf(in, out, variadic)
}

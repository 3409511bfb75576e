package closures

import (
	"go/ast"
	"go/types"
	"reflect"
	"unsafe"
)

// Maps are Go's own, of a type with the same layout as the interpreter's: an
// element is represented as it is in memory, and a key by an unsigned integer of
// its size, a string or a pointer, which have the same hashes.

type mapKind struct {
	rep[unsafe.Pointer]
	key, elem kind
}

func (k mapKind) zero() value { return constantOf[unsafe.Pointer](k, nil) }

// entries are maps with keys represented by K and elements by T.
type entries[K comparable, T any] struct {
	putKey func(slot) func(*frame, K)
	put    func(slot) func(*frame, T)
}

func (entries[K, T]) of(p unsafe.Pointer) map[K]T { return *(*map[K]T)(unsafe.Pointer(&p)) }

// mapsOf are maps with elements of a kind.
type mapsOf interface {
	get(m, key value) any
	lookUp(m, key value, elem, ok slot) stmt
	set(m, key, x value, where place) stmt
	remove(m, key value) stmt
	clear(m value) stmt
	make(n value) any
	each(m value, key, elem slot, round stmt, j jump, fn *Func) stmt
}

func (k mapKind) entries() mapsOf {
	switch e := k.elem.(type) {
	case stringsKind:
		return mapsWith(k.key, putString)
	case sliceKind:
		return mapsWith(k.key, putSlice)
	case interfaceKind:
		return mapsWith(k.key, putInterface)
	case pointerKind, mapKind:
		return mapsWith(k.key, putPointer)
	case floats[float64]:
		return mapsWith(k.key, e.put)
	case bools, number:
		switch _, isFloat := e.(floats[float32]); {
		case isFloat:
		case e.size() == 1:
			return mapsWith(k.key, bytesRep.put)
		case e.size() == 2:
			return mapsWith(k.key, shortsRep.put)
		case e.size() == 4:
			return mapsWith(k.key, wordsRep.put)
		case e.size() == 8:
			return mapsWith(k.key, longsRep.put)
		}
	}
	panic(unsupported("a map of such elements"))
}

// Integers of the same size are the same in memory.
var (
	bytesRep  = newScalar[uint8]()
	shortsRep = newScalar[uint16]()
	wordsRep  = newScalar[uint32]()
	longsRep  = newScalar[uint64]()
)

func mapsWith[T any](key kind, put func(slot) func(*frame, T)) mapsOf {
	switch key.(type) {
	case stringsKind:
		return entries[string, T]{putString, put}
	case pointerKind:
		return entries[unsafe.Pointer, T]{putPointer, put}
	case floats[float32], floats[float64]:
	case bools, number:
		switch key.size() {
		case 1:
			return entries[uint8, T]{bytesRep.put, put}
		case 2:
			return entries[uint16, T]{shortsRep.put, put}
		case 4:
			return entries[uint32, T]{wordsRep.put, put}
		case 8:
			return entries[uint64, T]{longsRep.put, put}
		}
	}
	panic(unsupported("a map with such keys"))
}

// assign is m[key] = x.
func (k mapKind) assign(m, key, x value, where place) stmt {
	if reflect.TypeOf(x.code) != reflect.TypeOf(k.elem.zero().code) {
		panic(unsupported("an element of another type"))
	}
	return k.entries().set(m, key, x, where)
}

// represented is what computes a key or an element, represented by T. A function
// that returns an int is one that returns an uint to whoever calls it.
func represented[T any](code any) func(*frame) T {
	p := (*iface)(unsafe.Pointer(&code)).data
	return *(*func(*frame) T)(unsafe.Pointer(&p))
}

func (r rep[T]) as(code any) any    { return represented[T](code) }
func (k aggregate) as(code any) any { return code }

func (e entries[K, T]) get(m, key value) any {
	f, g := code[unsafe.Pointer](m), represented[K](key.code)
	return func(fr *frame) T {
		m := e.of(f(fr))
		return m[g(fr)]
	}
}

// lookUp is elem, ok = m[key].
func (e entries[K, T]) lookUp(m, key value, elem, ok slot) stmt {
	f, g, put := code[unsafe.Pointer](m), represented[K](key.code), e.put(elem)
	return func(fr *frame) ctl {
		m := e.of(f(fr))
		x, found := m[g(fr)]
		put(fr, x)
		*num[bool](fr, ok.number) = found
		return next
	}
}

func (e entries[K, T]) set(m, key, x value, where place) stmt {
	f, g, h := code[unsafe.Pointer](m), represented[K](key.code), represented[T](x.code)
	return func(fr *frame) ctl {
		m := e.of(f(fr))
		k := g(fr)
		v := h(fr)
		if m == nil {
			nilMap(fr, where)
		}
		m[k] = v
		return next
	}
}

func (e entries[K, T]) remove(m, key value) stmt {
	f, g := code[unsafe.Pointer](m), represented[K](key.code)
	return func(fr *frame) ctl {
		m := e.of(f(fr))
		delete(m, g(fr))
		return next
	}
}

func (e entries[K, T]) clear(m value) stmt {
	f := code[unsafe.Pointer](m)
	return func(fr *frame) ctl { clear(e.of(f(fr))); return next }
}

func (e entries[K, T]) make(n value) any {
	f := toIndex(n).code
	return func(fr *frame) unsafe.Pointer {
		m := make(map[K]T, f(fr))
		return *(*unsafe.Pointer)(unsafe.Pointer(&m))
	}
}

// each is for key, elem = range m { round }.
func (e entries[K, T]) each(m value, key, elem slot, round stmt, j jump, fn *Func) stmt {
	f, putKey, put := code[unsafe.Pointer](m), e.putKey(key), e.put(elem)
	return func(fr *frame) ctl {
		for k, x := range e.of(f(fr)) {
			putKey(fr, k)
			put(fr, x)
			if r := round(fr); r != next && r != j.on {
				if r == j.end {
					break
				}
				return r
			}
			if fr.stop.Load() != goOn {
				fn.m.interrupted(fr, nil)
			}
		}
		return next
	}
}

func (c *compiler) isMap(x ast.Expr) bool {
	_, ok := c.src.Info.Types[x].Type.Underlying().(*types.Map)
	return ok
}

func (c *compiler) isSlice(x ast.Expr) bool {
	_, ok := c.src.Info.Types[x].Type.Underlying().(*types.Slice)
	return ok
}

// keyed computes a map and a key.
func (c *compiler) keyed(x *ast.IndexExpr) (k mapKind, m, key value) {
	m = c.expr(x.X)
	k = m.kind.(mapKind)
	key = c.exprOf(x.Index, c.src.Info.Types[x.X].Type.Underlying().(*types.Map).Key())
	c.order(m, key)
	return k, m, key
}

// entry is m[k] as a place.
func (c *compiler) entry(x *ast.IndexExpr) target { return c.entryOf(x, nil) }

// fixedEntry is m[k] as a place whose operands are held.
func (c *compiler) fixedEntry(x *ast.IndexExpr, out *[]stmt) target { return c.entryOf(x, out) }

func (c *compiler) entryOf(x *ast.IndexExpr, out *[]stmt) target {
	k, m, key := c.keyed(x)
	if out != nil {
		m, key = c.hold(m, out), c.hold(key, out)
	}
	where, calls := c.place(x.Pos()), m.calls || key.calls
	return target{
		kind: k.elem, calls: calls,
		set: func(x value) stmt { return k.assign(m, key, x, where) },
		get: func() value {
			return value{kind: k.elem, code: k.elem.as(k.entries().get(m, key)), reads: true, calls: calls}
		},
	}
}

// mapEffect is delete(m, k) or clear(m).
func (c *compiler) mapEffect(x *ast.CallExpr, name string) stmt {
	m := c.expr(x.Args[0])
	k := m.kind.(mapKind)
	if name == "clear" {
		return k.entries().clear(m)
	}
	key := c.exprOf(x.Args[1], c.src.Info.Types[x.Args[0]].Type.Underlying().(*types.Map).Key())
	c.order(m, key)
	return k.entries().remove(m, key)
}

// sameTypes demands that results are assigned to variables of their types: no
// interface is made of another.
func (c *compiler) sameTypes(names []ast.Expr, t types.Type) {
	results, ok := t.(*types.Tuple)
	for i, x := range names {
		if to := c.typeOf(x, x); ok && !isBlank(x) && types.IsInterface(to) && !types.Identical(to, results.At(i).Type()) {
			panic(unsupported("a result in an interface"))
		}
	}
}

// assignFound is x, ok = m[k].
func (c *compiler) assignFound(names []ast.Expr, y ast.Expr, define bool) stmt {
	x, ok := ast.Unparen(y).(*ast.IndexExpr)
	if !ok || !c.isMap(x.X) {
		panic(unsupported("this assignment of two values"))
	}
	var before, after []stmt
	k, m, key := c.keyed(x)
	elem, found := c.temp(k.elem), c.temp(boolKind)
	if !define {
		m, key = c.hold(m, &before), c.hold(key, &before)
	}
	for i, v := range []*local{elem, found} {
		switch name := names[i]; {
		case isBlank(name):
		case define && !c.isOld(name):
			after = append(after, c.define(c.src.Info.Defs[name.(*ast.Ident)], v.value()))
		default:
			after = append(after, c.fixed(name, &before, false).set(v.value()))
		}
	}
	read := k.entries().lookUp(m, key, elem.slot, found.slot)
	return seq(append(append(before, read), after...))
}

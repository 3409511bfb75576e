package closures

import (
	"go/ast"
	"go/constant"
	"go/types"
	"unsafe"
)

// literalOf is a literal of a struct, an array, a map or a pointer to one.
func (c *compiler) literalOf(x *ast.CompositeLit, t types.Type) value {
	if p, ok := t.Underlying().(*types.Pointer); ok { // an element whose type is left out
		v := c.literal(x, p.Elem())
		return made(pointerKind{pointerRep, p.Elem()}, v.kind.fresh(v), v)
	}
	switch k := c.kindOf(t).(type) {
	case aggregate:
		return c.aggregateLiteral(x, t, k)
	case mapKind:
		return c.mapLiteral(x, t.Underlying().(*types.Map), k)
	}
	panic(unsupported("this literal"))
}

// aggregateLiteral is made in a variable of its own, or in new memory.
func (c *compiler) aggregateLiteral(x *ast.CompositeLit, t types.Type, k aggregate) value {
	v := c.temp(k)
	begin := k.set(v.slot, k.zero())
	parts, all := []stmt{begin}, value{}
	for i, e := range x.Elts {
		at, y := i, e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			y = kv.Value
		}
		var m memory
		switch u := t.Underlying().(type) {
		case *types.Struct:
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				at = fieldIndex(u, kv.Key.(*ast.Ident).Name)
			}
			m = c.part(c.unplaced(v.value()), u, at)
			y := c.exprOf(y, u.Field(at).Type())
			c.order(all, y)
			all = made(k, nil, all, y)
			parts = append(parts, m.target().set(y))
		case *types.Array:
			if _, ok := e.(*ast.KeyValueExpr); ok {
				panic(unsupported("positions in a literal"))
			}
			m = c.unplaced(v.value()).at(c.kindOf(u.Elem()), at*c.kindOf(u.Elem()).size())
			y := c.exprOf(y, u.Elem())
			c.order(all, y)
			all = made(k, nil, all, y)
			parts = append(parts, m.target().set(y))
		}
	}
	f := v.value().code.(func(*frame) unsafe.Pointer)
	out := made(k, k.after(seq(parts), f), all)
	out.owned = !k.flat
	return out
}

func fieldIndex(t *types.Struct, name string) int {
	for i := range t.NumFields() {
		if t.Field(i).Name() == name {
			return i
		}
	}
	return -1
}

// mapLiteral makes a map and assigns to its entries.
func (c *compiler) mapLiteral(x *ast.CompositeLit, t *types.Map, k mapKind) value {
	m, entries := c.temp(k), k.entries()
	n := intKind.constant(constant.MakeInt64(int64(len(x.Elts))))
	parts, all := []stmt{k.set(m.slot, value{kind: k, code: entries.make(n)})}, value{}
	for _, e := range x.Elts {
		kv := e.(*ast.KeyValueExpr)
		key, y := c.exprOf(kv.Key, t.Key()), c.exprOf(kv.Value, t.Elem())
		c.order(all, key)
		c.order(made(k, nil, all, key), y)
		all = made(k, nil, all, key, y)
		parts = append(parts, k.assign(m.value(), key, y, 0))
	}
	return made(k, k.after(seq(parts), m.value().code), all)
}

// isArray reports whether x is an array or a pointer to one.
func (c *compiler) isArray(x ast.Expr) bool { return arrayOf(c.src.Info.Types[x].Type) != nil }

func arrayOf(t types.Type) *types.Array {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	a, _ := t.Underlying().(*types.Array)
	return a
}

// whole is all of an array in memory as a slice.
func (c *compiler) whole(m memory, t types.Type) value {
	a := t.Underlying().(*types.Array)
	addr, n := m.addr, int(a.Len())
	k := sliceKind{sliceRep, c.kindOf(a.Elem())}
	return made(k, func(fr *frame) slice { return slice{addr(fr), n, n} }, m.from)
}

// sliced is what is sliced as a slice or a string.
func (c *compiler) sliced(x ast.Expr, where place) value {
	if !c.isArray(x) {
		return c.expr(x)
	}
	t := c.src.Info.Types[x].Type
	m := c.memoryOf(x)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return c.whole(c.pointed(m.value(), where), p.Elem())
	}
	if m.slot != nil || m.addr == nil {
		panic(unsupported("a part of this array"))
	}
	c.fn.derefs = true
	return c.whole(m, t)
}

// newCall is new(T) or new(x).
func (c *compiler) newCall(x *ast.CallExpr) value {
	p := c.src.Info.Types[x].Type.Underlying().(*types.Pointer)
	var v value
	if c.src.Info.Types[x.Args[0]].IsType() {
		v = c.kindOf(p.Elem()).zero()
	} else {
		v = c.exprOf(x.Args[0], p.Elem())
	}
	return made(pointerKind{pointerRep, p.Elem()}, v.kind.fresh(v), v)
}

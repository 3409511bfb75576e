package closures

import (
	"go/ast"
	"go/types"
	"unsafe"
)

// memory is where a value lies: an address that is computed, or a part of the
// frame.
type memory struct {
	kind kind
	addr func(*frame) unsafe.Pointer
	slot *slot  // if it is a variable of the frame, or a part of one
	from value  // what the address is computed of
	self *value // the value, if it has no address
}

// value reads what is there.
func (m memory) value() value {
	if m.self != nil {
		return *m.self
	}
	v := made(m.kind, m.kind.load(m.addr), m.from)
	if m.slot != nil {
		v.slot, v.code = m.slot, m.kind.local(*m.slot)
	}
	return v
}

// target is what is there as a place that can be assigned to.
func (m memory) target() target {
	t := target{kind: m.kind, slot: m.slot, get: m.value, calls: m.from.calls}
	t.set = func(x value) stmt {
		if m.slot != nil {
			return m.kind.set(*m.slot, x)
		}
		return m.kind.store(m.addr, x)
	}
	return t
}

// field is x.f, embedded fields on the way to it included.
func (c *compiler) field(x *ast.SelectorExpr) memory {
	s := c.src.Info.Selections[x]
	if s == nil || s.Kind() != types.FieldVal {
		if obj, ok := c.src.Info.Uses[x.Sel].(*types.Var); ok && !obj.IsField() {
			panic(unsupported("a variable of a package"))
		}
		panic(unsupported("a method as a value"))
	}
	return c.path(c.memoryOf(x.X), s.Recv(), s.Index(), c.place(x.Pos()))
}

// path leads from a struct, or a pointer to one, of type t to a field.
func (c *compiler) path(m memory, t types.Type, index []int, where place) memory {
	for _, i := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			m, t = c.pointed(m.value(), where), p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			panic(unsupported("a field of this"))
		}
		m, t = c.part(m, st, i), st.Field(i).Type()
	}
	return m
}

// part is the i-th field of a struct in memory.
func (c *compiler) part(m memory, st *types.Struct, i int) memory {
	whole, ok := m.kind.(aggregate)
	if !ok || whole.t.NumField() != st.NumFields() {
		panic(unsupported("a field of this"))
	}
	return m.at(c.kindOf(st.Field(i).Type()), int(whole.t.Field(i).Offset))
}

// at is a part of a value in memory.
func (m memory) at(k kind, offset int) memory {
	out := memory{kind: k, addr: m.addr, from: m.from}
	if offset > 0 {
		addr := m.addr
		out.addr = func(fr *frame) unsafe.Pointer { return unsafe.Add(addr(fr), offset) }
	}
	if m.slot != nil && m.kind.(aggregate).flat {
		at := slot{number: m.slot.number + offset}
		out.slot = &at
		out.addr = func(fr *frame) unsafe.Pointer { return unsafe.Add(unsafe.Pointer(fr), at.number) }
	}
	return out
}

// pointed is what a pointer points to.
func (c *compiler) pointed(p value, where place) memory {
	k, ok := p.kind.(pointerKind)
	if !ok {
		panic(unsupported("a pointer to this"))
	}
	c.fn.derefs = true
	p = c.keep(p)
	from := made(p.kind, nil, p)
	from.reads = true
	return memory{kind: c.kindOf(k.elem), addr: pointee(p, where), from: from}
}

// operand computes an operand of a place.
func (c *compiler) operand(x ast.Expr) value {
	return c.integerOperand(x, c.src.Info.Types[x].Type)
}

func (c *compiler) integerOperand(x ast.Expr, t types.Type) value {
	holding := c.holding
	c.holding = nil
	v := c.exprOf(x, t)
	c.holding = holding
	return v
}

// keep holds an operand of a place that is computed before it is used, and
// perhaps used twice.
func (c *compiler) keep(v value) value {
	if c.holding == nil || c.alone && v.slot != nil {
		return v
	}
	return c.hold(v, c.holding)
}

// memoryOf is where a value lies. If it lies nowhere, the memory is that of the
// value just computed.
func (c *compiler) memoryOf(x ast.Expr) memory {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		return c.field(x)
	case *ast.StarExpr:
		return c.pointed(c.operand(x.X), c.place(x.Pos()))
	case *ast.IndexExpr:
		if m, ok := c.elementOf(x); ok {
			return m
		}
	case *ast.Ident:
		switch v := c.vars[c.object(x)]; {
		case v == nil:
			return c.globalMemory(c.object(x))
		case v.heap:
			return v.memory()
		}
	}
	return c.unplaced(c.operand(x))
}

// unplaced is a value as if it lay in memory, which that of a struct does.
func (c *compiler) unplaced(v value) memory {
	m := memory{kind: v.kind, slot: v.slot, from: v, self: &v}
	if k, ok := v.kind.(aggregate); ok {
		m.addr = code[unsafe.Pointer](v)
		if m.slot != nil && !k.flat {
			m.slot = nil // its parts lie elsewhere
		}
		return m
	}
	return m
}

// elementOf is the element of an array or a slice.
func (c *compiler) elementOf(x *ast.IndexExpr) (m memory, ok bool) {
	t := c.src.Info.Types[x.X].Type
	if t == nil || c.src.Info.Types[x.Index].IsType() {
		return m, false
	}
	where := c.place(x.Pos())
	switch u := t.Underlying().(type) {
	case *types.Array:
		return c.arrayElement(c.memoryOf(x.X), u, x.Index, where), true
	case *types.Pointer:
		if a, ok := u.Elem().Underlying().(*types.Array); ok {
			return c.arrayElement(c.pointed(c.operand(x.X), where), a, x.Index, where), true
		}
	case *types.Slice:
		s, i := c.operand(x.X), c.integerOperand(x.Index, c.integerType(x.Index))
		c.order(s, i)
		s, i = c.keep(s), c.keep(i)
		k := s.kind.(sliceKind).elem
		from := made(k, nil, s, i)
		from.reads = true
		return memory{kind: k, addr: elementAddr(s, i, k.size(), where), from: from}, true
	}
	return m, false
}

// arrayElement is an element of an array in memory.
func (c *compiler) arrayElement(m memory, t *types.Array, x ast.Expr, where place) memory {
	k, length := c.kindOf(t.Elem()), int(t.Len())
	v := c.integerOperand(x, c.integerType(x))
	c.order(m.from, v)
	v = c.keep(v)
	if n, ok := v.konst.(int); ok {
		return m.at(k, n*k.size())
	}
	i, addr, size := toIndex(v), m.addr, k.size()
	out := memory{kind: k, from: made(k, nil, m.from, v)}
	if m.slot != nil {
		base := m.slot.number
		out.addr = func(fr *frame) unsafe.Pointer {
			n := i.code(fr)
			if uint(n) >= uint(length) {
				outOfRange(fr, where, n, length, i.unsigned)
			}
			return unsafe.Add(unsafe.Pointer(fr), base+n*size)
		}
		return out
	}
	out.addr = func(fr *frame) unsafe.Pointer {
		p := addr(fr)
		n := i.code(fr)
		if uint(n) >= uint(length) {
			outOfRange(fr, where, n, length, i.unsigned)
		}
		return unsafe.Add(p, n*size)
	}
	return out
}

package closures

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"unsafe"
)

// exprOf compiles an expression that becomes a value of a type.
func (c *compiler) exprOf(x ast.Expr, t types.Type) value {
	tv := c.src.Info.Types[x]
	if tv.IsNil() {
		return c.held(t).zero()
	}
	if types.IsInterface(t) && !types.Identical(tv.Type, t) {
		return c.interfaceOf(x, t)
	}
	if tv.Value != nil {
		return c.constantValue(t, tv.Value)
	}
	return c.expr(x)
}

// expr compiles an expression.
func (c *compiler) expr(x ast.Expr) value {
	if tv := c.src.Info.Types[x]; tv.Value != nil {
		return c.constantValue(tv.Type, tv.Value)
	}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return c.expr(x.X)
	case *ast.FuncLit:
		return c.funcLit(x)
	case *ast.Ident:
		if v, ok := c.funcValue(x); ok {
			return v
		}
		if t := c.variable(x); t.get != nil {
			return t.get()
		}
	case *ast.UnaryExpr:
		return c.unary(x)
	case *ast.BinaryExpr:
		return c.binary(x)
	case *ast.IndexExpr:
		return c.index(x)
	case *ast.SliceExpr:
		return c.sliceExpr(x)
	case *ast.CallExpr:
		return c.call(x)
	case *ast.StarExpr, *ast.SelectorExpr:
		return c.memoryOf(x).value()
	case *ast.CompositeLit:
		return c.literal(x, c.src.Info.Types[x].Type)
	}
	panic(unsupported(fmt.Sprintf("expression %T", x)))
}

// made is a value computed from others.
func made(k kind, code any, from ...value) value {
	v := value{kind: k, code: code}
	for _, x := range from {
		v.calls, v.reads, v.looks = v.calls || x.calls, v.reads || x.reads, v.looks || x.looks
	}
	return v
}

func (c *compiler) unary(x *ast.UnaryExpr) value {
	if x.Op == token.AND {
		return c.addressOf(x.X)
	}
	v := c.expr(x.X)
	switch k := v.kind.(type) {
	case bools:
		return negated(v)
	case number:
		switch x.Op {
		case token.ADD:
			return v
		case token.SUB:
			return made(k, k.negate(v), v)
		case token.XOR:
			return made(k, k.invert(v), v)
		}
	}
	panic(unsupported("operator " + x.Op.String()))
}

func (c *compiler) binary(x *ast.BinaryExpr) value {
	switch x.Op {
	case token.LAND:
		return both(c.expr(x.X), c.expr(x.Y))
	case token.LOR:
		return either(c.expr(x.X), c.expr(x.Y))
	case token.SHL, token.SHR:
		return c.arithmetic(x.Op, c.exprOf(x.X, c.src.Info.Types[x].Type), c.count(x.Y), c.place(x.X.Pos()))
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		a, b := c.pair(x)
		return c.ordered(a, b, func(a, b value) value { return c.compare(x.Op, a, b) })
	}
	a, b := c.pair(x)
	return c.arithmetic(x.Op, a, b, c.place(x.X.Pos()))
}

// pointee is an address that is not nil.
func pointee(p value, where place) func(*frame) unsafe.Pointer {
	if p.slot != nil {
		at := p.slot.pointer
		return func(fr *frame) unsafe.Pointer {
			p := *ptr(fr, at)
			if p == nil {
				nilDereference(fr, where)
			}
			return p
		}
	}
	f := code[unsafe.Pointer](p)
	return func(fr *frame) unsafe.Pointer {
		p := f(fr)
		if p == nil {
			nilDereference(fr, where)
		}
		return p
	}
}

// count compiles the count of a shift.
func (c *compiler) count(x ast.Expr) value {
	if tv := c.src.Info.Types[x]; tv.Value != nil {
		return c.constantValue(types.Typ[types.Uint64], tv.Value)
	}
	return c.expr(x)
}

// pair compiles two operands of one type.
func (c *compiler) pair(x *ast.BinaryExpr) (a, b value) {
	t := c.src.Info.Types[x.X].Type
	if tv := c.src.Info.Types[x.X]; tv.IsNil() || tv.Value != nil {
		t = c.src.Info.Types[x.Y].Type
	}
	a, b = c.exprOf(x.X, t), c.exprOf(x.Y, t)
	return a, b
}

// arithmetic is x op y.
func (c *compiler) arithmetic(op token.Token, x, y value, where place) value {
	return c.ordered(x, y, func(x, y value) value {
		switch k := x.kind.(type) {
		case number:
			return k.binary(op, x, y, where)
		case stringsKind:
			return made(k, concat(x, y), x, y)
		}
		panic(unsupported("operator " + op.String()))
	})
}

// ordered combines two operands. Where the calls in y may change what x reads,
// they are made before, as Go's compiler does it.
func (c *compiler) ordered(x, y value, do func(x, y value) value) value {
	if !x.reads || !y.calls {
		return do(x, y)
	}
	if x.calls || x.looks {
		panic(unsupported("an operand that a later call may change"))
	}
	var before []stmt
	out := do(x, c.hold(y, &before))
	return value{kind: out.kind, code: out.kind.after(seq(before), out.code), calls: true, reads: out.reads}
}

// order demands that it makes no difference whether calls in y are made before
// x is computed, which Go leaves open and its compiler does.
func (c *compiler) order(x, y value) {
	if x.reads && y.calls {
		panic(unsupported("an operand that a later call may change"))
	}
}

func (c *compiler) compare(op token.Token, x, y value) value {
	switch k := x.kind.(type) {
	case number:
		return k.compare(op, x, y)
	case stringsKind:
		return made(boolKind, compareStrings(op, x, y), x, y)
	}
	v := made(boolKind, c.equal(x, y), x, y)
	if op == token.NEQ {
		return negated(v)
	}
	return v
}

// equal is x == y.
func (c *compiler) equal(x, y value) func(*frame) bool {
	switch x.kind.(type) {
	case sliceKind, mapKind, interfaceKind, funcKind:
		switch {
		case x.isNil():
			return isNil(y)
		case y.isNil():
			return isNil(x)
		}
		panic(unsupported("a comparison of interfaces"))
	}
	return x.kind.equal(x, y)
}

func (c *compiler) index(x *ast.IndexExpr) value {
	if c.src.Info.Types[x.Index].IsType() {
		panic(unsupported("an instance"))
	}
	if c.isMap(x.X) {
		return c.entry(x).get()
	}
	if !c.isSlice(x.X) {
		if m, ok := c.elementOf(x); ok {
			return m.value()
		}
	}
	s, i, where := c.expr(x.X), c.expr(x.Index), c.place(x.Pos())
	return c.ordered(s, i, func(s, i value) value {
		switch k := s.kind.(type) {
		case sliceKind:
			v := made(k.elem, k.elem.element(s, i, where), s, i)
			v.reads = true
			return v
		case stringsKind:
			return made(kinds.uint8, stringElement(s, i, where), s, i)
		}
		panic(unsupported("an index of this"))
	})
}

func (c *compiler) sliceExpr(x *ast.SliceExpr) value {
	if x.Slice3 && c.isArray(x.X) {
		panic(unsupported("x[i:j:k] of an array, whose errors are its own"))
	}
	where := c.place(x.Pos())
	s := c.sliced(x.X, where)
	all := []value{s}
	end := func(x ast.Expr) *index {
		if x == nil {
			return nil
		}
		v := c.exprOf(x, c.integerType(x))
		c.order(s, v)
		i := toIndex(v)
		all = append(all, v)
		return &i
	}
	low, high, most := end(x.Low), end(x.High), end(x.Max)
	switch k := s.kind.(type) {
	case sliceKind:
		return made(k, part(s, low, high, most, c.isArray(x.X), where), all...)
	case stringsKind:
		return made(k, stringPart(s, low, high, where), all...)
	}
	panic(unsupported("a part of this"))
}

// integerType is the type of an index, int for a constant.
func (c *compiler) integerType(x ast.Expr) types.Type {
	if tv := c.src.Info.Types[x]; tv.Value == nil {
		return tv.Type
	}
	return types.Typ[types.Int]
}

// literal is a composite literal.
func (c *compiler) literal(x *ast.CompositeLit, t types.Type) value {
	k, ok := c.kindOf(t).(sliceKind)
	if !ok {
		return c.literalOf(x, t)
	}
	elem := t.Underlying().(*types.Slice).Elem()
	var xs []value
	for _, e := range x.Elts {
		if _, keyed := e.(*ast.KeyValueExpr); keyed {
			panic(unsupported("keys in a literal"))
		}
		xs = append(xs, c.exprOf(e, elem))
	}
	all := made(k, nil, xs...)
	if all.reads && all.calls {
		var before []stmt
		xs = c.inTurn(xs, c.hold, &before)
		all.code = k.after(seq(before), k.elem.literal(xs))
		return all
	}
	all.code = k.elem.literal(xs)
	return all
}

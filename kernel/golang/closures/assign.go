package closures

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

var one = constant.MakeInt64(1)

// target is a place that can be assigned to, its operands computed.
type target struct {
	kind  kind
	set   func(x value) stmt
	get   func() value
	slot  *slot // where it lies, if it is a variable of the frame
	calls bool  // an operand calls a function
}

// target compiles what computes the operands of a place, unless they are
// variables that keep their values until the assignment.
func (c *compiler) target(x ast.Expr, out *[]stmt) target {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return c.variable(x)
	case *ast.StarExpr, *ast.SelectorExpr:
		return c.memoryOf(x).target()
	case *ast.IndexExpr:
		if c.isMap(x.X) {
			return c.entry(x)
		}
		if !c.isSlice(x.X) {
			return c.memoryOf(x).target()
		}
		s := c.expr(x.X)
		k, ok := s.kind.(sliceKind)
		if !ok {
			break
		}
		where, i := c.place(x.Pos()), c.expr(x.Index)
		return target{
			kind: k.elem, calls: s.calls || i.calls,
			set: func(x value) stmt { return k.elem.setElement(s, i, x, where) },
			get: func() value {
				return value{kind: k.elem, code: k.elem.element(s, i, where), reads: true, calls: s.calls || i.calls}
			},
		}
	}
	panic(unsupported(fmt.Sprintf("assignment to %T", x)))
}

// variable is a variable as a target.
func (c *compiler) variable(id *ast.Ident) target {
	if id.Name == "_" {
		return target{set: func(x value) stmt { return seq([]stmt{c.set(c.temp(x.kind), x)}) }}
	}
	obj := c.object(id)
	if v := c.vars[obj]; v != nil {
		if v.heap {
			return v.memory().target()
		}
		return target{kind: v.kind, slot: &v.slot, get: v.value, set: func(x value) stmt { return c.set(v, x) }}
	}
	return c.globalMemory(obj).target()
}

// globalMemory is where a variable outside functions lies.
func (c *compiler) globalMemory(obj types.Object) memory {
	g := c.global(obj)
	return memory{kind: c.kindOutside(g.Type, &g.foreign), addr: g.pointer, from: value{reads: true}}
}

// object is the object that an identifier stands for.
func (c *compiler) object(id *ast.Ident) types.Object {
	if obj := c.src.Info.Uses[id]; obj != nil {
		return obj
	}
	return c.src.Info.Defs[id]
}

func (c *compiler) assign(s *ast.AssignStmt) stmt {
	switch s.Tok {
	case token.ASSIGN, token.DEFINE:
		return c.assignTo(s.Lhs, s.Rhs, s.Tok == token.DEFINE)
	}
	op := s.Tok - token.ADD_ASSIGN + token.ADD
	return c.scoped(func() stmt { return c.update(s.Lhs[0], op, s.Rhs[0], s.TokPos) })
}

func (c *compiler) incDec(s *ast.IncDecStmt) stmt {
	op := token.ADD
	if s.Tok == token.DEC {
		op = token.SUB
	}
	return c.scoped(func() stmt { return c.update(s.X, op, nil, s.TokPos) })
}

// update is x op= y, or x op= 1 if y is nil.
func (c *compiler) update(x ast.Expr, op token.Token, y ast.Expr, pos token.Pos) stmt {
	var out []stmt
	t := c.fixed(x, &out, true)
	var v value
	switch {
	case y == nil:
		v = c.constantValue(c.src.Info.Types[x].Type, one)
	case op == token.SHL || op == token.SHR:
		v = c.count(y)
	default:
		v = c.exprOf(y, c.src.Info.Types[x].Type)
	}
	if v.calls && t.slot == nil {
		v = c.hold(v, &out)
	}
	return seq(append(out, t.set(c.arithmetic(op, t.get(), v, c.place(pos)))))
}

// fixed is a target whose operands are computed once, before. Alone, it is the
// only one: its variables keep their values until it is assigned to.
func (c *compiler) fixed(x ast.Expr, out *[]stmt, alone bool) target {
	i, ok := ast.Unparen(x).(*ast.IndexExpr)
	if _, isVar := ast.Unparen(x).(*ast.Ident); isVar {
		return c.target(x, out)
	}
	if ok && c.isMap(i.X) {
		return c.fixedEntry(i, out)
	}
	if !ok || !c.isSlice(i.X) {
		c.holding, c.alone = out, alone
		defer func() { c.holding = nil }()
		return c.memoryOf(x).target()
	}
	s, n := c.expr(i.X), c.expr(i.Index)
	k, ok := s.kind.(sliceKind)
	if !ok {
		panic(unsupported("assignment to an element of this"))
	}
	s, n = c.hold(s, out), c.hold(n, out)
	where := c.place(i.Pos())
	return target{
		kind: k.elem,
		set:  func(x value) stmt { return k.elem.setElement(s, n, x, where) },
		get:  func() value { return value{kind: k.elem, code: k.elem.element(s, n, where), reads: true} },
	}
}

// assignTo is names = values, or names := values.
func (c *compiler) assignTo(names, values []ast.Expr, define bool) stmt {
	if len(names) != len(values) {
		return c.assignResults(names, values[0], define)
	}
	if len(names) == 1 {
		return c.assignOne(names[0], values[0], define)
	}
	var out, sets []stmt
	var targets []target
	for _, x := range names {
		if !define || c.isOld(x) {
			targets = append(targets, c.fixed(x, &out, false))
		} else {
			targets = append(targets, target{})
		}
	}
	var held []value
	for i, y := range values {
		held = append(held, c.exprOf(y, c.typeOf(names[i], y)))
	}
	last := len(names) - 1
	direct := areDistinct(targets) && !held[last].calls && !held[last].looks
	if direct {
		held = append(c.inTurn(held[:last], c.copied, &out), held[last])
	} else {
		held = c.inTurn(held, c.copied, &out)
	}
	for i, x := range names {
		if targets[i].set == nil {
			targets[i].set = func(v value) stmt { return c.define(c.src.Info.Defs[x.(*ast.Ident)], v) }
		}
		sets = append(sets, targets[i].set(held[i]))
	}
	if direct {
		sets = slices.Concat(sets[last:], sets[:last])
	}
	return seq(append(out, sets...))
}

// inTurn holds several values, those with calls first: what the others read may
// change in them.
func (c *compiler) inTurn(values []value, hold func(value, *[]stmt) value, out *[]stmt) []value {
	held := make([]value, len(values))
	for _, calls := range []bool{true, false} {
		for i, v := range values {
			if (v.calls || v.looks) == calls {
				held[i] = hold(v, out)
			}
		}
	}
	return held
}

// areDistinct reports whether all targets are variables of the frame, the last
// another than those before: it can be assigned to first, without a copy.
func areDistinct(targets []target) bool {
	last := targets[len(targets)-1].slot
	for _, t := range targets[:len(targets)-1] {
		if last == nil || t.slot == nil || *t.slot == *last {
			return false
		}
	}
	return last != nil
}

// copied holds a value that a variable must not change any more.
func (c *compiler) copied(x value, out *[]stmt) value {
	if x.slot != nil {
		v := c.temp(x.kind)
		*out = append(*out, c.set(v, x))
		return v.value()
	}
	return c.hold(x, out)
}

// isOld reports whether x := … assigns to a variable that exists.
func (c *compiler) isOld(x ast.Expr) bool {
	id := x.(*ast.Ident)
	return id.Name == "_" || c.src.Info.Defs[id] == nil
}

// typeOf is the type in which y is assigned to x.
func (c *compiler) typeOf(x, y ast.Expr) types.Type {
	if id, ok := x.(*ast.Ident); ok {
		if id.Name == "_" {
			return types.Default(c.src.Info.Types[y].Type)
		}
		if obj := c.src.Info.Defs[id]; obj != nil {
			return obj.Type()
		}
		if obj := c.src.Info.Uses[id]; obj != nil {
			return obj.Type()
		}
	}
	return c.src.Info.Types[x].Type
}

func (c *compiler) assignOne(x, y ast.Expr, define bool) stmt {
	v := c.exprOf(y, c.typeOf(x, y))
	if define && !c.isOld(x) {
		return c.define(c.src.Info.Defs[x.(*ast.Ident)], v)
	}
	if isBlank(x) {
		return c.discard(v)
	}
	return c.scoped(func() stmt {
		var out []stmt
		t := c.target(x, &out)
		if v.calls && t.slot == nil {
			v = c.hold(v, &out)
			if t.calls {
				panic(unsupported("calls on both sides of an assignment"))
			}
		}
		return seq(append(out, t.set(v)))
	})
}

// assignResults is names = f().
func (c *compiler) assignResults(names []ast.Expr, y ast.Expr, define bool) stmt {
	call, ok := ast.Unparen(y).(*ast.CallExpr)
	if !ok {
		return c.assignFound(names, y, define)
	}
	c.sameTypes(names, c.src.Info.Types[call].Type)
	move, before := c.several(call)
	to := make([]*local, len(names))
	var after []stmt
	for i, x := range names {
		switch {
		case isBlank(x):
		case define && !c.isOld(x):
			obj := c.src.Info.Defs[x.(*ast.Ident)]
			if to[i] = c.temp(c.held(obj.Type())); !c.heap[obj] {
				c.vars[obj] = to[i]
				continue
			}
			after = append(after, c.define(obj, to[i].value()))
		default:
			t := c.fixed(x, &before, false)
			if t.slot != nil {
				to[i] = &local{kind: t.kind, slot: *t.slot}
				continue
			}
			to[i] = c.temp(t.kind)
			after = append(after, t.set(to[i].value()))
		}
	}
	return seq(append(append(before, move(to)), after...))
}

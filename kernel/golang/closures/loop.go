package closures

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// forStmt compiles a loop. Every round looks whether the machine is stopped.
func (c *compiler) forStmt(s *ast.ForStmt) stmt {
	var out []stmt
	if s.Init != nil {
		out = append(out, c.stmt(s.Init))
	}
	cond, more := c.conds(s.Cond)
	after := c.renewed(s.Init)
	j := c.enter(s, false)
	defer c.leave()
	end := func(*frame) ctl { return j.end }
	body := c.round(s.Body)
	for _, m := range slices.Backward(more) {
		body = branch(m, body, end)
	}
	if i, step := c.step(s.Post); i != nil && len(after) == 0 && cond.counted != nil {
		if l := cond.counted(counting{c.m, *i, step, body, j}); l != nil {
			return seq(append(out, l))
		}
	}
	if s.Post != nil {
		after = append(after, c.stmt(s.Post))
	}
	var post stmt
	if len(after) > 0 {
		post = seq(after)
	}
	return seq(append(out, c.loop(code[bool](cond), post, body, j)))
}

// conds compiles the conditions that && joins.
func (c *compiler) conds(x ast.Expr) (first value, more []value) {
	if x == nil {
		return constantOf[bool](boolKind, true), nil
	}
	b, ok := ast.Unparen(x).(*ast.BinaryExpr)
	if !ok || b.Op != token.LAND {
		return c.expr(x), nil
	}
	first, more = c.conds(b.X)
	last, after := c.conds(b.Y)
	return first, append(append(more, last), after...)
}

// step returns what a statement adds to which variable of the frame, if that is
// what it does.
func (c *compiler) step(s ast.Stmt) (i *slot, step value) {
	var x, y ast.Expr
	by := one
	switch s := s.(type) {
	case *ast.IncDecStmt:
		if x = s.X; s.Tok == token.DEC {
			by = constant.MakeInt64(-1)
		}
	case *ast.AssignStmt:
		if s.Tok == token.ADD_ASSIGN {
			x, y = s.Lhs[0], s.Rhs[0]
		}
	}
	id, ok := x.(*ast.Ident)
	if !ok {
		return nil, value{}
	}
	t := c.variable(id)
	if _, ok := t.kind.(number); !ok || t.slot == nil {
		return nil, value{}
	}
	if y == nil {
		return t.slot, c.constantValue(c.src.Info.Types[x].Type, by)
	}
	if _, ok := y.(*ast.Ident); !ok && c.src.Info.Types[y].Value == nil {
		return nil, value{}
	}
	step = c.exprOf(y, c.src.Info.Types[x].Type)
	if step.konst == nil && step.slot == nil {
		return nil, value{}
	}
	return t.slot, step
}

// round compiles the body of a loop.
func (c *compiler) round(body *ast.BlockStmt) stmt {
	defer func(n int) { c.branchesIn = n }(c.branchesIn)
	c.branchesIn = 0
	return c.block(body.List)
}

// loop is for ; cond; post { body }.
func (c *compiler) loop(cond func(*frame) bool, post, body stmt, j jump) stmt {
	m := c.m
	return func(fr *frame) ctl {
		for cond(fr) {
			if r := body(fr); r != next && r != j.on {
				if r == j.end {
					break
				}
				return r
			}
			if fr.stop.Load() != goOn {
				m.interrupted(fr, nil)
			}
			if post != nil {
				post(fr)
			}
		}
		return next
	}
}

// rangeStmt compiles a loop over an integer, a slice or a string.
func (c *compiler) rangeStmt(s *ast.RangeStmt) stmt {
	t := types.Default(c.src.Info.Types[s.X].Type)
	if id, ok := s.Key.(*ast.Ident); ok && s.Tok == token.DEFINE && id.Name != "_" {
		if obj := c.src.Info.Defs[id]; obj != nil && isInteger(t) {
			t = obj.Type()
		}
	}
	var out []stmt
	if c.isArray(s.X) {
		return c.rangeArray(s)
	}
	x := c.exprOf(s.X, t)
	v := c.temp(x.kind)
	out = append(out, c.set(v, x))
	x = v.value()
	switch k := x.kind.(type) {
	case number:
		return seq(append(out, c.rangeInt(s, k, x)))
	case sliceKind:
		return seq(append(out, c.rangeSlice(s, k, x)))
	case stringsKind:
		return seq(append(out, c.rangeString(s, x)))
	case mapKind:
		return seq(append(out, c.rangeMap(s, k, x)))
	}
	panic(unsupported("this range"))
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// each returns what assigns to the variables of a range statement. The operands
// of both are computed before either is assigned to. A number that the body does
// not change needs no copy.
func (c *compiler) each(s *ast.RangeStmt, key, elem value) []stmt {
	var out, sets []stmt
	_, assigned := c.free(s.Body)
	for _, a := range []struct {
		x ast.Expr
		v value
	}{{s.Key, key}, {s.Value, elem}} {
		switch {
		case a.x == nil || isBlank(a.x):
		case s.Tok == token.DEFINE:
			obj := c.src.Info.Defs[a.x.(*ast.Ident)]
			if _, isNumber := a.v.kind.(number); isNumber && a.v.slot != nil && !c.heap[obj] && !assigned[obj] {
				c.vars[obj] = &local{kind: a.v.kind, slot: *a.v.slot}
				continue
			}
			sets = append(sets, c.define(obj, a.v))
		default:
			sets = append(sets, c.fixed(a.x, &out, false).set(a.v))
		}
	}
	return append(out, sets...)
}

func isBlank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// counted is for i := 0; i < n; i++ { each; body }, where each assigns to the
// variables.
func (c *compiler) counted(s *ast.RangeStmt, k number, i *local, n value, each []stmt) stmt {
	j := c.enter(s, false)
	defer c.leave()
	body := append(each, c.round(s.Body))
	loop := k.compare(token.LSS, i.value(), n).counted(counting{c.m, i.slot, k.constant(one), seq(body), j})
	return seq([]stmt{c.set(i, k.zero()), loop})
}

func (c *compiler) rangeInt(s *ast.RangeStmt, k number, n value) stmt {
	i := c.temp(k)
	return c.counted(s, k, i, n, c.each(s, i.value(), value{}))
}

func (c *compiler) rangeSlice(s *ast.RangeStmt, k sliceKind, x value) stmt {
	i, n := c.temp(intKind), c.temp(intKind)
	each := c.each(s, i.value(), value{kind: k.elem, code: k.elem.element(x, i.value(), 0), reads: true})
	return seq([]stmt{c.set(n, length(x)), c.counted(s, intKind, i, n.value(), each)})
}

func (c *compiler) rangeMap(s *ast.RangeStmt, k mapKind, x value) stmt {
	key, elem := c.temp(k.key), c.temp(k.elem)
	each := c.each(s, key.value(), elem.value())
	j := c.enter(s, false)
	defer c.leave()
	return k.entries().each(x, key.slot, elem.slot, seq(append(each, c.round(s.Body))), j, c.fn)
}

// rangeArray is a loop over the elements of an array, or of a copy if they are
// looked at.
func (c *compiler) rangeArray(s *ast.RangeStmt) stmt {
	t := c.src.Info.Types[s.X].Type
	var out []stmt
	switch p, ok := t.Underlying().(*types.Pointer); {
	case s.Value == nil || isBlank(s.Value):
		if contains[*ast.CallExpr](s.X) {
			panic(unsupported("the length of an array that a call returns"))
		}
		return c.rangeInt(s, intKind, intKind.constant(constant.MakeInt64(arrayOf(t).Len())))
	case ok:
		m := c.pointed(c.hold(c.expr(s.X), &out), c.place(s.X.Pos()))
		x := c.hold(c.whole(m, p.Elem()), &out)
		return seq(append(out, c.rangeSlice(s, x.kind.(sliceKind), x)))
	}
	copied := c.unplaced(c.hold(c.expr(s.X), &out))
	x := c.hold(c.whole(copied, t), &out)
	return seq(append(out, c.rangeSlice(s, x.kind.(sliceKind), x)))
}

// contains reports whether there is an N in some syntax.
func contains[N ast.Node](syntax ast.Node) (found bool) {
	ast.Inspect(syntax, func(n ast.Node) bool {
		_, is := n.(N)
		found = found || is
		return !found
	})
	return found
}

// rangeString decodes one rune after the other.
func (c *compiler) rangeString(s *ast.RangeStmt, x value) stmt {
	at, after, r := c.temp(intKind), c.temp(intKind), c.temp(kinds.int32)
	each := c.each(s, at.value(), r.value())
	text, from, to, char := code[string](x), at.slot.number, after.slot.number, r.slot.number
	decode := func(fr *frame) bool {
		s, i := text(fr), *num[int](fr, to)
		if i >= len(s) {
			return false
		}
		n := 0
		*num[int](fr, from) = i
		*num[rune](fr, char), n = decodeRune(s[i:])
		*num[int](fr, to) = i + n
		return true
	}
	j := c.enter(s, false)
	defer c.leave()
	body := append(each, c.round(s.Body))
	return seq([]stmt{c.set(after, intKind.zero()), c.loop(decode, nil, seq(body), j)})
}

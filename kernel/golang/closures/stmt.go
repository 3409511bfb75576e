package closures

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// block compiles statements with a scope of their own.
func (c *compiler) block(list []ast.Stmt) stmt {
	return c.scoped(func() stmt { return c.list(list) })
}

func (c *compiler) list(list []ast.Stmt) stmt {
	var out []stmt
	for _, s := range list {
		if t := c.stmt(s); t != nil {
			out = append(out, t)
		}
	}
	return seq(out)
}

// seq runs statements one after the other.
func seq(list []stmt) stmt {
	switch len(list) {
	case 0:
		return nothing
	case 1:
		return list[0]
	case 2:
		a, b := list[0], list[1]
		return func(fr *frame) ctl {
			if r := a(fr); r != next {
				return r
			}
			return b(fr)
		}
	case 3:
		a, b, c := list[0], list[1], list[2]
		return func(fr *frame) ctl {
			if r := a(fr); r != next {
				return r
			}
			if r := b(fr); r != next {
				return r
			}
			return c(fr)
		}
	case 4:
		a, b, c, d := list[0], list[1], list[2], list[3]
		return func(fr *frame) ctl {
			if r := a(fr); r != next {
				return r
			}
			if r := b(fr); r != next {
				return r
			}
			if r := c(fr); r != next {
				return r
			}
			return d(fr)
		}
	}
	a, rest := seq(list[:4]), seq(list[4:])
	return func(fr *frame) ctl {
		if r := a(fr); r != next {
			return r
		}
		return rest(fr)
	}
}

func nothing(*frame) ctl { return next }

// stmt compiles a statement. It is nil if there is nothing to do.
func (c *compiler) stmt(s ast.Stmt) stmt {
	switch s := s.(type) {
	case *ast.EmptyStmt:
		return nil
	case *ast.BlockStmt:
		return c.block(s.List)
	case *ast.ExprStmt:
		return c.exprStmt(s.X)
	case *ast.AssignStmt:
		return c.assign(s)
	case *ast.IncDecStmt:
		return c.incDec(s)
	case *ast.DeclStmt:
		return c.decl(s.Decl.(*ast.GenDecl))
	case *ast.IfStmt:
		return c.scoped(func() stmt { return c.ifStmt(s) })
	case *ast.ForStmt:
		return c.scoped(func() stmt { return c.forStmt(s) })
	case *ast.RangeStmt:
		return c.scoped(func() stmt { return c.rangeStmt(s) })
	case *ast.SwitchStmt:
		return c.scoped(func() stmt { return c.switchStmt(s) })
	case *ast.ReturnStmt:
		return c.scoped(func() stmt { return c.returnStmt(s) })
	case *ast.DeferStmt:
		return c.deferStmt(s)
	case *ast.BranchStmt:
		return c.branch(s)
	case *ast.LabeledStmt:
		c.labels[s.Stmt] = s.Label
		return c.stmt(s.Stmt)
	}
	panic(unsupported(fmt.Sprintf("%T", s)))
}

// exprStmt calls a function and drops its results.
func (c *compiler) exprStmt(x ast.Expr) stmt {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		panic(unsupported(fmt.Sprintf("statement %T", x)))
	}
	if s := c.effect(call); s != nil {
		return s
	}
	if s, before := c.userCall(call); s != nil {
		return seq(append(before, func(fr *frame) ctl { s.call(fr); return next }))
	}
	if s := c.outerCall(call); s != nil {
		return s
	}
	return c.discard(c.expr(call))
}

// discard computes a value for what else it does.
func (c *compiler) discard(x value) stmt {
	if x.konst != nil || x.slot != nil {
		return nil
	}
	return c.scoped(func() stmt { return c.set(c.temp(x.kind), x) })
}

func (c *compiler) decl(d *ast.GenDecl) stmt {
	if d.Tok == token.CONST || d.Tok == token.TYPE {
		return nil
	}
	var out []stmt
	for _, spec := range d.Specs {
		spec := spec.(*ast.ValueSpec)
		var names []ast.Expr
		for _, id := range spec.Names {
			names = append(names, id)
		}
		if len(spec.Values) > 0 {
			out = append(out, c.assignTo(names, spec.Values, true))
			continue
		}
		for _, id := range spec.Names {
			if id.Name != "_" {
				obj := c.src.Info.Defs[id]
				out = append(out, c.define(obj, c.held(obj.Type()).zero()))
			}
		}
	}
	return seq(out)
}

func (c *compiler) ifStmt(s *ast.IfStmt) stmt {
	var init stmt
	if s.Init != nil {
		init = c.stmt(s.Init)
	}
	c.branchesIn++
	defer func() { c.branchesIn-- }()
	cond, then := c.expr(s.Cond), c.block(s.Body.List)
	var other stmt
	if s.Else != nil {
		other = c.stmt(s.Else)
	}
	out := branch(cond, then, other)
	if init != nil {
		return seq([]stmt{init, out})
	}
	return out
}

func (c *compiler) cond(x ast.Expr) func(*frame) bool { return code[bool](c.expr(x)) }

// returnStmt assigns to the results.
func (c *compiler) returnStmt(s *ast.ReturnStmt) stmt {
	if c.isLoop {
		panic(unsupported("return in a loop by itself"))
	}
	var out []stmt
	switch {
	case len(s.Results) == 0:
	case len(s.Results) == len(c.results):
		var values []value
		for i, x := range s.Results {
			values = append(values, c.exprOf(x, c.fn.Sig.Results().At(i).Type()))
		}
		if !c.independent(s.Results, values) {
			values = c.inTurn(values, c.hold, &out)
		}
		for i, v := range c.results {
			if x := values[i]; x.slot == nil || *x.slot != v.slot {
				out = append(out, c.set(v, x))
			}
		}
	default:
		if !types.Identical(c.src.Info.Types[s.Results[0]].Type, c.fn.Sig.Results()) {
			panic(unsupported("results of other types"))
		}
		move, before := c.several(ast.Unparen(s.Results[0]).(*ast.CallExpr))
		var to []*local
		var after []stmt
		for _, v := range c.results {
			at := v
			if v.heap {
				at = c.temp(v.kind)
				after = append(after, c.set(v, at.value()))
			}
			to = append(to, at)
		}
		out = append(append(before, move(to)), after...)
	}
	if len(out) == 1 {
		do := out[0]
		return func(fr *frame) ctl { do(fr); return returned }
	}
	return func(fr *frame) ctl {
		for _, do := range out {
			do(fr)
		}
		return returned
	}
}

// independent reports whether the results of a function can be assigned to one
// after the other: no value depends on an earlier one, and nobody sees half of
// them.
func (c *compiler) independent(results []ast.Expr, values []value) bool {
	if len(values) == 1 {
		return true
	}
	for i, r := range c.results {
		isRead := func(x ast.Expr) bool { return c.reads(x, r) }
		_, whole := r.kind.(aggregate)
		if whole || r.heap || values[i].calls || values[i].looks || slices.ContainsFunc(results[i+1:], isRead) {
			return false
		}
	}
	return c.deferring == nil
}

// reads reports whether an expression reads a variable of the frame.
func (c *compiler) reads(x ast.Expr, v *local) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if ok {
			in := c.vars[c.object(id)]
			found = found || in != nil && in.slot == v.slot
		}
		return !found
	})
	return found
}

// moveResults calls a function and assigns its results to variables; nil ones
// are dropped.
func (c *compiler) moveResults(call *site, to []*local) stmt {
	var moves []func(callee, fr *frame)
	for i, v := range to {
		if v != nil {
			from := local{kind: call.fn.kinds[i], slot: call.fn.results[i]}
			moves = append(moves, v.kind.pass(v.slot, from.value()))
		}
	}
	return func(fr *frame) ctl {
		callee := call.call(fr)
		for _, m := range moves {
			m(callee, fr)
		}
		return next
	}
}

// jump is a statement that break or continue leads out of.
type jump struct {
	label    *ast.Ident
	end, on  ctl  // of break and continue
	isSwitch bool // which continue does not mean
}

func (c *compiler) enter(s ast.Stmt, isSwitch bool) jump {
	c.loops = c.loops || !isSwitch
	j := jump{c.labels[s], c.next, c.next + 1, isSwitch}
	c.next += 2
	c.jumps = append(c.jumps, j)
	return j
}

func (c *compiler) leave() { c.jumps = c.jumps[:len(c.jumps)-1] }

func (c *compiler) branch(s *ast.BranchStmt) stmt {
	if s.Tok == token.FALLTHROUGH {
		return func(*frame) ctl { return fallsThrough }
	}
	for i := len(c.jumps) - 1; i >= 0; i-- {
		j := c.jumps[i]
		if s.Label != nil && (j.label == nil || j.label.Name != s.Label.Name) {
			continue
		}
		switch {
		case s.Tok == token.BREAK:
			return func(*frame) ctl { return j.end }
		case s.Tok == token.CONTINUE && !j.isSwitch:
			return func(*frame) ctl { return j.on }
		}
	}
	panic(unsupported(s.Tok.String()))
}

// switchStmt compares the tag with one case after the other.
func (c *compiler) switchStmt(s *ast.SwitchStmt) stmt {
	var out []stmt
	if s.Init != nil {
		out = append(out, c.stmt(s.Init))
	}
	var tag *value
	var tagType types.Type
	if s.Tag != nil {
		tagType = types.Default(c.src.Info.Types[s.Tag].Type)
		v := c.hold(c.exprOf(s.Tag, tagType), &out)
		tag = &v
	}
	j := c.enter(s, true)
	defer c.leave()
	c.branchesIn++
	defer func() { c.branchesIn-- }()
	var conds []func(*frame) bool
	var starts []int // the body of each condition
	var bodies []stmt
	other := -1
	for i, cl := range s.Body.List {
		cl := cl.(*ast.CaseClause)
		if cl.List == nil {
			other = i
		}
		for _, x := range cl.List {
			if tag == nil {
				conds = append(conds, c.cond(x))
			} else {
				conds = append(conds, c.equal(*tag, c.exprOf(x, tagType)))
			}
			starts = append(starts, i)
		}
		bodies = append(bodies, c.block(cl.Body))
	}
	return seq(append(out, func(fr *frame) ctl {
		at := other
		for i, cond := range conds {
			if cond(fr) {
				at = starts[i]
				break
			}
		}
		if at < 0 {
			return next
		}
		r := bodies[at](fr)
		for r == fallsThrough {
			at++
			r = bodies[at](fr)
		}
		if r == j.end {
			return next
		}
		return r
	}))
}

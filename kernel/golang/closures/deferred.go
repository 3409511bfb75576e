package closures

import (
	"go/ast"
	"slices"
)

// A function defers calls of compiled functions and of methods of packages, each
// statement once: none is in a loop. So the statements run backwards at the end,
// as far as they were reached; the frame has the operands, and a bit for each.

// deferring is what a function defers.
type deferring struct {
	reached *local // a bit for each statement that was reached
	calls   []func(*frame)
	// numbers and pointers are how much of the frame is in use until the end.
	numbers, pointers int
}

// deferStmt computes the operands of a call that is made at the end.
func (c *compiler) deferStmt(s *ast.DeferStmt) stmt {
	d := c.deferring
	for _, j := range c.jumps {
		if !j.isSwitch {
			panic(unsupported("defer in a loop"))
		}
	}
	if d == nil || len(d.calls) == 64 {
		panic(unsupported("defer here"))
	}
	before, call := c.postponed(s.Call)
	d.numbers, d.pointers = c.room.numbers, c.room.pointers
	bit, at := uint64(1)<<len(d.calls), d.reached.slot.number
	d.calls = append(d.calls, call)
	return seq(append(before, func(fr *frame) ctl { *num[uint64](fr, at) |= bit; return next }))
}

// postponed is a call in two parts: its operands, and the call.
func (c *compiler) postponed(x *ast.CallExpr) (before []stmt, call func(*frame)) {
	if l := c.library(x); l != nil {
		for i, v := range l.args {
			l.args[i] = c.copied(v, &before)
		}
		if l.isDynamic {
			before = append(before, notNil(l.args[0], c.place(x.Pos())))
		}
		s := l.stmt(nil)
		return before, func(fr *frame) { s(fr) }
	}
	c.spot, _ = ast.Unparen(x.Fun).(*ast.FuncLit)
	c.postponing = true
	s, before := c.userCall(x)
	c.postponing = false
	if s == nil {
		panic(unsupported("this deferred call"))
	}
	s.deferred = true
	if s.value != nil {
		return before, s.callOffered
	}
	return before, func(fr *frame) { s.call(fr) }
}

// notNil fails where the method of an interface is looked up that is nil.
func notNil(x value, where place) stmt {
	is := isNil(x)
	return func(fr *frame) ctl {
		if is(fr) {
			nilDereference(fr, where)
		}
		return next
	}
}

// withDeferred runs a body and then what it deferred.
func (c *compiler) withDeferred(body stmt) stmt {
	d, fn := c.deferring, c.fn
	if d == nil {
		return body
	}
	at := d.reached.slot.number
	run := func(fr *frame, p *panicking) {
		fr.panic = p
		for i := len(d.calls) - 1; i >= 0; i-- {
			if bit := uint64(1) << i; *num[uint64](fr, at)&bit != 0 {
				*num[uint64](fr, at) &^= bit
				p.offer(fr, d.calls[i])
			}
		}
	}
	return func(fr *frame) ctl {
		r, v := ending(fr, body, run)
		if v == nil {
			return r
		}
		if v = fn.unwound(fr, v, nil, run); v != nil {
			panic(v)
		}
		return returned
	}
}

// offer makes a deferred call, which may recover p if there is one.
func (p *panicking) offer(fr *frame, call func(*frame)) {
	if p == nil {
		call(fr)
		return
	}
	p.offered = !p.over
	call(fr)
	p.offered, p.over = false, p.recovered
}

// ending runs a body and what it deferred, and returns what one of them panics
// with. The stack is short again then: a panic inside a panic keeps it.
func ending(fr *frame, body stmt, run func(*frame, *panicking)) (r ctl, v any) {
	ended := false
	defer func() {
		if ended {
			return
		}
		if v = recover(); v == nil {
			run(fr, nil) // the goroutine ends
		}
	}()
	r = body(fr)
	run(fr, nil)
	ended = true
	return r, nil
}

// unwound makes the deferred calls of a function that panics with v, perhaps in
// one that it makes for the panic before. It returns what the function panics
// with then, nil if that is recovered. The frames of the calls in which it
// panicked stay as they are, as the place of the panic.
func (f *Func) unwound(fr *frame, v any, before *panicking, run func(*frame, *panicking)) any {
	if _, deep := v.(overflow); deep || v == f.m.Killed {
		return v // nobody waits for what was deferred
	}
	p := f.caught(fr, v)
	if before != nil && !before.over {
		p.earlier = slices.Concat(before.earlier, []Earlier{{before.value, before.recovered}}, p.earlier)
	}
	next, at := fr.next, fr.at
	fr.next = nil
	again := panicOf(func() { run(fr, p) })
	switch {
	case again != nil:
		return f.unwound(fr, again, p, run)
	case p.recovered:
		return nil
	}
	fr.next, fr.at = next, at
	f.m.thrown(v, p)
	return v
}

// panicOf returns what f panics with, or nil.
func panicOf(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// enterDeferring begins a function that defers. It may end without a return, so
// that its results have values from the beginning.
func (c *compiler) enterDeferring(body ast.Node) []stmt {
	if !containsItself(body, func(*ast.DeferStmt) bool { return true }) {
		return nil
	}
	c.deferring = &deferring{reached: c.temp(kinds.uint64)}
	c.deferring.numbers, c.deferring.pointers = c.room.numbers, c.room.pointers
	out := []stmt{c.set(c.deferring.reached, kinds.uint64.zero())}
	for i, s := range c.fn.results {
		out = append(out, c.fn.kinds[i].set(s, c.fn.kinds[i].zero()))
	}
	return out
}

package closures

import (
	"go/ast"
	"go/types"
	"unsafe"
)

// A deferred call may recover the panic of the function that deferred it, but
// not that of another, nor may a function that it calls. So that function offers
// the panic in its frame to the call in progress, which takes it from there as it
// begins, if it calls recover at all. What the interpreter defers knows nothing of
// that: a function that recovers is a value only where it is deferred on the spot.

// panicking is a function's panic while it makes its deferred calls.
type panicking struct {
	value     any
	known     any       // what OnCatch knows of it
	where     place     // in the function
	earlier   []Earlier // in whose deferred calls it began, oldest first
	offered   bool      // to the deferred call in progress, which did not take it yet
	recovered bool      // by the deferred call in progress, or
	over      bool      // by one before
}

// Earlier is a panic in whose deferred call another one began.
type Earlier struct {
	Value     any
	Recovered bool
}

// recovers reports whether a function body calls recover itself.
func (u *Unit) recovers(body ast.Node) bool {
	return containsItself(body, func(x *ast.CallExpr) bool {
		id, ok := ast.Unparen(x.Fun).(*ast.Ident)
		if !ok {
			return false
		}
		b, ok := u.src.Info.Uses[id].(*types.Builtin)
		return ok && b.Name() == "recover"
	})
}

// containsItself reports whether there is a certain N in a function body, but in
// function literals.
func containsItself[N ast.Node](body ast.Node, is func(N) bool) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if x, ok := n.(N); ok && is(x) {
			found = true
		}
		_, isLit := n.(*ast.FuncLit)
		return !found && !isLit
	})
	return found
}

// enterRecovering begins a function that recovers.
func (c *compiler) enterRecovering(body ast.Node) []stmt {
	if !c.recovers(body) {
		return nil
	}
	at := c.room.take(pointerKind{rep: pointerRep}).pointer
	c.panicking = at
	return []stmt{func(fr *frame) ctl {
		p := fr.prev.panic
		if p != nil && !p.offered {
			p = nil
		}
		*ptr(fr, at) = unsafe.Pointer(p)
		if p != nil {
			p.offered = false
		}
		return next
	}}
}

// recoverCall is recover().
func (c *compiler) recoverCall() value {
	if c.panicking == 0 {
		panic(unsupported("recover here"))
	}
	at := c.panicking
	code := func(fr *frame) iface {
		p := (*panicking)(*ptr(fr, at))
		if p == nil || p.recovered {
			return iface{}
		}
		p.recovered = true
		return *(*iface)(unsafe.Pointer(&p.value))
	}
	return value{kind: interfaceKind{interfaceRep}, code: code, calls: true}
}

// callOffered makes a deferred call of a value. One of the interpreter's functions
// asks the interpreter for the panic.
func (s *site) callOffered(fr *frame) {
	cl, p := (*closure)(s.value(fr)), fr.panic
	if cl == nil || !cl.fn.exits || p == nil || !p.offered {
		s.call(fr)
		return
	}
	p.offered = false
	cl.fn.m.OnDefer(p.value, &p.recovered, func() { s.call(fr) })
}

// caught is what is known of a panic with v, of a panic of the interpreter's
// perhaps more than v.
func (f *Func) caught(fr *frame, v any) *panicking {
	p := &panicking{}
	if int(fr.at) < len(f.sites) {
		p.where = f.sites[fr.at].from(fr)
	}
	t, ours := v.(*trap)
	if !ours {
		p.value, p.known = f.m.OnCatch(v)
		return p
	}
	if t.fr == fr {
		p.where = t.where
	}
	p.value, p.earlier = t.value, t.earlier
	return p
}

// thrown says that the panic with v goes on.
func (m *Machine) thrown(v any, p *panicking) {
	if t, ok := v.(*trap); ok {
		t.earlier = p.earlier
	} else {
		m.OnThrow(p.known, p.earlier)
	}
}

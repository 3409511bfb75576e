package engine

import (
	"runtime"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// Left notes that a panic leaves closures, innermost first, in the first of which
// it may have begun, in the deferred calls of earlier ones.
func (e *Engine) Left(frames []Frame, began bool, earlier []rt.Earlier) {
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	g, depth := rt.GoroutineID(), stackDepth()
	u := e.trace.goroutines[g]
	if u == nil || began {
		u = &unwinding{earlier: earlier}
		e.trace.goroutines[g] = u
	}
	outer := len(frames) > 0 && frames[0].Outer
	if n := len(u.left) - 1; n >= 0 && !began && outer && u.left[n].f != nil && u.left[n].f.Cell && u.left[n].literals > 0 {
		u.left = u.left[:n] // that literal
	}
	u.depth = depth // the stack is shorter again: see Func.enter of closures
	for _, f := range frames {
		u.left = append(u.left, left{closures: &f})
	}
}

// deepest is how deep a stack is measured.
const deepest = 1 << 14

// stackDepth counts the functions on the Go stack.
func stackDepth() int {
	pcs := make([]uintptr, 256)
	for {
		n := runtime.Callers(0, pcs)
		if n < len(pcs) || n >= deepest {
			return n
		}
		pcs = make([]uintptr, 4*len(pcs))
	}
}

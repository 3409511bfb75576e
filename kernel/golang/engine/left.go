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
	if n := len(u.left) - 1; n >= 0 && !began && u.left[n].f != nil && u.left[n].f.Cell && u.left[n].literals > 0 {
		u.left = u.left[:n] // the literal by which closures called the interpreter
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

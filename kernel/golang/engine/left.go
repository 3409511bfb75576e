package engine

import (
	"runtime"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// Left notes that a panic leaves compiled functions, innermost first.
func (e *Engine) Left(frames []Frame) {
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	u := e.trace.unwinding(rt.GoroutineID(), stackDepth())
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

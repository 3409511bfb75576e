package rt

import (
	"reflect"
	"sync"
)

// Defers runs a function and then what it deferred, last first, as the
// language says.
type Defers struct {
	r        *Runtime
	calls    []deferredCall
	panicked bool
	value    any
	trace    any // of the panic
}

type deferredCall struct {
	f     func()
	named bool // not a literal: recover finds the frame through the runtime
}

func (r *Runtime) defers() *Defers { return &Defers{r: r} }

// Push defers a function literal, PushCall any other function.
func (d *Defers) Push(f func())     { d.calls = append(d.calls, deferredCall{f, false}) }
func (d *Defers) PushCall(f func()) { d.calls = append(d.calls, deferredCall{f, true}) }

// Run calls body and the deferred calls. A panic that none of them recovers
// goes on.
func (d *Defers) Run(body func()) {
	d.try(body)
	if d.value == (Killed{}) {
		panic(d.value) // nobody waits for what was deferred
	}
	for n := len(d.calls); n > 0; n = len(d.calls) {
		c := d.calls[n-1]
		d.calls = d.calls[:n-1]
		if c.named {
			d.r.deferring.push(d)
			d.try(c.f)
			d.r.deferring.pop()
		} else {
			d.try(c.f)
		}
	}
	if d.panicked {
		d.r.goesOn(d.trace)
		panic(d.value)
	}
}

// try calls f and keeps its panic.
func (d *Defers) try(f func()) {
	done := false
	defer func() {
		if v := recover(); v != nil || !done {
			d.panicked, d.value, d.trace = true, d.r.explain(plain(v)), d.r.caught()
		}
	}()
	f()
	done = true
}

// Recover ends the panic and returns its value, or nil if there is none.
func (d *Defers) Recover() any {
	if !d.panicked {
		return nil
	}
	v := d.value
	d.panicked, d.value, d.trace = false, nil, nil
	return Translate(v)
}

// recover is for functions that do not know who deferred them.
func (r *Runtime) recover() any {
	if d := r.deferring.top(); d != nil {
		return d.Recover()
	}
	return nil
}

// stack is the frames whose deferred calls are running.
type stack struct {
	mu     sync.Mutex
	frames []*Defers
}

func (s *stack) push(d *Defers) {
	s.mu.Lock()
	s.frames = append(s.frames, d)
	s.mu.Unlock()
}

func (s *stack) pop() {
	s.mu.Lock()
	s.frames = s.frames[:len(s.frames)-1]
	s.mu.Unlock()
}

func (s *stack) top() *Defers {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.frames) == 0 {
		return nil
	}
	return s.frames[len(s.frames)-1]
}

// plain unwraps a value that the interpreter wrapped for itself.
func plain(v any) any {
	if rv, ok := v.(reflect.Value); ok && rv.IsValid() && rv.CanInterface() {
		return rv.Interface()
	}
	return v
}

// RuntimeError is a run-time error with Go's own text.
type RuntimeError string

func (e RuntimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError marks the type as a runtime.Error.
func (e RuntimeError) RuntimeError() {}

// Translate turns what package reflect says when interpreted code fails into
// the run-time error that compiled code would meet.
func Translate(v any) any {
	if _, done := v.(RuntimeError); done {
		return v
	}
	v = plain(v)
	text, ok := v.(string)
	if err, isErr := v.(error); isErr {
		text, ok = err.Error(), true
	}
	if !ok {
		return v
	}
	if err := fromReflect(text); err != nil {
		return err
	}
	return v
}

// What package reflect says without numbers.
const (
	IndexOutside RuntimeError = "index out of range"
	SliceOutside RuntimeError = "slice bounds out of range"
)

package rt

import (
	"reflect"
	"strings"
	"sync"
)

// Defers runs a function and then what it deferred, last first, as the
// language says.
type Defers struct {
	r        *Runtime
	calls    []deferredCall
	panicked bool
	value    any
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
		panic(d.value)
	}
}

// try calls f and keeps its panic.
func (d *Defers) try(f func()) {
	done := false
	defer func() {
		if v := recover(); v != nil || !done {
			d.panicked, d.value = true, plain(v)
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
	d.panicked, d.value = false, nil
	d.r.OnRecover()
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
	v = plain(v)
	text, ok := v.(string)
	if err, isErr := v.(error); isErr {
		text, ok = err.Error(), true
	}
	if !ok || !strings.HasPrefix(text, "reflect") {
		return v
	}
	for _, t := range reflectTexts {
		if strings.HasPrefix(text, t.prefix) {
			return RuntimeError(t.text)
		}
	}
	return v
}

const (
	nilDereference = "invalid memory address or nil pointer dereference"
	indexOutside   = "index out of range"
	sliceOutside   = "slice bounds out of range"
)

var reflectTexts = []struct{ prefix, text string }{
	{"reflect: slice index out of range", indexOutside},
	{"reflect: array index out of range", indexOutside},
	{"reflect: string index out of range", indexOutside},
	{"reflect.Value.Slice", sliceOutside},
	{"reflect: slice index", sliceOutside},
	{"reflect: call of reflect.Value.", nilDereference},
	{"reflect.Value.Call: call of nil function", nilDereference},
	{"reflect: call of nil function", nilDereference},
}

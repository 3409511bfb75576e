package rt

import (
	"math"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// Defers runs a function and then what it deferred, last first, as the
// language says.
type Defers struct {
	r     *Runtime
	calls []deferredCall
	// panicked says that there is a panic, recovered that the deferred call that
	// runs has ended one.
	panicked, recovered bool
	value               any
	panic               *Panic
	direct              bool // no literal makes the deferred call
}

type deferredCall struct {
	f     func()
	asked bool // it may ask whose deferred call it is
}

func (r *Runtime) defers() *Defers { return &Defers{r: r} }

// Push defers a function that does not recover or knows d, PushCall any other.
func (d *Defers) Push(f func())     { d.calls = append(d.calls, deferredCall{f, false}) }
func (d *Defers) PushCall(f func()) { d.calls = append(d.calls, deferredCall{f, true}) }

// PushRecover defers recover itself, which is as if the function that d belongs
// to called it at its end. If the function panics, it does not come to that.
func (d *Defers) PushRecover(f func()) {
	d.Push(func() {
		if !d.panicked {
			f()
		}
	})
}

// Run calls body and the deferred calls, these also if body ends the goroutine
// (runtime.Goexit). A panic that none of them recovers goes on.
func (d *Defers) Run(body func()) {
	defer d.finish()
	d.try(body)
}

// finish makes the deferred calls.
func (d *Defers) finish() {
	if d.value == (Killed{}) {
		panic(d.value) // nobody waits for what was deferred
	}
	done := false
	defer func() {
		if !done {
			d.finish() // the goroutine ends itself
		}
	}()
	for n := len(d.calls); n > 0; n = len(d.calls) {
		c := d.calls[n-1]
		d.calls = d.calls[:n-1]
		if c.asked {
			d.r.deferring.during(d, func() { d.try(c.f) })
		} else {
			d.try(c.f)
		}
		d.recovered = false
	}
	done = true
	if d.panicked {
		d.r.OnThrow(d.panic)
		panic(d.value)
	}
}

// try calls f and keeps its panic. If f ends the goroutine, there is none any
// more.
func (d *Defers) try(f func()) {
	done := false
	defer func() {
		if v := recover(); v != nil {
			p := d.r.OnCatch()
			if d.panicked || d.recovered {
				p.during(d.panic, d.value, d.recovered)
			}
			d.panicked, d.recovered, d.value, d.panic = true, false, Recovered(v), p
		} else if !done {
			d.panicked = false
		}
	}()
	f()
	done = true
}

// Recover ends the panic and returns its value, or nil if there is none. The d
// of what is no deferred call is nil.
func (d *Defers) Recover() any {
	if d == nil || !d.panicked {
		return nil
	}
	d.panicked, d.recovered = false, true
	return Translate(d.value)
}

// deferring knows by goroutine whose deferred call has just begun, until it is
// asked.
type deferring struct {
	mu    sync.Mutex
	by    map[int64]*Defers
	count atomic.Int64 // of by
}

// during runs f, a deferred call of d.
func (s *deferring) during(d *Defers, f func()) {
	g := GoroutineID()
	before := s.set(g, d)
	defer s.set(g, before)
	f()
}

// Offer makes a deferred call of a function that panics with a value, and says
// whether that was recovered.
func (r *Runtime) Offer(value any, recovered *bool, call func()) {
	d := &Defers{r: r, panicked: true, value: value, direct: true}
	defer func() { *recovered = d.recovered }()
	r.deferring.during(d, call)
}

// set says what the next question of a goroutine is answered, and returns what
// the answer was so far.
func (s *deferring) set(g int64, d *Defers) *Defers {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.by[g]
	if d == nil {
		delete(s.by, g)
	} else {
		if s.by == nil {
			s.by = map[int64]*Defers{}
		}
		s.by[g] = d
	}
	s.count.Store(int64(len(s.by)))
	return before
}

// deferred tells a function that begins whose deferred call it is, nil if it is
// none: if it is not reached through at most so many functions, counted from the
// one that makes the deferred call.
func (r *Runtime) deferred(through int) *Defers {
	if r.deferring.count.Load() == 0 {
		return nil
	}
	g := GoroutineID()
	d := r.deferring.set(g, nil)
	if d != nil && d.direct {
		through--
	}
	if d != nil && interpretedSince() > through {
		r.deferring.set(g, d)
		return nil
	}
	return d
}

// compiled is what compiled code is entered by. It makes no deferred call of the
// interpreter's: what it calls then is called by one.
const compiled = "closures.(*entry).call"

// interpretedSince counts the interpreted functions on the stack since the
// deferred call began, as too many if a compiled one is among them.
func interpretedSince() int {
	pcs := make([]uintptr, 128)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	n := 0
	for {
		f, more := frames.Next()
		switch {
		case f.Function == interpreter+"runCfg":
			n++
		case strings.HasSuffix(f.Function, compiled):
			return math.MaxInt
		case strings.HasSuffix(f.Function, "rt.(*deferring).during"):
			return n
		}
		if !more {
			return math.MaxInt
		}
	}
}

// plain unwraps the value of a panic, which the interpreter wrapped for itself.
func plain(v any) any {
	rv, ok := v.(reflect.Value)
	switch {
	case ok && !rv.IsValid(), ok && rv.Kind() == reflect.Interface && rv.IsNil():
		return &runtime.PanicNilError{}
	case ok && rv.CanInterface():
		return rv.Interface()
	}
	return v
}

// Recovered is what recover returns of a panic with v.
func Recovered(v any) any { return Translate(plain(v)) }

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

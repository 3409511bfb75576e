package closures

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"
)

// Func is a compiled function.
type Func struct {
	Name    string // the engine's
	Display string // what the user calls it
	Sig     *types.Signature
	// Entered says that interpreted code should call it: a function that neither
	// loops nor calls others is as quickly interpreted where it is called.
	Entered bool

	m       *Machine
	unit    *Unit
	results []slot
	params  []slot
	kinds   []kind // of the results, then of the parameters
	size    size
	body    stmt
	sites   []*site
	// mentions are the functions that it makes values of; captured is where its
	// frame has the addresses of the variables that it has captured.
	mentions []*Func
	captured int
	globals  map[string]bool // the variables of the session that it uses, by name
	leaves   bool            // it calls interpreted functions
	derefs   bool            // it follows pointers
	inside   bool            // it is part of an interpreted function
}

// site is a call in a function.
type site struct {
	fn       *Func                       // that is called; nil if it is none of the machine's
	value    func(*frame) unsafe.Pointer // instead of fn, which only has its type
	pass     []func(fr, callee *frame)
	id       int32
	where    place
	deferred bool
}

// from is where the call is made: that of a deferred call where the function
// panicked.
func (s *site) from(fr *frame) place {
	if s.deferred && fr.panic != nil && !fr.panic.over {
		return fr.panic.where
	}
	return s.where
}

// newFunc lays the results and parameters of a function out: its callers need
// to know no more.
func newFunc(u *Unit, name, display string, sig *types.Signature) *Func {
	f := &Func{Name: name, Display: display, m: u.m, unit: u, Sig: sig, globals: map[string]bool{}}
	var room layout
	for v := range sig.Results().Variables() {
		f.kinds = append(f.kinds, u.held(v.Type()))
		f.results = append(f.results, room.take(f.kinds[len(f.kinds)-1]))
	}
	for v := range sig.Params().Variables() {
		f.kinds = append(f.kinds, u.held(v.Type()))
		f.params = append(f.params, room.take(f.kinds[len(f.kinds)-1]))
	}
	f.size = room.size()
	return f
}

// layout is how much of a frame is taken.
type layout struct{ numbers, pointers, maxNumbers, maxPointers int }

func (l *layout) take(k kind) slot {
	numbers, pointers := k.room()
	s := slot{numberAt(l.numbers), pointerAt(l.pointers)}
	l.numbers, l.pointers = l.numbers+numbers, l.pointers+pointers
	l.maxNumbers, l.maxPointers = max(l.numbers, l.maxNumbers), max(l.pointers, l.maxPointers)
	return s
}

func (l *layout) size() size { return sizeFor(l.maxPointers, l.maxNumbers) }

// call runs the function and returns its frame, where the results are until the
// next call.
func (s *site) call(fr *frame) *frame {
	if s.value != nil {
		return s.callValue(fr)
	}
	callee := fr.next
	if callee == nil || callee.size < s.fn.size {
		callee = fr.grow(s.fn.size)
	}
	for _, p := range s.pass {
		p(fr, callee)
	}
	fr.at = s.id
	if fr.stop.Load() != goOn {
		s.fn.m.interrupted(fr, s.fn)
	}
	s.fn.body(callee)
	return callee
}

// enter calls the function from outside. In and out copy arguments and results.
func (f *Func) enter(in, out func(*frame)) {
	c := f.m.chain()
	base := c.base
	callee := base.callee(f.size)
	in(callee)
	if v, ok := f.run(base, callee); !ok {
		f.failed(base, v)
	}
	out(callee)
	f.m.idle.Put(c)
}

// run runs the body, and returns what it panics with. The stack is short again
// when that is looked into: a traceback of a deep one takes long.
func (f *Func) run(base, callee *frame) (panicked any, ended bool) {
	defer func() {
		if !ended {
			panicked = recover()
		}
	}()
	if base.stop.Load() != goOn {
		f.m.interrupted(base, f)
	}
	f.body(callee)
	return nil, true
}

// failed passes a panic on to the interpreter.
func (f *Func) failed(base *frame, v any) {
	switch v := v.(type) {
	case *trap:
		f.m.left(f.frames(base, v.fr, v.where), true, v.earlier)
		panic(v.value)
	case overflow:
		panic(f.m.OnOverflow(f.recursive(base, v.fr)))
	}
	f.m.left(f.frames(base, nil, 0), false, nil)
	panic(v)
}

// frames returns the functions between an entry and a failure, outermost first.
// Without a frame, the failure is in a call that led out of compiled code.
func (f *Func) frames(base, last *frame, where place) []Frame {
	var list []Frame
	for fr, fn := base.next, f; ; fr = fr.next {
		if fr == last {
			return append(list, Frame{int(where), fn.Display, fn.inside})
		}
		if int(fr.at) >= len(fn.sites) {
			return list
		}
		s := fn.sites[fr.at]
		list = append(list, Frame{int(s.from(fr)), fn.Display, fn.inside})
		if fn = s.function(fr); fn == nil || fr.next == nil {
			return list
		}
	}
}

// recursive returns the functions that fill the end of a chain.
func (f *Func) recursive(base, last *frame) []string {
	const looked = 1000
	var names []string
	seen := map[string]bool{}
	for fr, fn := base.next, f; fr != last && fn != nil; fr = fr.next {
		if fr.depth > last.depth-looked && !seen[fn.Display] {
			seen[fn.Display] = true
			names = append(names, fn.Display)
		}
		fn = fn.sites[fr.at].function(fr)
	}
	return names
}

// Bind makes the variable that entry points to the function: a func of its type.
func (f *Func) Bind(entry any) error {
	v := reflect.ValueOf(entry).Elem()
	t := v.Type()
	if t.Kind() != reflect.Func || t.NumIn() != len(f.params) || t.NumOut() != len(f.results) {
		return fmt.Errorf("%w: %s is a %s, expected %s", ErrMemory, f.Name, t, f.Sig)
	}
	var in, out []func(*frame, unsafe.Pointer)
	for i, s := range f.results {
		out = append(out, f.kinds[i].out(s))
		if err := f.unit.demand("a result of "+f.Name, f.Sig.Results().At(i).Type(), t.Out(i)); err != nil {
			return err
		}
	}
	for i, s := range f.params {
		in = append(in, f.kinds[len(f.results)+i].in(s))
		if err := f.unit.demand("a parameter of "+f.Name, f.Sig.Params().At(i).Type(), t.In(i)); err != nil {
			return err
		}
	}
	v.Set(reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		results := make([]reflect.Value, len(out))
		f.enter(func(fr *frame) {
			for i, arg := range args {
				p := reflect.New(t.In(i))
				p.Elem().Set(arg)
				in[i](fr, p.UnsafePointer())
			}
		}, func(fr *frame) {
			for i := range results {
				p := reflect.New(t.Out(i))
				out[i](fr, p.UnsafePointer())
				results[i] = p.Elem()
			}
		})
		return results
	}))
	return nil
}

package closures

import (
	"go/types"
	"strings"
	"sync"
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
	outside  []*foreign      // to which the parameters of a region point
	inside   bool            // it is part of an interpreted function
	recovers bool            // it calls recover itself
	literal  bool            // it is one in the function of that name
	exits    bool            // it leads to a func outside
	ports    sync.Map        // of *ports by their reflect.Type
}

// site is a call in a function.
type site struct {
	fn       *Func                       // that is called; nil if it is none of the machine's
	value    func(*frame) unsafe.Pointer // instead of fn, which only has its type
	pass     []func(fr, callee *frame)
	id       int32
	where    place
	deferred bool
	outer    bool // the call is of an interpreted function by its name
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
	f.lay(u)
	return f
}

func (f *Func) lay(u *Unit) {
	var room layout
	for v := range f.Sig.Results().Variables() {
		f.kinds = append(f.kinds, u.held(v.Type()))
		f.results = append(f.results, room.take(f.kinds[len(f.kinds)-1]))
	}
	for v := range f.Sig.Params().Variables() {
		f.kinds = append(f.kinds, u.held(v.Type()))
		f.params = append(f.params, room.take(f.kinds[len(f.kinds)-1]))
	}
	f.size = room.size()
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
			return append(list, Frame{int(where), fn.Display, fn.inside, false})
		}
		if int(fr.at) >= len(fn.sites) {
			return list
		}
		s := fn.sites[fr.at]
		list = append(list, Frame{int(s.from(fr)), fn.Display, fn.inside, s.outer})
		if fn = s.function(fr); fn == nil || fr.next == nil {
			return list
		}
	}
}

// title is what a function is called that does not end.
func (f *Func) title() string {
	if f.literal {
		return strings.TrimSuffix("a function literal in "+f.Display, " in ")
	}
	return f.Display
}

// recursive returns the functions that fill the end of a chain.
func (f *Func) recursive(base, last *frame) []string {
	const looked = 1000
	var names []string
	seen := map[string]bool{}
	for fr, fn := base.next, f; fr != last && fn != nil; fr = fr.next {
		if name := fn.title(); fr.depth > last.depth-looked && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
		fn = fn.sites[fr.at].function(fr)
	}
	return names
}

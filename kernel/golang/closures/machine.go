package closures

import (
	"slices"
	"sync"
	"sync/atomic"
	"weak"
)

// Machine is the compiled functions of one session.
type Machine struct {
	// OnLeft receives the functions that a panic leaves, innermost first, and
	// whether it began in the first of them, and in the deferred calls of which
	// panics.
	OnLeft func(left []Frame, began bool, earlier []Earlier)
	// OnCatch takes what is known of a panic that began outside compiled code, and
	// its value as recover returns it; OnThrow receives it when the panic goes on,
	// with the panics of compiled code in whose deferred calls it began.
	OnCatch func(v any) (value, known any)
	OnThrow func(known any, earlier []Earlier)
	// OnOverflow is told that the calls of these functions never end, and returns
	// what the goroutine panics with.
	OnOverflow func(names []string) any
	// OnDefer makes a deferred call of a function outside compiled code, which may
	// recover a panic with a value.
	OnDefer func(value any, recovered *bool, call func())
	// Library returns a function of a package that compiled code may call, or nil.
	Library func(path, name string) any
	// Killed is what goroutines panic with while the machine is stopped.
	Killed any

	// stop is what compiled code looks at in loops and calls: whether it is to
	// end, or to note which functions are being called. What is stopped never goes
	// on: what is called after that looks at another one.
	stop atomic.Pointer[atomic.Uint32]

	mu    sync.Mutex
	funcs map[string]*Func // by the engine's names
	noted map[string]bool
	same  map[representation]bool // types that were compared

	idle sync.Pool // of *chain: those that no goroutine uses
}

// Frame is a function that a panic left.
type Frame struct {
	Place int // where it was, as given by Source.Place
	Name  string
	// Inside says that it is part of an interpreted function, which the panic is
	// going to leave.
	Inside bool
	// Outer says that it called an interpreted function, through a literal that is
	// none of the user's.
	Outer bool
}

// states of Machine.stop
const (
	goOn uint32 = iota
	endAll
	note
)

// New returns a machine without functions.
func New() *Machine {
	m := &Machine{funcs: map[string]*Func{}, same: map[representation]bool{}}
	m.stop.Store(new(atomic.Uint32))
	return m
}

// Stop ends all compiled code that runs, and what begins until Resume is called.
func (m *Machine) Stop() { m.stop.Load().Store(endAll) }

// Resume lets compiled code be called again.
func (m *Machine) Resume() { m.stop.Store(new(atomic.Uint32)) }

// Note begins to note the functions that are called.
func (m *Machine) Note() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.noted = map[string]bool{}
	m.stop.Load().CompareAndSwap(goOn, note)
}

// Noted returns the functions that were called since Note was.
func (m *Machine) Noted() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for name := range m.noted {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// interrupted is what happens when compiled code finds the machine stopped as it
// calls fn, or in a loop, where fn is nil.
func (m *Machine) interrupted(fr *frame, fn *Func) {
	switch fr.stop.Load() {
	case endAll:
		panic(m.Killed)
	case note:
		m.mu.Lock()
		defer m.mu.Unlock()
		if fn != nil && fn.title() != "" { // what leads out has none
			m.noted[fn.title()] = true
		}
	}
}

// chain is the frames of a goroutine. What calls that have ended left in them
// stays in memory, so that no chain is used after the next garbage collection.
type chain struct {
	base *frame // from which functions are called
	born weak.Pointer[birth]
}

// birth is what nothing holds: it is gone after a garbage collection. Smaller
// things share their memory with others.
type birth [16]byte

// chain returns a chain to call a function from.
func (m *Machine) chain() *chain {
	stop := m.stop.Load()
	if c, ok := m.idle.Get().(*chain); ok && c.base.stop == stop && c.born.Value() != nil {
		return c
	}
	c := &chain{newFrame(small), weak.Make(new(birth))}
	c.base.stop = stop
	return c
}

// left reports the functions that a panic leaves, given outermost first.
func (m *Machine) left(frames []Frame, began bool, earlier []Earlier) {
	slices.Reverse(frames)
	m.OnLeft(frames, began, earlier)
}

// Has reports whether a function is compiled.
func (m *Machine) Has(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.funcs[name] != nil
}

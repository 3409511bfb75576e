package engine

import (
	"bytes"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gocrate/gocrate/kernel/golang/lower"
	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// Frame is a function of the user that a panic left.
type Frame struct {
	Cell     int    // serial number of the cell of its text, 0 if that is not known
	Line     int    // the line it had got to
	To       int    // if not 0, the line is only known to be between Line and To
	Func     string // "" for the statements of a cell
	Inside   bool   // it is a part of an interpreted function, which is left next
	Outer    bool   // it called the interpreter through a literal that is none of the user's
	Repeated int    // how often it stands on the stack here in a row
}

// trace collects what the interpreter prints about a panic: a line for each
// function that the panic leaves, at the moment when it leaves it. Only then do
// the marks tell where the function was.
type trace struct {
	mu         sync.Mutex
	files      map[string][]*function // functions by their file, innermost first
	names      map[string]*function   // declarations by the interpreter's names
	units      map[int][]*function
	cells      map[int64]*function // the statements of cells, by the goroutine that runs them
	alone      func() bool         // there is no other goroutine of the user's
	quiet      func() bool         // no other one runs at the moment
	goroutines map[int64]*unwinding
}

type function struct {
	*lower.Func
	mark *int
}

// place is what the mark holds. Goroutines that run the same function share it.
//
//go:norace
func (f *function) place() int { return *f.mark }

// unwinding is the panic of one goroutine.
type unwinding struct {
	depth   int // of the Go stack when the last function was left
	left    []left
	earlier []rt.Earlier
}

// left is a function that was left.
type left struct {
	closures *Frame // not nil if it is a compiled one: then nothing else is known
	f        *function
	literals int  // in how many literals it stands, those of lowering included
	nowhere  bool // it has no position: lowering made it
	mark     int
	certain  bool // that the mark is its own
}

func newTrace() *trace {
	return &trace{
		files: map[string][]*function{}, names: map[string]*function{}, units: map[int][]*function{},
		cells: map[int64]*function{}, goroutines: map[int64]*unwinding{}, alone: func() bool { return true }, quiet: func() bool { return true },
	}
}

// add makes the functions of a program known, and returns the statements of the
// cell, which set m.
func (t *trace) add(p *lower.Program, m *mark) (statements *function) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range p.Funcs {
		fn := &function{Func: f}
		if f.Mark == lower.MarkVar {
			fn.mark = m.place
		}
		t.units[p.Number] = append(t.units[p.Number], fn)
		if f.From.IsValid() {
			t.files[f.From.Filename] = append(t.files[f.From.Filename], fn)
		}
		switch {
		case f.Literal:
		case f.Cell:
			statements, t.names["init"] = fn, fn // see Engine.compile
		default:
			t.names[f.Name] = fn
		}
	}
	return statements
}

// Mark takes the address of the mark of a unit's function.
func (e *Engine) Mark(unit, n int, mark *int) {
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	if fs := e.trace.units[unit]; n < len(fs) {
		fs[n].mark = mark
	}
}

// Others sets what tells whether there are other goroutines of the user's, and
// whether one of them runs at the moment. Where they run, marks may be
// theirs; where they wait, they may still be those of the functions round the
// innermost.
func (e *Engine) Others(alone, quiet func() bool) { e.trace.alone, e.trace.quiet = alone, quiet }

// Write receives a line such as "In[4]:3:19: panic: main.f.func(...)".
func (t *trace) Write(p []byte) (int, error) {
	place, name, ok := bytes.Cut(bytes.TrimSpace(p), []byte(": panic: main."))
	if !ok {
		return len(p), nil
	}
	g, depth := rt.GoroutineID(), stackDepth()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.leave(t.unwinding(g, depth), t.cells[g], string(place), strings.TrimSuffix(string(name), "(...)"))
	return len(p), nil
}

// leave notes that a function is being left, on a goroutine that runs the
// statements of a cell or, if that is nil, was started by others.
func (t *trace) leave(u *unwinding, cell *function, place, name string) {
	innermost := len(u.left) == 0
	l := left{literals: strings.Count(name, ".func"), nowhere: place == "-", certain: t.alone() || innermost && t.quiet()}
	name, _, _ = strings.Cut(name, ".func")
	if l.f = t.find(place, name); l.f != nil && l.f.Cell && cell != nil {
		l.f = cell
	}
	if l.f == nil || l.f.Closures {
		return
	}
	if last := len(u.left) - 1; last >= 0 && u.left[last].closures != nil && u.left[last].closures.Inside {
		in := u.left[last].closures
		l.mark, l.certain = lower.PlaceNumber(in.Cell, in.Line), true
		u.left = append(u.left[:last], l)
		return
	}
	if l.f.mark != nil {
		l.mark = l.f.place()
		l.certain = l.certain || l.f.Cell || len(l.f.Places) == 1
	}
	if l.f.Mixed && len(l.f.Places) > 1 {
		l.certain = false
	}
	for _, inner := range u.left {
		l.certain = l.certain && (inner.f != l.f || len(l.f.Places) == 1)
	}
	u.left = append(u.left, l)
}

// find returns the innermost function of the user's at a place, or the
// declaration of a name.
func (t *trace) find(place, name string) *function {
	file, line, col := cutPlace(place)
	var found *function
	for _, f := range t.files[file] {
		if !f.contains(line, col) || found != nil && !found.contains(f.From.Line, f.From.Column) && found.Name == name {
			continue
		}
		if found == nil || f.Name == name || found.Name != name {
			found = f
		}
	}
	if found != nil {
		return found
	}
	return t.names[name]
}

func (f *function) contains(line, col int) bool {
	return before(f.From, line, col) && !before(f.To, line, col)
}

func before(p token.Position, line, col int) bool {
	return p.Line < line || p.Line == line && p.Column <= col
}

// cutPlace takes "In[4]:3:19" apart.
func cutPlace(place string) (file string, line, col int) {
	i := strings.LastIndexByte(place, ':')
	if i < 0 {
		return "", 0, 0
	}
	j := strings.LastIndexByte(place[:i], ':')
	if j < 0 {
		return "", 0, 0
	}
	line, _ = strconv.Atoi(place[j+1 : i])
	col, _ = strconv.Atoi(place[i+1:])
	return place[:j], line, col
}

// Frames returns the functions that this goroutine's last panic left, innermost
// first.
func (e *Engine) Frames() []Frame { return e.frames(rt.GoroutineID()) }

func (e *Engine) frames(goroutine int64) []Frame {
	t := e.trace
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.goroutines[goroutine]
	if u == nil {
		return nil
	}
	var frames []Frame
	for i, l := range u.left {
		outer := i + 1
		if l.closures != nil {
			frames = addFrame(frames, *l.closures)
			continue
		}
		if outer == len(u.left) && l.nowhere && l.literals > 0 && i > 0 {
			break // what a go statement runs
		}
		if outer < len(u.left) && u.left[outer].f == l.f && u.left[outer].literals < l.literals {
			u.left[outer].mark, u.left[outer].certain = l.mark, l.certain
			continue // a literal that lowering put into the function
		}
		frames = addFrame(frames, l.frame(len(frames) == 0))
	}
	return frames
}

func addFrame(frames []Frame, f Frame) []Frame {
	if n := len(frames); n > 0 && frames[n-1].same(f) {
		frames[n-1].Repeated++
		return frames
	}
	return append(frames, f)
}

// unwinding returns the panic that a goroutine is in, at a depth of its stack.
func (t *trace) unwinding(goroutine int64, depth int) *unwinding {
	u := t.goroutines[goroutine]
	if u == nil || depth <= u.depth && depth < deepest {
		// A panic leaves its functions one inside the other: where the stack
		// has become shorter, an earlier panic was recovered.
		u = &unwinding{}
		t.goroutines[goroutine] = u
	}
	u.depth = depth
	return u
}

// frame words what is known of a function that was left.
func (l left) frame(innermost bool) Frame {
	f := Frame{Func: l.f.Display, Repeated: 1}
	f.Cell, f.Line = lower.Place(l.mark)
	places := l.f.Places
	if !innermost && len(l.f.Calls) > 0 {
		places = l.f.Calls
	}
	if l.certain || len(places) == 0 {
		return f
	}
	first, last := places[0], places[0]
	for _, p := range places {
		first, last = min(first, p), max(last, p)
	}
	f.Cell, f.Line = lower.Place(first)
	if _, to := lower.Place(last); to != f.Line {
		f.To = to
	}
	return f
}

func (f Frame) same(g Frame) bool {
	return f.Cell == g.Cell && f.Line == g.Line && f.To == g.To && f.Func == g.Func
}

// Reached returns the place that a function has got to that is being called once,
// by its name in the text, 0 if that is not known.
func (e *Engine) Reached(name string) Frame {
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	f := Frame{Func: name}
	for _, fs := range e.trace.units {
		for _, fn := range fs {
			if fn.mark != nil && fn.Display == name && !fn.Literal {
				f.Cell, f.Line = lower.Place(fn.place())
			}
		}
	}
	return f
}

// Take takes what is known of the panic that this goroutine is recovering from,
// and Put gives it back when the panic goes on.
func (e *Engine) Take() *rt.Panic {
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	g := rt.GoroutineID()
	u := e.trace.goroutines[g]
	if u == nil {
		u = &unwinding{}
	}
	delete(e.trace.goroutines, g)
	return &rt.Panic{Earlier: u.earlier, Trace: u}
}

// Put says that the panic that was taken goes on.
func (e *Engine) Put(p *rt.Panic) {
	u := p.Trace.(*unwinding)
	u.depth, u.earlier = stackDepth(), p.Earlier
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	e.trace.goroutines[rt.GoroutineID()] = u
}

// Earlier returns the panics in whose deferred calls this goroutine's last one
// began, oldest first.
func (e *Engine) Earlier() []rt.Earlier { return e.earlier(rt.GoroutineID()) }

func (e *Engine) earlier(goroutine int64) []rt.Earlier {
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	if u := e.trace.goroutines[goroutine]; u != nil {
		return u.earlier
	}
	return nil
}

// ClearMarks forgets where the functions are.
//
//go:norace
func (e *Engine) ClearMarks() {
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	for _, fs := range e.trace.units {
		for _, f := range fs {
			if f.mark != nil && f.Recursive {
				*f.mark = 0
			}
		}
	}
}

// Recursive returns the functions that may call themselves and have run since
// the marks were cleared.
//
//go:norace
func (e *Engine) Recursive() []string {
	e.trace.mu.Lock()
	defer e.trace.mu.Unlock()
	places := map[string]int{}
	for _, fs := range e.trace.units {
		for _, f := range fs {
			if f.mark == nil || !f.Recursive || *f.mark == 0 {
				continue
			}
			name := f.Display
			if f.Literal {
				name = strings.TrimSuffix("a function literal in "+name, " in ")
			}
			places[name] = *f.mark
		}
	}
	return slices.SortedFunc(maps.Keys(places), func(a, b string) int { return places[a] - places[b] })
}

// reset drops all traces, unless they may be needed: other goroutines run.
func (t *trace) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.alone() {
		return
	}
	clear(t.goroutines)
}

// calls returns the interpreter's names of the functions that were left.
func (t *trace) calls(goroutine int64) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var names []string
	if u := t.goroutines[goroutine]; u != nil {
		for _, l := range u.left {
			if l.closures != nil {
				continue
			}
			names = append(names, l.f.Name)
		}
	}
	return names
}

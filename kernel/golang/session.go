package golang

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/cell"
	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/kernel/golang/closures"
	"github.com/gocrate/gocrate/kernel/golang/engine"
	"github.com/gocrate/gocrate/kernel/golang/lower"
	"github.com/gocrate/gocrate/kernel/golang/rt"
	"github.com/gocrate/gocrate/stdlib"
	"github.com/gocrate/gocrate/stdlib/display"
	"github.com/gocrate/gocrate/stdlib/magic"
)

// maxStack bounds the stack of a goroutine, in bytes, so that runaway recursion
// ends before the machine's memory does.
const maxStack = 1 << 30

// Options of a session. The zero value runs in-process: what cells print goes
// to the Output of the cell.
type Options struct {
	// Streams, if set, are where cells print; the caller turns what arrives
	// there into stream messages.
	Streams Streams
	// Process says that a whole program runs, which owns the process: it may
	// read the standard input and end the process.
	Process bool
}

// Streams keep the order of what is written to two streams.
type Streams interface {
	Stdout() io.Writer
	Stderr() io.Writer
	// Switch is called before something writes to os.Stdout or os.Stderr
	// itself.
	Switch(name kernel.StreamName)
	// Carry reports whether what is written to the streams, os.Stdout and
	// os.Stderr goes to out. What a cell prints for which they do not goes to
	// its Output instead.
	Carry(out kernel.Output) bool
}

// Session is one Go session. It implements [kernel.Language].
type Session struct {
	check    *check.Session
	engine   *engine.Engine
	rt       *rt.Runtime
	machine  *closures.Machine
	replaced map[string]map[string]reflect.Value // see replacements
	lib      library

	process bool // runs a whole program
	timers  timers

	sources sources
	loading sync.Mutex // one cell at a time is compiled; they run beside each other
	cells   cells
	current atomic.Pointer[run] // that of goroutines that no cell has started
}

// run is a cell that runs, or did.
type run struct {
	ctx     context.Context
	cancel  context.CancelCauseFunc
	cell    kernel.Cell
	out     kernel.Output
	shown   []lower.Shown
	started atomic.Int64 // goroutines started
	ended   atomic.Bool
	stop    chan struct{} // closed when the cell is stopped
	patient atomic.Bool   // waits for an interrupt or another cell, see timers
	exited  atomic.Bool   // has ended its goroutine, and others may go on

	mu    sync.Mutex
	pipes map[kernel.StreamName]*outPipe
	stdin stdin
}

// New returns a session with nothing declared.
func New(opts Options) (*Session, error) {
	debug.SetMaxStack(maxStack)
	s := &Session{process: opts.Process, cells: newCells()}
	s.current.Store(&run{ctx: context.Background(), out: nowhere{}})
	streams := opts.Streams
	if streams == nil {
		streams = direct{s}
	}
	own := owned{s, streams}
	streams = own
	s.rt = rt.New()
	s.rt.OnShow, s.rt.OnPanic = s.show, s.goroutinePanicked
	s.rt.OnWait = func() <-chan struct{} { return s.owner().stop }
	s.rt.OnGo = func() any { r := s.owner(); r.started.Add(1); return r }
	s.rt.Stdout = func() *os.File { return own.file(kernel.Stdout, os.Stdout) }
	s.rt.Stderr = func() *os.File { return own.file(kernel.Stderr, os.Stderr) }
	s.rt.PrintTo = streams.Stderr()
	in := input{s}
	s.rt.Stdin = func() io.Reader { return in }
	wrappers, replace := replacements(s, streams, in)
	s.rt.Types.Exports, s.rt.Types.Composed = stdlib.Exports, wrappers
	s.rt.Types.OnRenew = check.Renew
	s.rt.Types.OnDisplay, s.rt.Types.OnText = formats, typedText
	replaceFmt(s.rt.Types, streams.Stdout(), replace)
	if s.process {
		ownProcess(s, replace)
	}
	s.replaced = replace
	e, err := engine.New(engine.Options{
		Exports: stdlib.Exports, Needs: stdlib.Needs, Wrappers: wrappers, Errors: stdlib.ErrorTypes(), Replace: replace,
		Stdin: in, Stdout: streams.Stdout(), Stderr: streams.Stderr(),
	})
	if err != nil {
		return nil, err
	}
	s.engine = e
	s.newMachine()
	s.rt.OnMark, s.rt.OnCatch, s.rt.OnThrow = e.Mark, e.Take, e.Put
	e.Others(s.rt.Alone, s.rt.Quiet)
	s.rt.Doomed(e.Doomed())
	s.lib = newLibrary()
	s.check = check.New(e.FileSet(), s.lib)
	stdlib.RegisterRenderers()
	display.SetHost(host{s})
	magic.SetSession(names{s})
	return s, e.Define(lower.HelperPath, "rt", s.rt.Exports())
}

// Info describes Go as this binary's.
func (s *Session) Info() kernel.LanguageInfo { return Info() }

// Close ends the session. What it holds goes with the process.
func (s *Session) Close() error { return nil }

// Execute runs one cell.
func (s *Session) Execute(ctx context.Context, c kernel.Cell, out kernel.Output) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &run{ctx: ctx, cancel: cancel, cell: c, out: out, stop: make(chan struct{})}
	r.patient.Store(c.Beside)
	s.loading.Lock()
	prog, notes, err := s.compile(c)
	if err != nil {
		s.loading.Unlock()
		return err
	}
	for _, n := range notes {
		out.Stream(kernel.Stderr, n+"\n")
	}
	r.shown = prog.Shown
	return s.failure(r, s.run(r, prog.Run))
}

// run runs a cell that has been loaded.
func (s *Session) run(r *run, fn string) error {
	return s.runWith(r, func(begun func(int64) (leave func())) error { return s.engine.Run(r.ctx, fn, begun) })
}

// runWith lets others be loaded when r has begun. The caller holds loading.
func (s *Session) runWith(r *run, execute func(begun func(goroutine int64) (leave func())) error) error {
	s.begin(r)
	unwatch := s.watch(r)
	err := execute(func(goroutine int64) (leave func()) {
		s.loading.Unlock()
		return s.rt.Enter(goroutine, r)
	})
	if s.process && err == engine.ErrGoexit {
		r.exited.Store(true)
		<-r.ctx.Done() // until the other goroutines have ended or the process has
	}
	unwatch()
	if r.ctx.Err() == nil {
		r.settle(s.rt)
	}
	r.ended.Store(true)
	r.drain()
	s.end(r)
	return err
}

// compile checks, lowers and loads a cell, and makes its declarations part of
// the session. Nothing changes if it fails.
func (s *Session) compile(c kernel.Cell) (*lower.Program, []string, error) {
	src := s.sources.next(c)
	prog, unit, err := s.load(src, s.machine)
	if errors.Is(err, closures.ErrMemory) {
		prog, unit, err = s.load(src, nil)
	}
	if err != nil {
		return nil, nil, err
	}
	s.machine.Add(prog.Closures)
	s.check.Commit(unit)
	s.rt.Types.Renew(unit.Renewed)
	var notes []string
	for _, d := range unit.Dropped {
		notes = append(notes, "note: "+d.Why)
	}
	return prog, notes, nil
}

// load checks, lowers and loads a cell. Without a machine, all of it is
// interpreted.
func (s *Session) load(src source, machine *closures.Machine) (*lower.Program, *check.Unit, error) {
	code, err := cell.Expand(src.name, src.code, s.names)
	if err != nil {
		return nil, nil, compileError(check.Syntax(src.name, src.code, err))
	}
	parsed, err := cell.Parse(s.engine.FileSet(), src.name, code)
	if err != nil {
		return nil, nil, compileError(check.Syntax(src.name, src.code, err))
	}
	unit, ds := s.check.Check(parsed, src.serial)
	if unit == nil {
		return nil, nil, compileError(ds)
	}
	prog, ds, err := s.lower(src.name, unit, machine)
	switch {
	case err != nil:
		return nil, nil, err
	case len(ds) > 0:
		return nil, nil, compileError(ds)
	}
	if err := s.engine.Load(prog); err != nil {
		return nil, nil, engineError(src.name, err)
	}
	return prog, unit, nil
}

// lower lowers what was checked. A construct that nobody thought of may end that:
// then nothing of it runs, and the session lives.
func (s *Session) lower(name string, unit *check.Unit, machine *closures.Machine) (p *lower.Program, ds []check.Diagnostic, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = engineError(name, fmt.Errorf("%v", r))
		}
	}()
	p, ds = lower.Lower(s.engine.FileSet(), unit, s.sources.serial, s.rt.Types, machine)
	return p, ds, nil
}

// names reports whether a name means something in a cell that does not declare
// it.
func (s *Session) names(name string) bool {
	return s.check.Lookup(name) != nil || len(s.lib.ByName(name)) > 0
}

// settle gives goroutines that the cell has just started the moment they need
// to fail at once, so that an error in the first line of one belongs to the
// cell, as its author expects.
func (r *run) settle(helpers *rt.Runtime) {
	if r.started.Load() > 0 {
		helpers.Settle()
	}
}

// show displays the values of the trailing expression.
func (s *Session) show(id int, values []any) {
	r := s.owner()
	if r.cell.Silent && r.out == nil || id >= len(r.shown) {
		return
	}
	shown := r.shown[id].Types
	if len(values) == 1 {
		if values[0] == nil && isNilError(shown[0]) {
			return
		}
		r.output().Result(bundle(values[0]))
		return
	}
	r.output().Result(tuple(values))
}

// isNilError reports whether a nil of this type says only that nothing went
// wrong.
func isNilError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// goroutinePanicked makes a goroutine's panic an error of the running cell, or
// a text under the cell that ended.
func (s *Session) goroutinePanicked(value any) {
	r := s.owner()
	err := &goroutineError{rt.Translate(value), s.engine.Frames()}
	if !r.ended.Load() {
		r.cancel(err)
		return
	}
	r.out.Stream(kernel.Stderr, strings.Join(append([]string{err.Error()}, s.trace(err.frames)...), "\n")+"\n")
}

// goroutineError is the panic of a goroutine that a cell started.
type goroutineError struct {
	value  any
	frames []engine.Frame
}

func (e *goroutineError) Error() string {
	return "panic in a goroutine: " + panicText(e.value)
}

// failure words what ended a cell, or returns nil.
func (s *Session) failure(r *run, err error) error {
	var f *engine.Failure
	var g *goroutineError
	var w *wreck
	switch cause := context.Cause(r.ctx); {
	case cause == errBeside:
		return interrupted(cause.Error())
	case errors.As(cause, &w):
		return s.wreckError(w, err)
	case errors.As(cause, &g):
		return &kernel.Error{Name: "panic", Value: panicText(g.value), Traceback: append([]string{red("panic in a goroutine of this cell: ") + panicText(g.value)}, s.trace(g.frames)...)}
	case err == nil || err == engine.ErrGoexit:
		return nil
	case errors.As(err, &f):
		return s.panicError(r, f)
	case cause != nil:
		return interrupted("the cell was stopped; variables keep their values")
	}
	return engineError(fmt.Sprintf("In[%d]", r.cell.Number), err)
}

func interrupted(why string) error {
	return &kernel.Error{Name: "Interrupted", Value: why, Traceback: []string{red("Interrupted: ") + why}}
}

// Info describes the language.
func Info() kernel.LanguageInfo {
	return kernel.LanguageInfo{
		Name: "go", Version: goVersion(), MIMEType: "text/x-go", FileExtension: ".go",
		PygmentsLexer: "go", CodeMirrorMode: "go",
		Banner: "gocrate: Go for notebooks, with the white-box transformer CRATE. Go " + goVersion() + ".",
		HelpLinks: []kernel.HelpLink{
			{Text: "Go language", URL: "https://go.dev/ref/spec"},
			{Text: "Go standard library", URL: "https://pkg.go.dev/std"},
			{Text: "CRATE", URL: "https://ma-lab-berkeley.github.io/CRATE/"},
		},
	}
}

func goVersion() string { return runtime.Version()[len("go"):] }

// replacements stand in for symbols that must not reach the process: they
// print to the session's streams and do not end it.
func replacements(s *Session, st Streams, in io.Reader) (map[reflect.Value][]reflect.Type, map[string]map[string]reflect.Value) {
	w := wrappers()
	replace := map[string]map[string]reflect.Value{}
	set := func(path, name string, f, original any) {
		if replace[path] == nil {
			replace[path] = map[string]reflect.Value{}
		}
		v := reflect.ValueOf(f)
		replace[path][name] = v
		if ifaces, ok := w[reflect.ValueOf(original)]; ok {
			w[v] = ifaces
		}
	}
	set("fmt", "Scan", func(a ...any) (int, error) { return fmt.Fscan(in, rt.RawAll(a)...) }, fmt.Scan)
	set("fmt", "Scanf", func(f string, a ...any) (int, error) { return fmt.Fscanf(in, f, rt.RawAll(a)...) }, fmt.Scanf)
	set("fmt", "Scanln", func(a ...any) (int, error) { return fmt.Fscanln(in, rt.RawAll(a)...) }, fmt.Scanln)
	set("os", "Exit", func(code int) { panic(rt.Exit{Code: code}) }, os.Exit)
	replaceLog(st.Stderr(), set)
	s.replaceTimers(set)
	return w, replace
}

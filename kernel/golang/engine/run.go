package engine

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"sync"
	"sync/atomic"

	"github.com/traefik/yaegi/interp"

	"github.com/gocrate/gocrate/kernel/golang/lower"
	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// runPath is the import path of the engine's own helper.
const runPath = "gocrate/engine"

// compile defines what a cell declares and compiles its statements. They become
// a function init of a file of their own, which the interpreter forgets when it
// has run: a session of thousands of cells stays small.
func (e *Engine) compile(p *lower.Program, m *mark) (*interp.Program, error) {
	n := len(p.File.Decls) - 1
	run := p.File.Decls[n].(*ast.FuncDecl)
	var types, vars, funcs []ast.Decl
	var names []string
	for _, d := range p.File.Decls[:n] {
		switch g, ok := d.(*ast.GenDecl); {
		case !ok:
			funcs = append(funcs, d)
		case g.Tok == token.TYPE:
			types, names = append(types, d), append(names, g.Specs[0].(*ast.TypeSpec).Name.Name)
		default:
			vars = append(vars, d)
		}
	}
	if err := e.define(p, types); err != nil {
		return nil, err
	}
	e.buildStructs(names, p.Renewed)
	if err := e.define(p, vars); err != nil {
		return nil, err
	}
	if err := e.carry(p.Carried); err != nil {
		return nil, err
	}
	if err := e.bind(p); err != nil {
		return nil, err
	}
	if err := e.define(p, funcs); err != nil {
		return nil, err
	}
	m.use(run.Body)
	begin := &ast.CallExpr{Fun: &ast.SelectorExpr{X: ast.NewIdent(lower.Alias(runPath)), Sel: ast.NewIdent("Begin")}}
	body := []ast.Stmt{&ast.ExprStmt{X: begin}}
	prog, err := e.program(&ast.File{Package: p.File.Package, Name: p.File.Name, Decls: []ast.Decl{&ast.FuncDecl{
		Name: ast.NewIdent("init"), Type: run.Type, Body: &ast.BlockStmt{List: append(body, run.Body.List...)},
	}}})
	e.internals.forget()
	return prog, err
}

// define compiles declarations.
func (e *Engine) define(p *lower.Program, decls []ast.Decl) error {
	if len(decls) == 0 {
		return nil
	}
	prog, err := e.program(&ast.File{Package: p.File.Package, Name: p.File.Name, Decls: decls})
	if err == nil {
		_, err = e.i.Execute(prog)
	}
	return err
}

// program compiles a file.
func (e *Engine) program(f *ast.File) (*interp.Program, error) {
	p, err := e.i.CompileAST(f)
	if err == nil {
		replaceGenerators(p)
	}
	return p, err
}

// execution is one run of a cell.
type execution struct {
	prog       *interp.Program
	mark       *mark
	statements *function
	enter      func(goroutine int64) (leave func())
	done       chan struct{} // ends its channel operations
	goroutine  int64         // on which it runs; its number is costly to ask for deep in the interpreter

	mu      sync.Mutex
	stopped bool // it must not begin any more
	begun   bool
	leave   func() // says that it has ended
}

// begin is called by a cell before its first statement.
func (e *Engine) begin() {
	x := e.current.Load()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.stopped {
		panic(rt.Killed{})
	}
	e.trace.begin(x.goroutine, x.statements)
	x.begun, x.leave = true, x.enter(x.goroutine)
}

// Stopped is what Run returns when its context has ended: the place of the last
// marked statement, 0 if none, and the number of the cell's goroutine.
type Stopped struct {
	Cell, Line int
	Goroutine  int64
}

func (*Stopped) Error() string { return "the cell was stopped" }

// ErrGoexit is what Run returns when the statements have ended their goroutine.
var ErrGoexit = errors.New("the cell called runtime.Goexit")

// Run runs the statements of a cell that was loaded. It returns a *Failure if
// they panicked, and a *Stopped as soon as ctx ends, with all state kept; they
// go on until Halt.
//
// Enter is called once, on the cell's goroutine before its first statement, with
// the number of that, and what it returns when the goroutine ends. Until then the engine must not be
// asked for anything else; from then on it may load and run other cells.
func (e *Engine) Run(ctx context.Context, fn string, enter func(goroutine int64) (leave func())) error {
	x := e.loaded[fn]
	delete(e.loaded, fn)
	if x == nil {
		enter(rt.GoroutineID())()
		return fmt.Errorf("%s is not loaded", fn)
	}
	e.trace.reset()
	x.mark.clear()
	x.enter, x.done = enter, e.internals.renewDone()
	e.current.Store(x)
	ended := make(chan error, 1)
	go func() {
		err := ErrGoexit
		defer func() {
			e.finish(x)
			ended <- err
		}()
		x.goroutine = rt.GoroutineID()
		_, err = e.i.Execute(x.prog)
	}()
	select {
	case err := <-ended:
		return e.outcome(x, err)
	case <-ctx.Done():
		return e.stop(x)
	}
}

// finish cleans up behind an execution whose goroutine is about to end.
func (e *Engine) finish(x *execution) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.begun {
		x.leave = x.enter(x.goroutine)
	}
	x.leave()
	e.trace.end(x.goroutine)
	e.marks.give(x.mark)
}

// outcome words how an execution has ended.
func (e *Engine) outcome(x *execution, err error) error {
	g := x.goroutine
	defer e.trace.forget(g)
	p, ok := err.(interp.Panic)
	switch {
	case !ok:
		return err
	case !x.begun:
		return fmt.Errorf("the interpreter gave up: %v", p.Value)
	}
	f := &Failure{Value: rt.Translate(p.Value), Calls: e.trace.calls(g), Frames: e.frames(g), Earlier: e.earlier(g)}
	if len(f.Frames) > 0 && f.Frames[0].To == 0 {
		f.Cell, f.Line = f.Frames[0].Cell, f.Frames[0].Line
	}
	return f
}

func (e *Engine) stop(x *execution) *Stopped {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.stopped = true
	e.mu.Lock()
	e.stopped = append(e.stopped, x)
	e.mu.Unlock()
	cell, line := lower.Place(x.mark.get())
	return &Stopped{cell, line, x.goroutine}
}

// Halt ends all interpreted code that runs, that of stopped cells above all: the
// interpreter stops by giving itself a new number, whereupon every function that
// was made under another one ends at once. That holds, for ever, for every
// closure that a variable of the session keeps, so Revive must be called when
// the stopped goroutines have ended or are doomed.
func (e *Engine) Halt() {
	atomic.AddUint64(e.internals.id, 1)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, x := range e.stopped {
		close(x.done)
	}
	e.stopped = nil
}

// Revive gives the interpreter its first number back.
func (e *Engine) Revive() { atomic.StoreUint64(e.internals.id, 0) }

// begin says that a goroutine runs the statements of a cell, until end.
func (t *trace) begin(goroutine int64, statements *function) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cells[goroutine] = statements
}

func (t *trace) end(goroutine int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.cells, goroutine)
}

// forget drops the last panic of a goroutine.
func (t *trace) forget(goroutine int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.goroutines, goroutine)
}

// Doomed returns the address of the variable that lowered code looks at where
// it comes back from compiled code.
func (e *Engine) Doomed() *bool { return e.doomed }

// doomedVar declares the variable of Doomed and takes its address.
func (e *Engine) doomedVar() error {
	if _, err := e.i.Eval("var " + lower.DoomedVar + " bool"); err != nil {
		return err
	}
	v, err := e.i.Eval("&" + lower.DoomedVar)
	if err != nil {
		return err
	}
	e.doomed, _ = v.Interface().(*bool)
	return nil
}

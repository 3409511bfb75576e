package engine

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"sync"

	"github.com/traefik/yaegi/interp"

	"github.com/gocrate/gocrate/kernel/golang/lower"
	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// runPath is the import path of the engine's own helper.
const runPath = "gocrate/engine"

// compile defines what a cell declares and compiles its statements. They become
// a function init of a file of their own, which the interpreter forgets when it
// has run: a session of thousands of cells stays small.
func (e *Engine) compile(p *lower.Program) error {
	n := len(p.File.Decls) - 1
	run := p.File.Decls[n].(*ast.FuncDecl)
	var types, others []ast.Decl
	var names []string
	for _, d := range p.File.Decls[:n] {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			types, names = append(types, d), append(names, g.Specs[0].(*ast.TypeSpec).Name.Name)
		} else {
			others = append(others, d)
		}
	}
	if err := e.define(p, types); err != nil {
		return err
	}
	e.buildStructs(names)
	if err := e.define(p, others); err != nil {
		return err
	}
	own := func(name string) *ast.CallExpr {
		return &ast.CallExpr{Fun: &ast.SelectorExpr{X: ast.NewIdent(lower.Alias(runPath)), Sel: ast.NewIdent(name)}}
	}
	body := []ast.Stmt{&ast.DeferStmt{Call: own("End")}, &ast.ExprStmt{X: own("Begin")}}
	prog, err := e.program(&ast.File{Package: p.File.Package, Name: p.File.Name, Decls: []ast.Decl{&ast.FuncDecl{
		Name: ast.NewIdent("init"), Type: run.Type, Body: &ast.BlockStmt{List: append(body, run.Body.List...)},
	}}})
	e.loaded[p.Run] = prog
	e.internals.forget()
	return err
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
	mu        sync.Mutex
	stopped   bool   // it must not begin any more
	goroutine int64  // on which it runs, 0 before it has begun
	leave     func() // says that it has ended
}

// begin is called by a cell before its first statement, and end after its last,
// also after a panic.
func (e *Engine) begin() {
	x := e.current.Load()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.stopped {
		panic(rt.Killed{})
	}
	x.goroutine, x.leave = rt.GoroutineID(), e.enter()
	e.running.Store(x.goroutine, x)
}

func (e *Engine) end() {
	if x, ok := e.running.LoadAndDelete(rt.GoroutineID()); ok {
		x.(*execution).leave()
	}
}

// stop returns the goroutine on which the execution runs, or 0: then it will
// never begin.
func (x *execution) stop() int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.stopped = true
	return x.goroutine
}

// Run runs the statements of a cell that was loaded. It returns ctx's error as
// soon as ctx ends, with all state kept, and a *Failure if they panicked.
func (e *Engine) Run(ctx context.Context, fn string) error {
	prog := e.loaded[fn]
	delete(e.loaded, fn)
	if prog == nil {
		return fmt.Errorf("%s is not loaded", fn)
	}
	e.trace.reset()
	x := &execution{}
	e.current.Store(x)
	_, err := e.i.ExecuteWithContext(ctx, prog)
	g := x.stop()
	p, ok := err.(interp.Panic)
	switch {
	case !ok:
		return err
	case g == 0:
		return fmt.Errorf("the interpreter gave up: %v", p.Value)
	}
	f := &Failure{Value: rt.Translate(p.Value), Calls: e.trace.calls(g), Frames: e.frames(g)}
	if len(f.Frames) > 0 && f.Frames[0].To == 0 {
		f.Cell, f.Line = f.Frames[0].Cell, f.Frames[0].Line
	}
	return f
}

// Enter sets what is told of each goroutine that begins to run a cell; it
// returns what is called when the goroutine ends.
func (e *Engine) Enter(f func() (leave func())) { e.enter = f }

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

// Package engine runs lowered cells on yaegi. It is the only package that
// imports the interpreter.
package engine

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
	"io"
	"os"
	"reflect"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/traefik/yaegi/interp"

	"github.com/gocrate/gocrate/kernel/golang/lower"
	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// Options say what cells can reach.
type Options struct {
	// Exports returns the symbols of a package, or nil. It is asked once for
	// each package, when a cell first imports it.
	Exports func(path string) map[string]reflect.Value
	// Needs returns the packages that must be known with one, because its API
	// refers to their types.
	Needs func(path string) []string
	// Wrappers are the interfaces by which interpreted values reach compiled
	// functions; see interp.Use.
	Wrappers map[reflect.Value][]reflect.Type
	// Errors are the wrappers of errors that do more than Error: Unwrap, Is, As.
	Errors []reflect.Type
	// Replace holds symbols that stand in for a package's own: what they do
	// must not reach the process.
	Replace map[string]map[string]reflect.Value
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
}

// Engine is one interpreter.
type Engine struct {
	opts Options
	i    *interp.Interpreter
	used map[string]bool

	current atomic.Pointer[execution] // the one that is about to begin
	trace   *trace
	internals
	marks  marks
	loaded map[string]*execution // cells that wait to be run
	doomed *bool

	mu      sync.Mutex
	stopped []*execution // since the last Halt
}

// Failure is a cell that panicked.
type Failure struct {
	Value any
	// Cell and Line are the place of the last marked statement, 0 if none.
	Cell, Line int
	// Calls are the functions on the stack, innermost first.
	Calls   []string
	Frames  []Frame
	Earlier []rt.Earlier // panics in whose deferred calls it began
}

func (f *Failure) Error() string { return fmt.Sprint(f.Value) }

// New returns an engine with nothing loaded.
func New(opts Options) (*Engine, error) {
	if err := checkMirrors(); err != nil {
		return nil, err
	}
	e := &Engine{opts: opts, used: map[string]bool{}, trace: newTrace(), loaded: map[string]*execution{}}
	e.i = interp.New(interp.Options{Stdin: opts.Stdin, Stdout: opts.Stdout, Stderr: e.trace, Args: []string{"gocrate"}})
	if opts.Wrappers != nil {
		// A fresh interpreter names its own wrapper of interface error.
		opts.Wrappers[e.i.Symbols("")[""]["_error"]] = opts.Errors
		if err := e.i.Use(interp.Exports{".": {"MapTypes": reflect.ValueOf(opts.Wrappers)}}); err != nil {
			return nil, err
		}
	}
	// The first evaluation with a context makes channel operations cancellable.
	_, err := e.i.EvalWithContext(context.Background(), "0")
	if err != nil {
		return nil, err
	}
	if e.internals, err = internalsOf(e.i); err != nil {
		return nil, err
	}
	if err := e.doomedVar(); err != nil {
		return nil, err
	}
	return e, e.Define(runPath, "engine", map[string]reflect.Value{"Begin": reflect.ValueOf(e.begin)})
}

// FileSet is the file set in which all syntax handed to the engine must have
// been parsed.
func (e *Engine) FileSet() *token.FileSet { return e.i.FileSet() }

// Define gives a package of compiled symbols to cells.
func (e *Engine) Define(path, name string, symbols map[string]reflect.Value) error {
	e.used[path] = true
	// The doubled slash keeps the interpreter from seeing its own name for
	// package fmt, at which it would replace symbols and compile sources.
	if err := e.i.Use(interp.Exports{path + "//" + name: symbols}); err != nil {
		return err
	}
	// An import without a position is visible in all files.
	_, err := e.i.CompileAST(&ast.File{Name: ast.NewIdent("main"), Decls: []ast.Decl{
		&ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{&ast.ImportSpec{
			Name: ast.NewIdent(lower.Alias(path)),
			Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(path)},
		}}},
	}})
	return err
}

// Load compiles a lowered cell and defines what it declares, without running
// its statements. An error means that the interpreter cannot run what the
// checker let pass.
func (e *Engine) Load(p *lower.Program) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the interpreter gave up: %v", r)
			if os.Getenv("GOCRATE_DEBUG") != "" {
				debug.PrintStack()
			}
		}
	}()
	if os.Getenv("GOCRATE_DEBUG") != "" {
		printer.Fprint(os.Stderr, token.NewFileSet(), p.File)
	}
	for _, path := range p.Imports {
		if err := e.importPackage(path); err != nil {
			return err
		}
	}
	m, err := e.marks.take(e.i)
	if err != nil {
		return err
	}
	x := &execution{mark: m, statements: e.trace.add(p, m)}
	if x.prog, err = e.compile(p, m); err != nil {
		e.marks.give(m)
		return err
	}
	e.loaded[p.Run] = x
	return nil
}

// importPackage gives the interpreter the symbols of a package and of those
// that it needs.
func (e *Engine) importPackage(path string) error {
	if e.used[path] {
		return nil
	}
	symbols := e.opts.Exports(path)
	if symbols == nil {
		return fmt.Errorf("package %s has no symbol table", path)
	}
	for name, v := range e.opts.Replace[path] {
		symbols[name] = v
	}
	addressVars(symbols)
	if err := e.Define(path, baseName(path), symbols); err != nil {
		return err
	}
	for _, p := range e.opts.Needs(path) {
		if err := e.importPackage(p); err != nil {
			return err
		}
	}
	return nil
}

// baseName is the last element of a path, which is all that the interpreter
// wants to know; files import every package under a name of their own.
func baseName(path string) string {
	if i := bytes.LastIndexByte([]byte(path), '/'); i >= 0 {
		return path[i+1:]
	}
	return path
}

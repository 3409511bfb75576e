package golang

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"log"
	"os"
	"reflect"
	"strings"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/kernel/golang/closures"
	"github.com/gocrate/gocrate/kernel/golang/engine"
	"github.com/gocrate/gocrate/kernel/golang/load"
	"github.com/gocrate/gocrate/kernel/golang/lower"
	"github.com/gocrate/gocrate/kernel/golang/rt"
	"github.com/gocrate/gocrate/stdlib"
)

// RunProgram runs a whole program in this process as the compiler and the
// operating system would: it has the standard streams, its own arguments, and
// os.Exit ends the process. What it displays goes to out. The error, if any, is
// a [kernel.Error] whose traceback is what the compiler or the run-time system
// would have printed; it is called "panic" if the program had begun.
func RunProgram(ctx context.Context, p *load.Program, out kernel.Output) error {
	os.Args = append([]string{p.Name}, p.Args...)
	log.SetOutput(os.Stderr)
	// The flags of the process so far are not the program's.
	flag.CommandLine = flag.NewFlagSet(p.Name, flag.ExitOnError)
	flag.CommandLine.Usage = func() { flag.Usage() }
	s, prog, err := compileProgram(p, true)
	if errors.Is(err, closures.ErrMemory) {
		s, prog, err = compileProgram(p, false)
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &run{ctx: ctx, cancel: cancel, cell: kernel.Cell{Number: 1}, out: out, shown: prog.Shown, stop: make(chan struct{})}
	s.loading.Lock()
	err = s.run(r, prog.Run)
	if w := (*wreck)(nil); errors.As(context.Cause(ctx), &w) {
		return s.wreckedProgram(w, err)
	}
	return s.programError(err)
}

// Bundled reports whether programs can import a package without its source.
func Bundled(path string) bool {
	_, err := stdlib.NewImporter().Import(path)
	return err == nil
}

// process is the streams of a program: those of the process, unbuffered.
type process struct{}

func (process) Stdout() io.Writer        { return standard{&os.Stdout} }
func (process) Stderr() io.Writer        { return standard{&os.Stderr} }
func (process) Switch(kernel.StreamName) {}
func (process) Carry(kernel.Output) bool { return true }

// standard writes to what a variable of package os holds at the time.
type standard struct{ f **os.File }

func (s standard) Write(p []byte) (int, error) { return (*s.f).Write(p) }

// compileProgram checks, lowers and loads a program in a session of its own; all
// of it is interpreted unless it may have closures.
func compileProgram(p *load.Program, mayHave bool) (*Session, *lower.Program, error) {
	s, err := New(Options{Streams: process{}, Process: true})
	if err != nil {
		return nil, nil, err
	}
	machine := s.machine
	if !mayHave {
		machine = nil
	}
	prog, err := s.loadProgram(p, machine)
	if err != nil {
		return nil, nil, err
	}
	s.machine.Add(prog.Closures)
	return s, prog, nil
}

// loadProgram is load for a program.
func (s *Session) loadProgram(p *load.Program, machine *closures.Machine) (*lower.Program, error) {
	var pkgs []*check.Package
	for _, pkg := range p.Packages {
		rt.AddUserPackage(pkg.Path)
		parsed, err := s.parsePackage(pkg)
		if err != nil {
			return nil, err
		}
		pkgs = append(pkgs, parsed)
	}
	unit, ds := s.check.CheckProgram(pkgs, 1, s.fileText)
	if unit == nil {
		return nil, compileError(ds)
	}
	prog, ds, err := s.lower(p.Name, unit, machine)
	if err != nil {
		return nil, err
	}
	if len(ds) > 0 {
		for i, d := range ds {
			ds[i] = check.At(token.Position{Filename: d.Cell, Line: d.Line, Column: d.Col}, s.fileText(d.Cell), d.Msg, d.Hint)
		}
		return nil, compileError(ds)
	}
	if err := s.engine.Load(prog); err != nil {
		return nil, engineError(p.Name, err)
	}
	return prog, nil
}

func (s *Session) fileText(name string) string { return s.sources.get(s.sources.serial(name)).code }

// parsePackage parses the files of a package. The error words all that is
// wrong with them.
func (s *Session) parsePackage(pkg *load.Package) (*check.Package, error) {
	out := &check.Package{Path: pkg.Path}
	var ds []check.Diagnostic
	for _, f := range pkg.Files {
		s.sources.add(f.Name, f.Code)
		syntax, err := parser.ParseFile(s.engine.FileSet(), f.Name, f.Code, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			ds = append(ds, check.Syntax(f.Name, f.Code, compilerWords(err))...)
			continue
		}
		ds = append(ds, s.packageClause(pkg, out, f, syntax)...)
		ds = append(ds, s.directives(f, syntax)...)
		out.Files = append(out.Files, syntax)
	}
	if len(ds) > 0 {
		return nil, compileError(ds)
	}
	return out, nil
}

// packageClause checks the name of a file's package.
func (s *Session) packageClause(pkg *load.Package, out *check.Package, f load.File, syntax *ast.File) []check.Diagnostic {
	name := syntax.Name
	msg := ""
	switch {
	case pkg.Path == "main" && name.Name != "main":
		msg = fmt.Sprintf("package %s: expected package main, or no package clause at all", name.Name)
	case pkg.Path != "main" && name.Name == "main":
		msg = fmt.Sprintf("import %q is a program, not an importable package", pkg.Path)
	case len(out.Files) > 0 && out.Files[0].Name.Name != name.Name:
		msg = fmt.Sprintf("package %s; expected package %s", name.Name, out.Files[0].Name.Name)
	}
	if msg == "" {
		return nil
	}
	return []check.Diagnostic{check.At(s.engine.FileSet().Position(name.Pos()), f.Code, msg, "")}
}

// directives refuses the comments that would change what a program means.
func (s *Session) directives(f load.File, syntax *ast.File) []check.Diagnostic {
	var ds []check.Diagnostic
	for _, group := range syntax.Comments {
		for _, c := range group.List {
			for directive, way := range map[string]string{
				"//go:embed ":    "read the file with os.ReadFile",
				"//go:linkname ": "use what the package exports",
			} {
				if strings.HasPrefix(c.Text, directive) {
					ds = append(ds, check.At(s.engine.FileSet().Position(c.Pos()), f.Code, strings.TrimSpace(directive)+" is not supported", way))
				}
			}
		}
	}
	return ds
}

// compilerWords words the parser's errors a little more like the compiler.
func compilerWords(err error) error {
	list, ok := err.(scanner.ErrorList)
	if !ok {
		return err
	}
	for _, e := range list {
		if e.Msg == "expected declaration, found "+strings.TrimPrefix(e.Msg, "expected declaration, found ") {
			e.Msg = "non-declaration statement outside function body"
		}
	}
	return list
}

// programError words what ended a program as the run-time system does.
func (s *Session) programError(err error) error {
	f, ok := err.(*engine.Failure)
	if !ok {
		return err
	}
	return s.programPanic(f, 1)
}

// programPanic is a panic that nothing recovered, with a trace in the form of
// the run-time system's.
func (s *Session) programPanic(f *engine.Failure, goroutine int) *kernel.Error {
	lines := append(panicLines(f), "", fmt.Sprintf("goroutine %d [running]:", goroutine))
	for i, frame := range f.Frames {
		if i > 0 && frame.Func == "" && frame.Line == 0 {
			continue // what calls main
		}
		name := frame.Func
		if name == "" {
			name = "main"
		}
		lines = append(lines, "main."+name+"(...)")
		if frame.Line > 0 {
			lines = append(lines, "\t"+s.where(frame))
		}
	}
	return &kernel.Error{Name: "panic", Value: panicText(f.Value), Traceback: lines}
}

// panicLines are the panics of a goroutine, oldest first.
func panicLines(f *engine.Failure) []string {
	var lines []string
	add := func(v any, end string) {
		line := "panic: " + strings.ReplaceAll(programPanicText(v), "\n", "\n\t") + end
		if len(lines) > 0 {
			line = "\t" + line
		}
		lines = append(lines, line)
	}
	for i := 0; i < len(f.Earlier); i++ {
		e, next := f.Earlier[i], f.Value
		if i+1 < len(f.Earlier) {
			next = f.Earlier[i+1].Value
		}
		switch {
		case !e.Recovered:
			add(e.Value, "")
		case !e.Is(next):
			add(e.Value, " [recovered]")
		default:
			add(e.Value, " [recovered, repanicked]")
			i++
		}
		if i == len(f.Earlier) {
			return lines // the last one was the same
		}
	}
	add(f.Value, "")
	return lines
}

// ownProcess undoes the replacements that keep a session from the process, for
// a program that owns it.
func ownProcess(s *Session, replace map[string]map[string]reflect.Value) {
	for path, names := range map[string][]string{
		"fmt": {"Scan", "Scanf", "Scanln"},
		"os":  {"Exit"},
		"log": {"Fatal", "Fatalf", "Fatalln"},
	} {
		for _, name := range names {
			delete(replace[path], name)
		}
	}
	s.rt.Stdin = func() io.Reader { return os.Stdin }
	s.rt.OnPanic = func(value any) {
		f := &engine.Failure{Value: rt.Translate(value), Frames: s.engine.Frames(), Earlier: s.engine.Earlier()}
		fmt.Fprintln(os.Stderr, s.programPanic(f, 2).Text())
		os.Exit(2)
	}
}

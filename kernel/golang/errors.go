package golang

import (
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"sync"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/kernel/golang/closures"
	"github.com/gocrate/gocrate/kernel/golang/engine"
	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// sources keeps the text of the cells, for tracebacks. A cell is known by a
// name that its errors carry, In[7], and by a serial number that is never
// given twice: front ends may run several texts under one number.
type sources struct {
	mu       sync.Mutex
	all      []source
	bySerial map[string]int
}

type source struct {
	name, code string
	serial     int
}

// next names a cell that is about to run.
func (s *sources) next(c kernel.Cell) source {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := fmt.Sprintf("In[%d]", c.Number)
	if s.bySerial == nil {
		s.bySerial = map[string]int{}
	}
	for i := 2; s.bySerial[name] != 0; i++ {
		name = fmt.Sprintf("In[%d].%d", c.Number, i)
	}
	src := source{name, c.Code, len(s.all) + 1}
	s.all = append(s.all, src)
	s.bySerial[name] = src.serial
	return src
}

// add takes in a text under a name of its own, a file's.
func (s *sources) add(name, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bySerial == nil {
		s.bySerial = map[string]int{}
	}
	s.all = append(s.all, source{name, code, len(s.all) + 1})
	s.bySerial[name] = len(s.all)
}

// serial returns the serial number of the cell of a name, or 0.
func (s *sources) serial(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bySerial[name]
}

// get returns the cell of a serial number.
func (s *sources) get(serial int) source {
	s.mu.Lock()
	defer s.mu.Unlock()
	if serial < 1 || serial > len(s.all) {
		return source{}
	}
	return s.all[serial-1]
}

// excerpt returns the lines round one of a cell, with an arrow at it.
func (s source) excerpt(line int) string {
	lines := strings.Split(s.code, "\n")
	var b strings.Builder
	for n := max(1, line-2); n <= min(len(lines), line+2); n++ {
		arrow, text := "      ", strings.TrimRight(lines[n-1], "\r")
		if n == line {
			arrow = green("----> ")
		}
		fmt.Fprintf(&b, "%s%d %s\n", arrow, n, strings.ReplaceAll(text, "\t", "    "))
	}
	return strings.TrimRight(b.String(), "\n")
}

// compileError words what the checker found.
func compileError(ds []check.Diagnostic) error {
	e := &kernel.Error{Name: "compile error"}
	for i, d := range ds {
		if i == 0 {
			e.Value = fmt.Sprintf("%s:%d:%d: %s", d.Cell, d.Line, d.Col, d.Msg)
		}
		e.Traceback = append(e.Traceback, colourful(d))
	}
	if len(ds) > 1 {
		e.Value += fmt.Sprintf(" (and %d more)", len(ds)-1)
	}
	return e
}

// colourful is a diagnostic's text with its place in bold.
func colourful(d check.Diagnostic) string {
	head, rest, _ := strings.Cut(d.String(), ": ")
	return bold(head+": ") + rest
}

// engineError is for what the checker accepts and the interpreter does not:
// our fault, not the user's.
func engineError(name string, err error) error {
	if errors.Is(err, closures.ErrMemory) {
		return err // it can be interpreted
	}
	msg := strings.TrimPrefix(err.Error(), name+":")
	return &kernel.Error{Name: "unsupported", Value: msg, Traceback: []string{
		red("this cell is correct Go, but the interpreter cannot run it: ") + msg,
		"Nothing of the cell has run. Writing the construct in a simpler way usually helps; please report it.",
	}}
}

// panicError words a panic: Go's own text, the line, and how it was reached.
func (s *Session) panicError(r *run, f *engine.Failure) error {
	if exit, ok := f.Value.(rt.Exit); ok {
		msg := fmt.Sprintf("os.Exit(%d) would end the session; the cell was stopped instead and variables keep their values", exit.Code)
		return &kernel.Error{Name: "Exit", Value: fmt.Sprint(exit.Code), Traceback: []string{red("exit status "+fmt.Sprint(exit.Code)+": ") + msg}}
	}
	text := panicText(f.Value)
	e := &kernel.Error{Name: "panic", Value: text, Traceback: []string{red("panic: ") + text}}
	e.Traceback = append(e.Traceback, s.trace(f.Frames)...)
	return e
}

// panicText is a panic's value as Go prints it.
func panicText(v any) string {
	v = rt.Unwrap(rt.Translate(v))
	if b, ok := v.(rt.Box); ok {
		return boxedPanic(b)
	}
	switch v := v.(type) {
	case error:
		return v.Error()
	default:
		return fmt.Sprint(v)
	}
}

// boxedPanic is the text of a panic with a user's value: its error or its
// String, or else main.T{…}.
func boxedPanic(b rt.Box) string {
	if b.T.Has("Error") || b.T.Has("String") {
		return fmt.Sprintf("%v", b)
	}
	switch t, ok := b.T.Go.Underlying().(*types.Basic); {
	case !ok:
		return fmt.Sprintf("%#v", b)
	case t.Info()&types.IsString != 0:
		return fmt.Sprintf("%s(\"%s\")", b.T, reflect.ValueOf(b.V))
	}
	return fmt.Sprintf("%s(%#v)", b.T, b)
}

// programPanicText is a panic's value as the run-time system prints it: of what
// has no text, such as a struct, it prints the type and an address.
func programPanicText(v any) string {
	text, v := panicText(v), rt.Unwrap(rt.Translate(v))
	name := fmt.Sprintf("%T", v)
	if b, ok := v.(rt.Box); ok {
		if b.T.Has("Error") || b.T.Has("String") {
			return text
		}
		name, v = b.T.String(), b.V
	}
	switch v.(type) {
	case error, fmt.Stringer:
		return text
	}
	switch x := reflect.ValueOf(v); x.Kind() {
	case reflect.Array, reflect.Struct:
		return fmt.Sprintf("(%s) %p", name, &v)
	case reflect.Slice, reflect.Map, reflect.Chan, reflect.Func, reflect.Pointer:
		return fmt.Sprintf("(%s) %#x", name, x.Pointer())
	}
	return text
}

func red(s string) string   { return "\x1b[1;31m" + s + "\x1b[0m" }
func green(s string) string { return "\x1b[1;32m" + s + "\x1b[0m" }
func bold(s string) string  { return "\x1b[1m" + s + "\x1b[0m" }

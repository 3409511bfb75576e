package golang

import (
	"context"
	"io"
	"log"
	"sync"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/rt"
	"github.com/gocrate/gocrate/stdlib/display"
)

// direct is the streams of a session in this process: text goes to the Output
// of the cell that runs.
type direct struct{ s *Session }

func (d direct) Stdout() io.Writer          { return directWriter{d.s, kernel.Stdout} }
func (d direct) Stderr() io.Writer          { return directWriter{d.s, kernel.Stderr} }
func (d direct) Switch(kernel.StreamName)   {}
func (d direct) Carry(o kernel.Output) bool { return o == d.s.current.Load().out }

type directWriter struct {
	s    *Session
	name kernel.StreamName
}

func (w directWriter) Write(p []byte) (int, error) {
	w.s.owner().out.Stream(w.name, string(p))
	return len(p), nil
}

// host carries the words of package display to the cell that runs.
type host struct{ s *Session }

func (h host) Display(b display.Bundle) { h.s.owner().output().Display(kernelBundle(b)) }
func (h host) Update(b display.Bundle)  { h.s.owner().output().Update(kernelBundle(b)) }
func (h host) Clear(wait bool)          { h.s.owner().output().Clear(wait) }
func (h host) Context() context.Context { return h.s.owner().ctx }
func (h host) Source() string           { return h.s.owner().cell.Code }

func (h host) Page(b display.Bundle) {
	page := kernelBundle(b)
	h.s.owner().out.Payload(kernel.Payload{Page: &page})
}

func (h host) NextInput(code string, replace bool) {
	h.s.owner().out.Payload(kernel.Payload{Next: code, Replace: replace})
}

func (h host) Input(prompt string, password bool) (string, error) {
	r := h.s.owner()
	return r.output().Input(r.ctx, prompt, password)
}

// input is the standard input of cells.
type input struct{ s *Session }

// Read reads what the user types for the cell of this goroutine.
func (in input) Read(p []byte) (int, error) {
	r := in.s.owner()
	return r.stdin.read(p, func() (string, error) { return r.output().Input(r.ctx, "", false) })
}

// stdin holds what a cell has not yet read of a line.
type stdin struct {
	mu   sync.Mutex
	line string
}

// read asks for a line when the last one is used up.
func (in *stdin) read(p []byte, ask func() (string, error)) (int, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.line == "" {
		line, err := ask()
		if err != nil {
			return 0, err
		}
		in.line = line + "\n"
	}
	n := copy(p, in.line)
	in.line = in.line[n:]
	return n, nil
}

// replaceLog makes package log write to the session's stderr and panic where
// it would end the process.
func replaceLog(stderr io.Writer, set func(path, name string, f, original any)) {
	log.SetOutput(stderr)
	exit := func() { panic(rt.Exit{Code: 1}) }
	set("log", "Fatal", func(v ...any) { log.Print(v...); exit() }, log.Fatal)
	set("log", "Fatalf", func(f string, v ...any) { log.Printf(f, v...); exit() }, log.Fatalf)
	set("log", "Fatalln", func(v ...any) { log.Println(v...); exit() }, log.Fatalln)
}

// nowhere is the Output before the first cell.
type nowhere struct{}

func (nowhere) Stream(kernel.StreamName, string) {}
func (nowhere) Display(kernel.Bundle)            {}
func (nowhere) Update(kernel.Bundle)             {}
func (nowhere) Result(kernel.Bundle)             {}
func (nowhere) Clear(bool)                       {}
func (nowhere) Payload(kernel.Payload)           {}
func (nowhere) Input(context.Context, string, bool) (string, error) {
	return "", io.EOF
}

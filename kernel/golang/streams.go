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

func (d direct) Stdout() io.Writer        { return directWriter{d.s, kernel.Stdout} }
func (d direct) Stderr() io.Writer        { return directWriter{d.s, kernel.Stderr} }
func (d direct) Switch(kernel.StreamName) {}

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

func (h host) Display(b display.Bundle) { h.s.owner().out.Display(kernelBundle(b)) }
func (h host) Update(b display.Bundle)  { h.s.owner().out.Update(kernelBundle(b)) }
func (h host) Clear(wait bool)          { h.s.owner().out.Clear(wait) }
func (h host) Context() context.Context { return h.s.owner().ctx }

func (h host) Page(b display.Bundle) {
	page := kernelBundle(b)
	h.s.owner().out.Payload(kernel.Payload{Page: &page})
}

func (h host) NextInput(code string, replace bool) {
	h.s.owner().out.Payload(kernel.Payload{Next: code, Replace: replace})
}

func (h host) Input(prompt string, password bool) (string, error) {
	r := h.s.owner()
	return r.out.Input(r.ctx, prompt, password)
}

// stdin reads lines that the front end's user types.
type stdin struct {
	s    *Session
	mu   sync.Mutex
	line string // what is left of the last one
}

// Read asks for a line when the last one is used up.
func (in *stdin) Read(p []byte) (int, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.line == "" {
		r := in.s.current.Load()
		line, err := r.out.Input(r.ctx, "", false)
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

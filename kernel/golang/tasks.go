package golang

import (
	"io"
	"os"

	"github.com/gocrate/gocrate/kernel"
)

// owner returns the run to which this goroutine belongs: what it prints and
// shows appears under its cell, whichever runs now.
func (s *Session) owner() *run {
	if r, ok := s.rt.Owner().(*run); ok {
		return r
	}
	return s.current.Load()
}

// owned are the session's streams: what a goroutine prints goes to its cell.
type owned struct {
	s  *Session
	to Streams
}

func (o owned) Stdout() io.Writer { return ownedWriter{o, kernel.Stdout, o.to.Stdout()} }
func (o owned) Stderr() io.Writer { return ownedWriter{o, kernel.Stderr, o.to.Stderr()} }

func (o owned) Switch(name kernel.StreamName) { o.to.Switch(name) }
func (o owned) Carry(out kernel.Output) bool  { return o.to.Carry(out) }

type ownedWriter struct {
	owned
	name kernel.StreamName
	to   io.Writer
}

func (w ownedWriter) Write(p []byte) (int, error) {
	if r := w.s.owner(); !w.Carry(r.out) {
		r.output().Stream(w.name, string(p))
		return len(p), nil
	}
	return w.to.Write(p)
}

// file returns what os.Stdout or os.Stderr is to this goroutine.
func (o owned) file(name kernel.StreamName, f *os.File) *os.File {
	if r := o.s.owner(); !o.Carry(r.out) {
		if p := r.pipe(name); p != nil {
			return p.in
		}
	}
	o.Switch(name)
	return f
}

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

// begin makes r the running cell.
func (s *Session) begin(r *run) {
	s.current.Store(r)
	s.rt.Begin(r)
}

// stopped ends what a stopped cell has left.
func (s *Session) stopped(r *run) {
	close(r.stop)
	s.machine.Stop()
	s.rt.Kill(r)
	s.machine.Resume()
	s.engine.Revive()
}

// owned are the session's streams: what a goroutine of an earlier cell prints
// goes to that cell.
type owned struct {
	s  *Session
	to Streams
}

func (o owned) Stdout() io.Writer { return ownedWriter{o.s, kernel.Stdout, o.to.Stdout()} }
func (o owned) Stderr() io.Writer { return ownedWriter{o.s, kernel.Stderr, o.to.Stderr()} }

func (o owned) Switch(name kernel.StreamName) { o.to.Switch(name) }

type ownedWriter struct {
	s    *Session
	name kernel.StreamName
	to   io.Writer // that of the running cell
}

func (w ownedWriter) Write(p []byte) (int, error) {
	if r := w.s.owner(); r != w.s.current.Load() {
		r.out.Stream(w.name, string(p))
		return len(p), nil
	}
	return w.to.Write(p)
}

// file returns what os.Stdout or os.Stderr is to this goroutine.
func (o owned) file(name kernel.StreamName, f *os.File) *os.File {
	if r := o.s.owner(); r != o.s.current.Load() {
		if pipe := r.pipe(name); pipe != nil {
			return pipe
		}
	}
	o.Switch(name)
	return f
}

// pipe returns a file that leads to a cell that does not run any more, or nil.
func (r *run) pipe(name kernel.StreamName) *os.File {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.files[name]; f != nil {
		return f
	}
	from, to, err := os.Pipe()
	if err != nil {
		return nil
	}
	if r.files == nil {
		r.files = map[kernel.StreamName]*os.File{}
	}
	r.files[name] = to
	go forward(from, name, r.out)
	return to
}

// forward reads until the other end is closed, with the run that held it.
func forward(from *os.File, name kernel.StreamName, out kernel.Output) {
	defer from.Close()
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			out.Stream(name, string(buf[:n]))
		}
		if err != nil {
			return
		}
	}
}

package worker

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gocrate/gocrate/kernel"
)

// Streams is the child's standard output and error, kept in order with each
// other and with what cells display. Its methods may be called from any
// goroutine.
//
// Whoever prints through Stdout and Stderr need not think about order. Whoever
// writes to os.Stdout or os.Stderr, or calls println, should call [Streams.Switch]
// before; without it nothing is lost, but where it lands among output of the
// other stream is left to chance.
type Streams struct {
	mu     sync.Mutex // held while anything is written to any of the three pipes
	nonce  string
	seq    uint64 // of the last marker
	out    [2]io.Writer
	last   int // index of the stream written since the last marker, or neither
	events io.Writer

	held []byte // frames that go out with the next, or before the next print

	owner atomic.Uint64 // the run to which the parent gives what comes through the output pipes
}

const (
	neither = -1
	stdout  = 0
	stderr  = 1
)

func newStreams(nonce string, events io.Writer) *Streams {
	return &Streams{nonce: nonce, out: [2]io.Writer{os.Stdout, os.Stderr}, last: neither, events: events}
}

// Stdout returns a writer to the cell's standard output. Writes are not
// buffered, so that nothing is lost when the process dies.
func (s *Streams) Stdout() io.Writer { return stream{s, stdout} }

// Stderr returns a writer to the cell's standard error.
func (s *Streams) Stderr() io.Writer { return stream{s, stderr} }

// Carry reports whether what is written to the streams goes to out, which is a
// cell's that this process runs.
func (s *Streams) Carry(out kernel.Output) bool {
	o, ok := out.(*output)
	return !ok || o.run == s.owner.Load()
}

// stream is one of the two.
type stream struct {
	s  *Streams
	to int
}

func (w stream) Write(p []byte) (int, error) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.s.turn(w.to)
	return w.s.out[w.to].Write(p)
}

// Switch announces that somebody is about to write to os.Stdout or os.Stderr
// directly.
func (s *Streams) Switch(name kernel.StreamName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == kernel.Stderr {
		s.turn(stderr)
	} else {
		s.turn(stdout)
	}
}

// turn separates what comes on one stream from what came on the other, or from
// an event that was held back.
func (s *Streams) turn(to int) {
	s.release()
	if s.last == 1-to {
		s.mark(switchOnly)
	}
	s.last = to
}

// mark writes the next marker into both streams. An error means that somebody
// closed the stream, and then the parent does not wait for it.
func (s *Streams) mark(kind byte) {
	s.seq++
	m := appendMarker(nil, s.nonce, s.seq, kind)
	s.out[stdout].Write(m)
	s.out[stderr].Write(m)
	s.last = neither
}

// send sends an event at once.
func (s *Streams) send(e event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release()
	s.hold(e)
	s.write()
}

// sendInOrder sends an event to be delivered after all that has been printed
// before, and before all that is printed after.
func (s *Streams) sendInOrder(e event) {
	s.sendWithNext(e)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release()
}

// sendWithNext is sendInOrder for an event that another will soon follow: both
// go out together, which takes a third of the time.
func (s *Streams) sendWithNext(e event) {
	if e.Bundle != nil {
		s.dropUnsendable(&e)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.Seq = s.seq + 1
	s.hold(e)
}

// release sends the events that are held back, which have the number of the next
// marker. An error means that the parent is gone, which the reader of requests
// notices.
func (s *Streams) release() {
	if len(s.held) == 0 {
		return
	}
	s.mark(withEvent)
	s.write()
}

func (s *Streams) write() {
	s.events.Write(s.held)
	s.held = nil
}

// hold appends an event to those that are held back.
func (s *Streams) hold(e event) {
	frame, err := encode(e)
	if err != nil { // too long; what is said of it must be short
		frame, _ = encode(event{Op: e.Op, ID: e.ID, Run: e.Run, Seq: e.Seq, Fault: &fault{Text: err.Error()},
			Bundle: &kernel.Bundle{Data: map[string]any{"text/plain": err.Error()}}})
	}
	s.held = append(s.held, frame...)
}

// dropUnsendable removes from an event's bundle what JSON cannot say, and says
// so on standard error.
func (s *Streams) dropUnsendable(e *event) {
	kept := kernel.Bundle{Data: maps.Clone(e.Bundle.Data), ID: e.Bundle.ID, Metadata: e.Bundle.Metadata}
	var lost []string
	for mime, v := range e.Bundle.Data {
		if _, isText := v.(string); isText {
			continue
		}
		if _, err := encode(v); err != nil {
			delete(kept.Data, mime)
			lost = append(lost, fmt.Sprintf("%s cannot be shown: %v\n", mime, err))
		}
	}
	if _, err := encode(kept.Metadata); err != nil {
		kept.Metadata = nil
		lost = append(lost, fmt.Sprintf("metadata cannot be shown: %v\n", err))
	}
	e.Bundle = &kept
	if len(lost) > 0 {
		slices.Sort(lost)
		io.WriteString(s.Stderr(), strings.Join(lost, ""))
	}
}

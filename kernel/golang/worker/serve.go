package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gocrate/gocrate/internal/idle"
	"github.com/gocrate/gocrate/kernel"
)

// closeGrace is how long the child waits for its language to close, and the
// parent for the child.
const (
	closeGrace = time.Second
	exitGrace  = 2 * time.Second
)

// Serve is the child's side of a [Client]. It opens a language, answers the
// parent's requests, and returns when the parent closes its end or dies; the
// caller should then exit, also if goroutines of cells are still running.
//
// The language must write what cells print to the streams it is given, or to the
// process's own standard output and error.
func Serve(open func(*Streams) (kernel.Language, error)) error {
	requests, events, err := inherited()
	if err != nil {
		return err
	}
	in := bufio.NewReader(requests)
	var hello request
	if err := readFrame(in, &hello); err != nil || hello.Op != "hello" {
		return fmt.Errorf("worker: this process is started by a kernel, which did not greet it (got %q, %v)", hello.Op, err)
	}
	streams := newStreams(hello.Nonce, events)
	lang, err := open(streams)
	streams.sendInOrder(event{Op: "ready", Fault: faultOf(err)})
	if err != nil {
		return err
	}
	s := &server{lang: lang, streams: streams, cancels: map[uint64]context.CancelFunc{}, questions: map[uint64]chan request{}}
	err = s.loop(in)
	s.close()
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// server is the child's end. Its loop reads requests; each request that takes
// time has a goroutine.
type server struct {
	lang    kernel.Language
	streams *Streams

	mu        sync.Mutex
	cancels   map[uint64]context.CancelFunc // of requests being answered
	questions map[uint64]chan request       // to the user, by their ID
	asked     uint64
}

func (s *server) loop(in io.Reader) error {
	for {
		var r request
		if err := readFrame(in, &r); err != nil {
			return err
		}
		switch r.Op {
		case "cancel":
			s.cancel(r.ID)
		case "input":
			s.answer(r)
		default:
			ctx := s.begin(r.ID)
			go s.serve(ctx, r)
		}
	}
}

// begin makes the context of a request before the next request is read, which
// may cancel it.
func (s *server) begin(id uint64) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancels[id] = cancel
	return ctx
}

// cancel ends the context of a request, if it is still being answered.
func (s *server) cancel(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel := s.cancels[id]; cancel != nil {
		cancel()
		delete(s.cancels, id)
	}
}

func (s *server) serve(ctx context.Context, r request) {
	defer s.cancel(r.ID)
	defer idle.Working()()
	switch {
	case r.Op == "execute" && r.Cell != nil:
		s.run(r, func(out kernel.Output) (bool, error) { return true, s.lang.Execute(ctx, *r.Cell, out) })
		return
	case r.Op == "comm" && r.Comm != nil:
		s.run(r, func(out kernel.Output) (bool, error) {
			lang, ok := s.lang.(kernel.Comms)
			if !ok {
				return false, nil
			}
			return lang.Comm(ctx, *r.Comm, out)
		})
		return
	}
	e := event{Op: "reply", ID: r.ID}
	var err error
	switch r.Op {
	case "complete":
		e.Completion = new(kernel.Completion)
		*e.Completion, err = s.lang.Complete(ctx, r.Code, r.Cursor)
	case "inspect":
		e.Inspection = new(kernel.Inspection)
		*e.Inspection, err = s.lang.Inspect(ctx, r.Code, r.Cursor, r.Detail)
	case "isComplete":
		e.Completeness = new(kernel.Completeness)
		*e.Completeness, err = s.lang.IsComplete(ctx, r.Code)
	default:
		err = fmt.Errorf("worker: unknown request %q", r.Op)
	}
	e.Fault = faultOf(err)
	s.streams.send(e)
}

// run does what shows on an output.
func (s *server) run(r request, do func(kernel.Output) (known bool, err error)) {
	if r.Owns {
		s.streams.owner.Store(r.ID)
	}
	known, err := do(&output{s, r.ID})
	s.streams.sendInOrder(event{Op: "reply", ID: r.ID, Run: r.ID, Known: known, Fault: faultOf(err)})
}

// close interrupts what runs and closes the language, but does not wait long.
func (s *server) close() {
	s.mu.Lock()
	for _, cancel := range s.cancels {
		cancel()
	}
	s.mu.Unlock()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.lang.Close()
	}()
	select {
	case <-closed:
	case <-time.After(closeGrace):
	}
}

// output is a cell's output on the child's side.
type output struct {
	s   *server
	run uint64
}

// Stream prints. The text of a cell to which the pipes do not belong cannot go
// through them.
func (o *output) Stream(name kernel.StreamName, text string) {
	if !o.s.streams.Carry(o) {
		o.s.streams.sendInOrder(event{Op: "stream", Run: o.run, Name: name, Text: text})
		return
	}
	w := o.s.streams.Stdout()
	if name == kernel.Stderr {
		w = o.s.streams.Stderr()
	}
	io.WriteString(w, text)
}

func (o *output) Display(b kernel.Bundle) { o.show("display", b) }
func (o *output) Update(b kernel.Bundle)  { o.show("update", b) }

// Result shows what a cell has come to, with its reply: they are apart only
// where deferred calls take time.
func (o *output) Result(b kernel.Bundle) {
	o.s.streams.sendWithNext(event{Op: "result", Run: o.run, Bundle: &b})
}

func (o *output) show(op string, b kernel.Bundle) {
	o.s.streams.sendInOrder(event{Op: op, Run: o.run, Bundle: &b})
}

func (o *output) Clear(wait bool) {
	o.s.streams.sendInOrder(event{Op: "clear", Run: o.run, Wait: wait})
}

func (o *output) Payload(p kernel.Payload) {
	o.s.streams.sendInOrder(event{Op: "payload", Run: o.run, Payload: &p})
}

func (o *output) Comm(m kernel.CommMessage) {
	o.s.streams.sendInOrder(event{Op: "comm", Run: o.run, Comm: &m})
}

func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	id, answer := o.s.ask()
	defer o.s.forget(id)
	o.s.streams.sendInOrder(event{Op: "input", ID: id, Run: o.run, Prompt: prompt, Password: password})
	select {
	case r := <-answer:
		return r.Text, r.Fault.err()
	case <-ctx.Done():
		o.s.streams.send(event{Op: "forget", ID: id})
		return "", ctx.Err()
	}
}

// ask registers a question to the user.
func (s *server) ask() (id uint64, answer <-chan request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	c := make(chan request, 1)
	s.questions[s.asked] = c
	return s.asked, c
}

// answer gives the answer to whoever waits for it.
func (s *server) answer(r request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.questions[r.ID]; c != nil {
		c <- r
		delete(s.questions, r.ID)
	}
}

func (s *server) forget(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.questions, id)
}

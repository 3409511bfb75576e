package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/gocrate/gocrate/kernel"
)

var errDied = errors.New("worker: the session's process has ended")

// sendTimeout bounds how long a child may leave requests unread. It reads them
// at all times, so a child that does not is beyond help.
const sendTimeout = 10 * time.Second

// process is one child. These goroutines belong to it: one reads events and, at
// their end, buries the child; two read its output.
type process struct {
	cmd     *exec.Cmd
	grace   time.Duration // of an interrupt
	log     *log.Logger
	replace func(*process) bool // is called when the child has died, before done is closed

	requests *os.File
	sender   frameWriter
	events   *os.File
	gate     *gate
	readers  [2]*reader
	reading  sync.WaitGroup
	outputs  outputs

	mu        sync.Mutex // guards what follows
	dead      bool
	ready     bool
	failure   error  // of the start
	stopped   bool   // stop was called
	reason    string // why the parent killed the child, for the cell's author
	lastID    uint64
	pending   map[uint64]chan *event
	questions map[uint64]context.CancelFunc
	executing int // how many cells run

	done  chan struct{} // is closed when all is over
	death *kernel.Error // is set before done is closed
}

// start starts a child.
func start(o Options, replace func(*process) bool) (*process, error) {
	if len(o.Command) == 0 {
		return nil, errors.New("worker: Options.Command is empty; it must name the program to run")
	}
	p := &process{
		grace: o.InterruptGrace, log: o.Log, replace: replace, gate: newGate(), outputs: outputs{log: o.Log},
		pending: map[uint64]chan *event{}, questions: map[uint64]context.CancelFunc{}, done: make(chan struct{}),
	}
	nonce := newNonce()
	if err := p.spawn(o, nonce); err != nil {
		return nil, err
	}
	for _, r := range p.readers {
		p.reading.Add(1)
		go func() {
			defer p.reading.Done()
			r.read()
		}()
	}
	go p.attend()
	p.send(request{Op: "hello", Nonce: nonce})
	return p, nil
}

// spawn makes the pipes and starts the program. Both ends of all pipes are
// closed if it fails.
func (p *process) spawn(o Options, nonce string) (err error) {
	var ends [4][2]*os.File
	defer func() {
		for _, e := range ends {
			if err != nil && e[0] != nil {
				e[0].Close()
				e[1].Close()
			}
		}
	}()
	for i := range ends {
		if ends[i][0], ends[i][1], err = os.Pipe(); err != nil {
			return fmt.Errorf("worker: no pipe to the session's process: %w", err)
		}
	}
	out, errs, requests, events := ends[0], ends[1], ends[2], ends[3]
	p.cmd = exec.Command(o.Command[0], o.Command[1:]...)
	p.cmd.Env = append(os.Environ(), o.Env...)
	p.cmd.Stdout, p.cmd.Stderr = out[1], errs[1]
	if err = prepare(p.cmd, requests[0], events[1]); err != nil {
		return err
	}
	if err = p.cmd.Start(); err != nil {
		return fmt.Errorf("worker: the session's process cannot be started: %w", err)
	}
	for _, child := range []*os.File{out[1], errs[1], requests[0], events[1]} {
		child.Close()
	}
	p.requests, p.events = requests[1], events[0]
	p.sender.w = p.requests
	p.readers[stdout] = newReader(stdout, out[0], nonce, p.gate, p.outputs.stream)
	p.readers[stderr] = newReader(stderr, errs[0], nonce, p.gate, p.outputs.stream)
	return nil
}

// run has the child do what shows on out, and returns when it has answered or
// died. Known is part of the answer to a comm.
func (p *process) run(ctx context.Context, r request, out kernel.Output) (known bool, err error) {
	id, reply := p.expect(true)
	defer p.forget(id)
	r.ID, r.Owns = id, p.outputs.begin(id, out)
	defer p.outputs.end(id)
	p.send(r)
	interrupt := ctx.Done()
	var grace <-chan time.Time
	for {
		select {
		case e := <-reply:
			return e.Known, e.Fault.err()
		case <-p.done:
			return true, p.death
		case <-interrupt:
			interrupt = nil
			p.send(request{Op: "cancel", ID: id})
			timer := time.NewTimer(p.grace)
			defer timer.Stop()
			grace = timer.C
		case <-grace:
			p.kill(fmt.Sprintf("the cell did not stop within %v of the interrupt, so its process was ended", p.grace))
		}
	}
}

// ask sends any other request and returns the reply.
func (p *process) ask(ctx context.Context, r request) (*event, error) {
	id, reply := p.expect(false)
	defer p.forget(id)
	r.ID = id
	p.send(r)
	select {
	case e := <-reply:
		return e, nil
	case <-p.done:
		return nil, errDied
	case <-ctx.Done():
		p.send(request{Op: "cancel", ID: id})
		return nil, ctx.Err()
	}
}

// expect prepares for the reply to a request.
func (p *process) expect(executing bool) (id uint64, reply <-chan *event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastID++
	c := make(chan *event, 1)
	p.pending[p.lastID] = c
	if executing {
		p.executing++
	}
	return p.lastID, c
}

func (p *process) forget(id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pending, id)
}

// send sends a request. A child that cannot be reached is dead or beyond help;
// attend finds out which.
func (p *process) send(r request) {
	p.requests.SetWriteDeadline(time.Now().Add(sendTimeout))
	if err := p.sender.write(r); errors.Is(err, os.ErrDeadlineExceeded) {
		p.kill("it no longer answered")
	} else if err != nil {
		p.log.Printf("%s was not sent to the session's process: %v", r.Op, err)
	}
}

// kill ends the child for a reason that is reported.
func (p *process) kill(reason string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return
	}
	if p.reason == "" {
		p.reason = reason
	}
	kill(p.cmd.Process)
}

// stop closes the pipe of requests, upon which the child ends by itself, or
// else is killed.
func (p *process) stop() {
	p.mu.Lock()
	p.stopped = true
	p.mu.Unlock()
	p.requests.Close()
	time.AfterFunc(exitGrace, func() { p.kill("it did not end when it was told to") })
}

func (p *process) isDead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

func (p *process) wasReady() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ready
}

// attend delivers events as long as there are any, and then buries the child.
func (p *process) attend() {
	in := bufio.NewReader(p.events)
	for {
		e := new(event)
		if err := readFrame(in, e); err != nil {
			break
		}
		if e.Seq == 0 {
			p.deliver(e)
		} else {
			p.gate.deliver(e.Seq, func() { p.deliver(e) })
		}
	}
	p.gate.end()
	p.bury()
}

// deliver gives an event to whom it concerns.
func (p *process) deliver(e *event) {
	bundle := kernel.Bundle{}
	if e.Bundle != nil {
		bundle = *e.Bundle
	}
	switch e.Op {
	case "ready":
		p.mu.Lock()
		p.ready, p.failure = e.Fault == nil, e.Fault.err()
		p.mu.Unlock()
	case "reply":
		p.reply(e)
	case "stream":
		p.outputs.of(e.Run).Stream(e.Name, e.Text)
	case "display":
		p.outputs.of(e.Run).Display(bundle)
	case "update":
		p.outputs.of(e.Run).Update(bundle)
	case "result":
		p.outputs.of(e.Run).Result(bundle)
	case "clear":
		p.outputs.of(e.Run).Clear(e.Wait)
	case "payload":
		if e.Payload != nil {
			p.outputs.of(e.Run).Payload(*e.Payload)
		}
	case "comm":
		if out, ok := p.outputs.of(e.Run).(kernel.CommOutput); ok && e.Comm != nil {
			out.Comm(*e.Comm)
		}
	case "input":
		p.question(e)
	case "forget":
		p.forgetQuestion(e.ID)
	}
}

func (p *process) reply(e *event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.pending[e.ID]; c != nil {
		c <- e
		delete(p.pending, e.ID)
	}
	if e.Run != 0 {
		p.executing--
	}
}

// question asks the user and sends what he answers. It does not wait for that,
// because output goes on.
func (p *process) question(e *event) {
	ctx, cancel := context.WithCancel(context.Background())
	p.mu.Lock()
	p.questions[e.ID] = cancel
	p.mu.Unlock()
	go func() {
		text, err := p.outputs.of(e.Run).Input(ctx, e.Prompt, e.Password)
		if ctx.Err() == nil {
			p.send(request{Op: "input", ID: e.ID, Text: text, Fault: faultOf(err)})
		}
		p.forgetQuestion(e.ID)
	}()
}

func (p *process) forgetQuestion(id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cancel := p.questions[id]; cancel != nil {
		cancel()
		delete(p.questions, id)
	}
}

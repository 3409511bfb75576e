package worker

import (
	"context"
	"errors"
	"io"
	"log"
	"sync"
	"time"

	"github.com/gocrate/gocrate/kernel"
)

// Options say how a [Client] runs its children.
type Options struct {
	Command []string // the child's program, which calls [Serve], and its arguments
	Env     []string // "NAME=value", besides the environment of this process

	// Info is what [Client.Info] answers, at once, also while a child starts.
	Info kernel.LanguageInfo

	// InterruptGrace is how long an interrupted cell may take to end before its
	// process is ended. 0 means 5 seconds.
	InterruptGrace time.Duration

	// Log receives what no cell's output can show: output of a child before its
	// first cell, and crash dumps in full. nil discards it.
	Log *log.Logger
}

// Client is a [kernel.Language] whose session runs in a child process. It starts
// a child when it is made, and another whenever one dies. A cell during which
// the child dies fails with a [*kernel.Error] named "WorkerDied".
type Client struct {
	options Options

	mu     sync.Mutex // guards what follows
	child  *process   // the newest, alive or not; nil before the first
	closed bool
}

var (
	_ kernel.Language = (*Client)(nil)
	_ kernel.Comms    = (*Client)(nil)
)

var errClosed = errors.New("worker: the session is closed")

// NewClient returns a client. Its first child starts in the background; if it
// cannot, the first cell says why.
func NewClient(o Options) *Client {
	if o.InterruptGrace == 0 {
		o.InterruptGrace = 5 * time.Second
	}
	if o.Log == nil {
		o.Log = log.New(io.Discard, "", 0)
	}
	c := &Client{options: o}
	go c.process()
	return c
}

// Info returns the Info of the client's options.
func (c *Client) Info() kernel.LanguageInfo { return c.options.Info }

// Execute runs a cell in the child. If ctx ends and the cell does not, the child
// is killed after the InterruptGrace.
func (c *Client) Execute(ctx context.Context, cell kernel.Cell, out kernel.Output) error {
	if ctx.Err() != nil {
		return &kernel.Error{Name: "Interrupted", Value: "interrupted before the cell began", Traceback: []string{"Interrupted before the cell began."}}
	}
	p, err := c.process()
	if err != nil {
		return notStarted(err)
	}
	_, err = p.run(ctx, request{Op: "execute", Cell: &cell}, out)
	return err
}

// Comm gives the child a message of a comm.
func (c *Client) Comm(ctx context.Context, m kernel.CommMessage, out kernel.Output) (known bool, err error) {
	p, err := c.process()
	if err != nil {
		return false, notStarted(err)
	}
	return p.run(ctx, request{Op: "comm", Comm: &m}, out)
}

// Complete asks the child; without one there are no matches.
func (c *Client) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	none := kernel.Completion{Start: cursor, End: cursor}
	e, err := c.ask(ctx, request{Op: "complete", Code: code, Cursor: cursor})
	if err != nil || e == nil || e.Completion == nil {
		return none, err
	}
	return *e.Completion, nil
}

// Inspect asks the child; without one nothing is found.
func (c *Client) Inspect(ctx context.Context, code string, cursor, detail int) (kernel.Inspection, error) {
	e, err := c.ask(ctx, request{Op: "inspect", Code: code, Cursor: cursor, Detail: detail})
	if err != nil || e == nil || e.Inspection == nil {
		return kernel.Inspection{}, err
	}
	return *e.Inspection, nil
}

// IsComplete asks the child; without one the answer is "unknown".
func (c *Client) IsComplete(ctx context.Context, code string) (kernel.Completeness, error) {
	e, err := c.ask(ctx, request{Op: "isComplete", Code: code})
	if err != nil || e == nil || e.Completeness == nil {
		return kernel.Completeness{Status: "unknown"}, err
	}
	return *e.Completeness, nil
}

// ask returns the child's reply, or nil if there is no child to reply.
func (c *Client) ask(ctx context.Context, r request) (*event, error) {
	p, err := c.process()
	if err != nil {
		return nil, nil
	}
	e, err := p.ask(ctx, r)
	if err == errDied {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return e, e.Fault.err()
}

// Close ends the child. A cell that runs is interrupted.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	p := c.child
	c.mu.Unlock()
	if p != nil {
		p.stop()
		<-p.done
	}
	return nil
}

// process returns a child that is not known to be dead. It starts one if there
// is none.
func (c *Client) process() (*process, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	if c.child != nil && !c.child.isDead() {
		return c.child, nil
	}
	p, err := start(c.options, c.replace)
	if err != nil {
		return nil, err
	}
	c.child = p
	return p, nil
}

// replace starts a successor to a child that has died, and reports whether there
// is one. A child that died before it was ready has none until somebody asks,
// because the next would do the same.
func (c *Client) replace(p *process) bool {
	if !p.wasReady() {
		return false
	}
	_, err := c.process()
	return err == nil
}

package kernel

import (
	"context"
	"sync"
	"time"
)

// lateness is how long after an abort the executor still looks for requests
// that were sent before it. "Run all" sends every cell at once; when the first
// fails within a millisecond, the rest are still on their way.
const lateness = 100 * time.Millisecond

// executor is a shell: it runs cells one at a time, in the order they came.
type executor struct {
	k       *Kernel
	id      string // of a subshell, "" of the main shell
	history *History
	stdin   stdin

	mu      sync.Mutex
	queue   []*job
	closed  bool          // no more jobs are taken
	arrived chan struct{} // holds one token when the queue or closed may have changed
	cancel  func()        // interrupts the running cell; nil between cells
	aborted time.Time     // the latest abort

	count int // of executed cells; the executor's goroutine alone
}

// job is a cell, or a message of a comm, in the queue.
type job struct {
	req     *request
	aborted bool
}

func newExecutor(k *Kernel, id string, history *History) *executor {
	return &executor{k: k, id: id, history: history, stdin: newStdin(), arrived: make(chan struct{}, 1)}
}

// enqueue appends a request to the queue, unless the executor is closed.
func (e *executor) enqueue(req *request) (taken bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.queue = append(e.queue, &job{req: req, aborted: e.tooLate(req)})
	e.notify()
	return true
}

// close makes the executor end when its queue is empty. It reports whether it
// was open.
func (e *executor) close() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	was := !e.closed
	e.closed = true
	e.notify()
	return was
}

func (e *executor) isClosed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

func (e *executor) notify() {
	select {
	case e.arrived <- struct{}{}:
	default:
	}
}

// tooLate says whether req was sent before the latest abort and has arrived
// just after it. Browsers round their dates down to the millisecond.
func (e *executor) tooLate(req *request) bool {
	sent, ok := req.Header.Time()
	if !ok || time.Since(e.aborted) >= lateness {
		return false
	}
	if sent.Equal(sent.Truncate(time.Millisecond)) {
		return sent.Before(e.aborted.Truncate(time.Millisecond))
	}
	return sent.Before(e.aborted)
}

// run executes the queue until ctx ends, or the executor is closed and the
// queue is empty.
func (e *executor) run(ctx context.Context) {
	for {
		for job, cellCtx := e.next(ctx); job != nil; job, cellCtx = e.next(ctx) {
			e.execute(cellCtx, job)
			e.release()
		}
		if e.isClosed() {
			return
		}
		select {
		case <-e.arrived:
		case <-ctx.Done():
			return
		}
	}
}

// next takes the first job, with a context that an interrupt cancels.
func (e *executor) next(ctx context.Context) (*job, context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue) == 0 {
		return nil, nil
	}
	job := e.queue[0]
	e.queue = e.queue[1:]
	ctx, e.cancel = context.WithCancel(ctx)
	job.aborted = job.aborted || ctx.Err() != nil
	return job, ctx
}

func (e *executor) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cancel()
	e.cancel = nil
}

// interrupt cancels the running cell and aborts what is queued behind it.
func (e *executor) interrupt() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cancel == nil && len(e.queue) == 0 {
		return
	}
	if e.cancel != nil {
		e.cancel()
	}
	e.abortLocked()
}

// abort marks what is queued now, or was sent by now, as not to be run.
func (e *executor) abort() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.abortLocked()
}

func (e *executor) abortLocked() {
	e.aborted = time.Now()
	for _, job := range e.queue {
		job.aborted = true
	}
}

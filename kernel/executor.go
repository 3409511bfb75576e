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

// executor runs cells one at a time, in the order they came.
type executor struct {
	k *Kernel

	mu      sync.Mutex
	queue   []*job
	arrived chan struct{} // holds one token when the queue may have grown
	cancel  func()        // interrupts the running cell; nil between cells
	aborted time.Time     // the latest abort

	count int // of executed cells; the executor's goroutine alone
}

// job is a cell in the queue.
type job struct {
	req     *request
	aborted bool
}

func newExecutor(k *Kernel) *executor {
	return &executor{k: k, arrived: make(chan struct{}, 1)}
}

func (e *executor) enqueue(req *request) {
	e.mu.Lock()
	e.queue = append(e.queue, &job{req: req, aborted: e.tooLate(req)})
	e.mu.Unlock()
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

// run executes the queue until ctx ends.
func (e *executor) run(ctx context.Context) {
	for {
		for job, cellCtx := e.next(ctx); job != nil; job, cellCtx = e.next(ctx) {
			e.execute(cellCtx, job)
			e.release()
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

package golang

import "sync"

// cells are the cells that run.
//
// The interpreter can only stop all that it runs. So the code of a cell that was
// stopped, or that a goroutine of its own has ended, is doomed at once, and goes
// on to its next call of compiled code or to the moment when no other cell runs.
type cells struct {
	mu      sync.Mutex
	running map[*run]bool
	stopped bool // code of cells that were stopped may go on
}

func newCells() cells { return cells{running: map[*run]bool{}} }

// begin makes r a running cell. The caller holds loading.
func (s *Session) begin(r *run) {
	s.halt()
	c := &s.cells
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.running[s.current.Load()] {
		s.current.Store(r)
		s.rt.Begin(r)
	}
	c.running[r] = true
}

// end says that a cell does not run any more, and stops what it has left if it
// was stopped.
func (s *Session) end(r *run) {
	stopped := r.ctx.Err() != nil
	if stopped {
		s.rt.Doom(r)
		close(r.stop)
	}
	c := &s.cells
	c.mu.Lock()
	delete(c.running, r)
	c.stopped = c.stopped || stopped
	due := c.due()
	c.mu.Unlock()
	if due {
		s.loading.Lock()
		defer s.loading.Unlock()
		s.halt()
	}
}

// halt stops all code of stopped cells, unless cells run that it would stop too.
// The caller holds loading, so that none begins meanwhile.
func (s *Session) halt() {
	c := &s.cells
	c.mu.Lock()
	due := c.due()
	c.stopped = c.stopped && !due
	c.mu.Unlock()
	if due {
		s.engine.Halt()
		s.machine.Stop()
		s.rt.Kill()
		s.machine.Resume()
		s.engine.Revive()
	}
}

// due reports whether stopped code can be halted. The caller holds mu.
func (c *cells) due() bool { return c.stopped && len(c.running) == 0 }

// others returns the running cells besides r.
func (s *Session) others(r *run) []*run {
	s.cells.mu.Lock()
	defer s.cells.mu.Unlock()
	var others []*run
	for x := range s.cells.running {
		if x != r {
			others = append(others, x)
		}
	}
	return others
}

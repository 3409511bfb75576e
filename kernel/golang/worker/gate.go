package worker

import (
	"math"
	"sync"
)

// gate keeps two readers of output and one of events in step.
type gate struct {
	mu      sync.Mutex
	moved   sync.Cond
	reached [2]uint64 // the marker at which each output reader stands
	passed  uint64    // the last marker that they may leave behind
	ended   bool      // no more events will come
}

const everyMarker = math.MaxUint64

func newGate() *gate {
	g := &gate{}
	g.moved.L = &g.mu
	return g
}

// arrive blocks output reader r at a marker until both have reached it and its
// event, if it has one, has been delivered.
func (g *gate) arrive(r int, m marker) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reached[r] = m.seq
	g.moved.Broadcast()
	for g.passed < m.seq {
		if (m.kind == switchOnly || g.ended) && g.reached[1-r] >= m.seq {
			g.pass(m.seq)
			return
		}
		g.moved.Wait()
	}
}

// finish says that output reader r will read nothing more, and need not be
// waited for.
func (g *gate) finish(r int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reached[r] = everyMarker
	g.moved.Broadcast()
}

// deliver calls f when both readers stand at marker seq, and then lets them go
// on.
func (g *gate) deliver(seq uint64, f func()) {
	g.mu.Lock()
	for g.reached[0] < seq || g.reached[1] < seq {
		g.moved.Wait()
	}
	g.mu.Unlock()
	f()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pass(seq)
}

// end says that no more events will come, and none need be waited for.
func (g *gate) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = true
	g.moved.Broadcast()
}

func (g *gate) pass(seq uint64) {
	g.passed = max(g.passed, seq)
	g.moved.Broadcast()
}

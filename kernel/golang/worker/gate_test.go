package worker

import (
	"strings"
	"sync"
	"testing"
)

// TestGate: whatever the scheduling, what two readers and events do between
// markers comes in order.
func TestGate(t *testing.T) {
	for range 50 {
		g := newGate()
		var mu sync.Mutex
		var log strings.Builder
		say := func(s string) {
			mu.Lock()
			defer mu.Unlock()
			log.WriteString(s)
		}
		var wg sync.WaitGroup
		for r := range 2 {
			wg.Go(func() {
				for seq := uint64(1); seq <= 20; seq++ {
					kind := byte(switchOnly)
					if seq%3 == 0 {
						kind = withEvent
					}
					if int(seq)%2 == r {
						say(string(rune('a' + seq)))
					}
					g.arrive(r, marker{seq: seq, kind: kind})
				}
				g.finish(r)
			})
		}
		wg.Go(func() {
			for seq := uint64(3); seq <= 20; seq += 3 {
				g.deliver(seq, func() { say("!") })
			}
			g.end()
		})
		wg.Wait()
		if got, want := log.String(), "bcd!efg!hij!klm!nop!qrs!tu"; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

// TestGateEnd: a pipe that has ended holds up nobody, and neither do events that
// will not come.
func TestGateEnd(t *testing.T) {
	g := newGate()
	var wg sync.WaitGroup
	wg.Go(func() {
		g.arrive(stdout, marker{seq: 1, kind: switchOnly})
		g.arrive(stdout, marker{seq: 2, kind: withEvent})
	})
	g.finish(stderr)
	delivered := false
	g.deliver(2, func() { delivered = true })
	wg.Wait()
	if !delivered {
		t.Error("the event was not delivered")
	}
	wg.Go(func() { g.arrive(stdout, marker{seq: 3, kind: withEvent}) })
	g.end()
	wg.Wait()
}

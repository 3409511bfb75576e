package kernel_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

var stressFull = flag.Bool("stress.full", false, "send a million messages and open ten thousand connections, which takes minutes")

// A stress is what strangers, and front ends gone mad, do to a kernel in one
// test. It comes in waves, so that what a wave leaves behind can be seen.
type stress struct {
	waves       int
	messages    int // a wave
	connections int // a wave; fewer than the kernel admits to one socket
}

// maxGrowth is what the second half of all waves may add to the live heap. At
// full size it is less than 20 bytes a message.
const maxGrowth = 8 << 20

// While strangers do their worst, an honest front end is answered; afterwards
// no goroutine and no memory is left of them.
func TestStress(t *testing.T) {
	size := stress{waves: 4, messages: 4000, connections: 50}
	if *stressFull {
		size = stress{waves: 100, messages: 10_000, connections: 100}
	}
	k := kerneltest.StartOn(t, loopback(), echo{}, kernel.Options{})
	honest := &honest{Client: kerneltest.Connect(t, k.Connection), t: t}
	honest.Overlook()
	honest.isServed()
	goroutines := runtime.NumGoroutine()
	heap := make([]uint64, size.waves)
	for wave := range size.waves {
		honest.worksDuring(func() { size.run(t, k, uint64(wave)) })
		waitForGoroutines(t, goroutines)
		heap[wave] = liveHeap()
	}
	half, end := heap[size.waves/2], heap[size.waves-1]
	t.Logf("%d messages and %d connections; live heap %d KiB after the first wave, %d half way, %d at the end; %d honest rounds, the slowest %v",
		size.waves*size.messages, size.waves*size.connections, heap[0]>>10, half>>10, end>>10, honest.rounds, honest.slowest.Round(time.Millisecond))
	if end > half+maxGrowth {
		t.Errorf("the live heap went from %d to %d KiB; after each wave: %v", half>>10, end>>10, heap)
	}
}

// run is one wave: all senders and all connections at once.
func (s stress) run(t *testing.T, k *kerneltest.Kernel, seed uint64) {
	var all sync.WaitGroup
	for i, sender := range senders {
		all.Go(func() { sender.run(t, k, newFuzzer(seed, uint64(i)), s.messages/len(senders)) })
	}
	over := make(chan struct{}) // the senders are done
	var attackers sync.WaitGroup
	for i := range s.connections {
		attackers.Go(func() { attack(k, rand.New(rand.NewPCG(seed, uint64(1000+i))), over) })
	}
	all.Wait()
	close(over)
	attackers.Wait()
}

// honest is a front end that wants nothing but its answers.
type honest struct {
	*kerneltest.Client
	t       *testing.T
	rounds  int
	slowest time.Duration
}

// worksDuring asks on every channel until the load ends. Cells may be aborted
// meanwhile: strangers who know the key interrupt the kernel, and their own
// cells fail.
func (h *honest) worksDuring(load func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		load()
	}()
	for {
		select {
		case <-done:
			h.isServed()
			return
		default:
			h.round()
		}
	}
}

func (h *honest) round() *kerneltest.Execution {
	began := time.Now()
	h.Ping("still there?")
	h.Ask(wire.Control, "kernel_info_request", struct{}{})
	h.Ask(wire.Shell, "complete_request", map[string]any{"code": "e", "cursor_pos": 1})
	e := h.Execute(fmt.Sprint("round ", h.rounds))
	h.rounds++
	h.slowest = max(h.slowest, time.Since(began))
	return e
}

// isServed runs cells until one is not aborted with those of a wave.
func (h *honest) isServed() {
	h.t.Helper()
	deadline := time.Now().Add(kerneltest.Patience)
	for e := h.round(); e.Status != "ok"; e = h.round() {
		if time.Now().After(deadline) {
			h.t.Fatalf("a cell is still %s", e.Status)
		}
	}
}

func waitForGoroutines(t *testing.T, base int) {
	t.Helper()
	deadline := time.Now().Add(kerneltest.Patience)
	for runtime.NumGoroutine() > base {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), base, stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}

func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

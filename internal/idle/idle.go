// Package idle gives memory back to the system when a process rests. The
// run-time system keeps what garbage has left for minutes, in case it is needed
// again; a notebook that somebody reads should not hold what its last cell
// needed.
package idle

import (
	"runtime/debug"
	"sync"
	"time"
)

// pause is how long a process must have nothing to do. It is longer than the
// moment between two cells of a notebook that is run as a whole.
const pause = 500 * time.Millisecond

var (
	mu      sync.Mutex
	working int         // things that are not done
	timer   *time.Timer // runs while there are none; nil before the first
)

// Working says that something begins, and done that it is over. Calls may
// overlap.
func Working() (done func()) {
	mu.Lock()
	defer mu.Unlock()
	working++
	if timer != nil {
		timer.Stop()
	}
	return sync.OnceFunc(rest)
}

func rest() {
	mu.Lock()
	defer mu.Unlock()
	if working--; working > 0 {
		return
	}
	if timer == nil {
		timer = time.AfterFunc(pause, debug.FreeOSMemory)
		return
	}
	timer.Reset(pause)
}

package idle

import (
	"runtime"
	"testing"
	"time"
)

// held is how much memory the heap has from the system.
func held() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapSys - m.HeapReleased
}

func TestMemoryIsGivenBack(t *testing.T) {
	const size = 64 << 20
	done, other := Working(), Working()
	garbage := make([]byte, size)
	for i := range garbage {
		garbage[i] = 1
	}
	before := held()
	done()
	done() // is done already
	runtime.KeepAlive(garbage)
	if timer != nil {
		t.Fatal("the process is said to rest while something is not over")
	}
	other()
	for deadline := time.Now().Add(10 * time.Second); held() > before-size; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d MiB held, %d before", held()>>20, before>>20)
		}
	}
}

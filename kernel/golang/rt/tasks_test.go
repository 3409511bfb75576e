package rt

import (
	"sync"
	"testing"
)

// TestGoroutineID demands that the quick way to the number of a goroutine is
// there, and gives the one that traces have.
func TestGoroutineID(t *testing.T) {
	if !knowsID {
		t.Error("package goid does not know this Go: panics in deep recursions take long")
	}
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if got, want := GoroutineID(), tracedID(); got != want {
				t.Errorf("got %d, want %d", got, want)
			}
		})
	}
	wg.Wait()
}

package zmq

import (
	"testing"
	"time"
)

// TestQueueSettles: a queue has settled when what was taken from it has been
// written, when its peer is gone, or when the time for it is over.
func TestQueueSettles(t *testing.T) {
	settle := func(q *queue, limit time.Duration) <-chan struct{} {
		settled := make(chan struct{})
		go func() {
			defer close(settled)
			q.settle(time.Now().Add(limit))
		}()
		return settled
	}
	q := newQueue()
	<-settle(q, time.Hour) // nothing was put
	q.put(outgoing{frames: [][]byte{[]byte("m")}})
	<-settle(q, 0)
	q.take() // and written, from here on
	settled := settle(q, time.Hour)
	select {
	case <-settled:
		t.Fatal("settled while something is being written")
	default:
	}
	go q.take()
	<-settled
	q.put(outgoing{})
	settled = settle(q, time.Hour)
	q.abandon()
	<-settled
}

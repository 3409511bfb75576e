package kernel_test

import (
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/wire"
)

// inMemory is a transport whose one listener subscribes when the test says so.
type inMemory struct {
	started   chan wire.Receiver
	published chan wire.Message
}

func (m inMemory) Start(r wire.Receiver)             { m.started <- r }
func (m inMemory) Send(wire.Channel, [][]byte) error { return nil }
func (m inMemory) Settle()                           {}
func (m inMemory) Close() error                      { return nil }
func (m inMemory) Publish(frames [][]byte) {
	msg, err := wire.Decode(frames, nil)
	if err == nil {
		m.published <- msg
	}
}

// TestEarlyRequest: a request that comes before anybody listens is not answered
// behind the back of a listener that is on its way.
func TestEarlyRequest(t *testing.T) {
	m := inMemory{make(chan wire.Receiver, 1), make(chan wire.Message, 2)}
	k := kernel.New(m, wire.Connection{}, echo{}, kernel.Options{})
	ended := make(chan error, 1)
	go func() { ended <- k.Serve(t.Context()) }()
	r, client := <-m.started, wire.NewSession(nil)
	request, err := client.New("kernel_info_request", nil, struct{}{})
	if err != nil || !r.Deliver(wire.Shell, client.Seal(request)) {
		t.Fatalf("the request was refused: %v", err)
	}
	select {
	case msg := <-m.published:
		t.Fatalf("%s was published to nobody", msg.Header.MsgType)
	case <-time.After(20 * time.Millisecond): // much less than the kernel waits
	}
	r.Welcome("")
	for _, want := range []string{`{"execution_state":"busy"}`, `{"execution_state":"idle"}`} {
		if got := (<-m.published).Content; string(got) != want {
			t.Errorf("heard %s, want %s", got, want)
		}
	}
	k.Stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

package zmq_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel/wire"
	"github.com/gocrate/gocrate/kernel/zmq"
)

const patience = 10 * time.Second

// receiver is a kernel that takes every message that starts with "ok" for
// authentic and welcomes subscribers with one message.
type receiver struct {
	messages chan [][]byte
}

func (r receiver) Deliver(_ wire.Channel, frames [][]byte) bool {
	if !bytes.HasPrefix(frames[1], []byte("ok")) {
		return false
	}
	r.messages <- frames
	return true
}

func (r receiver) Welcome(topic string) [][][]byte {
	return [][][]byte{{[]byte("welcome"), []byte(topic)}}
}

// start listens on free ports until the test ends.
func start(t testing.TB) (*zmq.Transport, receiver) {
	t.Helper()
	conn := wire.Connection{Transport: "tcp", IP: "127.0.0.1"}
	transport, err := zmq.Listen(conn, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { transport.Close() })
	r := receiver{make(chan [][]byte, 1000)}
	transport.Start(r)
	return transport, r
}

func dial(t testing.TB, transport *zmq.Transport, ch wire.Channel, kind zmq.Kind, identity string) *zmq.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	network, address := transport.Connection().Address(ch)
	c, err := zmq.Dial(ctx, network, address, kind, identity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func send(t testing.TB, c *zmq.Client, frames ...string) {
	t.Helper()
	var raw [][]byte
	for _, frame := range frames {
		raw = append(raw, []byte(frame))
	}
	if err := c.Send(raw...); err != nil {
		t.Fatal(err)
	}
}

func receive(t testing.TB, c *zmq.Client) []string {
	t.Helper()
	frames, err := c.Receive(time.Now().Add(patience))
	if err != nil {
		t.Fatal(err)
	}
	return text(frames)
}

func text(frames [][]byte) []string {
	var texts []string
	for _, frame := range frames {
		texts = append(texts, string(frame))
	}
	return texts
}

// arrives waits for the next message that the kernel is given.
func arrives(t testing.TB, r receiver) []string {
	t.Helper()
	select {
	case frames := <-r.messages:
		return text(frames)
	case <-time.After(patience):
		t.Fatal("no message arrived")
		return nil
	}
}

// ended waits until the kernel has closed a connection.
func ended(t testing.TB, c *zmq.Client) {
	t.Helper()
	for {
		if _, err := c.Receive(time.Now().Add(patience)); err != nil {
			if bytes.Contains([]byte(err.Error()), []byte("timeout")) {
				t.Error("the connection is still open")
			}
			return
		}
	}
}

func TestRequestAndReply(t *testing.T) {
	transport, r := start(t)
	named, nameless := dial(t, transport, wire.Shell, zmq.Dealer, "ada"), dial(t, transport, wire.Shell, zmq.Dealer, "")
	send(t, named, "ok", "", "three")
	if got, want := arrives(t, r), []string{"ada", "ok", "", "three"}; !slices.Equal(got, want) {
		t.Errorf("arrived %q, want %q", got, want)
	}
	send(t, nameless, "ok")
	identity := arrives(t, r)[0]
	for to, c := range map[string]*zmq.Client{"ada": named, identity: nameless} {
		if err := transport.Send(wire.Shell, [][]byte{[]byte(to), []byte("answer"), nil}); err != nil {
			t.Errorf("Send to %q: %v", to, err)
		}
		if got, want := receive(t, c), []string{"answer", ""}; !slices.Equal(got, want) {
			t.Errorf("%q received %q, want %q", to, got, want)
		}
	}
	if err := transport.Send(wire.Control, [][]byte{[]byte("ada"), nil}); err != zmq.ErrNoPeer {
		t.Errorf("Send to who is not there: %v, want %v", err, zmq.ErrNoPeer)
	}
}

func TestNewestConnectionOfAnIdentityWins(t *testing.T) {
	transport, r := start(t)
	older := dial(t, transport, wire.Stdin, zmq.Dealer, "ada")
	send(t, older, "ok")
	arrives(t, r)
	newer := dial(t, transport, wire.Stdin, zmq.Dealer, "ada")
	send(t, newer, "ok")
	arrives(t, r)
	ended(t, older)
	if err := transport.Send(wire.Stdin, [][]byte{[]byte("ada"), []byte("to the newer")}); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, newer); got[0] != "to the newer" {
		t.Errorf("the newer connection received %q", got)
	}
}

func TestSubscriptions(t *testing.T) {
	transport, _ := start(t)
	all, some := dial(t, transport, wire.IOPub, zmq.Subscribe, ""), dial(t, transport, wire.IOPub, zmq.Subscribe, "")
	subscribe(t, all, "")
	subscribe(t, some, "kernel.x")
	for _, topic := range []string{"kernel.y", "kernel.x.stream", "kernel"} {
		transport.Publish([][]byte{[]byte(topic), []byte("text")})
	}
	if got := receive(t, some); got[0] != "kernel.x.stream" {
		t.Errorf("received topic %q, want kernel.x.stream", got[0])
	}
	for _, want := range []string{"kernel.y", "kernel.x.stream", "kernel"} {
		if got := receive(t, all); got[0] != want { // and no welcome of the other's
			t.Errorf("received topic %q, want %q", got[0], want)
		}
	}
	send(t, some, "\x00kernel.x")
	subscribe(t, some, "other")
	transport.Publish([][]byte{[]byte("kernel.x"), []byte("not any more")})
	transport.Publish([][]byte{[]byte("other"), nil})
	if got := receive(t, some); got[0] != "other" {
		t.Errorf("received topic %q, want other", got[0])
	}
}

func subscribe(t testing.TB, c *zmq.Client, topic string) {
	t.Helper()
	if err := c.SubscribeTo(topic); err != nil {
		t.Fatal(err)
	}
	if got, want := receive(t, c), []string{"welcome", topic}; !slices.Equal(got, want) {
		t.Fatalf("received %q, want %q", got, want)
	}
}

func TestStuckSubscriberCostsOthersNothing(t *testing.T) {
	transport, _ := start(t)
	fast, stuck := dial(t, transport, wire.IOPub, zmq.Subscribe, ""), dial(t, transport, wire.IOPub, zmq.Subscribe, "")
	subscribe(t, fast, "")
	subscribe(t, stuck, "")
	body := make([]byte, 1<<20) // shared by all messages
	const messages = 200        // more than may wait for one peer
	for i := range messages {
		transport.Publish([][]byte{fmt.Appendf(nil, "%d", i), body})
		if got := receive(t, fast)[0]; got != fmt.Sprint(i) {
			t.Fatalf("message %d is number %s", i, got)
		}
	}
	ended(t, stuck)
}

func TestBurstReachesAFastSubscriberWhole(t *testing.T) {
	transport, _ := start(t)
	c := dial(t, transport, wire.IOPub, zmq.Subscribe, "")
	subscribe(t, c, "")
	const messages = 20_000
	body := make([]byte, 2000)
	for i := range messages {
		transport.Publish([][]byte{fmt.Appendf(nil, "%d", i), body})
	}
	for i := range messages {
		if got := receive(t, c)[0]; got != fmt.Sprint(i) {
			t.Fatalf("message %d is number %s", i, got)
		}
	}
}

func TestCloseDeliversWhatIsQueued(t *testing.T) {
	transport, _ := start(t)
	c := dial(t, transport, wire.IOPub, zmq.Subscribe, "")
	subscribe(t, c, "")
	const messages = 900
	for i := range messages {
		transport.Publish([][]byte{fmt.Appendf(nil, "%d", i), make([]byte, 1000)})
	}
	transport.Close()
	for i := range messages {
		if got := receive(t, c)[0]; got != fmt.Sprint(i) {
			t.Fatalf("message %d is number %s", i, got)
		}
	}
	ended(t, c)
}

func TestCloseDoesNotWaitForAStuckPeer(t *testing.T) {
	transport, _ := start(t)
	c := dial(t, transport, wire.IOPub, zmq.Subscribe, "")
	subscribe(t, c, "")
	for range 100 {
		transport.Publish([][]byte{[]byte("x"), make([]byte, 1<<20)})
	}
	begin := time.Now()
	transport.Close()
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("Close took %v", took)
	}
}

func TestHeartbeatEchoes(t *testing.T) {
	transport, _ := start(t)
	odd := dial(t, transport, wire.Heartbeat, zmq.Dealer, "")
	send(t, odd, "no", "envelope")
	if got := receive(t, odd); !slices.Equal(got, []string{"no", "envelope"}) {
		t.Errorf("echo is %q", got)
	}
	c := dial(t, transport, wire.Heartbeat, zmq.Request, "")
	for _, payload := range []string{"ping", "", string(make([]byte, 1000))} {
		send(t, c, "", payload)
		if got := receive(t, c); !slices.Equal(got, []string{"", payload}) {
			t.Errorf("echo is %q, want %q", got, payload)
		}
	}
}

func TestListenOnATakenPort(t *testing.T) {
	transport, _ := start(t)
	if other, err := zmq.Listen(transport.Connection(), slog.Default()); err == nil {
		other.Close()
		t.Error("no error")
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	transport, r := start(b)
	c := dial(b, transport, wire.Shell, zmq.Dealer, "ada")
	for b.Loop() {
		send(b, c, "ok", "2", "3", "4", "5", "6", "7")
		transport.Send(wire.Shell, <-r.messages)
		receive(b, c)
	}
}

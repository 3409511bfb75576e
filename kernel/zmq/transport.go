package zmq

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/gocrate/gocrate/kernel/wire"
)

// linger is how long Close waits for what is queued to reach its peers.
const linger = time.Second

// Transport is the five sockets of a kernel.
type Transport struct {
	conn      wire.Connection
	keys      *wire.CurveKeys // nil where nothing is encrypted
	log       *slog.Logger
	listeners map[wire.Channel]*listener
	routers   map[wire.Channel]*router
	publisher *publisher
	closing   sync.Once
}

// Listen binds the five addresses of a connection. A port of 0 lets the system
// choose; see [Transport.Connection]. Nothing is accepted before Start. With
// CURVE keys in the connection, nobody is served in plain text.
func Listen(conn wire.Connection, log *slog.Logger) (*Transport, error) {
	keys, encrypted, err := conn.Curve()
	if err != nil {
		return nil, err
	}
	t := &Transport{
		conn:      conn,
		log:       log,
		listeners: make(map[wire.Channel]*listener),
		routers: map[wire.Channel]*router{
			wire.Shell:   newRouter(),
			wire.Control: newRouter(),
			wire.Stdin:   newRouter(),
		},
		publisher: newPublisher(),
	}
	if encrypted {
		t.keys = &keys
	}
	for _, ch := range wire.Channels {
		if err := t.listen(ch); err != nil {
			t.Close()
			return nil, fmt.Errorf("cannot listen for %s: %w", ch, err)
		}
	}
	return t, nil
}

func (t *Transport) listen(ch wire.Channel) error {
	network, address := t.conn.Address(ch)
	l, err := listen(network, address, t.keys, t.log.With("channel", ch.String()))
	if err != nil {
		return err
	}
	t.listeners[ch] = l
	if tcp, ok := l.Addr().(*net.TCPAddr); ok {
		t.conn.SetPort(ch, tcp.Port)
	}
	return nil
}

// Connection returns the connection with the ports that are really in use.
func (t *Transport) Connection() wire.Connection { return t.conn }

// Start begins to accept connections and to give their messages to r.
func (t *Transport) Start(r wire.Receiver) {
	t.publisher.welcome = r.Welcome
	for ch, router := range t.routers {
		router.deliver = func(frames [][]byte) bool { return r.Deliver(ch, frames) }
	}
	for ch, router := range t.routers {
		t.listeners[ch].start(zmq4.Router, router.serve)
	}
	t.listeners[wire.IOPub].start(zmq4.XPub, t.publisher.serve)
	t.listeners[wire.Heartbeat].start(zmq4.Rep, echo)
}

// ErrNoPeer is returned by Send when the receiver is not connected any more.
var ErrNoPeer = errors.New("the receiver is not connected")

// Send queues a message for the peer of a channel whose identity is the first
// frame. It never waits for the peer.
func (t *Transport) Send(ch wire.Channel, frames [][]byte) error {
	r := t.routers[ch]
	if r == nil || len(frames) == 0 {
		return ErrNoPeer
	}
	return r.send(frames)
}

// Publish queues a message for every subscriber whose topic is a prefix of the
// first frame. It never waits for a subscriber.
func (t *Transport) Publish(frames [][]byte) { t.publisher.publish(frames) }

// settleTime bounds how long a listener who does not read holds up a question.
const settleTime = 100 * time.Millisecond

// Settle waits until what was published has been written, but not long.
func (t *Transport) Settle() { t.publisher.settle(time.Now().Add(settleTime)) }

// Close stops accepting, gives what is queued up to a second to be written,
// and returns when every goroutine of the transport has ended.
func (t *Transport) Close() error {
	t.closing.Do(func() {
		var all sync.WaitGroup
		deadline := time.Now().Add(linger)
		for _, l := range t.listeners {
			all.Go(func() { l.close(deadline) })
		}
		all.Wait()
	})
	return nil
}

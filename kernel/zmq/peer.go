package zmq

import (
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

// maxQueued is how many bytes may wait for one peer. A peer that falls further
// behind is disconnected; it costs the others nothing.
const maxQueued = 128 << 20

// peer is the other end of one connection.
type peer struct {
	conn     *zmq4.Conn
	guard    *guard
	identity string
	queue    *queue

	// subscription takes the commands of a subscriber; nil elsewhere. It is
	// set and called by the reader.
	subscription func(name string, body []byte)
}

// handshake opens a connection as a socket of the given kind, encrypted if
// there is a curve.
func handshake(conn net.Conn, kind zmq4.SocketType, identity string, server bool, c *curve) (*peer, error) {
	g := newGuard(conn)
	security := null.Security()
	if c != nil {
		security = c
	}
	conn.SetDeadline(time.Now().Add(handshakeTimeout))
	zc, err := zmq4.Open(g, security, kind, zmq4.SocketIdentity(identity), server, nil)
	if err != nil {
		return nil, fmt.Errorf("handshake: %w", err)
	}
	conn.SetDeadline(time.Time{})
	p := &peer{conn: zc, guard: g, identity: zc.Peer.Meta["Identity"], queue: newQueue()}
	g.established(p.command, c)
	return p, nil
}

// send queues a message; a peer that reads too slowly for it is disconnected.
func (p *peer) send(frames [][]byte) { p.put(outgoing{frames: frames}) }

func (p *peer) put(m outgoing) {
	if !p.queue.put(m) {
		p.close()
	}
}

func (p *peer) close() {
	p.queue.abandon()
	p.guard.Close()
}

// command answers a PING with the PONG that repeats its context, and ignores
// commands that mean nothing to this socket.
func (p *peer) command(name string, body []byte) {
	const ttl = 2 // bytes before the context
	switch {
	case name == zmq4.CmdPing && len(body) >= ttl:
		p.put(outgoing{pong: true, frames: [][]byte{body[ttl:]}})
	case p.subscription != nil:
		p.subscription(name, body)
	}
}

// read gives each message to deliver until the connection ends. Once deliver
// has found one authentic, the connection may carry long messages.
func (p *peer) read(deliver func(frames [][]byte) bool) {
	for {
		msg, err := p.conn.RecvMsg()
		if err != nil {
			return
		}
		if deliver(msg.Frames) {
			p.guard.trust()
		}
	}
}

// writeLoop owns the way out: it writes what is queued, each batch in as few
// system calls as it fits, until the queue is finished or the peer is gone.
func (p *peer) writeLoop() {
	defer p.close()
	for {
		batch, ok := p.queue.take()
		if !ok {
			return
		}
		for _, m := range batch {
			if p.write(m) != nil {
				return
			}
		}
		if p.guard.flush() != nil {
			return
		}
	}
}

func (p *peer) write(m outgoing) error {
	if m.pong {
		return p.guard.writeFrame(flagCommand, append([]byte("\x04PONG"), m.frames[0]...))
	}
	for i, frame := range m.frames {
		var flags byte = flagMore
		if i == len(m.frames)-1 {
			flags = 0
		}
		if err := p.guard.writeFrame(flags, frame); err != nil {
			return err
		}
	}
	return nil
}

// outgoing is a message on its way to a peer.
type outgoing struct {
	frames [][]byte
	pong   bool // the command, with frames[0] as its body
}

func (m outgoing) size() int {
	const overhead = 64 // a message's slices, roughly
	n := overhead
	for _, frame := range m.frames {
		n += len(frame)
	}
	return n
}

// queue holds what waits for one peer. It has any number of writers and one
// reader.
type queue struct {
	mu       sync.Mutex
	wake     *sync.Cond
	written  *sync.Cond // everything is, or nothing more will be
	waiting  []outgoing
	bytes    int // waiting, or taken and not yet written
	finished bool
}

func newQueue() *queue {
	q := new(queue)
	q.wake, q.written = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

// put adds a message, and says no where the peer is too far behind for it.
func (q *queue) put(m outgoing) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.finished {
		return true
	}
	if q.bytes > maxQueued {
		return false
	}
	q.waiting = append(q.waiting, m)
	q.bytes += m.size()
	q.wake.Signal()
	return true
}

// take waits for messages and returns them all. Whoever takes again has
// written what it took before. It says no when the queue is finished and empty.
func (q *queue) take() ([]outgoing, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes = 0
	for _, m := range q.waiting {
		q.bytes += m.size()
	}
	if q.bytes == 0 {
		q.written.Broadcast()
	}
	for len(q.waiting) == 0 && !q.finished {
		q.wake.Wait()
	}
	batch := q.waiting
	q.waiting = nil
	return batch, len(batch) > 0
}

// settle waits until everything has been written, but not beyond the deadline.
func (q *queue) settle(deadline time.Time) {
	defer time.AfterFunc(time.Until(deadline), q.written.Broadcast).Stop()
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.bytes > 0 && !q.finished && time.Now().Before(deadline) {
		q.written.Wait()
	}
}

// finish accepts nothing more; what is queued is still taken.
func (q *queue) finish() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.finished = true
	q.wake.Signal()
}

// abandon drops what is queued as well.
func (q *queue) abandon() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.finished = true
	q.waiting = nil
	q.wake.Signal()
	q.written.Broadcast()
}

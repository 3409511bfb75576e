package zmq

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/gocrate/gocrate/kernel/wire"
)

const (
	maxConnections   = 128             // of one socket
	handshakeTimeout = 3 * time.Second // of one connection
	maxBackOff       = time.Second     // between two failing accepts
)

// listener is one bound socket: it accepts connections, does the handshake of
// each in its own goroutine, and knows them all until they end.
type listener struct {
	net.Listener
	log  *slog.Logger
	keys *wire.CurveKeys // nil where nothing is encrypted
	done chan struct{}   // closed when close begins

	mu      sync.Mutex
	open    map[net.Conn]*peer // nil until the handshake is over
	running sync.WaitGroup
}

func listen(network, address string, keys *wire.CurveKeys, log *slog.Logger) (*listener, error) {
	if network == "unix" {
		removeStaleSocket(address)
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	return &listener{
		Listener: l,
		log:      log,
		keys:     keys,
		done:     make(chan struct{}),
		open:     make(map[net.Conn]*peer),
	}, nil
}

// removeStaleSocket removes the socket file that a kernel which was killed has
// left behind. Any other file stays, and makes the listener fail.
func removeStaleSocket(path string) {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		os.Remove(path)
	}
}

// start accepts connections and runs serve for each, after a handshake as a
// socket of the given kind. The connection is closed when serve returns.
func (l *listener) start(kind zmq4.SocketType, serve func(*peer)) {
	l.running.Go(func() {
		var backOff time.Duration
		for {
			conn, err := l.Accept()
			if err == nil {
				backOff = 0
				l.admit(conn, kind, serve)
				continue
			}
			if errors.Is(err, net.ErrClosed) {
				return
			}
			backOff = min(max(2*backOff, 5*time.Millisecond), maxBackOff)
			l.log.Warn("cannot accept a connection", "error", err, "retry in", backOff)
			if !l.wait(backOff) {
				return
			}
		}
	})
}

func (l *listener) wait(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-l.done:
		return false
	}
}

// admit serves a connection in its own goroutine, unless there are too many.
func (l *listener) admit(conn net.Conn, kind zmq4.SocketType, serve func(*peer)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) >= maxConnections || l.isClosing() {
		l.log.Warn("refused a connection", "open", len(l.open))
		conn.Close()
		return
	}
	l.open[conn] = nil
	l.running.Go(func() {
		defer l.forget(conn)
		if err := l.converse(conn, kind, serve); err != nil {
			l.log.Debug("connection ended", "error", err)
		}
	})
}

// converse does the handshake and serves the connection. zmq4 panics on some
// malformed handshakes; such a panic ends this connection only.
func (l *listener) converse(conn net.Conn, kind zmq4.SocketType, serve func(*peer)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	var c *curve
	if l.keys != nil {
		c = &curve{keys: *l.keys}
	}
	p, err := handshake(conn, kind, "", true, c)
	if err != nil {
		return err
	}
	if !l.introduce(conn, p) {
		return net.ErrClosed
	}
	l.running.Go(p.writeLoop)
	defer p.close()
	serve(p)
	return nil
}

// introduce makes the peer of a connection known to close.
func (l *listener) introduce(conn net.Conn, p *peer) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isClosing() {
		return false
	}
	l.open[conn] = p
	return true
}

func (l *listener) forget(conn net.Conn) {
	conn.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, conn)
}

func (l *listener) isClosing() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// close ends the socket. Writers may empty their queues until the deadline.
func (l *listener) close(deadline time.Time) {
	l.mu.Lock()
	close(l.done)
	l.Listener.Close()
	for conn, p := range l.open {
		if p == nil {
			conn.Close()
			continue
		}
		conn.SetWriteDeadline(deadline)
		p.queue.finish()
	}
	l.mu.Unlock()
	l.running.Wait()
}

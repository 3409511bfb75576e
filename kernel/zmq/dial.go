package zmq

import (
	"context"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Kind is the ZeroMQ socket type of a front end's end of a connection.
type Kind string

const (
	Dealer    Kind = "DEALER" // to the shell, control and stdin sockets
	Subscribe Kind = "SUB"    // to iopub
	Request   Kind = "REQ"    // to the heartbeat
)

// Client is a front end's end of one connection. One goroutine may send while
// another receives.
type Client struct {
	peer *peer
}

// Dial connects to a socket of a kernel. Sockets that share an identity are
// one front end to the kernel; "" lets the kernel choose one.
func Dial(ctx context.Context, network, address string, kind Kind, identity string) (*Client, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	p, err := handshake(conn, zmq4.SocketType(kind), identity, false, nil)
	if err != nil {
		conn.Close()
		return nil, err
	}
	p.guard.trust() // it is the kernel that the caller chose
	return &Client{peer: p}, nil
}

// Send writes one message.
func (c *Client) Send(frames ...[]byte) error {
	if err := c.peer.write(outgoing{frames: frames}); err != nil {
		return err
	}
	return c.peer.guard.flush()
}

// SubscribeTo asks an iopub socket for the messages whose topic starts so.
func (c *Client) SubscribeTo(topic string) error {
	return c.Send(append([]byte{1}, topic...))
}

// Receive waits for one message, until the deadline if there is one.
func (c *Client) Receive(deadline time.Time) ([][]byte, error) {
	c.peer.guard.SetReadDeadline(deadline)
	msg, err := c.peer.conn.RecvMsg()
	return msg.Frames, err
}

// Close ends the connection.
func (c *Client) Close() error { return c.peer.guard.Close() }

package kernel

import "github.com/gocrate/gocrate/kernel/wire"

// Transport carries the kernel's channels between it and its front ends. That
// of package zmq does so over sockets; a browser's worker or a test may have
// another.
type Transport interface {
	// Start begins to give what arrives to r.
	Start(r wire.Receiver)
	// Send queues a message of the shell, control or stdin channel for the
	// front end that the first frame identifies. It does not wait.
	Send(ch wire.Channel, frames [][]byte) error
	// Publish queues a message for those who look on; the first frame is its
	// topic. It does not wait.
	Publish(frames [][]byte)
	// Settle waits a moment for what was published to be on its way.
	Settle()
	// Close delivers what is queued, within a second or so, and ends.
	Close() error
}

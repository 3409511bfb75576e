// Package zmq carries Jupyter messages over ZeroMQ sockets.
//
// The handshake of ZMTP 3 and the reading of its frames are those of
// go-zeromq/zmq4; its sockets are not used. They hide subscriptions, wait for one silent peer
// before they accept the next, let one stuck subscriber stall all the others,
// and lose what is queued when they close. Here every connection has its own
// reader and writer goroutine and its own queue, so that no peer can cost
// another anything.
//
// # Hostile peers
//
// Whoever can reach a port can send bytes before any signature is checked, so
// each step is bounded: connections per socket, the time of a handshake, the
// length of a frame and of a message. A claimed length is compared with its
// limit before memory is set aside for it. The limit is low until the
// connection has brought one authentic message.
//
// # Encryption
//
// Where the connection file has CURVE keys, every frame after the handshake is
// a box of golang.org/x/crypto (curve.go), and nobody is served without. zmq4
// has no CURVE; it sees the frames as they were before they were sealed.
//
// # Goroutines
//
// Each of the five sockets has one goroutine that accepts. Each connection has
// a reader, which does the handshake and then delivers, and a writer, which
// owns the way out. [Transport.Close] waits for all of them.
package zmq

package zmq

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync/atomic"
)

// How much one message may claim, over all its frames.
const (
	handshakeLimit = 64 << 10
	strangerLimit  = 16 << 20 // before the first authentic message
	trustedLimit   = 1 << 30
	commandLimit   = 64 << 10
)

// frameCost is what a frame counts besides its bytes, so that many empty
// frames are no way round the limit.
const frameCost = 64

// The framing of ZMTP 3: a greeting of 64 bytes, then frames of one byte of
// flags, a length of one or eight bytes, and a body.
const (
	greetingSize = 64
	flagMore     = 1
	flagLong     = 2
	flagCommand  = 4
)

var (
	errTooLong = errors.New("zmq: message longer than allowed")
	errCommand = errors.New("zmq: malformed command")
)

// guard is the net.Conn that zmq4 reads from and writes to. It follows the
// framing of what comes in, for two reasons: zmq4 sets aside whatever length a
// frame claims, so a frame that claims too much must end the connection before
// zmq4 sees it; and zmq4 would hand commands on as if they were messages, so
// they are taken out here. Writes are gathered until flush.
type guard struct {
	net.Conn
	in  *bufio.Reader
	out *bufio.Writer // nil during the handshake, which is not gathered

	limit   atomic.Int64
	command func(name string, body []byte) // nil during the handshake

	header []byte // of the current frame, or the greeting: not yet handed on
	body   int64  // of the current frame: bytes not yet handed on
	total  int64  // claimed by the current message so far
	greet  int    // bytes of the greeting not yet handed on
}

func newGuard(conn net.Conn) *guard {
	g := &guard{Conn: conn, in: bufio.NewReader(conn), greet: greetingSize}
	g.limit.Store(handshakeLimit)
	return g
}

// established ends the handshake: from now on commands go to the given
// function, and writes wait for flush.
func (g *guard) established(command func(name string, body []byte)) {
	g.command = command
	g.out = bufio.NewWriterSize(g.Conn, 64<<10)
	g.limit.Store(strangerLimit)
}

// trust lets the peer send long messages.
func (g *guard) trust() { g.limit.Store(trustedLimit) }

func (g *guard) Write(p []byte) (int, error) {
	if g.out == nil {
		return g.Conn.Write(p)
	}
	return g.out.Write(p)
}

func (g *guard) flush() error { return g.out.Flush() }

func (g *guard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if g.greet > 0 {
		n, err := g.in.Read(p[:min(len(p), g.greet)])
		g.greet -= n
		return n, err
	}
	for len(g.header) == 0 && g.body == 0 {
		if err := g.nextFrame(); err != nil {
			return 0, err
		}
	}
	if len(g.header) > 0 {
		n := copy(p, g.header)
		g.header = g.header[n:]
		return n, nil
	}
	n, err := g.in.Read(p[:min(int64(len(p)), g.body)])
	g.body -= int64(n)
	return n, err
}

// nextFrame reads the next frame's header, and whole frames that are commands.
func (g *guard) nextFrame() error {
	header, size, err := g.readHeader()
	if err != nil {
		return err
	}
	if header[0]&flagCommand != 0 && g.command != nil {
		return g.takeCommand(size)
	}
	if size > uint64(trustedLimit) || g.total+int64(size)+frameCost > g.limit.Load() {
		return errTooLong
	}
	g.total += int64(size) + frameCost
	if header[0]&flagMore == 0 {
		g.total = 0
	}
	g.header, g.body = header, int64(size)
	return nil
}

func (g *guard) readHeader() (header []byte, size uint64, err error) {
	flags, err := g.in.ReadByte()
	if err != nil {
		return nil, 0, err
	}
	header = make([]byte, 2, 9)
	if flags&flagLong != 0 {
		header = header[:9]
	}
	header[0] = flags
	if _, err := io.ReadFull(g.in, header[1:]); err != nil {
		return nil, 0, err
	}
	if flags&flagLong != 0 {
		return header, binary.BigEndian.Uint64(header[1:]), nil
	}
	return header, uint64(header[1]), nil
}

// takeCommand reads a command: the length of its name, the name, its body.
func (g *guard) takeCommand(size uint64) error {
	if size > commandLimit {
		return errTooLong
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(g.in, text); err != nil {
		return err
	}
	if len(text) == 0 || int(text[0]) > len(text)-1 {
		return errCommand
	}
	name, body := text[1:1+text[0]], text[1+text[0]:]
	g.command(string(name), body)
	return nil
}

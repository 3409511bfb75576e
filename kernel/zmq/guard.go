package zmq

import (
	"bufio"
	"bytes"
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
// framing of what comes in, for three reasons: zmq4 sets aside whatever length
// a frame claims, so a frame that claims too much must end the connection
// before zmq4 sees it; zmq4 would hand commands on as if they were messages, so
// they are taken out here; and zmq4 knows no encryption. After the handshake
// frames are written here too, and gathered until flush.
type guard struct {
	net.Conn
	in  *bufio.Reader
	out *bufio.Writer // nil during the handshake, which is not gathered

	limit   atomic.Int64
	command func(name string, body []byte) // nil during the handshake
	curve   *curve                         // nil during the handshake, and where nothing is encrypted

	header []byte    // of the current frame, or the greeting: not yet handed on
	body   io.Reader // of the current frame
	left   int64     // of body: bytes not yet handed on
	total  int64     // claimed by the current message so far
	greet  int       // bytes of the greeting not yet handed on
}

func newGuard(conn net.Conn) *guard {
	g := &guard{Conn: conn, in: bufio.NewReader(conn), greet: greetingSize}
	g.limit.Store(handshakeLimit)
	return g
}

// established ends the handshake: from now on commands go to the given
// function, writes wait for flush, and all frames are encrypted if there is a
// curve.
func (g *guard) established(command func(name string, body []byte), c *curve) {
	g.command, g.curve = command, c
	g.out = bufio.NewWriterSize(g.Conn, 64<<10)
	g.limit.Store(strangerLimit)
}

// trust lets the peer send long messages.
func (g *guard) trust() { g.limit.Store(trustedLimit) }

// Write is for the handshake, in which zmq4 writes.
func (g *guard) Write(p []byte) (int, error) {
	if g.out != nil {
		panic("zmq: frames are written by writeFrame")
	}
	return g.Conn.Write(p)
}

// writeFrame queues a frame for flush.
func (g *guard) writeFrame(flags byte, body []byte) error {
	if g.curve != nil {
		flags, body = 0, g.curve.sealFrame(flags, body)
	}
	g.out.Write(frameHeader(flags, len(body)))
	_, err := g.out.Write(body) // an earlier error comes again
	return err
}

func frameHeader(flags byte, size int) []byte {
	if size > 255 {
		return binary.BigEndian.AppendUint64([]byte{flags | flagLong}, uint64(size))
	}
	return []byte{flags, byte(size)}
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
	for len(g.header) == 0 && g.left == 0 {
		if err := g.nextFrame(); err != nil {
			return 0, err
		}
	}
	if len(g.header) > 0 {
		n := copy(p, g.header)
		g.header = g.header[n:]
		return n, nil
	}
	n, err := g.body.Read(p[:min(int64(len(p)), g.left)])
	g.left -= int64(n)
	return n, err
}

// nextFrame reads the next frame's header, and whole frames that are commands
// or encrypted.
func (g *guard) nextFrame() error {
	flags, size, err := g.readHeader()
	if err != nil {
		return err
	}
	if flags&flagCommand != 0 && g.command != nil && g.curve == nil {
		return g.takeCommand(size, g.in)
	}
	if size > uint64(trustedLimit) || g.total+int64(size)+frameCost > g.limit.Load() {
		return errTooLong
	}
	g.total += int64(size) + frameCost
	g.body = g.in
	if g.curve != nil {
		if flags, size, err = g.decrypt(flags, size); err != nil {
			return err
		}
		if flags&flagCommand != 0 {
			return g.takeCommand(size, g.body)
		}
	}
	if flags&flagMore == 0 {
		g.total = 0
	}
	g.header, g.left = frameHeader(flags&^flagLong, int(size)), int64(size)
	return nil
}

// decrypt reads an encrypted frame and makes its content the current body.
func (g *guard) decrypt(outer byte, sealedSize uint64) (flags byte, size uint64, err error) {
	if outer&^flagLong != 0 {
		return 0, 0, errCommand
	}
	sealed := make([]byte, sealedSize)
	if _, err := io.ReadFull(g.in, sealed); err != nil {
		return 0, 0, err
	}
	flags, body, err := g.curve.openFrame(sealed)
	g.body = bytes.NewReader(body)
	return flags, uint64(len(body)), err
}

func (g *guard) readHeader() (flags byte, size uint64, err error) {
	flags, err = g.in.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	var length [8]byte
	if flags&flagLong != 0 {
		_, err = io.ReadFull(g.in, length[:])
	} else {
		length[7], err = g.in.ReadByte()
	}
	return flags, binary.BigEndian.Uint64(length[:]), err
}

// takeCommand reads a command: the length of its name, the name, its body.
func (g *guard) takeCommand(size uint64, from io.Reader) error {
	if size > commandLimit {
		return errTooLong
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(from, text); err != nil {
		return err
	}
	if len(text) == 0 || int(text[0]) > len(text)-1 {
		return errCommand
	}
	name, body := text[1:1+text[0]], text[1+text[0]:]
	g.command(string(name), body)
	return nil
}

package zmq

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-zeromq/zmq4"
	"golang.org/x/crypto/nacl/box"

	"github.com/gocrate/gocrate/kernel/wire"
)

// curve is the server's side of CURVE, ZeroMQ's encryption (RFC 25 and 26),
// for one connection. Capital letters are public keys, small letters secret
// ones: S of the kernel, C of the peer, S' and C' of this connection alone.
//
//	peer    HELLO     C', and a box that only who knows S can have made
//	kernel  WELCOME   box [S', cookie]
//	peer    INITIATE  cookie, box [C, vouch, metadata]
//	kernel  READY     box [metadata]
//	both    MESSAGE   box [flags, frame], numbered
//
// A peer proves that it knows S and that C' belongs to C. Any C is welcome: it
// is the signature of each message that tells who may run code.
type curve struct {
	keys wire.CurveKeys // S, s

	theirs *[32]byte // C'
	secret *[32]byte // s'
	shared [32]byte  // of C' and s'
	cookie [cookieSize]byte
	sent   uint64 // number of the latest box to the peer
	got    uint64 // number of the latest box from it
}

const (
	helloSize   = 194 // version, padding, C', number, box of 64 zeros
	cookieSize  = 96
	vouchNonce  = 16
	vouchSize   = vouchNonce + 64 + box.Overhead // nonce, box [C', S]
	helloPrefix = 2 + 72
)

var errCurve = errors.New("zmq: not a CURVE client that knows this kernel's key")

// Type, Encrypt and Decrypt are for zmq4, which knows the handshake only: its
// commands have boxes in them, but are not boxes themselves.
func (*curve) Type() zmq4.SecurityType { return zmq4.CurveSecurity }

func (*curve) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }
func (*curve) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// Handshake answers HELLO and INITIATE.
func (c *curve) Handshake(conn *zmq4.Conn, _ bool) error {
	hello, err := receive(conn, zmq4.CmdHello)
	if err != nil {
		return err
	}
	welcome, err := c.welcome(hello)
	if err != nil {
		return err
	}
	if err := conn.SendCmd(zmq4.CmdWelcome, welcome); err != nil {
		return err
	}
	initiate, err := receive(conn, zmq4.CmdInitiate)
	if err != nil {
		return err
	}
	metadata, err := c.initiate(initiate)
	if err != nil {
		return err
	}
	if err := conn.Peer.Meta.UnmarshalZMTP(metadata); err != nil {
		return err
	}
	own, err := conn.Meta.MarshalZMTP()
	if err != nil {
		return err
	}
	return conn.SendCmd(zmq4.CmdReady, c.seal("CurveZMQREADY---", own))
}

func receive(conn *zmq4.Conn, name string) ([]byte, error) {
	cmd, err := conn.RecvCmd()
	if err != nil {
		return nil, err
	}
	if cmd.Name != name {
		return nil, fmt.Errorf("%w: received %.20q, want %s", errCurve, cmd.Name, name)
	}
	return cmd.Body, nil
}

// welcome checks a HELLO and makes the keys of this connection.
func (c *curve) welcome(hello []byte) ([]byte, error) {
	if len(hello) != helloSize || hello[0] != 1 {
		return nil, fmt.Errorf("%w: HELLO of %d bytes", errCurve, len(hello))
	}
	c.theirs = (*[32]byte)(hello[helloPrefix:])
	rest := hello[helloPrefix+32:]
	nonce := numbered("CurveZMQHELLO---", binary.BigEndian.Uint64(rest))
	zeros, ok := box.Open(nil, rest[8:], nonce, c.theirs, (*[32]byte)(&c.keys.Secret))
	if !ok || !bytes.Equal(zeros, make([]byte, 64)) {
		return nil, fmt.Errorf("%w: HELLO for another key", errCurve)
	}
	c.got = binary.BigEndian.Uint64(rest)
	public, secret, err := box.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	c.secret = secret
	box.Precompute(&c.shared, c.theirs, secret)
	rand.Read(c.cookie[:]) // opaque to the peer, so it need hold nothing
	long := make([]byte, 16, 16+32+cookieSize+box.Overhead)
	rand.Read(long)
	nonce = (*[24]byte)(append([]byte("WELCOME-"), long...))
	return box.Seal(long, slices.Concat(public[:], c.cookie[:]), nonce, c.theirs, (*[32]byte)(&c.keys.Secret)), nil
}

// initiate checks an INITIATE and returns the peer's metadata.
func (c *curve) initiate(body []byte) ([]byte, error) {
	if len(body) < cookieSize || !bytes.Equal(body[:cookieSize], c.cookie[:]) {
		return nil, fmt.Errorf("%w: INITIATE without the cookie", errCurve)
	}
	plain, err := c.open("CurveZMQINITIATE", body[cookieSize:])
	if err != nil {
		return nil, err
	}
	if len(plain) < 32+vouchSize {
		return nil, fmt.Errorf("%w: INITIATE too short", errCurve)
	}
	C, vouch := (*[32]byte)(plain), plain[32:32+vouchSize]
	nonce := (*[24]byte)(append([]byte("VOUCH---"), vouch[:vouchNonce]...))
	vouched, ok := box.Open(nil, vouch[vouchNonce:], nonce, C, c.secret)
	if !ok || !bytes.Equal(vouched, slices.Concat(c.theirs[:], c.keys.Public[:])) {
		return nil, fmt.Errorf("%w: INITIATE does not vouch for this connection", errCurve)
	}
	return plain[32+vouchSize:], nil
}

// seal puts plain into a box to the peer, after the box's number.
func (c *curve) seal(prefix string, plain []byte) []byte {
	c.sent++
	out := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(plain)+box.Overhead), c.sent)
	return box.SealAfterPrecomputation(out, plain, numbered(prefix, c.sent), &c.shared)
}

// open takes out of a box from the peer, whose number must be higher than that
// of the one before: a box cannot be replayed, nor two be exchanged.
func (c *curve) open(prefix string, numberedBox []byte) ([]byte, error) {
	if len(numberedBox) < 8 {
		return nil, fmt.Errorf("%w: a box of %d bytes", errCurve, len(numberedBox))
	}
	n := binary.BigEndian.Uint64(numberedBox)
	plain, ok := box.OpenAfterPrecomputation(nil, numberedBox[8:], numbered(prefix, n), &c.shared)
	if !ok || n <= c.got {
		return nil, fmt.Errorf("%w: a box that does not open, or comes again", errCurve)
	}
	c.got = n
	return plain, nil
}

// numbered is the nonce of box n.
func numbered(prefix string, n uint64) *[24]byte {
	var nonce [24]byte
	copy(nonce[:16], prefix)
	binary.BigEndian.PutUint64(nonce[16:], n)
	return &nonce
}

// message starts every encrypted frame.
const message = "\x07MESSAGE"

// The flags inside a box, where a command has another bit than in a frame.
const boxCommand = 2

// sealFrame makes an encrypted frame of a plain one.
func (c *curve) sealFrame(flags byte, body []byte) []byte {
	if flags == flagCommand {
		flags = boxCommand
	}
	plain := append(append(make([]byte, 0, 1+len(body)), flags), body...)
	return append([]byte(message), c.seal("CurveZMQMESSAGES", plain)...)
}

// openFrame makes a plain frame of an encrypted one.
func (c *curve) openFrame(sealed []byte) (flags byte, body []byte, err error) {
	rest, ok := bytes.CutPrefix(sealed, []byte(message))
	if !ok {
		return 0, nil, fmt.Errorf("%w: a frame in plain text", errCurve)
	}
	plain, err := c.open("CurveZMQMESSAGEC", rest)
	if err != nil {
		return 0, nil, err
	}
	if len(plain) == 0 || plain[0] > boxCommand { // no command has more frames
		return 0, nil, fmt.Errorf("%w: a frame with unknown flags", errCurve)
	}
	if plain[0] == boxCommand {
		return flagCommand, plain[1:], nil
	}
	return plain[0], plain[1:], nil
}

package zmq

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"golang.org/x/crypto/nacl/box"

	"github.com/gocrate/gocrate/kernel/wire"
)

// curveClient is the peer's side of the handshake, with a way to spoil each of
// its two commands. libzmq's own is the judge of the kernel's side; this one is
// for what libzmq would never send.
type curveClient struct {
	server        wire.Key
	hello         func(body []byte) []byte
	initiate      func(plain []byte) []byte
	spoilInitiate func(body []byte) []byte
}

func (*curveClient) Type() zmq4.SecurityType { return zmq4.CurveSecurity }

func (*curveClient) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }
func (*curveClient) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

func (c *curveClient) Handshake(conn *zmq4.Conn, _ bool) error {
	S := (*[32]byte)(&c.server)
	own, ownSecret, _ := box.GenerateKey(rand.Reader) // C, c
	now, nowSecret, _ := box.GenerateKey(rand.Reader) // C', c'
	hello := slices.Concat([]byte{1, 0}, make([]byte, 72), now[:], binary.BigEndian.AppendUint64(nil, 1))
	hello = box.Seal(hello, make([]byte, 64), numbered("CurveZMQHELLO---", 1), S, nowSecret)
	if err := conn.SendCmd(zmq4.CmdHello, spoil(c.hello, hello)); err != nil {
		return err
	}
	welcome, err := receive(conn, zmq4.CmdWelcome)
	if err != nil {
		return err
	}
	plain, ok := box.Open(nil, welcome[16:], (*[24]byte)(slices.Concat([]byte("WELCOME-"), welcome[:16])), S, nowSecret)
	if !ok {
		return errors.New("WELCOME does not open")
	}
	theirs, cookie := (*[32]byte)(plain), plain[32:]
	long := make([]byte, 16)
	vouch := box.Seal(long, slices.Concat(now[:], S[:]), (*[24]byte)(slices.Concat([]byte("VOUCH---"), long)), theirs, ownSecret)
	metadata, _ := conn.Meta.MarshalZMTP()
	body := spoil(c.initiate, slices.Concat(own[:], vouch, metadata))
	body = box.Seal(slices.Concat(cookie, binary.BigEndian.AppendUint64(nil, 2)), body, numbered("CurveZMQINITIATE", 2), theirs, nowSecret)
	if err := conn.SendCmd(zmq4.CmdInitiate, spoil(c.spoilInitiate, body)); err != nil {
		return err
	}
	ready, err := receive(conn, zmq4.CmdReady)
	if err != nil {
		return err
	}
	if plain, ok = box.Open(nil, ready[8:], numbered("CurveZMQREADY---", binary.BigEndian.Uint64(ready)), theirs, nowSecret); !ok {
		return errors.New("READY does not open")
	}
	return conn.Peer.Meta.UnmarshalZMTP(plain)
}

// connected returns the two ends of a connection.
func connected(t *testing.T) (ours, theirs net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if theirs, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if ours, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

func spoil(f func([]byte) []byte, body []byte) []byte {
	if f == nil {
		return body
	}
	return f(body)
}

// flip changes one bit.
func flip(at int) func([]byte) []byte {
	return func(body []byte) []byte {
		body = bytes.Clone(body)
		body[at] ^= 1
		return body
	}
}

func TestCurveHandshake(t *testing.T) {
	public, secret, _ := box.GenerateKey(rand.Reader)
	keys := wire.CurveKeys{Public: *public, Secret: *secret}
	other, _, _ := box.GenerateKey(rand.Reader)
	cut := func(body []byte) []byte { return body[:len(body)-1] }
	for _, test := range []struct {
		name   string
		client curveClient
		good   bool
	}{
		{name: "as it should be", client: curveClient{server: keys.Public}, good: true},
		{name: "another server's key", client: curveClient{server: *other}},
		{name: "HELLO of another version", client: curveClient{server: keys.Public, hello: flip(0)}},
		{name: "HELLO for another number", client: curveClient{server: keys.Public, hello: flip(helloPrefix + 32)}},
		{name: "HELLO cut short", client: curveClient{server: keys.Public, hello: cut}},
		{name: "an empty HELLO", client: curveClient{server: keys.Public, hello: func([]byte) []byte { return nil }}},
		{name: "another cookie", client: curveClient{server: keys.Public, spoilInitiate: flip(0)}},
		{name: "INITIATE that does not open", client: curveClient{server: keys.Public, spoilInitiate: flip(cookieSize + 9)}},
		{name: "INITIATE without a box", client: curveClient{server: keys.Public, spoilInitiate: func(b []byte) []byte { return b[:cookieSize+3] }}},
		{name: "INITIATE with too little in it", client: curveClient{server: keys.Public, initiate: func(b []byte) []byte { return b[:100] }}},
		{name: "a key that is not vouched for", client: curveClient{server: keys.Public, initiate: flip(0)}},
		{name: "a spoiled vouch", client: curveClient{server: keys.Public, initiate: flip(32 + vouchSize - 1)}},
	} {
		ours, theirs := connected(t)
		served := make(chan error, 1)
		go func() {
			defer ours.Close()
			_, err := handshake(ours, zmq4.Router, "", true, &curve{keys: keys})
			served <- err
		}()
		theirs.SetDeadline(time.Now().Add(10 * time.Second))
		_, err := zmq4.Open(theirs, &test.client, zmq4.Dealer, nil, false, nil)
		if got := <-served; (got == nil) != test.good || (err == nil) != test.good {
			t.Errorf("%s: the kernel says %v, the peer %v", test.name, got, err)
		}
		theirs.Close()
	}
}

// curvePair returns the two ends of an encrypted connection, each with the
// other's prefix, as seal and open are the kernel's.
func curvePair() (kernel, peer *curve) {
	A, a, _ := box.GenerateKey(rand.Reader)
	B, b, _ := box.GenerateKey(rand.Reader)
	kernel, peer = new(curve), new(curve)
	box.Precompute(&kernel.shared, B, a)
	box.Precompute(&peer.shared, A, b)
	return kernel, peer
}

func TestCurveFrames(t *testing.T) {
	kernel, peer := curvePair()
	frame := func(prefix string, plain string) []byte {
		return append([]byte(message), peer.seal(prefix, []byte(plain))...)
	}
	first := frame("CurveZMQMESSAGEC", "\x01body")
	if flags, body, err := kernel.openFrame(first); flags != flagMore || string(body) != "body" || err != nil {
		t.Fatalf("got %d %q %v", flags, body, err)
	}
	second, third := frame("CurveZMQMESSAGEC", "\x00"), frame("CurveZMQMESSAGEC", "\x02\x04PING")
	if flags, body, err := kernel.openFrame(third); flags != flagCommand || string(body) != "\x04PING" || err != nil {
		t.Errorf("got %d %q %v", flags, body, err)
	}
	for name, bad := range map[string][]byte{
		"again":             first,
		"in another order":  second,
		"in plain text":     []byte("\x01body"),
		"cut":               []byte(message + "123"),
		"spoiled":           flip(20)(frame("CurveZMQMESSAGEC", "\x00body")),
		"without flags":     frame("CurveZMQMESSAGEC", ""),
		"unknown flags":     frame("CurveZMQMESSAGEC", "\x08x"),
		"the kernel's way":  frame("CurveZMQMESSAGES", "\x00x"),
		"nothing":           nil,
		"only the name":     []byte(message),
		"number but no box": []byte(message + "12345678"),
	} {
		if flags, body, err := kernel.openFrame(bad); err == nil {
			t.Errorf("%s: opened as %d %q", name, flags, body)
		}
	}
}

func FuzzOpenFrame(f *testing.F) {
	kernel, peer := curvePair()
	f.Add(append([]byte(message), peer.seal("CurveZMQMESSAGEC", []byte("\x01body"))...))
	f.Add([]byte(message + "12345678"))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if flags, _, err := kernel.openFrame(sealed); err == nil && flags != 0 && flags != flagMore && flags != flagCommand {
			t.Errorf("flags %d", flags)
		}
	})
}

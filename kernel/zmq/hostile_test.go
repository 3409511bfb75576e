package zmq_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel/wire"
	"github.com/gocrate/gocrate/kernel/zmq"
)

// greeting is that of ZMTP 3.0 with the NULL mechanism.
var greeting = append(append([]byte{0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0}, "NULL"...), make([]byte, 48)...)

// ready is the READY command of a socket of some type.
func ready(kind string) []byte {
	body := "\x05READY\x0bSocket-Type\x00\x00\x00" + string(rune(len(kind))) + kind
	return append([]byte{4, byte(len(body))}, body...)
}

// connect opens a connection that may send any bytes.
func connect(t *testing.T, transport *zmq.Transport, ch wire.Channel) net.Conn {
	t.Helper()
	network, address := transport.Connection().Address(ch)
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// shake does the handshake by hand.
func shake(t *testing.T, transport *zmq.Transport, ch wire.Channel, kind string) net.Conn {
	t.Helper()
	conn := connect(t, transport, ch)
	if _, err := conn.Write(append(greeting[:64:64], ready(kind)...)); err != nil {
		t.Fatal(err)
	}
	var theirs [64]byte
	if _, err := io.ReadFull(conn, theirs[:]); err != nil {
		t.Fatal(err)
	}
	readFrame(t, conn)
	return conn
}

// readFrame reads one short frame.
func readFrame(t *testing.T, conn net.Conn) (flags byte, body string) {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(patience))
	var head [2]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		t.Fatal(err)
	}
	text := make([]byte, head[1])
	if _, err := io.ReadFull(conn, text); err != nil {
		t.Fatal(err)
	}
	return head[0], string(text)
}

// hungUp waits until the kernel has closed a connection.
func hungUp(t *testing.T, name string, conn net.Conn) {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Errorf("%s: the connection is still open", name)
	}
}

// works checks that an honest client is served.
func works(t *testing.T, transport *zmq.Transport, r receiver) {
	t.Helper()
	c := dial(t, transport, wire.Shell, zmq.Dealer, "")
	send(t, c, "ok", strings.Repeat("x", 1<<20))
	if got := arrives(t, r); len(got[2]) != 1<<20 {
		t.Errorf("a message of 1 MiB arrived with %d bytes", len(got[2]))
	}
}

func long(flags byte, size uint64) string {
	return string(binary.BigEndian.AppendUint64([]byte{flags}, size))
}

// A claimed length must not become memory, let alone a panic.
func TestClaimedLengths(t *testing.T) {
	transport, r := start(t)
	attacks := map[string]string{
		"2^50":                 long(2, 1<<50),
		"2^62":                 long(2, 1<<62),
		"2^64-1":               long(2, 1<<64-1),
		"2^63":                 long(3, 1<<63),
		"1 GiB from strangers": long(2, 1<<30),
		"a long command":       long(6, 1<<40),
		"many empty frames":    strings.Repeat("\x01\x00", 16<<20/64+1),
		"a sum of frames":      strings.Repeat(long(3, 8<<20)+strings.Repeat("x", 8<<20), 2),
	}
	for name, attack := range attacks {
		for ch, kind := range map[wire.Channel]string{wire.Shell: "DEALER", wire.IOPub: "SUB", wire.Heartbeat: "REQ"} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			conn := shake(t, transport, ch, kind)
			io.WriteString(conn, attack) // fails when the kernel is quick to hang up
			hungUp(t, name, conn)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 40<<20 {
				t.Errorf("%s on %s: %d MiB set aside", name, ch, used>>20)
			}
		}
	}
	works(t, transport, r)
}

func TestMalformedHandshakes(t *testing.T) {
	t.Parallel() // those cut short wait for the handshake's deadline
	transport, r := start(t)
	old := bytes.Clone(greeting)
	old[10] = 2
	plain := bytes.Clone(greeting)
	copy(plain[12:], "PLAIN")
	attacks := map[string]string{
		"HTTP":                 "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + strings.Repeat("x", 64),
		"ZMTP 2":               string(old),
		"another mechanism":    string(plain),
		"a message, not READY": string(greeting) + "\x00\x02hi",
		"READY cut short":      string(greeting) + "\x04\x0a\x05READY\xff\x00\x00",
		"a property too long":  string(greeting) + "\x04\x10\x05READY\x01X\xff\xff\xff\xff12345",
		"unknown socket type":  string(greeting) + string(ready("TEAPOT")),
		"wrong socket type":    string(greeting) + string(ready("PUSH")),
		"no socket type":       string(greeting) + "\x04\x06\x05READY",
		"a huge READY":         string(greeting) + long(6, 1<<40),
		"an endless READY":     string(greeting) + strings.Repeat("\x05\x00", 64<<10),
	}
	for name, attack := range attacks {
		conn := connect(t, transport, wire.Shell)
		io.WriteString(conn, attack)
		hungUp(t, name, conn)
	}
	works(t, transport, r)
}

func TestMalformedCommands(t *testing.T) {
	transport, r := start(t)
	for name, attack := range map[string]string{"empty": "\x04\x00", "name too long": "\x04\x02\x09A"} {
		conn := shake(t, transport, wire.Control, "DEALER")
		io.WriteString(conn, attack)
		hungUp(t, name, conn)
	}
	works(t, transport, r)
}

func TestLongMessagesAfterAnAuthenticOne(t *testing.T) {
	transport, r := start(t)
	body := strings.Repeat("x", 17<<20)
	c := dial(t, transport, wire.Shell, zmq.Dealer, "")
	send(t, c, "ok")
	arrives(t, r)
	send(t, c, "ok", body)
	if got := arrives(t, r); len(got[2]) != len(body) {
		t.Errorf("%d bytes arrived, want %d", len(got[2]), len(body))
	}
}

func TestSilentPeers(t *testing.T) {
	t.Parallel() // it waits for the handshake's deadline
	transport, r := start(t)
	silent := connect(t, transport, wire.Shell)
	half := connect(t, transport, wire.Shell)
	half.Write(greeting)
	works(t, transport, r)
	hungUp(t, "silent", silent)
	hungUp(t, "half a handshake", half)
}

func TestPingIsAnsweredAndNotDelivered(t *testing.T) {
	transport, r := start(t)
	conn := shake(t, transport, wire.Shell, "DEALER")
	io.WriteString(conn, "\x04\x0a\x04PING\x00\x0actx"+"\x04\x05\x04PING"+"\x00\x02ok")
	if flags, body := readFrame(t, conn); flags != 4 || body != "\x04PONGctx" {
		t.Errorf("a PING was answered by %d %q, want a PONG with its context", flags, body)
	}
	if got := arrives(t, r); len(got) != 2 || got[1] != "ok" {
		t.Errorf("delivered %q, want only the message after the PINGs", got)
	}
}

// Peers of ZMTP 3.1 subscribe by command.
func TestSubscribeByCommand(t *testing.T) {
	transport, _ := start(t)
	conn := shake(t, transport, wire.IOPub, "SUB")
	io.WriteString(conn, "\x04\x0b\x09SUBSCRIBEa")
	for _, want := range []string{"welcome", "a"} {
		if _, body := readFrame(t, conn); body != want {
			t.Errorf("received %q, want %q", body, want)
		}
	}
	io.WriteString(conn, "\x04\x0b\x09SUBSCRIBEb"+"\x04\x08\x06CANCELa")
	readFrame(t, conn)
	readFrame(t, conn)
	io.WriteString(conn, "\x04\x0b\x09SUBSCRIBEc")
	readFrame(t, conn)
	readFrame(t, conn)
	transport.Publish([][]byte{[]byte("a")})
	transport.Publish([][]byte{[]byte("b")})
	if _, body := readFrame(t, conn); body != "b" {
		t.Errorf("received %q, want b", body)
	}
}

func TestNumberOfConnectionsIsBounded(t *testing.T) {
	transport, r := start(t)
	var crowd []*zmq.Client
	for range 128 {
		crowd = append(crowd, dial(t, transport, wire.Shell, zmq.Dealer, ""))
	}
	hungUp(t, "one too many", connect(t, transport, wire.Shell))
	crowd[0].Close()
	send(t, crowd[1], "ok")
	arrives(t, r)
	deadline := time.Now().Add(patience)
	for { // until the place that has become free is seen to be
		conn := connect(t, transport, wire.Shell)
		conn.SetReadDeadline(deadline)
		if n, _ := conn.Read(make([]byte, 64)); n > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no place has become free")
		}
	}
}

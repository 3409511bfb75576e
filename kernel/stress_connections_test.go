package kernel_test

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// greeting and ready are the handshake of a ZMTP 3.0 client without encryption.
const (
	greeting = "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x00NULL" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	readyDealer = "\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"
	readySub    = "\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB"
	readyReq    = "\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03REQ"
)

func handshake(ch wire.Channel) string {
	switch ch {
	case wire.IOPub:
		return greeting + readySub
	case wire.Heartbeat:
		return greeting + readyReq
	}
	return greeting + readyDealer
}

// attacks are what a stranger may send; hello is a proper handshake.
var attacks = []func(hello string, r *rand.Rand) string{
	func(string, *rand.Rand) string { return "" }, // silence
	func(hello string, r *rand.Rand) string { return hello[:1+r.IntN(len(hello)-1)] },
	func(_ string, r *rand.Rand) string { return noise(r, 200) },
	func(string, *rand.Rand) string { return "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" },
	func(hello string, r *rand.Rand) string { return hello + noise(r, 200) }, // bad frames
	func(hello string, _ *rand.Rand) string { return hello + "\x04\x02\x09A" },
	func(hello string, r *rand.Rand) string { // a huge length
		return hello + string(binary.BigEndian.AppendUint64([]byte{2 | byte(r.IntN(8))}, r.Uint64()>>r.IntN(40)))
	},
	func(hello string, _ *rand.Rand) string { // the wrong signature
		return hello + frames("<IDS|MSG>", strings.Repeat("0", 64), `{"msg_id":"1","msg_type":"execute_request"}`, "{}", "{}", `{"code":"evil"}`)
	},
	flood("\x00\x01x"),                // of messages
	flood("\x01\x00"),                 // of frames
	flood("\x04\x07\x04PING\x00\x00"), // of pings
	func(hello string, r *rand.Rand) string { // of subscriptions
		var topics strings.Builder
		for range 5000 {
			topics.WriteString(frames("\x01" + noise(r, 20)))
		}
		return hello + topics.String()
	},
}

func flood(of string) func(string, *rand.Rand) string {
	return func(hello string, _ *rand.Rand) string { return hello + strings.Repeat(of, 50_000) }
}

func noise(r *rand.Rand, n int) string {
	b := make([]byte, 1+r.IntN(n))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// frames writes a message of short frames.
func frames(parts ...string) string {
	var b strings.Builder
	for i, part := range parts {
		more := byte(1)
		if i == len(parts)-1 {
			more = 0
		}
		b.Write([]byte{more, byte(len(part))})
		b.WriteString(part)
	}
	return b.String()
}

// attack opens a connection, sends something bad, and then either goes at once,
// with or without a word, or stays until the wave is over and reads nothing.
func attack(k *kerneltest.Kernel, r *rand.Rand, over <-chan struct{}) {
	ch := wire.Channels[r.IntN(len(wire.Channels))]
	network, address := k.Connection.Address(ch)
	conn, err := net.DialTimeout(network, address, kerneltest.Patience)
	if err != nil {
		return
	}
	defer conn.Close()
	conn.SetWriteDeadline(time.Now().Add(time.Second))
	io.WriteString(conn, attacks[r.IntN(len(attacks))](handshake(ch), r)) // fails when the kernel is quick to hang up
	switch r.IntN(4) {
	case 0:
	case 1:
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetLinger(0) // a reset
		}
	default:
		<-over
	}
}

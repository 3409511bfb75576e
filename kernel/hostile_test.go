package kernel_test

import (
	"crypto/rand"
	"encoding/json"
	"net"
	"slices"
	"testing"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// None of these may be answered, and none may keep the kernel from answering
// what comes after. The client fails the test if anything is.
func TestWhatIsNotAuthenticIsDropped(t *testing.T) {
	c := start(t, echo{})
	executed := c.Message("execute_request", kerneltest.Cell("x"))
	good := c.Seal(executed)
	c.SendFrames(wire.Shell, good)
	c.FinishExecution(executed)

	forged := slices.Clone(good)
	forged[4+1] = []byte(`{"code":"evil"}`)
	badJSON := slices.Clone(good)
	badJSON[5] = []byte(`{"code":`)
	badJSON[1] = wire.Sign([]byte(testKey), badJSON[2:6])
	badHeader := slices.Clone(good)
	badHeader[2] = []byte(`{"msg_id":[],"msg_type":{}}`)
	badHeader[1] = wire.Sign([]byte(testKey), badHeader[2:6])
	rubbish := [][][]byte{
		good, // again: a replay
		forged,
		badJSON,
		badHeader,
		good[:3],
		good[1:2],
		{nil},
		{[]byte("<IDS|MSG>")},
		slices.Repeat([][]byte{nil}, 500),
		{[]byte(rand.Text())},
	}
	for _, frames := range rubbish {
		for _, ch := range []wire.Channel{wire.Shell, wire.Control, wire.Stdin} {
			c.SendFrames(ch, frames)
			c.Ping("still there?")
			c.Ask(wire.Shell, "kernel_info_request", struct{}{})
		}
		c.SendFrames(wire.IOPub, frames)
	}
	c.Send(wire.Stdin, "input_reply", json.RawMessage(`{"value":"nobody asked"}`))
	if e := c.Execute("y"); e.Status != "ok" || e.ExecutionCount != 2 {
		t.Errorf("afterwards: %q, count %d; want ok, 2", e.Status, e.ExecutionCount)
	}
}

func TestHostilePeersLeaveTheKernelAlone(t *testing.T) {
	k := kerneltest.StartOn(t, loopback(), echo{}, kernel.Options{})
	for _, ch := range wire.Channels {
		dialRaw(t, k, ch) // and says nothing
	}
	c := kerneltest.Connect(t, k.Connection)
	for _, ch := range wire.Channels {
		attack := dialRaw(t, k, ch)
		attack.Write([]byte(handshake(ch)))
		attack.Write([]byte("\x02\x00\x04\x00\x00\x00\x00\x00\x00"))
		c.Ask(wire.Shell, "kernel_info_request", struct{}{})
	}
	if e := c.Execute("x"); e.Status != "ok" {
		t.Errorf("status %q, want ok", e.Status)
	}
}

func dialRaw(t *testing.T, k *kerneltest.Kernel, ch wire.Channel) net.Conn {
	t.Helper()
	network, address := k.Connection.Address(ch)
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

package kerneltest

import (
	"context"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel/wire"
	"github.com/gocrate/gocrate/kernel/zmq"
)

// Client is a front end connected to all five channels of a kernel. It belongs
// to the test's goroutine.
type Client struct {
	t       testing.TB
	session *wire.Session
	conns   map[wire.Channel]*zmq.Client
	inboxes map[wire.Channel]*inbox
	kernel  string // the kernel's session id, once known

	overlook bool
}

// inbox holds what arrived on one channel: first what was passed over while
// something else was looked for, then what the reader brings.
type inbox struct {
	passed  []wire.Message
	arrived chan wire.Message // closed when the connection has ended
}

var kinds = map[wire.Channel]zmq.Kind{
	wire.Shell:     zmq.Dealer,
	wire.Control:   zmq.Dealer,
	wire.Stdin:     zmq.Dealer,
	wire.IOPub:     zmq.Subscribe,
	wire.Heartbeat: zmq.Request,
}

// Connect returns a client that has subscribed to all of iopub and has been
// welcomed there. When the test ends, messages that it did not take and that
// answer its own requests are errors.
func Connect(t testing.TB, conn wire.Connection) *Client {
	t.Helper()
	c := &Client{
		t:       t,
		session: wire.NewSession([]byte(conn.Key)),
		conns:   make(map[wire.Channel]*zmq.Client),
		inboxes: make(map[wire.Channel]*inbox),
	}
	for ch, kind := range kinds {
		c.dial(conn, ch, kind)
	}
	t.Cleanup(c.finish)
	c.subscribe()
	return c
}

func (c *Client) dial(conn wire.Connection, ch wire.Channel, kind zmq.Kind) {
	c.t.Helper()
	zc, err := dialPatiently(conn, ch, kind, c.session.ID)
	if err != nil {
		c.t.Fatalf("%s: %v", ch, err)
	}
	c.conns[ch] = zc
	if ch == wire.Heartbeat {
		return
	}
	in := &inbox{arrived: make(chan wire.Message, 1<<16)}
	c.inboxes[ch] = in
	go c.read(ch, zc, in)
}

// dialPatiently tries again while the kernel does not listen yet.
func dialPatiently(conn wire.Connection, ch wire.Channel, kind zmq.Kind, identity string) (*zmq.Client, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	network, address := conn.Address(ch)
	for {
		zc, err := zmq.Dial(ctx, network, address, kind, identity)
		if err == nil || ctx.Err() != nil {
			return zc, err
		}
		<-again.C
	}
}

// read brings messages to an inbox until the connection ends.
func (c *Client) read(ch wire.Channel, zc *zmq.Client, in *inbox) {
	defer close(in.arrived)
	for {
		frames, err := zc.Receive(time.Time{})
		if err != nil {
			return
		}
		msg, err := c.session.Open(frames)
		if err != nil {
			c.t.Errorf("%s: %v", ch, err)
			return
		}
		c.trace("<-", ch, msg)
		in.arrived <- msg
	}
}

func (c *Client) subscribe() {
	c.t.Helper()
	if err := c.conns[wire.IOPub].SubscribeTo(""); err != nil {
		c.t.Fatal(err)
	}
	first := c.next(wire.IOPub)
	if first.Header.MsgType != "iopub_welcome" || string(first.Content) != `{"subscription":""}` {
		c.t.Fatalf("the first iopub message is %s %s, want iopub_welcome", first.Header.MsgType, first.Content)
	}
}

// Send sends a request and returns its message, whose id marks its answers.
func (c *Client) Send(ch wire.Channel, msgType string, content any) wire.Message {
	c.t.Helper()
	msg := c.Message(msgType, content)
	c.SendMessage(ch, msg)
	return msg
}

// SendMessage sends a message that the test has made itself.
func (c *Client) SendMessage(ch wire.Channel, msg wire.Message) {
	c.t.Helper()
	c.trace("->", ch, msg)
	c.SendFrames(ch, c.session.Seal(msg))
}

// SendFrames sends anything at all.
func (c *Client) SendFrames(ch wire.Channel, frames [][]byte) {
	c.t.Helper()
	if err := c.conns[ch].Send(frames...); err != nil {
		c.t.Fatalf("%s: %v", ch, err)
	}
}

// Message makes a message of this client's session without sending it.
func (c *Client) Message(msgType string, content any) wire.Message {
	c.t.Helper()
	msg, err := c.session.New(msgType, nil, content)
	if err != nil {
		c.t.Fatal(err)
	}
	return msg
}

// Seal returns the frames in which this client would send a message.
func (c *Client) Seal(msg wire.Message) [][]byte { return c.session.Seal(msg) }

// Ping sends a payload to the heartbeat and returns what comes back.
func (c *Client) Ping(payload string) string {
	c.t.Helper()
	c.SendFrames(wire.Heartbeat, [][]byte{{}, []byte(payload)})
	frames, err := c.conns[wire.Heartbeat].Receive(time.Now().Add(Patience))
	if err != nil || len(frames) != 2 {
		c.t.Fatalf("heartbeat returned %q, %v", frames, err)
	}
	return string(frames[1])
}

// next returns the next message of a channel, whatever it is.
func (c *Client) next(ch wire.Channel) wire.Message {
	c.t.Helper()
	select {
	case msg, ok := <-c.inboxes[ch].arrived:
		if !ok {
			c.t.Fatalf("%s: the connection has ended", ch)
		}
		c.check(ch, msg)
		return msg
	case <-time.After(Patience):
		c.t.Fatalf("%s: no message for %v", ch, Patience)
	}
	panic("unreachable")
}

// Take returns the first message of a channel whose parent is the request with
// the given id. Messages with other parents stay.
func (c *Client) Take(ch wire.Channel, id string) wire.Message {
	c.t.Helper()
	in := c.inboxes[ch]
	for i, msg := range in.passed {
		if parentID(msg) == id {
			in.passed = append(in.passed[:i:i], in.passed[i+1:]...)
			return msg
		}
	}
	for {
		msg := c.next(ch)
		if parentID(msg) == id {
			return msg
		}
		if !c.overlook || parentSession(msg) == c.session.ID {
			in.passed = append(in.passed, msg)
		}
	}
}

// Overlook makes the client drop, once it has checked them, the messages that
// concern other front ends only.
func (c *Client) Overlook() { c.overlook = true }

// check tests what holds for every message of a kernel.
func (c *Client) check(ch wire.Channel, msg wire.Message) {
	c.t.Helper()
	h := msg.Header
	if c.kernel == "" {
		c.kernel = h.Session
	}
	if h.Version != wire.ProtocolVersion || h.Session != c.kernel || h.Session == c.session.ID {
		c.t.Errorf("%s: header %+v: want version %s and the kernel's own session", ch, h, wire.ProtocolVersion)
	}
	if _, ok := h.Time(); !ok || !strings.HasSuffix(h.Date, "Z") {
		c.t.Errorf("%s: date %q is not ISO 8601 in UTC", ch, h.Date)
	}
	if ch == wire.IOPub && len(msg.Identities) != 1 {
		c.t.Errorf("iopub: %d frames before the delimiter, want the topic", len(msg.Identities))
	}
}

// finish closes the connections and looks for messages that nobody took.
func (c *Client) finish() {
	own := map[string]bool{c.settle(wire.Shell): true, c.settle(wire.Control): true}
	for _, zc := range c.conns {
		zc.Close()
	}
	for ch, in := range c.inboxes {
		for msg := range in.arrived {
			in.passed = append(in.passed, msg)
		}
		for _, msg := range in.passed {
			if parentSession(msg) == c.session.ID && !own[parentID(msg)] {
				c.t.Errorf("%s: left over: %s %s", ch, msg.Header.MsgType, msg.Content)
			}
		}
	}
}

// settle asks a last question, whose answers come after all that is still on
// its way, and returns the question's id. The kernel may be gone already.
func (c *Client) settle(ch wire.Channel) string {
	question := c.Message("kernel_info_request", struct{}{})
	id := question.Header.MsgID
	if c.conns[ch] != nil && c.conns[ch].Send(c.Seal(question)...) == nil {
		c.pass(ch, func(msg wire.Message) bool { return parentID(msg) == id })
		c.pass(wire.IOPub, func(msg wire.Message) bool { return parentID(msg) == id && state(msg) == "idle" })
	}
	return id
}

// pass passes over messages up to the one that is looked for.
func (c *Client) pass(ch wire.Channel, found func(wire.Message) bool) {
	patience := time.After(Patience)
	in := c.inboxes[ch]
	for {
		select {
		case msg, ok := <-in.arrived:
			if !ok {
				return
			}
			in.passed = append(in.passed, msg)
			if found(msg) {
				return
			}
		case <-patience:
			return
		}
	}
}

func (c *Client) trace(direction string, ch wire.Channel, msg wire.Message) {
	if os.Getenv("GOCRATE_KERNEL_TRACE") != "" {
		c.t.Logf("%s %-7s %s %s", direction, ch, msg.Header.MsgType, msg.Content)
	}
}

func parent(msg wire.Message) (h wire.Header) {
	_ = json.Unmarshal(msg.Parent, &h) // {} has no fields, and that is fine
	return h
}

func parentID(msg wire.Message) string { return parent(msg).MsgID }

func parentSession(msg wire.Message) string { return parent(msg).Session }

// serial is the place of a message among all that the kernel has made.
func serial(msg wire.Message) int {
	_, digits, _ := strings.Cut(msg.Header.MsgID, "_")
	n, _ := strconv.Atoi(digits)
	return n
}

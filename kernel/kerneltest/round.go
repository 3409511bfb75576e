package kerneltest

import (
	"encoding/json"
	"strings"

	"github.com/gocrate/gocrate/kernel/wire"
)

// Round is all that one request brought about.
type Round struct {
	c       *Client
	Request wire.Message
	Outputs []wire.Message // on iopub, between busy and idle
	Reply   wire.Message

	idle wire.Message
}

// Ask sends a request and returns its round.
func (c *Client) Ask(ch wire.Channel, msgType string, content any) *Round {
	c.t.Helper()
	return c.Finish(ch, c.Send(ch, msgType, content))
}

// Finish waits for the rest of a round: status busy, outputs, one reply on the
// channel of the request, status idle, made in this order.
func (c *Client) Finish(ch wire.Channel, request wire.Message) *Round {
	c.t.Helper()
	r := c.Watch(request)
	r.Reply = c.Take(ch, request.Header.MsgID)
	if got, want := r.Reply.Header.MsgType, strings.Replace(request.Header.MsgType, "_request", "_reply", 1); got != want {
		c.t.Errorf("%s was answered by %s", request.Header.MsgType, got)
	}
	if serial(r.Reply) > serial(r.idle) {
		c.t.Errorf("%s was sent after idle", r.Reply.Header.MsgType)
	}
	return r
}

// Watch waits for the iopub side of a round alone, for messages that have no
// reply.
func (c *Client) Watch(request wire.Message) *Round {
	c.t.Helper()
	id := request.Header.MsgID
	r := &Round{c: c, Request: request}
	busy := c.Take(wire.IOPub, id)
	if state(busy) != "busy" {
		c.t.Fatalf("%s began with %s %s, want status busy", request.Header.MsgType, busy.Header.MsgType, busy.Content)
	}
	last := serial(busy)
	for {
		msg := c.Take(wire.IOPub, id)
		if serial(msg) <= last {
			c.t.Errorf("%s arrived out of order", msg.Header.MsgType)
		}
		last = serial(msg)
		if state(msg) == "idle" {
			r.idle = msg
			return r
		}
		r.Outputs = append(r.Outputs, msg)
	}
}

func state(msg wire.Message) string {
	var s wire.Status
	if msg.Header.MsgType == "status" {
		_ = json.Unmarshal(msg.Content, &s)
	}
	return s.ExecutionState
}

// Decode reads the content of the reply.
func (r *Round) Decode(content any) {
	r.c.t.Helper()
	r.c.Decode(r.Reply, content)
}

// Decode reads the content of a message.
func (c *Client) Decode(msg wire.Message, content any) {
	c.t.Helper()
	if err := json.Unmarshal(msg.Content, content); err != nil {
		c.t.Fatalf("%s %s: %v", msg.Header.MsgType, msg.Content, err)
	}
}

// Types lists the msg_types of the outputs, in order.
func (r *Round) Types() string {
	var types []string
	for _, msg := range r.Outputs {
		types = append(types, msg.Header.MsgType)
	}
	return strings.Join(types, " ")
}

// Text returns what was written to a stream.
func (r *Round) Text(name string) string {
	var text strings.Builder
	for _, msg := range r.Outputs {
		var s wire.Stream
		if msg.Header.MsgType == "stream" {
			r.c.Decode(msg, &s)
		}
		if s.Name == name {
			text.WriteString(s.Text)
		}
	}
	return text.String()
}

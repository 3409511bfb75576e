package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/gocrate/gocrate/kernel/wire"
)

// request is a message that a front end sent, and what an answer to it needs:
// where it came from and the header that its answers have as their parent.
type request struct {
	wire.Message
	channel wire.Channel
	parent  json.RawMessage
}

// read parses the request's content.
func (r *request) read(content any) error {
	if err := json.Unmarshal(r.Content, content); err != nil {
		return &Error{Name: "BadRequest", Value: fmt.Sprintf("content of %s: %v", r.Header.MsgType, err)}
	}
	return nil
}

// reply sends the answer to a request where it came from.
func (k *Kernel) reply(req *request, msgType string, content, metadata any) {
	msg, err := k.session.New(msgType, req.parent, content)
	if err != nil {
		k.opts.Log.Error("cannot write a reply", "type", msgType, "error", err)
		msg, _ = k.session.New(msgType, req.parent, errorReply(err))
	}
	if metadata != nil {
		msg.Metadata, _ = wire.Marshal(metadata)
	}
	msg.Identities = req.Identities
	k.send(req.channel, msg)
}

func (k *Kernel) send(ch wire.Channel, msg wire.Message) error {
	err := k.transport.Send(ch, k.session.Seal(msg))
	if err != nil {
		k.opts.Log.Debug("message not sent", "type", msg.Header.MsgType, "channel", ch.String(), "error", err)
	}
	return err
}

// guard calls a method of the Language and makes an error of its panic.
func (k *Kernel) guard(method string, call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			k.opts.Log.Error("the language panicked", "method", method, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			text := fmt.Sprintf("%s panicked: %v", method, p)
			err = &Error{Name: "KernelPanic", Value: text, Traceback: []string{text}}
		}
	}()
	return call()
}

// failure writes an error as the protocol does.
func failure(err error) *wire.Failure {
	var e *Error
	switch {
	case errors.As(err, &e):
	case errors.Is(err, context.Canceled):
		e = &Error{Name: "Interrupted", Value: "the cell was interrupted"}
	default:
		e = &Error{Name: "Error", Value: err.Error()}
	}
	f := &wire.Failure{Name: e.Name, Value: e.Value, Traceback: e.Traceback}
	if len(f.Traceback) == 0 {
		f.Traceback = []string{e.Error()}
	}
	return f
}

func errorReply(err error) wire.ErrorReply {
	return wire.ErrorReply{Status: "error", Failure: *failure(err)}
}

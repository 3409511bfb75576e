package kernel

import (
	"encoding/json"
	"log/slog"
	"sync"
	"unicode/utf8"

	"github.com/gocrate/gocrate/kernel/wire"
)

// publisher makes the messages of iopub. Its lock gives them one order, the
// same for everybody.
type publisher struct {
	session   *wire.Session
	transport Transport
	log       *slog.Logger

	mu sync.Mutex
}

// status tells everybody what the kernel does about a request.
func (p *publisher) status(req *request, state string) {
	p.publish(req.parent, "status", wire.Status{ExecutionState: state})
}

// publish sends a message to all who subscribed to it.
func (p *publisher) publish(parent json.RawMessage, msgType string, content any) {
	p.publishWith(parent, msgType, content, nil, nil)
}

// publishWith sends a message with metadata and buffers.
func (p *publisher) publishWith(parent json.RawMessage, msgType string, content any, metadata json.RawMessage, buffers [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	msg := p.message(parent, msgType, content)
	msg.Metadata, msg.Buffers = metadata, buffers
	p.transport.Publish(p.session.Seal(msg))
}

// message makes a message. Content that cannot be written as JSON becomes a
// note on stderr: something was to be seen here.
func (p *publisher) message(parent json.RawMessage, msgType string, content any) wire.Message {
	msg, err := p.session.New(msgType, parent, content)
	if err != nil {
		p.log.Error("cannot write output", "type", msgType, "error", err)
		note := wire.Stream{Name: string(Stderr), Text: "output lost: " + err.Error() + "\n"}
		msg, _ = p.session.New("stream", parent, note)
	}
	msg.Identities = [][]byte{p.topic(msg.Header.MsgType, content)}
	return msg
}

// topic names a message for subscribers that want only some.
func (p *publisher) topic(msgType string, content any) []byte {
	topic := "kernel." + p.session.ID + "." + msgType
	if s, ok := content.(wire.Stream); ok {
		topic += "." + s.Name
	}
	return []byte(topic)
}

// welcome makes the message for a new subscription, if its topic is text.
func (p *publisher) welcome(topic string) ([][]byte, bool) {
	if !utf8.ValidString(topic) {
		return nil, false
	}
	msg, err := p.session.New("iopub_welcome", nil, wire.Welcome{Subscription: topic})
	if err != nil {
		return nil, false
	}
	msg.Identities = [][]byte{[]byte(topic)}
	return p.session.Seal(msg), true
}

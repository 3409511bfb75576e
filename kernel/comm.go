package kernel

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/gocrate/gocrate/kernel/wire"
)

// Comms is what a [Language] may have besides: cells that talk over comms to
// programs in front ends, such as widgets. Its messages wait their turn among
// the cells of their shell.
type Comms interface {
	// Comm takes a message of a front end, and returns when what it has set off is
	// over; that shows on out. Known is false if there is no such comm or, to
	// open one, no such target.
	Comm(ctx context.Context, m CommMessage, out Output) (known bool, err error)
}

// CommOutput is what an [Output] may have besides: messages to the front ends'
// ends of comms.
type CommOutput interface {
	Comm(m CommMessage)
}

// CommMessage is a message of a comm, in either direction.
type CommMessage struct {
	Kind     string          `json:"kind"` // open, msg or close
	ID       string          `json:"id"`
	Target   string          `json:"target,omitempty"` // of open
	Data     json.RawMessage `json:"data,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
	Buffers  [][]byte        `json:"buffers,omitempty"`
}

// comms are the targets of the open comms, by id.
type comms struct {
	mu   sync.Mutex
	open map[string]string
}

// note follows what a message does to a comm.
func (c *comms) note(m CommMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m.Kind {
	case "open":
		c.open[m.ID] = m.Target
	case "close":
		delete(c.open, m.ID)
	}
}

// of returns the open comms of a target, or of all if it is "".
func (c *comms) of(target string) map[string]wire.CommEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	entries := map[string]wire.CommEntry{}
	for id, t := range c.open {
		if target == "" || t == target {
			entries[id] = wire.CommEntry{TargetName: t}
		}
	}
	return entries
}

func (k *Kernel) commInfo(_ context.Context, req *request) (any, error) {
	var question wire.CommInfoRequest
	if err := req.read(&question); err != nil {
		return nil, err
	}
	return wire.CommInfoReply{Status: "ok", Comms: k.comms.of(question.TargetName)}, nil
}

// comm hands a message of a comm to the language, when its turn has come. What
// nobody knows is closed at once. There is no reply: an error is told on stderr.
func (e *executor) comm(ctx context.Context, req *request) (any, error) {
	k := e.k
	m, err := req.comm()
	if err != nil {
		return nil, err
	}
	out := e.newOutput(ctx, req, wire.ExecuteRequest{}, e.count)
	defer out.flush()
	k.comms.note(m)
	known := false
	err = k.guard("Comm", func() (err error) {
		if lang, ok := k.lang.(Comms); ok {
			known, err = lang.Comm(ctx, m, out)
		}
		return err
	})
	switch {
	case err != nil:
		out.Stream(Stderr, strings.Join(failure(err).Traceback, "\n")+"\n")
	case !known && m.Kind == "open":
		out.Comm(CommMessage{Kind: "close", ID: m.ID})
	}
	return nil, nil
}

// comm reads a comm_open, comm_msg or comm_close.
func (r *request) comm() (CommMessage, error) {
	var content wire.CommOpen
	if err := r.read(&content); err != nil {
		return CommMessage{}, err
	}
	return CommMessage{
		Kind: r.Header.MsgType[len("comm_"):], ID: content.CommID, Target: content.TargetName,
		Data: content.Data, Metadata: r.Metadata, Buffers: r.Buffers,
	}, nil
}

// Comm sends a message to the front ends, after what was printed before it.
func (o *output) Comm(m CommMessage) {
	o.shell.k.comms.note(m)
	data := m.Data
	if len(data) == 0 {
		data = json.RawMessage("{}")
	}
	var content any = wire.CommMsg{CommID: m.ID, Data: data}
	if m.Kind == "open" {
		content = wire.CommOpen{CommID: m.ID, TargetName: m.Target, Data: data}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flushLocked()
	o.shell.k.iopub.publishWith(o.req.parent, "comm_"+m.Kind, content, m.Metadata, m.Buffers)
}

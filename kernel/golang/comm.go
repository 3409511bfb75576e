package golang

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/engine"
	"github.com/gocrate/gocrate/kernel/golang/rt"
	"github.com/gocrate/gocrate/stdlib/display"
)

var _ kernel.Comms = (*Session)(nil)

// Comm runs what a cell has set to be called for a message of a comm.
func (s *Session) Comm(ctx context.Context, m kernel.CommMessage, out kernel.Output) (known bool, err error) {
	received := display.CommMessage{Buffers: m.Buffers}
	if len(m.Data) > 0 {
		err = json.Unmarshal(m.Data, &received.Data)
	}
	if len(m.Metadata) > 0 {
		err = errors.Join(err, json.Unmarshal(m.Metadata, &received.Metadata))
	}
	if err != nil {
		return false, err
	}
	call := display.ReceiveComm(m.Kind, m.ID, m.Target, received)
	if call == nil {
		return false, nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &run{ctx: ctx, cancel: cancel, out: out, stop: make(chan struct{})}
	r.patient.Store(true)
	s.loading.Lock()
	return true, s.failure(r, s.runWith(r, func(begun func(int64) (leave func())) error {
		return s.call(r, call, begun)
	}))
}

// call runs a function of the user's as Engine.Run does a cell.
func (s *Session) call(r *run, f func(), begun func(int64) (leave func())) error {
	ended := make(chan error, 1)
	go func() {
		var err error
		defer func() { ended <- err }()
		defer begun(rt.GoroutineID())()
		defer func() {
			if v := recover(); v != nil {
				err = &engine.Failure{Value: rt.Translate(v), Frames: s.engine.Frames()}
			}
		}()
		f()
	}()
	select {
	case err := <-ended:
		return err
	case <-r.ctx.Done():
		return &engine.Stopped{}
	}
}

// Comm sends what a cell has to say on a comm.
func (h host) Comm(kind, id, target string, m display.CommMessage) {
	out, ok := h.s.owner().output().(kernel.CommOutput)
	if !ok {
		return
	}
	sent := kernel.CommMessage{Kind: kind, ID: id, Target: target, Buffers: m.Buffers}
	var err, metaErr error
	if m.Data != nil {
		sent.Data, err = rt.JSON(m.Data)
	}
	if m.Metadata != nil {
		sent.Metadata, metaErr = rt.JSON(m.Metadata)
	}
	if err = errors.Join(err, metaErr); err != nil {
		panic(err)
	}
	out.Comm(sent)
}

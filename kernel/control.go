package kernel

import (
	"context"

	"github.com/gocrate/gocrate/kernel/wire"
)

func (k *Kernel) interrupt(context.Context, *request) (any, error) {
	k.Interrupt()
	return wire.InterruptReply{Status: "ok"}, nil
}

// shutdown confirms the end to whoever asked and, on iopub, to all the others.
// The kernel stops when the request has been dealt with.
func (k *Kernel) shutdown(_ context.Context, req *request) (any, error) {
	var order wire.ShutdownRequest
	if err := req.read(&order); err != nil {
		k.opts.Log.Warn("shutdown_request with malformed content; obeyed all the same")
	}
	reply := wire.ShutdownReply{Status: "ok", Restart: order.Restart}
	k.iopub.publish(req.parent, "shutdown_reply", reply)
	return reply, nil
}

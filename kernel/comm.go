package kernel

import (
	"context"

	"github.com/gocrate/gocrate/kernel/wire"
)

func (k *Kernel) commInfo(context.Context, *request) (any, error) {
	return wire.CommInfoReply{Status: "ok", Comms: map[string]wire.CommEntry{}}, nil
}

// commOpen refuses every comm, as the protocol wants for unknown targets: by
// closing it at once.
func (k *Kernel) commOpen(_ context.Context, req *request) (any, error) {
	var comm wire.CommOpen
	if err := req.read(&comm); err != nil {
		return nil, err
	}
	k.iopub.publish(req.parent, "comm_close", wire.CommClose{CommID: comm.CommID, Data: map[string]any{}})
	return nil, nil
}

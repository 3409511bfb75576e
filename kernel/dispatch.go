package kernel

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gocrate/gocrate/internal/idle"
	"github.com/gocrate/gocrate/kernel/wire"
)

// handler answers one type of message. What serve returns is the content of
// the reply, so that there is exactly one; reply is its msg_type, empty where
// the protocol has no reply.
type handler struct {
	reply string
	serve func(ctx context.Context, req *request) (content any, err error)
	after func() // runs once everything about the request has been sent
}

// table lists what the kernel understands, on shell and on control alike.
// What waits its turn in a shell is not here.
func (k *Kernel) table() map[string]handler {
	return map[string]handler{
		"kernel_info_request": {reply: "kernel_info_reply", serve: k.kernelInfo},
		"connect_request":     {reply: "connect_reply", serve: k.connectInfo},
		"complete_request":    {reply: "complete_reply", serve: k.complete},
		"inspect_request":     {reply: "inspect_reply", serve: k.inspect},
		"is_complete_request": {reply: "is_complete_reply", serve: k.isComplete},
		"history_request":     {reply: "history_reply", serve: k.history},
		"comm_info_request":   {reply: "comm_info_reply", serve: k.commInfo},
		"usage_request":       {reply: "usage_reply", serve: k.usageInfo},
		"interrupt_request":   {reply: "interrupt_reply", serve: k.interrupt},
		"shutdown_request":    {reply: "shutdown_reply", serve: k.shutdown, after: k.Stop},

		"create_subshell_request": {reply: "create_subshell_reply", serve: k.createSubshell},
		"delete_subshell_request": {reply: "delete_subshell_reply", serve: k.deleteSubshell},
		"list_subshell_request":   {reply: "list_subshell_reply", serve: k.listSubshells},
	}
}

// queued are the messages that wait their turn in the queue of their shell.
var queued = map[string]bool{"execute_request": true, "comm_open": true, "comm_msg": true, "comm_close": true}

func ignore(context.Context, *request) (any, error) { return nil, nil }

// loop handles the requests of one channel in the order they come.
func (k *Kernel) loop(ctx context.Context, inbox <-chan *request) {
	for {
		select {
		case req := <-inbox:
			k.dispatch(ctx, req)
		case <-ctx.Done():
			return
		}
	}
}

func (k *Kernel) dispatch(ctx context.Context, req *request) {
	msgType := req.Header.MsgType
	h, known := k.handlers[msgType]
	shell := k.shells.of(req)
	switch {
	case shell != nil && queued[msgType] && shell.enqueue(req):
		return
	case shell == nil, queued[msgType]:
		h = refusal(msgType, noSubshell(req.Header.SubshellID))
	case !known:
		h = refusal(msgType, &Error{Name: "NotImplemented", Value: fmt.Sprintf("this kernel does not know %s", msgType)})
	}
	k.handle(ctx, req, h)
}

// refusal answers what looks like a request with an error, so that no front
// end waits for ever, and anything else not at all.
func refusal(msgType string, err error) handler {
	name, isRequest := strings.CutSuffix(msgType, "_request")
	if !isRequest {
		return handler{serve: ignore}
	}
	return handler{
		reply: name + "_reply",
		serve: func(context.Context, *request) (any, error) { return nil, err },
	}
}

// handle frames a request with busy and idle and sends its one reply.
func (k *Kernel) handle(ctx context.Context, req *request, h handler) {
	started := time.Now()
	defer idle.Working()()
	k.iopub.status(req, "busy")
	var content any
	err := k.guard(req.Header.MsgType, func() (err error) {
		content, err = h.serve(ctx, req)
		return err
	})
	if err != nil {
		content = errorReply(err)
	}
	if h.reply != "" {
		k.reply(req, h.reply, content, map[string]string{"started": wire.Date(started)})
	}
	k.iopub.status(req, "idle")
	if h.after != nil {
		h.after()
	}
}

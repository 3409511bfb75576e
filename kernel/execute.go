package kernel

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/gocrate/gocrate/kernel/wire"
)

// execute answers one execute_request, by running or by aborting it, or hands on
// a message of a comm, which nothing aborts.
func (e *executor) execute(ctx context.Context, job *job) {
	serve := e.runRequest
	switch {
	case job.req.Header.MsgType != "execute_request":
		e.k.handle(ctx, job.req, handler{serve: e.comm})
		return
	case job.aborted:
		serve = e.refuse
	}
	e.k.handle(ctx, job.req, handler{reply: "execute_reply", serve: serve})
}

// refuse is the answer to a request that stood behind one that failed.
func (e *executor) refuse(context.Context, *request) (any, error) {
	return e.reply("aborted", nil), nil
}

func (e *executor) reply(status string, failed *wire.Failure) wire.ExecuteReply {
	return wire.ExecuteReply{
		Status:          status,
		ExecutionCount:  e.count,
		UserExpressions: map[string]any{},
		Payload:         []any{},
		Failure:         failed,
	}
}

// runRequest runs a cell. Only cells that enter history are counted; the
// others, and cells without any code, carry the number of the latest one.
func (e *executor) runRequest(ctx context.Context, req *request) (any, error) {
	var order wire.ExecuteRequest
	if err := req.read(&order); err != nil {
		e.abort()
		return e.reply("error", failure(err)), nil
	}
	blank := strings.TrimSpace(order.Code) == ""
	if order.StoreHistory && !blank {
		e.count++
	}
	out := e.newOutput(ctx, req, order, e.count)
	if !order.Silent {
		out.publish("execute_input", wire.ExecuteInput{Code: order.Code, ExecutionCount: e.count})
	}
	var err error
	if !blank {
		err = e.runCell(ctx, e.cell(req, order), out)
	}
	if order.StoreHistory && !blank {
		e.history.Add(e.count, order.Code, out.resultText())
	}
	return e.conclude(ctx, order, out, err), nil
}

// cell describes to the Language what to run.
func (e *executor) cell(req *request, order wire.ExecuteRequest) Cell {
	var metadata wire.ExecuteMetadata
	_ = json.Unmarshal(req.Metadata, &metadata) // a front end need not name its cells
	return Cell{
		Code:       order.Code,
		Number:     e.count,
		ID:         metadata.CellID,
		Silent:     order.Silent,
		AllowStdin: order.AllowStdin,
		Beside:     len(e.k.shells.ids()) > 0,
	}
}

func (e *executor) runCell(ctx context.Context, cell Cell, out Output) error {
	return e.k.guard("Execute", func() error { return e.k.lang.Execute(ctx, cell, out) })
}

// conclude publishes a failure and makes the reply. Output that is still
// gathered goes out first, so that idle comes after all of it.
func (e *executor) conclude(ctx context.Context, order wire.ExecuteRequest, out *output, err error) wire.ExecuteReply {
	out.flush()
	if err == nil {
		reply := e.reply("ok", nil)
		reply.Payload = out.payload()
		reply.UserExpressions = e.expressions(ctx, order.UserExpressions)
		return reply
	}
	failed := failure(err)
	if order.StopOnError || ctx.Err() != nil {
		e.abort()
	}
	out.publish("error", failed)
	return e.reply("error", failed)
}

// expressions evaluates the user_expressions of a cell that succeeded.
func (e *executor) expressions(ctx context.Context, sources map[string]string) map[string]any {
	values := make(map[string]any, len(sources))
	for name, source := range sources {
		values[name] = e.expression(ctx, source)
	}
	return values
}

func (e *executor) expression(ctx context.Context, source string) any {
	var value capture
	if err := e.runCell(ctx, Cell{Code: source, Number: e.count}, &value); err != nil {
		return errorReply(err)
	}
	result := value.result()
	return wire.Expression{Status: "ok", Data: orEmpty(result.Data), Metadata: orEmpty(result.Metadata)}
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

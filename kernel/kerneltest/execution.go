package kerneltest

import (
	"encoding/json"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel/wire"
)

// Execution is the round of an execute_request.
type Execution struct {
	*Round
	wire.ExecuteReply
}

// Cell is the execute_request that front ends send for an ordinary cell.
func Cell(code string) wire.ExecuteRequest {
	return wire.ExecuteRequest{Code: code, StoreHistory: true, StopOnError: true}
}

// Execute runs a cell and returns all that it brought about.
func (c *Client) Execute(code string) *Execution {
	c.t.Helper()
	return c.ExecuteAs(Cell(code))
}

// ExecuteAs runs a cell with the given settings.
func (c *Client) ExecuteAs(order wire.ExecuteRequest) *Execution {
	c.t.Helper()
	return c.FinishExecution(c.Send(wire.Shell, "execute_request", order))
}

// FinishExecution waits for the rest of an execution: busy, execute_input
// unless the cell was silent or aborted, outputs, execute_reply, idle. An error
// must be published exactly once, as it stands in the reply.
func (c *Client) FinishExecution(request wire.Message) *Execution {
	c.t.Helper()
	e := &Execution{Round: c.Finish(wire.Shell, request)}
	e.Decode(&e.ExecuteReply)
	e.checkInput()
	e.checkErrors()
	return e
}

// checkInput takes the execute_input from the outputs.
func (e *Execution) checkInput() {
	e.c.t.Helper()
	var order wire.ExecuteRequest
	e.c.Decode(e.Request, &order)
	if order.Silent || e.Status == "aborted" {
		return
	}
	if len(e.Outputs) == 0 || e.Outputs[0].Header.MsgType != "execute_input" {
		e.c.t.Fatalf("outputs are %q, want execute_input first", e.Types())
	}
	var input wire.ExecuteInput
	e.c.Decode(e.Outputs[0], &input)
	if input.Code != order.Code || input.ExecutionCount != e.ExecutionCount {
		e.c.t.Errorf("execute_input is %+v, the reply's count %d", input, e.ExecutionCount)
	}
	e.Outputs = e.Outputs[1:]
}

func (e *Execution) checkErrors() {
	e.c.t.Helper()
	var published []wire.Failure
	for _, msg := range e.Outputs {
		if msg.Header.MsgType == "error" {
			var f wire.Failure
			e.c.Decode(msg, &f)
			published = append(published, f)
		}
	}
	var want []wire.Failure
	if e.Status == "error" && e.Failure != nil {
		want = append(want, *e.Failure)
	}
	if diff := cmp.Diff(want, published); diff != "" {
		e.c.t.Errorf("error of the reply (-) and on iopub (+):\n%s", diff)
	}
}

// Result returns the execute_result, which there must be.
func (e *Execution) Result() wire.ExecuteResult {
	e.c.t.Helper()
	for _, msg := range e.Outputs {
		if msg.Header.MsgType == "execute_result" {
			var r wire.ExecuteResult
			e.c.Decode(msg, &r)
			return r
		}
	}
	e.c.t.Fatalf("no execute_result among %q", e.Types())
	return wire.ExecuteResult{}
}

// ReplyFields returns the names of the reply's fields, to see what is there.
func (e *Execution) ReplyFields() map[string]json.RawMessage {
	fields := make(map[string]json.RawMessage)
	e.Decode(&fields)
	return fields
}

package kernel_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// talker is a script that knows the comm target "echo", and the comms that were
// opened to it.
type talker struct {
	script
	open map[string]bool
}

func newTalker(s script) talker { return talker{s, map[string]bool{}} }

func (l talker) Comm(_ context.Context, m kernel.CommMessage, out kernel.Output) (bool, error) {
	switch {
	case m.Kind == "open":
		l.open[m.ID] = m.Target == "echo"
		return l.open[m.ID], nil
	case !l.open[m.ID]:
		return false, nil
	case string(m.Data) == `"fail"`:
		return true, errors.New("no such thing")
	}
	out.Stream(kernel.Stdout, "heard "+m.Kind)
	if m.Kind == "msg" {
		out.(kernel.CommOutput).Comm(m)
	}
	return true, nil
}

func commInfo(c *kerneltest.Client, target string) string {
	return string(c.Ask(wire.Shell, "comm_info_request", wire.CommInfoRequest{TargetName: target}).Reply.Content)
}

func comm(c *kerneltest.Client, kind, content string) *kerneltest.Round {
	return c.Watch(c.Send(wire.Shell, "comm_"+kind, json.RawMessage(content)))
}

func TestComms(t *testing.T) {
	c := start(t, newTalker(script{"opens": func(_ context.Context, out kernel.Output) error {
		out.(kernel.CommOutput).Comm(kernel.CommMessage{Kind: "open", ID: "ours", Target: "panel", Data: json.RawMessage(`{"x":1}`)})
		return nil
	}}))
	if r := comm(c, "open", `{"comm_id":"a","target_name":"nobody","data":{}}`); r.Types() != "comm_close" || string(r.Outputs[0].Content) != `{"comm_id":"a","data":{}}` {
		t.Errorf("an unknown target gave %q, want one comm_close", r.Types())
	}
	if r := comm(c, "open", `{"comm_id":"b","target_name":"echo","data":{}}`); r.Types() != "" {
		t.Errorf("a known target gave %q", r.Types())
	}
	if e := c.Execute("opens"); e.Types() != "comm_open" || string(e.Outputs[0].Content) != `{"comm_id":"ours","target_name":"panel","data":{"x":1}}` {
		t.Errorf("a cell that opens a comm gave %q", e.Types())
	}
	for target, want := range map[string]string{
		"":      `{"status":"ok","comms":{"b":{"target_name":"echo"},"ours":{"target_name":"panel"}}}`,
		"panel": `{"status":"ok","comms":{"ours":{"target_name":"panel"}}}`,
	} {
		if got := commInfo(c, target); got != want {
			t.Errorf("comms of %q: %s, want %s", target, got, want)
		}
	}

	msg := c.Message("comm_msg", json.RawMessage(`{"comm_id":"b","data":[1,2]}`))
	msg.Metadata, msg.Buffers = json.RawMessage(`{"version":"2.1.0"}`), [][]byte{{0, 255}, {}}
	c.SendMessage(wire.Shell, msg)
	r := c.Watch(msg)
	if r.Types() != "stream comm_msg" || r.Text("stdout") != "heard msg" {
		t.Fatalf("a message gave %q", r.Types())
	}
	back := r.Outputs[1]
	if string(back.Content) != string(msg.Content) || string(back.Metadata) != string(msg.Metadata) || len(back.Buffers) != 2 || string(back.Buffers[0]) != "\x00\xff" {
		t.Errorf("the echo is %s %s %q", back.Content, back.Metadata, back.Buffers)
	}
	if r := comm(c, "msg", `{"comm_id":"b","data":"fail"}`); r.Types() != "stream" || r.Text("stderr") != "Error: no such thing\n" {
		t.Errorf("a failure gave %q: %q", r.Types(), r.Text("stderr"))
	}
	if r := comm(c, "close", `{"comm_id":"b","data":{}}`); r.Types() != "stream" {
		t.Errorf("a close gave %q", r.Types())
	}
	if got := commInfo(c, "echo"); got != `{"status":"ok","comms":{}}` {
		t.Errorf("after the close there are %s", got)
	}
}

// A message of a comm waits for the cells of its shell, and only for those.
func TestCommWaitsItsTurn(t *testing.T) {
	running, gate := make(chan struct{}), make(chan struct{})
	c := start(t, newTalker(script{"long": func(context.Context, kernel.Output) error {
		close(running)
		<-gate
		return nil
	}}))
	id := subshell(c)
	long := cellTo(c, "", "long")
	<-running
	open := json.RawMessage(`{"comm_id":"w","target_name":"nobody","data":{}}`)
	waits := c.Send(wire.Shell, "comm_open", open)
	if r := c.Watch(sendTo(c, id, "comm_open", open)); r.Types() != "comm_close" {
		t.Errorf("the subshell gave %q", r.Types())
	}
	close(gate)
	if e := c.FinishExecution(long); e.Types() != "" {
		t.Errorf("the cell showed %q", e.Types())
	}
	if r := c.Watch(waits); r.Types() != "comm_close" {
		t.Errorf("the main shell gave %q", r.Types())
	}
}

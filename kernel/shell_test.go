package kernel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// TestRequests asks every question of the protocol that has one fixed answer,
// on both channels.
func TestRequests(t *testing.T) {
	c := start(t, script{})
	tests := []struct{ request, content, reply string }{
		{"complete_request", `{"code":"ec","cursor_pos":2}`,
			`{"status":"ok","matches":["echo"],"cursor_start":0,"cursor_end":2,"metadata":{"_jupyter_types_experimental":` +
				`[{"start":0,"end":2,"text":"echo","type":"keyword","signature":""}]}}`},
		{"complete_request", `{"code":"𨭎界","cursor_pos":900}`,
			`{"status":"ok","matches":["echo"],"cursor_start":0,"cursor_end":2,"metadata":{"_jupyter_types_experimental":` +
				`[{"start":0,"end":2,"text":"echo","type":"keyword","signature":""}]}}`},
		{"complete_request", `{"code":"panic"}`,
			`{"status":"error","ename":"KernelPanic","evalue":"complete_request panicked: complete","traceback":["complete_request panicked: complete"]}`},
		{"inspect_request", `{"code":"x","cursor_pos":-4}`, `{"status":"ok","found":true,"data":{"text/plain":"text"},"metadata":{}}`},
		{"inspect_request", `{"code":""}`, `{"status":"ok","found":false,"data":{},"metadata":{}}`},
		{"is_complete_request", `{"code":"x"}`, `{"status":"complete"}`},
		{"is_complete_request", `{"code":"x\\"}`, `{"status":"incomplete","indent":"  "}`},
		{"is_complete_request", `{"code":"error"}`, `{"status":"unknown"}`},
		{"comm_info_request", `{"target_name":"jupyter.widget"}`, `{"status":"ok","comms":{}}`},
		{"history_request", `{"hist_access_type":"tail","n":3}`, `{"status":"ok","history":[]}`},
		{"history_request", `{"hist_access_type":"sideways"}`,
			`{"status":"error","ename":"BadRequest","evalue":"hist_access_type is \"sideways\", want tail, range or search",` +
				`"traceback":["BadRequest: hist_access_type is \"sideways\", want tail, range or search"]}`},
		{"teapot_request", `{}`,
			`{"status":"error","ename":"NotImplemented","evalue":"this kernel does not know teapot_request","traceback":["NotImplemented: this kernel does not know teapot_request"]}`},
	}
	for _, test := range tests {
		for _, ch := range []wire.Channel{wire.Shell, wire.Control} {
			got := c.Ask(ch, test.request, json.RawMessage(test.content)).Reply.Content
			if diff := cmp.Diff(test.reply, string(got)); diff != "" {
				t.Errorf("%s %s on %s (-want +got):\n%s", test.request, test.content, ch, diff)
			}
		}
	}
}

func TestKernelInfo(t *testing.T) {
	c := start(t, echo{})
	want := `{"status":"ok","protocol_version":"5.6","implementation":"gocrate","implementation_version":"0.0.0",` +
		`"language_info":{"name":"echo","version":"1.0","mimetype":"text/plain","file_extension":".txt","pygments_lexer":"","codemirror_mode":"","nbconvert_exporter":"script"},` +
		`"banner":"echo 1.0","debugger":false,"help_links":[],"supported_features":["kernel subshells"]}`
	if diff := cmp.Diff(want, string(c.Ask(wire.Shell, "kernel_info_request", struct{}{}).Reply.Content)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConnectReplyHasThePorts(t *testing.T) {
	k := kerneltest.Start(t, echo{})
	c := kerneltest.Connect(t, k.Connection)
	var got wire.ConnectReply
	c.Ask(wire.Shell, "connect_request", struct{}{}).Decode(&got)
	conn := k.Connection
	want := wire.ConnectReply{
		Status:        "ok",
		ShellPort:     conn.ShellPort,
		IOPubPort:     conn.IOPubPort,
		StdinPort:     conn.StdinPort,
		HeartbeatPort: conn.HeartbeatPort,
		ControlPort:   conn.ControlPort,
	}
	if got != want || got.ShellPort == 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Whatever the content is, a signed request gets its one reply.
func TestMalformedContent(t *testing.T) {
	c := start(t, echo{})
	for _, request := range []string{"complete_request", "inspect_request", "is_complete_request", "history_request", "execute_request"} {
		msg := c.Message(request, json.RawMessage(`{"code":5,"hist_access_type":[]}`))
		c.SendMessage(wire.Shell, msg)
		var reply wire.ErrorReply
		c.Finish(wire.Shell, msg).Decode(&reply)
		if reply.Status != "error" || reply.Name != "BadRequest" {
			t.Errorf("%s: %+v, want a BadRequest", request, reply)
		}
	}
}

func TestCommsAreRefused(t *testing.T) {
	c := start(t, echo{})
	r := c.Watch(c.Send(wire.Shell, "comm_open", json.RawMessage(`{"comm_id":"w1","target_name":"nobody","data":{}}`)))
	if r.Types() != "comm_close" || string(r.Outputs[0].Content) != `{"comm_id":"w1","data":{}}` {
		t.Errorf("comm_open gave %q, want one comm_close", r.Types())
	}
	for _, quiet := range []string{"comm_msg", "comm_close", "gossip"} {
		if r := c.Watch(c.Send(wire.Shell, quiet, json.RawMessage(`{"comm_id":"w1"}`))); r.Types() != "" {
			t.Errorf("%s gave %q, want nothing", quiet, r.Types())
		}
	}
}

func TestParentIsVerbatim(t *testing.T) {
	c := start(t, echo{})
	frames := c.Seal(c.Message("kernel_info_request", struct{}{}))
	header := json.RawMessage(`{"msg_id":"m-1", "session":"s", "msg_type":"kernel_info_request", "extra" : [1, {"x":null}]}`)
	frames[2] = header
	frames[1] = wire.Sign([]byte(testKey), frames[2:6])
	c.SendFrames(wire.Shell, frames)
	reply := c.Take(wire.Shell, "m-1")
	if string(reply.Parent) != string(header) {
		t.Errorf("parent_header is %s, want %s", reply.Parent, header)
	}
	for range 2 {
		if msg := c.Take(wire.IOPub, "m-1"); string(msg.Parent) != string(header) {
			t.Errorf("parent_header on iopub is %s", msg.Parent)
		}
	}
}

// The kernel panel of JupyterLab shows what usage_reply tells.
func TestUsage(t *testing.T) {
	c := start(t, echo{})
	var reply wire.UsageReply
	for range 2 {
		if err := json.Unmarshal(c.Ask(wire.Control, "usage_request", struct{}{}).Reply.Content, &reply); err != nil {
			t.Fatal(err)
		}
	}
	if reply.Status != "ok" || reply.PID != os.Getpid() || reply.CPUCount < 1 || reply.KernelMemory < 1<<20 {
		t.Errorf("got %+v", reply)
	}
	if m := reply.HostMemory; m == nil || m.Total < reply.KernelMemory || m.Total < m.Available || m.Percent < 0 || m.Percent > 100 {
		t.Errorf("memory of the machine: %+v", m)
	}
}

func TestHistory(t *testing.T) {
	kept := &store{past: []kernel.HistoryEntry{{Session: 1, Line: 1, Input: "old"}, {Session: 2, Line: 1, Input: "older x"}}}
	h := kernel.NewHistory(kept)
	k := kerneltest.StartOn(t, loopback(), script{"quiet": func(context.Context, kernel.Output) error { return nil }}, kernel.Options{History: h})
	c := kerneltest.Connect(t, k.Connection)
	for _, code := range []string{"x", "quiet", "x", "fail"} {
		c.Execute(code)
	}
	c.ExecuteAs(wire.ExecuteRequest{Code: "not kept"})
	tests := []struct{ question, want string }{
		{`{"hist_access_type":"tail","n":2}`, `[[3,3,"x"],[3,4,"fail"]]`},
		{`{"hist_access_type":"tail","n":2,"output":true}`, `[[3,3,["x","x"]],[3,4,["fail",null]]]`},
		{`{"hist_access_type":"tail","n":-1}`, `[]`},
		{`{"hist_access_type":"range","session":0,"start":1,"stop":3}`, `[[3,1,"x"],[3,2,"quiet"]]`},
		{`{"hist_access_type":"range","session":0,"start":4}`, `[[3,4,"fail"]]`},
		{`{"hist_access_type":"range","session":-1,"start":0,"stop":null}`, `[[2,1,"older x"]]`},
		{`{"hist_access_type":"range","session":1,"start":0}`, `[[1,1,"old"]]`},
		{`{"hist_access_type":"search","pattern":"*x"}`, `[[2,1,"older x"],[3,1,"x"],[3,3,"x"]]`},
		{`{"hist_access_type":"search","pattern":"*x","unique":true}`, `[[2,1,"older x"],[3,3,"x"]]`},
		{`{"hist_access_type":"search","pattern":"*x","n":1}`, `[[3,3,"x"]]`},
		{`{"hist_access_type":"search","pattern":"?u[i]et"}`, `[]`},
		{`{"hist_access_type":"search","pattern":"?uiet"}`, `[[3,2,"quiet"]]`},
	}
	for _, test := range tests {
		got := string(c.Ask(wire.Shell, "history_request", json.RawMessage(test.question)).Reply.Content)
		if want := fmt.Sprintf(`{"status":"ok","history":%s}`, test.want); got != want {
			t.Errorf("%s: got %s, want %s", test.question, got, want)
		}
	}
	if len(kept.added) != 4 || kept.added[3].Input != "fail" {
		t.Errorf("the store was given %+v, want four cells", kept.added)
	}
}

// store is a HistoryStore whose session is the third.
type store struct{ past, added []kernel.HistoryEntry }

func (s *store) Session() int                { return 3 }
func (s *store) Past() []kernel.HistoryEntry { return s.past }
func (s *store) Add(e kernel.HistoryEntry)   { s.added = append(s.added, e) }

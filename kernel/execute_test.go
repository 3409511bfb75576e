package kernel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// The client checks busy, input, outputs, reply, idle and their parents in
// every one of these tests.

func TestExecuteShowsInOrder(t *testing.T) {
	c := start(t, script{"show": func(_ context.Context, out kernel.Output) error {
		out.Stream(kernel.Stdout, "a")
		out.Stream(kernel.Stdout, "b")
		out.Stream(kernel.Stderr, "c")
		out.Stream(kernel.Stdout, "d")
		out.Display(kernel.Bundle{Data: map[string]any{"text/plain": "figure"}, ID: "f1"})
		out.Update(kernel.Bundle{Data: map[string]any{"text/plain": "figure"}, ID: "f1"})
		out.Clear(true)
		out.Result(kernel.Bundle{Data: map[string]any{"text/plain": "42"}})
		out.Stream(kernel.Stdout, "e")
		return nil
	}})
	e := c.Execute("show")
	want := []string{
		`stream {"name":"stdout","text":"ab"}`,
		`stream {"name":"stderr","text":"c"}`,
		`stream {"name":"stdout","text":"d"}`,
		`display_data {"data":{"text/plain":"figure"},"metadata":{},"transient":{"display_id":"f1"}}`,
		`update_display_data {"data":{"text/plain":"figure"},"metadata":{},"transient":{"display_id":"f1"}}`,
		`clear_output {"wait":true}`,
		`execute_result {"execution_count":1,"data":{"text/plain":"42"},"metadata":{},"transient":{}}`,
		`stream {"name":"stdout","text":"e"}`,
	}
	var got []string
	for _, msg := range e.Outputs {
		got = append(got, fmt.Sprintf("%s %s", msg.Header.MsgType, msg.Content))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if got, want := string(e.Round.Reply.Content), `{"status":"ok","execution_count":1,"user_expressions":{},"payload":[]}`; got != want {
		t.Errorf("reply is %s, want %s", got, want)
	}
}

// A cell that prints or draws for ever kills no browser: its output ends with
// one note, and the cell goes on.
func TestOutputIsBounded(t *testing.T) {
	line := strings.Repeat("x", 1<<20-1) + "\n"
	picture := kernel.Bundle{Data: map[string]any{"image/png": strings.Repeat("x", 4<<20)}}
	c := start(t, script{
		"print": func(_ context.Context, out kernel.Output) error {
			for range 20 {
				out.Stream(kernel.Stdout, line)
			}
			out.Stream(kernel.Stdout, "the end")
			return nil
		},
		"draw": func(_ context.Context, out kernel.Output) error {
			for range 20 {
				out.Display(picture)
			}
			out.Update(picture)
			return nil
		},
		"animate": func(_ context.Context, out kernel.Output) error {
			for range 20 {
				out.Clear(true)
				out.Display(picture)
			}
			return nil
		},
	})
	for _, test := range []struct {
		code        string
		text, shows int
		note        string
	}{
		{"print", 8 << 20, 0, "more than 8 MiB"},
		{"draw", 0, 15 + 1, "more than 64 MiB"},
		{"animate", 0, 20, ""},
	} {
		text, notes, shows := 0, "", 0
		for _, m := range c.Execute(test.code).Outputs {
			var s wire.Stream
			switch m.Header.MsgType {
			case "stream":
				json.Unmarshal(m.Content, &s)
			case "display_data", "update_display_data":
				shows++
			}
			if s.Name == "stderr" {
				notes += s.Text
			} else {
				text += len(s.Text)
			}
		}
		if text != test.text || shows != test.shows || !strings.Contains(notes, test.note) || strings.Count(notes, "[") != min(len(test.note), 1) {
			t.Errorf("%s: %d bytes of text, %d displays, notes %q; want %d, %d, %q", test.code, text, shows, notes, test.text, test.shows, test.note)
		}
	}
}

// What a cell asks of its own front end comes with the reply, in order, and
// only if the cell succeeds.
func TestPayloads(t *testing.T) {
	ask := func(_ context.Context, out kernel.Output) error {
		out.Payload(kernel.Payload{Page: &kernel.Bundle{Data: map[string]any{"text/plain": "a manual"}}})
		out.Payload(kernel.Payload{Next: "1 + 1", Replace: true})
		return nil
	}
	c := start(t, script{"ask": ask, "fail": func(ctx context.Context, out kernel.Output) error {
		ask(ctx, out)
		return errors.New("no")
	}})
	const want = `"payload":[{"source":"page","data":{"text/plain":"a manual"},"start":0},` +
		`{"source":"set_next_input","text":"1 + 1","replace":true}]`
	if got := string(c.Execute("ask").Round.Reply.Content); !strings.Contains(got, want) {
		t.Errorf("reply is %s, want it to have %s", got, want)
	}
	for _, code := range []string{"fail", "nothing"} {
		if got := string(c.Execute(code).Round.Reply.Content); !strings.Contains(got, `"payload":[]`) {
			t.Errorf("%s: reply is %s, want no payload", code, got)
		}
	}
}

func TestExecutionCount(t *testing.T) {
	c := start(t, echo{})
	steps := []struct {
		name  string
		order wire.ExecuteRequest
		want  int
	}{
		{"first", kerneltest.Cell("x"), 1},
		{"silent", wire.ExecuteRequest{Code: "x", Silent: true, StoreHistory: true}, 1},
		{"second", kerneltest.Cell("x"), 2},
		{"not stored", wire.ExecuteRequest{Code: "x"}, 2},
		{"blank", kerneltest.Cell(" \n"), 2},
		{"silent and empty", wire.ExecuteRequest{Silent: true}, 2},
		{"failing", kerneltest.Cell("fail"), 3},
		{"fourth", kerneltest.Cell("x"), 4},
	}
	for _, step := range steps {
		if got := c.ExecuteAs(step.order).ExecutionCount; got != step.want {
			t.Errorf("%s: execution_count %d, want %d", step.name, got, step.want)
		}
	}
}

func TestSilentShowsNothingButErrors(t *testing.T) {
	c := start(t, script{"show": func(_ context.Context, out kernel.Output) error {
		out.Stream(kernel.Stdout, "text")
		out.Display(kernel.Bundle{})
		out.Result(kernel.Bundle{})
		return nil
	}})
	if e := c.ExecuteAs(wire.ExecuteRequest{Code: "show", Silent: true}); e.Types() != "" {
		t.Errorf("a silent cell published %s", e.Types())
	}
	if e := c.ExecuteAs(wire.ExecuteRequest{Code: "fail", Silent: true}); e.Types() != "error" {
		t.Errorf("a failing silent cell published %q, want error", e.Types())
	}
}

func TestFailures(t *testing.T) {
	c := start(t, script{
		"plain":  func(context.Context, kernel.Output) error { return errors.New("no luck") },
		"panic":  func(context.Context, kernel.Output) error { panic("boom") },
		"silent": func(context.Context, kernel.Output) error { return &kernel.Error{Name: "Quiet"} },
	})
	tests := []struct {
		code string
		want wire.Failure
	}{
		{"fail", wire.Failure{Name: "Failure", Value: "as you asked", Traceback: []string{"In[1]: fail"}}},
		{"plain", wire.Failure{Name: "Error", Value: "no luck", Traceback: []string{"Error: no luck"}}},
		{"silent", wire.Failure{Name: "Quiet", Traceback: []string{"Quiet"}}},
		{"panic", wire.Failure{Name: "KernelPanic", Value: "Execute panicked: boom", Traceback: []string{"Execute panicked: boom"}}},
	}
	for _, test := range tests {
		e := c.Execute(test.code)
		if e.Status != "error" || e.Failure == nil {
			t.Errorf("%s: status %q, want error", test.code, e.Status)
			continue
		}
		if diff := cmp.Diff(test.want, *e.Failure); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.code, diff)
		}
		for _, field := range []string{"ename", "evalue", "traceback", "execution_count", "payload", "user_expressions"} {
			if _, ok := e.ReplyFields()[field]; !ok {
				t.Errorf("%s: reply lacks %s: %s", test.code, field, e.Round.Reply.Content)
			}
		}
	}
}

func TestErrorAbortsTheQueue(t *testing.T) {
	gate := make(chan struct{})
	c := start(t, script{"gate": func(context.Context, kernel.Output) error {
		<-gate
		return errors.New("failed")
	}})
	failing := c.Send(wire.Shell, "execute_request", kerneltest.Cell("gate"))
	second := c.Send(wire.Shell, "execute_request", kerneltest.Cell("second"))
	third := c.Send(wire.Shell, "execute_request", kerneltest.Cell("third"))
	c.Ask(wire.Shell, "kernel_info_request", struct{}{}) // answered meanwhile, and after both have been queued
	close(gate)
	for request, want := range map[*wire.Message]string{&failing: "error", &second: "aborted", &third: "aborted"} {
		if e := c.FinishExecution(*request); e.Status != want || e.ExecutionCount != 1 {
			t.Errorf("status %q with count %d, want %q with count 1", e.Status, e.ExecutionCount, want)
		}
	}
	if e := c.Execute("after"); e.Status != "ok" || e.ExecutionCount != 2 {
		t.Errorf("a later cell: %q %d, want ok 2", e.Status, e.ExecutionCount)
	}
}

func TestStopOnErrorFalseGoesOn(t *testing.T) {
	c := start(t, echo{})
	failing := c.Send(wire.Shell, "execute_request", wire.ExecuteRequest{Code: "fail", StoreHistory: true})
	next := c.Send(wire.Shell, "execute_request", kerneltest.Cell("next"))
	if e := c.FinishExecution(failing); e.Status != "error" {
		t.Errorf("status %q, want error", e.Status)
	}
	if e := c.FinishExecution(next); e.Status != "ok" {
		t.Errorf("the cell behind: status %q, want ok", e.Status)
	}
}

// "Run all" sends its cells before it can know that the first has failed, but
// some arrive after.
func TestRequestSentBeforeAnErrorIsAbortedWhenLate(t *testing.T) {
	c := start(t, echo{})
	var early [2]wire.Message
	for i := range early {
		early[i] = c.Message("execute_request", kerneltest.Cell("early"))
	}
	browser := time.Now().Add(-2 * time.Millisecond).UTC().Truncate(time.Millisecond)
	early[1].Header.Date = browser.Format(time.RFC3339Nano)
	c.Execute("fail")
	for _, request := range early {
		c.SendMessage(wire.Shell, request)
		if e := c.FinishExecution(request); e.Status != "aborted" {
			t.Errorf("sent before the error, at %s: %q, want aborted", request.Header.Date, e.Status)
		}
	}
	if e := c.Execute("later"); e.Status != "ok" {
		t.Errorf("sent after the error: %q, want ok", e.Status)
	}
}

func TestUserExpressions(t *testing.T) {
	c := start(t, script{"bad": func(_ context.Context, out kernel.Output) error {
		out.Stream(kernel.Stdout, "not shown")
		return errors.New("bad expression")
	}})
	order := kerneltest.Cell("cell")
	order.UserExpressions = map[string]string{"a": "1+1", "b": "bad"}
	got, err := json.Marshal(c.ExecuteAs(order).UserExpressions)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"a":{"data":{"text/plain":"1+1"},"metadata":{},"status":"ok"},` +
		`"b":{"ename":"Error","evalue":"bad expression","status":"error","traceback":["Error: bad expression"]}}`
	if string(got) != want {
		t.Errorf("user_expressions are\n%s, want\n%s", got, want)
	}
}

func TestManyLinesAreGatheredAndNoneIsLost(t *testing.T) {
	const lines = 2000
	c := start(t, script{"print": func(_ context.Context, out kernel.Output) error {
		for i := range lines {
			out.Stream(kernel.Stdout, fmt.Sprintln("line", i))
		}
		return nil
	}})
	var want strings.Builder
	for i := range lines {
		fmt.Fprintln(&want, "line", i)
	}
	e := c.Execute("print")
	if diff := cmp.Diff(want.String(), e.Text("stdout")); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	if len(e.Outputs) > lines/10 {
		t.Errorf("%d lines came in %d messages", lines, len(e.Outputs))
	}
}

func TestLongTextIsCutBetweenCharacters(t *testing.T) {
	text := strings.Repeat("x", 64<<10-1) + strings.Repeat("界", 50_000)
	c := start(t, script{"print": func(_ context.Context, out kernel.Output) error {
		out.Stream(kernel.Stdout, text)
		return nil
	}})
	e := c.Execute("print")
	if e.Text("stdout") != text {
		t.Error("the text arrived changed")
	}
	for _, msg := range e.Outputs {
		if len(msg.Content) > 65<<10 {
			t.Errorf("one message has %d bytes", len(msg.Content))
		}
	}
}

func TestOutputArrivesWhileTheCellRuns(t *testing.T) {
	seen := make(chan struct{})
	c := start(t, script{"print": func(_ context.Context, out kernel.Output) error {
		out.Stream(kernel.Stdout, "half of \xe7")
		<-seen
		out.Stream(kernel.Stdout, "\x95\x8c")
		return nil
	}})
	request := c.Send(wire.Shell, "execute_request", kerneltest.Cell("print"))
	for _, want := range []string{"status", "execute_input", "stream"} {
		if msg := c.Take(wire.IOPub, request.Header.MsgID); msg.Header.MsgType != want {
			t.Fatalf("got %s, want %s", msg.Header.MsgType, want)
		}
	}
	close(seen)
	rest := c.Take(wire.IOPub, request.Header.MsgID)
	if got, want := string(rest.Content), `{"name":"stdout","text":"界"}`; got != want {
		t.Errorf("the other half: %s, want %s", got, want)
	}
	c.Take(wire.IOPub, request.Header.MsgID) // idle
	c.Take(wire.Shell, request.Header.MsgID)
}

func TestLateOutputBelongsToItsCell(t *testing.T) {
	release := make(chan struct{})
	c := start(t, script{"go": func(_ context.Context, out kernel.Output) error {
		go func() {
			<-release
			out.Stream(kernel.Stdout, "late")
			out.Display(kernel.Bundle{})
		}()
		return nil
	}})
	first := c.Execute("go")
	c.Execute("another")
	close(release)
	for _, want := range []string{"stream", "display_data"} {
		if msg := c.Take(wire.IOPub, first.Request.Header.MsgID); msg.Header.MsgType != want {
			t.Errorf("late output is %s, want %s", msg.Header.MsgType, want)
		}
	}
}

func TestValuesThatJSONLacks(t *testing.T) {
	c := start(t, script{"nan": func(_ context.Context, out kernel.Output) error {
		out.Result(kernel.Bundle{Data: map[string]any{
			"text/plain":       "bad \xff byte",
			"application/json": map[string]any{"loss": math.NaN(), "rate": []float64{1, math.Inf(1)}},
		}})
		return nil
	}})
	got := c.Execute("nan").Result().Data
	want := map[string]any{
		"text/plain":       "bad \uFFFD byte",
		"application/json": map[string]any{"loss": nil, "rate": []any{1.0, nil}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("data (-want +got):\n%s", diff)
	}
}

func TestCellIDReachesTheLanguage(t *testing.T) {
	cells := make(chan kernel.Cell, 1)
	c := start(t, recorder{script{}, cells})
	msg := c.Message("execute_request", wire.ExecuteRequest{Code: "x", StoreHistory: true, AllowStdin: true})
	msg.Metadata = json.RawMessage(`{"cellId":"c-7","deletedCells":[]}`)
	c.SendMessage(wire.Shell, msg)
	c.FinishExecution(msg)
	if got, want := <-cells, (kernel.Cell{Code: "x", Number: 1, ID: "c-7", AllowStdin: true}); got != want {
		t.Errorf("cell is %+v, want %+v", got, want)
	}
}

// recorder passes on the cells that it is given.
type recorder struct {
	script
	cells chan<- kernel.Cell
}

func (r recorder) Execute(ctx context.Context, cell kernel.Cell, out kernel.Output) error {
	r.cells <- cell
	return nil
}

func TestInterruptCancelsTheCellAndTheQueue(t *testing.T) {
	running := make(chan struct{})
	c := start(t, script{"wait": until(running)})
	waiting := c.Send(wire.Shell, "execute_request", wire.ExecuteRequest{Code: "wait"})
	behind := c.Send(wire.Shell, "execute_request", kerneltest.Cell("behind"))
	<-running
	for _, ch := range []wire.Channel{wire.Control, wire.Shell} { // both answer during a cell
		c.Ask(ch, "kernel_info_request", struct{}{})
	}
	begin := time.Now()
	if got := string(c.Ask(wire.Control, "interrupt_request", struct{}{}).Reply.Content); got != `{"status":"ok"}` {
		t.Errorf("interrupt_reply is %s", got)
	}
	if e := c.FinishExecution(waiting); e.Failure == nil || e.Name != "Interrupted" {
		t.Errorf("the cell ended with %s, want Interrupted", e.Round.Reply.Content)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("the interrupt took %v", took)
	}
	if e := c.FinishExecution(behind); e.Status != "aborted" {
		t.Errorf("the cell behind: %q, want aborted", e.Status)
	}
	if e := c.Execute("after"); e.Status != "ok" {
		t.Errorf("a later cell: %q, want ok", e.Status)
	}
	c.Ask(wire.Control, "interrupt_request", struct{}{}) // nothing runs: nothing happens
}

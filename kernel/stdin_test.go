package kernel_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// ask is a cell that asks for a line and prints it.
func ask(ctx context.Context, out kernel.Output) error {
	out.Stream(kernel.Stdout, "question: ")
	line, err := out.Input(ctx, "name? ", true)
	if errors.Is(err, io.EOF) {
		line, err = "EOF", nil
	}
	out.Stream(kernel.Stdout, line)
	return err
}

func asking() wire.ExecuteRequest {
	order := kerneltest.Cell("ask")
	order.AllowStdin = true
	return order
}

func TestInput(t *testing.T) {
	c := start(t, script{"ask": ask})
	for answer, want := range map[string]string{"Ada": "question: Ada", "\x04": "question: EOF"} {
		request := c.Send(wire.Shell, "execute_request", asking())
		question := c.Take(wire.Stdin, request.Header.MsgID)
		if got := string(question.Content); question.Header.MsgType != "input_request" || got != `{"prompt":"name? ","password":true}` {
			t.Errorf("%s %s, want an input_request", question.Header.MsgType, got)
		}
		stale := c.Message("input_reply", wire.InputReply{Value: "stale"})
		stale.Parent = []byte(`{"msg_id":"another question"}`)
		c.SendMessage(wire.Stdin, stale)
		c.Send(wire.Stdin, "input_reply", wire.InputReply{Value: answer})
		if e := c.FinishExecution(request); e.Text("stdout") != want {
			t.Errorf("stdout is %q, want %q", e.Text("stdout"), want)
		}
	}
}

func TestInputIsRefusedWhereNotAllowed(t *testing.T) {
	c := start(t, script{"ask": ask})
	if e := c.Execute("ask"); e.Status != "error" {
		t.Errorf("status %q, want error", e.Status)
	}
}

func TestInterruptEndsInputAndItsAnswerIsForgotten(t *testing.T) {
	c := start(t, script{"ask": ask})
	request := c.Send(wire.Shell, "execute_request", asking())
	c.Take(wire.Stdin, request.Header.MsgID)
	c.Ask(wire.Control, "interrupt_request", struct{}{})
	if e := c.FinishExecution(request); e.Failure == nil || e.Name != "Interrupted" {
		t.Errorf("reply %s, want Interrupted", e.Round.Reply.Content)
	}
	c.Send(wire.Stdin, "input_reply", wire.InputReply{Value: "too late"})
	c.Ping("a moment") // no order is promised between channels; the next cell asks anew in any case
	request = c.Send(wire.Shell, "execute_request", asking())
	question := c.Take(wire.Stdin, request.Header.MsgID)
	reply := c.Message("input_reply", wire.InputReply{Value: "now"})
	reply.Parent = question.AsParent()
	c.SendMessage(wire.Stdin, reply)
	if e := c.FinishExecution(request); e.Text("stdout") != "question: now" {
		t.Errorf("stdout is %q", e.Text("stdout"))
	}
}

func TestGoroutineCannotAskAfterItsCell(t *testing.T) {
	release, result := make(chan struct{}), make(chan error)
	c := start(t, script{"go": func(_ context.Context, out kernel.Output) error {
		go func() {
			<-release
			_, err := out.Input(context.Background(), "?", false)
			result <- err
		}()
		return nil
	}})
	order := kerneltest.Cell("go")
	order.AllowStdin = true
	c.ExecuteAs(order)
	c.Execute("next") // the first cell's context has ended by now
	close(release)
	if err := <-result; err == nil {
		t.Error("Input succeeded after the cell's end, want an error")
	}
}

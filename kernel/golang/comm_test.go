package golang_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/kernel"
)

// front is a recorder that is connected to a front end's comms.
type front struct{ recorder }

func (f *front) Comm(m kernel.CommMessage) {
	f.Stream(kernel.Stdout, fmt.Sprintf("%s %s %s %q\n", m.Kind, m.Data, m.Metadata, m.Buffers))
}

// TestComm carries messages between a cell and a front end, both ways.
func TestComm(t *testing.T) {
	n := newNotebook(t)
	n.value(`type Point struct{ X int }
heard := 0
display.OnComm("t", func(c *display.Comm, m display.CommMessage) {
	c.OnMessage(func(m display.CommMessage) {
		heard++
		switch v := m.Data.(type) {
		case string:
			fmt.Print("text ")
			panic(v)
		case bool:
			for {}
		}
		fmt.Println(m.Data, m.Metadata["k"], m.Buffers)
		c.Send(display.CommMessage{Data: Point{heard}, Metadata: map[string]any{"n": heard}, Buffers: m.Buffers})
	})
})`)
	send := func(ctx context.Context, m kernel.CommMessage) (string, bool, error) {
		out := &front{}
		known, err := n.Comm(ctx, m, out)
		return out.String(), known, err
	}
	msg := func(data string) kernel.CommMessage {
		return kernel.CommMessage{Kind: "msg", ID: "c", Data: json.RawMessage(data), Metadata: json.RawMessage(`{"k":7}`), Buffers: [][]byte{[]byte("b")}}
	}
	ctx := context.Background()
	for _, m := range []kernel.CommMessage{msg("1"), {Kind: "open", ID: "c", Target: "none"}, {Kind: "close", ID: "c"}} {
		if got, known, err := send(ctx, m); got != "" || known || err != nil {
			t.Errorf("%s of what nobody knows gave %q, %v, %v", m.Kind, got, known, err)
		}
	}
	if _, known, err := send(ctx, kernel.CommMessage{Kind: "open", ID: "c", Target: "t"}); !known || err != nil {
		t.Fatalf("open gave %v, %v", known, err)
	}
	if got, _, err := send(ctx, msg("[1,2]")); err != nil || got != "[1 2] 7 [[98]]\nmsg {\"X\":1} {\"n\":1} [\"b\"]\n" {
		t.Errorf("a message gave %q, %v", got, err)
	}
	var e *kernel.Error
	if _, known, err := send(ctx, msg(`"text"`)); !known || !errors.As(err, &e) || !strings.Contains(e.Text(), "In[1]:") {
		t.Errorf("a panic gave %v, want one with a place in In[1]", err)
	}
	stopped, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { _, _, err := send(stopped, msg("true")); done <- err }()
	for n.value("heard") != "3" {
	}
	cancel()
	if err := <-done; !errors.As(err, &e) || e.Name != "Interrupted" {
		t.Errorf("an interrupted call gave %v", err)
	}
	if got, _, err := send(ctx, msg("5")); err != nil || !strings.Contains(got, `msg {"X":4}`) {
		t.Errorf("afterwards a message gave %q, %v", got, err)
	}
	if _, known, err := send(ctx, kernel.CommMessage{Kind: "close", ID: "c"}); !known || err != nil {
		t.Errorf("close gave %v, %v", known, err)
	}
}

package display

import (
	"fmt"
	"strings"
	"testing"
)

func TestComm(t *testing.T) {
	r := record(t)
	var heard []string
	hear := func(what string) func(CommMessage) {
		return func(m CommMessage) { heard = append(heard, fmt.Sprint(what, m.Data)) }
	}
	receive := func(kind, id, target string, data any) bool {
		call := ReceiveComm(kind, id, target, CommMessage{Data: data})
		if call != nil {
			call()
		}
		return call != nil
	}
	own := OpenComm("panel", CommMessage{Data: 1})
	if !receive("msg", own.ID, "", "ignored") {
		t.Error("a message that nobody hears is not known")
	}
	own.OnMessage(hear("message "))
	own.OnClose(hear("end "))
	own.Send(CommMessage{Data: 2, Buffers: [][]byte{{3}}})
	receive("msg", own.ID, "", "a")
	receive("close", own.ID, "", "b")

	OnComm("cell", func(c *Comm, m CommMessage) {
		hear("opening ")(m)
		c.OnMessage(func(m CommMessage) { c.Close(m) })
	})
	receive("open", "theirs", "cell", "c")
	receive("msg", "theirs", "", "d")
	for _, gone := range []string{own.ID, "theirs", "never"} {
		if receive("msg", gone, "", 0) {
			t.Errorf("comm %s still takes messages", gone)
		}
	}
	if receive("open", "x", "nowhere", 0) {
		t.Error("a target that nobody serves accepts a comm")
	}
	if got, want := strings.Join(heard, ", "), "message a, end b, opening c"; got != want {
		t.Errorf("the cell heard %q, want %q", got, want)
	}
	if got, want := strings.Join(r.log, ", "), "open panel 1 [], msg panel 2 [[3]], close cell d []"; got != want {
		t.Errorf("the notebook heard %q, want %q", got, want)
	}
}

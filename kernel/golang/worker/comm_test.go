//go:build unix

package worker

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel"
)

// talking is a recorder that takes messages of comms.
type talking struct {
	*recorder
	got []kernel.CommMessage
}

func (r *talking) Comm(m kernel.CommMessage) {
	r.add("comm", m.ID)
	r.got = append(r.got, m)
}

// TestComm: messages come through whole, in order with what is printed.
func TestComm(t *testing.T) {
	c := newTestClient(t, Options{})
	r := &talking{recorder: newRecorder()}
	m := kernel.CommMessage{
		Kind: "msg", ID: "c", Target: "t", Data: json.RawMessage(`{"a":[1,"<"]}`),
		Metadata: json.RawMessage(`{}`), Buffers: [][]byte{{0, 1, 255}, {}},
	}
	if known, err := c.Comm(t.Context(), m, r); !known || err != nil {
		t.Errorf("a message gave %v, %v", known, err)
	}
	if diff := cmp.Diff([]kernel.CommMessage{m}, r.got); diff != "" {
		t.Errorf("the echo (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]item{{"stdout", "before "}, {"comm", "c"}, {"stdout", "after"}}, r.list(), cmp.AllowUnexported(item{})); diff != "" {
		t.Errorf("its place (-want +got):\n%s", diff)
	}
	if known, err := c.Comm(t.Context(), kernel.CommMessage{Kind: "msg", ID: "other"}, r); known || err != nil {
		t.Errorf("an unknown comm gave %v, %v", known, err)
	}
	if e, ok := errOf(c.Comm(t.Context(), kernel.CommMessage{Kind: "close", ID: "c"}, r)).(*kernel.Error); !ok || e.Name != "Failed" {
		t.Errorf("a failure gave %v", e)
	}
}

func errOf(_ bool, err error) error { return err }

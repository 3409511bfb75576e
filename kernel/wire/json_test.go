package wire_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel/wire"
)

type point struct {
	X     float64 `json:"x"`
	Name  string  `json:"name,omitempty"`
	Skip  float64 `json:"-"`
	inner float64
	label
}

type label struct{ Tag string }

type failing struct{}

func (failing) MarshalJSON() ([]byte, error) { return nil, errors.New("will not") }

type loop struct{ Next *loop }

func TestMarshal(t *testing.T) {
	nan := math.NaN()
	var nothing *point
	tests := []struct {
		value any
		want  string
	}{
		{"<a & b>", `"<a & b>"`},
		{"\xff", `"\ufffd"`},
		{nan, `null`},
		{[]float64{1, nan, math.Inf(-1)}, `[1,null,null]`},
		{[2]float32{float32(nan), 0.5}, `[null,0.5]`},
		{map[string]any{"a": nan, "b": []byte("hi"), "c": nothing}, `{"a":null,"b":"aGk=","c":null}`},
		{map[float64]int{nan: 1}, `{"NaN":1}`},
		{&point{X: nan, Skip: nan, inner: nan, label: label{"t"}}, `{"Tag":"t","x":null}`},
		{[]any{nan, json.RawMessage(`{"raw":1}`), time.Unix(0, 0).UTC()}, `[null,{"raw":1},"1970-01-01T00:00:00Z"]`},
		{[]any{complex(1, 2)}, `["(1+2i)"]`},
		{map[string]any{"ok": 1, "bad": failing{}}, `{"bad":"json: error calling MarshalJSON for type wire_test.failing: will not","ok":1}`},
	}
	for _, test := range tests {
		got, err := wire.Marshal(test.value)
		if err != nil || string(got) != test.want {
			t.Errorf("%v: got %s, %v, want %s", test.value, got, err, test.want)
		}
	}
}

func TestMarshalOfHostileValues(t *testing.T) {
	cycle := new(loop)
	cycle.Next = cycle
	if got, err := wire.Marshal(cycle); err != nil || !json.Valid(got) {
		t.Errorf("a cycle: %v, want JSON of some depth", err)
	}
	if _, err := wire.Marshal(panicking{}); err == nil {
		t.Error("a MarshalJSON that panics: no error")
	}
}

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("no") }

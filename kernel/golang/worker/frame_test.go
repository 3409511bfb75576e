package worker

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/kernel"
	"github.com/google/go-cmp/cmp"
)

func TestFrame(t *testing.T) {
	want := event{Op: "display", ID: 1, Run: 2, Seq: 3, Bundle: &kernel.Bundle{Data: map[string]any{"text/plain": "ε <&> \a"}, ID: "x"}, Wait: true,
		Completion: &kernel.Completion{Matches: []kernel.Match{{Text: "a"}}, Start: 1, End: 2}, Fault: &fault{Cell: &kernel.Error{Name: "E", Traceback: []string{"t"}}}}
	frame, err := encode(want)
	if err != nil {
		t.Fatal(err)
	}
	var got event
	rest := bytes.NewReader(append(frame, frame...))
	for range 2 {
		got = event{}
		if err := readFrame(rest, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if err := readFrame(rest, &got); err != io.EOF {
		t.Errorf("after the last frame: %v", err)
	}
}

// FuzzReadFrame: no bytes make the reader panic, or take more memory than they
// are.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x02{}"))
	f.Add([]byte("\x3f\xff\xff\xff{}"))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var e event
		err := readFrame(bytes.NewReader(b), &e)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20+100*uint64(len(b)) {
			t.Fatalf("%d bytes took %d bytes of memory", len(b), used)
		}
		if err == nil && len(b) < 4+int(binary.BigEndian.Uint32(b)) {
			t.Fatalf("a frame was read from %q", b)
		}
		if len(b) >= 4 && binary.BigEndian.Uint32(b) > maxFrame && (err == nil || !strings.Contains(err.Error(), "at most")) {
			t.Fatalf("a frame that is too long was read: %v", err)
		}
	})
}

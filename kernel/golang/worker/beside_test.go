//go:build unix

package worker

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel"
)

// TestBeside: cells that run at the same time share nothing but the child. One
// that has run long still gets its output after many have come and gone.
func TestBeside(t *testing.T) {
	c := newTestClient(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	long := newRecorder()
	ended := make(chan error, 1)
	go func() { ended <- c.Execute(ctx, kernel.Cell{Code: "hear"}, long) }()
	long.await(t, "stdout", "hearing")
	var want []item
	for i := range 2 * keptOutputs {
		n := fmt.Sprint(i)
		got := run(t, c, "say "+n).list()
		if diff := cmp.Diff([]item{{"stderr", "say "}, {"stdout", n}}, got, cmp.AllowUnexported(item{})); diff != "" {
			t.Fatalf("a cell beside another (-want +got):\n%s", diff)
		}
		want = append(want, item{"stdout", "heard " + n + "\n"}, item{"display", "shown " + n})
	}
	long.await(t, "display", fmt.Sprint("shown ", 2*keptOutputs-1))
	cancel()
	if e, ok := (<-ended).(*kernel.Error); !ok || e.Name != "Interrupted" {
		t.Errorf("the long cell ended with %v", e)
	}
	want[0].text = "hearing\n" + want[0].text
	if diff := cmp.Diff(want, long.list(), cmp.AllowUnexported(item{})); diff != "" {
		t.Errorf("the long cell (-want +got):\n%s", diff)
	}
	// The pipes are free again.
	if got := run(t, c, "direct 1").all("stdout"); got != "line 0\n" {
		t.Errorf("afterwards a cell printed %q", got)
	}
}

// TestDeathBeside: a death is that of all cells that run.
func TestDeathBeside(t *testing.T) {
	c := newTestClient(t, Options{})
	r := newRecorder()
	ended := make(chan error, 1)
	go func() { ended <- c.Execute(t.Context(), kernel.Cell{Code: "wait"}, r) }()
	r.await(t, "stdout", "waiting")
	wantDeath(t, c.Execute(t.Context(), kernel.Cell{Code: "exit 3"}, newRecorder()), "")
	wantDeath(t, <-ended, "")
	run(t, c, "set x")
}

package kerneltest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// mute is a language that can nothing.
type mute struct{ kernel.Language }

func (mute) Info() kernel.LanguageInfo                                 { return kernel.LanguageInfo{} }
func (mute) Execute(context.Context, kernel.Cell, kernel.Output) error { return nil }
func (mute) Close() error                                              { return nil }

// witness is a test that writes down its errors instead of failing.
type witness struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (w *witness) Errorf(format string, args ...any) {
	w.errors = append(w.errors, fmt.Sprintf(format, args...))
}

func (w *witness) Cleanup(f func()) { w.cleanups = append(w.cleanups, f) }

func (w *witness) finish() string {
	for _, f := range w.cleanups {
		f()
	}
	return strings.Join(w.errors, "\n")
}

func TestClientReportsWhatIsLeftOver(t *testing.T) {
	k := kerneltest.Start(t, mute{})
	w := &witness{TB: t}
	c := kerneltest.Connect(w, k.Connection)
	request := c.Send(wire.Shell, "kernel_info_request", struct{}{})
	c.Watch(request) // and the reply is not taken
	if got := w.finish(); !strings.Contains(got, "shell: left over: kernel_info_reply") {
		t.Errorf("errors are %q, want the reply that was left over", got)
	}
}

func TestClientIsContentWhenAllIsTaken(t *testing.T) {
	k := kerneltest.Start(t, mute{})
	w := &witness{TB: t}
	c := kerneltest.Connect(w, k.Connection)
	c.Execute("x")
	c.Ask(wire.Control, "interrupt_request", struct{}{})
	if got := w.finish(); got != "" {
		t.Errorf("errors are %q, want none", got)
	}
}

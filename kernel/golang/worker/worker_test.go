//go:build unix

package worker

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
)

// childVariable makes the test binary be the child that the tests need.
const childVariable = "GOCRATE_TEST_WORKER"

func TestMain(m *testing.M) {
	if kind := os.Getenv(childVariable); kind != "" {
		if err := Serve(openToy(kind)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// newTestClient returns a client whose child is this test binary.
func newTestClient(t *testing.T, o Options) *Client {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if o.Command == nil {
		o.Command = []string{exe}
	}
	o.Env = append([]string{childVariable + "=toy", "GORACE=atexit_sleep_ms=0"}, o.Env...)
	if o.Log == nil {
		o.Log = log.New(testWriter{t}, "", 0)
	}
	c := NewClient(o)
	t.Cleanup(func() { c.Close() })
	return c
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	if testing.Verbose() {
		fmt.Fprintf(os.Stderr, "%s: %.200s\n", w.t.Name(), p)
	}
	return len(p), nil
}

// recorder is an Output that writes down what it is given.
type recorder struct {
	mu      sync.Mutex
	items   []item
	changed chan struct{} // has room for one; receives when items grew
	input   func(ctx context.Context, prompt string, password bool) (string, error)
}

type item struct{ kind, text string }

func newRecorder() *recorder { return &recorder{changed: make(chan struct{}, 1)} }

func (r *recorder) add(kind, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.items); n > 0 && r.items[n-1].kind == kind && (kind == "stdout" || kind == "stderr") {
		r.items[n-1].text += text
	} else {
		r.items = append(r.items, item{kind, text})
	}
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

func (r *recorder) Stream(name kernel.StreamName, text string) { r.add(string(name), text) }
func (r *recorder) Display(b kernel.Bundle)                    { r.add("display", fmt.Sprint(b.Data["text/plain"])) }
func (r *recorder) Update(b kernel.Bundle) {
	r.add("update "+b.ID, fmt.Sprint(b.Data["text/plain"]))
}
func (r *recorder) Result(b kernel.Bundle) { r.add("result", fmt.Sprint(b.Data["text/plain"])) }
func (r *recorder) Clear(wait bool)        { r.add("clear", fmt.Sprint(wait)) }

func (r *recorder) Payload(p kernel.Payload) {
	if p.Page != nil {
		r.add("page", fmt.Sprint(p.Page.Data["text/plain"]))
		return
	}
	r.add("next", fmt.Sprint(p.Next, p.Replace))
}
func (r *recorder) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if r.input == nil {
		return "", fmt.Errorf("no input")
	}
	return r.input(ctx, prompt, password)
}

// list returns what was recorded.
func (r *recorder) list() []item {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]item(nil), r.items...)
}

// all returns all text of one kind.
func (r *recorder) all(kind string) string {
	var b strings.Builder
	for _, it := range r.list() {
		if it.kind == kind {
			b.WriteString(it.text)
		}
	}
	return b.String()
}

// await waits until all text of one kind contains part.
func (r *recorder) await(t *testing.T, kind, part string) {
	t.Helper()
	for timeout := time.After(10 * time.Second); !strings.Contains(r.all(kind), part); {
		select {
		case <-r.changed:
		case <-timeout:
			t.Fatalf("no %q in %s; there is %.500v", part, kind, r.list())
		}
	}
}

// run executes a cell and fails the test if the cell fails.
func run(t *testing.T, c *Client, code string) *recorder {
	t.Helper()
	r := newRecorder()
	if err := c.Execute(t.Context(), kernel.Cell{Code: code}, r); err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return r
}

// goroutines waits until there are no more goroutines than want.
func goroutines(t *testing.T, want int) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > want {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, want %d:\n%s", runtime.NumGoroutine(), want, buf[:runtime.Stack(buf, true)])
		}
		runtime.Gosched()
	}
}

//go:build unix

package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"runtime"
)

func TestExecute(t *testing.T) {
	c := newTestClient(t, Options{Info: kernel.LanguageInfo{Name: "go"}})
	if got := c.Info().Name; got != "go" {
		t.Errorf("Info names %q", got)
	}
	run(t, c, "set 42")
	if got := run(t, c, "get").all("result"); got != "42" {
		t.Errorf("the session holds %q", got)
	}
	want := kernel.Cell{Code: "cell", Number: 3, ID: "abc", Silent: true, AllowStdin: true}
	r := newRecorder()
	if err := c.Execute(t.Context(), want, r); err != nil || r.all("result") != fmt.Sprintf("%+v", want) {
		t.Errorf("the cell arrived as %s, %v", r.all("result"), err)
	}
	err := c.Execute(t.Context(), kernel.Cell{Code: "fail <x>"}, r)
	if diff := cmp.Diff(error(&kernel.Error{Name: "Failed", Value: "<x>", Traceback: []string{"line 1", "line 2"}}), err); diff != "" {
		t.Error(diff)
	}
	var e *kernel.Error
	if err := c.Execute(t.Context(), kernel.Cell{Code: "fault x"}, r); errors.As(err, &e) || err.Error() != "x" {
		t.Errorf("an error that is not for the author arrived as %#v", err)
	}
}

// TestOrder: text of both streams and displays arrive in the order of the
// child, however it prints.
func TestOrder(t *testing.T) {
	var want []item
	for i := range 200 {
		want = append(want, item{"stdout", fmt.Sprintf("out %d\n", i)}, item{"stderr", fmt.Sprintf("err %d\n", i)})
		if i%10 == 0 {
			want = append(want, item{"display", fmt.Sprint("show ", i)})
		}
	}
	c := newTestClient(t, Options{})
	for _, code := range []string{"pairs 200", "switched 200"} {
		if diff := cmp.Diff(want, run(t, c, code).list(), cmp.AllowUnexported(item{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", code, diff)
		}
	}
}

// TestEarlyResult: the result, which waits for what comes next, comes before it.
func TestEarlyResult(t *testing.T) {
	c := newTestClient(t, Options{})
	want := []item{{"result", "r"}, {"stderr", "behind it"}, {"result", "r"}, {"display", "behind it"}}
	if diff := cmp.Diff(want, run(t, c, "early r").list(), cmp.AllowUnexported(item{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestMuch: nothing is lost of much output in small or large pieces, and the
// cell ends when all of it has been delivered.
func TestMuch(t *testing.T) {
	const lines = 100_000
	var want strings.Builder
	for i := range lines {
		fmt.Fprintf(&want, "line %d\n", i)
	}
	c := newTestClient(t, Options{})
	for _, verb := range []string{"print", "direct"} {
		start := time.Now()
		got := run(t, c, fmt.Sprint(verb, " ", lines)).all("stdout")
		t.Logf("%s: %d lines in %v", verb, lines, time.Since(start))
		if got != want.String() {
			t.Errorf("%s: %d bytes, want %d", verb, len(got), want.Len())
		}
	}
	const size = 5 << 20
	if got := run(t, c, fmt.Sprint("block ", size)).all("stdout"); got != strings.Repeat("0123456789abcde\n", size/16) {
		t.Errorf("a write of %d bytes arrived as %d", size, len(got))
	}
	start := time.Now()
	if got := run(t, c, fmt.Sprint("show ", 4*size)).all("display"); got != strings.Repeat("x", 4*size) {
		t.Errorf("a display of %d bytes arrived as %d", 4*size, len(got))
	}
	t.Logf("a display of %d bytes in %v", 4*size, time.Since(start))
}

// TestText: characters are not cut, and what resembles a marker or a crash is
// ordinary text.
func TestText(t *testing.T) {
	c := newTestClient(t, Options{})
	r := run(t, c, "runes 50")
	if got, want := r.all("stdout"), strings.Repeat("εΔ∇𝔘", 50); got != want {
		t.Errorf("got %q", got)
	}
	r = run(t, c, "lookalike")
	if got, want := r.all("stdout"), "\x1b]"+strings.Repeat("0", 32)+";1;e\a\x1b]\x1b[0m\x1b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := r.all("stderr"), "panic: this is only a print\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// bundles is an Output that keeps what is displayed.
type bundles struct {
	*recorder
	list []kernel.Bundle
}

func (b *bundles) Display(d kernel.Bundle) { b.list = append(b.list, d) }

func TestBundle(t *testing.T) {
	c := newTestClient(t, Options{})
	b := &bundles{recorder: newRecorder()}
	if err := c.Execute(t.Context(), kernel.Cell{Code: "bundle"}, b); err != nil {
		t.Fatal(err)
	}
	if len(b.list) != 2 {
		t.Fatalf("%d displays", len(b.list))
	}
	if got := fmt.Sprintf("%v", b.list[0]); got != "{map[application/json:map[big:9223372036854775807 list:[1 <&>]] text/plain:t] map[image/png:map[width:3]] d1}" {
		t.Errorf("got %s", got)
	}
	if got := fmt.Sprintf("%v", b.list[1].Data); got != "map[text/plain:nan]" {
		t.Errorf("what JSON cannot say arrived as %s", got)
	}
	if got := b.all("stderr"); !strings.Contains(got, "application/json cannot be shown") {
		t.Errorf("nothing is said of what was dropped: %q", got)
	}
	for code, want := range map[string][]item{
		"clear":     {{"display", "a"}, {"clear", "true"}, {"update u", "<nil>"}},
		"payload x": {{"page", "x"}, {"next", "xtrue"}},
	} {
		if diff := cmp.Diff(want, run(t, c, code).list(), cmp.AllowUnexported(item{})); diff != "" {
			t.Errorf("%s: %s", code, diff)
		}
	}
}

func TestInterrupt(t *testing.T) {
	c := newTestClient(t, Options{})
	run(t, c, "set kept")
	ctx, cancel := context.WithCancel(t.Context())
	r := newRecorder()
	ended := make(chan error, 1)
	go func() { ended <- c.Execute(ctx, kernel.Cell{Code: "wait"}, r) }()
	r.await(t, "stdout", "waiting")
	start := time.Now()
	cancel()
	err := <-ended
	if d := time.Since(start); d > 200*time.Millisecond {
		t.Errorf("the interrupt took %v", d)
	}
	if e, ok := err.(*kernel.Error); !ok || e.Name != "Interrupted" {
		t.Errorf("got %v", err)
	}
	if got := run(t, c, "get").all("result"); got != "kept" {
		t.Errorf("after the interrupt the session holds %q", got)
	}
	if e, ok := c.Execute(ctx, kernel.Cell{Code: "get"}, r).(*kernel.Error); !ok || e.Name != "Interrupted" {
		t.Errorf("a cell whose context has ended ran: %v", e)
	}
}

// TestStubborn: a cell that does not stop loses its process.
func TestStubborn(t *testing.T) {
	c := newTestClient(t, Options{InterruptGrace: 100 * time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	r := newRecorder()
	ended := make(chan error, 1)
	go func() { ended <- c.Execute(ctx, kernel.Cell{Code: "spin"}, r) }()
	r.await(t, "stdout", "spinning")
	cancel()
	wantDeath(t, <-ended, "did not stop within 100ms of the interrupt")
	run(t, c, "set x")
}

// wantDeath asserts that err reports a death, with all parts, and without the
// noise of a stack.
func wantDeath(t *testing.T, err error, parts ...string) {
	t.Helper()
	e, ok := err.(*kernel.Error)
	if !ok || e.Name != "WorkerDied" {
		t.Fatalf("got %#v, want a death", err)
	}
	t.Log(e.Text())
	for _, part := range append(parts, "A fresh session was started.") {
		if !strings.Contains(e.Value+"\n"+e.Text(), part) {
			t.Errorf("no %q in\n%s\n%s", part, e.Value, e.Text())
		}
	}
	if n := strings.Count(e.Text(), "\n"); n > 20 {
		t.Errorf("the report has %d lines", n)
	}
}

func TestDeath(t *testing.T) {
	c := newTestClient(t, Options{})
	for _, tt := range []struct {
		code  string
		parts []string
	}{
		{"exit 3", []string{"exit status 3", "last words"}},
		{"exit 0", []string{"exit status 0"}},
		{"panic", []string{"panic", "boom", "and more", "worker.blow"}},
		{"overflow", []string{"runaway recursion", "worker.recurse calls itself"}},
		{"maps", []string{"map", "sync.Mutex"}},
		{"kill", []string{"signal: killed"}},
	} {
		t.Run(strings.ReplaceAll(tt.code, " ", ""), func(t *testing.T) {
			run(t, c, "set x")
			r := newRecorder()
			wantDeath(t, c.Execute(t.Context(), kernel.Cell{Code: tt.code}, r), tt.parts...)
			if got := r.all("stderr"); strings.Contains(got, "[running]:") {
				t.Errorf("the runtime's dump is shown: %.300s", got)
			}
			if got := run(t, c, "get").all("result"); got != "" {
				t.Errorf("the fresh session holds %q", got)
			}
		})
	}
}

// TestDeathBetween: when the process dies while no cell runs, the last cell says
// so, and the next one runs.
func TestDeathBetween(t *testing.T) {
	c := newTestClient(t, Options{})
	r := run(t, c, "dieLater 20")
	r.await(t, "stderr", "A fresh session was started.")
	if !strings.Contains(r.all("stderr"), "exit status 7") {
		t.Errorf("got %q", r.all("stderr"))
	}
	run(t, c, "set x")
}

// TestNoChild: without a child, cells say why, and all else is empty.
func TestNoChild(t *testing.T) {
	refused := newTestClient(t, Options{Env: []string{childVariable + "=refuse"}})
	missing := newTestClient(t, Options{Command: []string{"/nonexistent/program"}})
	for c, part := range map[*Client]string{refused: "no symbols today", missing: "/nonexistent/program"} {
		for range 2 {
			err := c.Execute(t.Context(), kernel.Cell{Code: "get"}, newRecorder())
			if e, ok := err.(*kernel.Error); !ok || !strings.Contains(e.Value, part) || strings.Contains(e.Text(), "fresh session was") {
				t.Errorf("got %#v, want %q", err, part)
			}
		}
		if got, err := c.Complete(t.Context(), "x", 1); err != nil || len(got.Matches) > 0 {
			t.Errorf("completion: %v, %v", got, err)
		}
		if got, err := c.Inspect(t.Context(), "x", 1, 0); err != nil || got.Found {
			t.Errorf("inspection: %v, %v", got, err)
		}
		if got, err := c.IsComplete(t.Context(), "x"); err != nil || got.Status != "unknown" {
			t.Errorf("completeness: %v, %v", got, err)
		}
	}
}

// TestLate: what a goroutine shows or gives to its output after its cell has
// ended belongs to the cell; what it prints past it belongs to the newest.
func TestLate(t *testing.T) {
	c := newTestClient(t, Options{})
	first := run(t, c, "later one")
	second := run(t, c, "release")
	first.await(t, "display", "late display of one")
	first.await(t, "stderr", "late text of one")
	second.await(t, "stdout", "late print of one")
}

func TestInput(t *testing.T) {
	c := newTestClient(t, Options{})
	r := newRecorder()
	r.input = func(ctx context.Context, prompt string, password bool) (string, error) {
		return fmt.Sprint(prompt, " ", password), nil
	}
	if err := c.Execute(t.Context(), kernel.Cell{Code: "input name?"}, r); err != nil || r.all("result") != "name? true" {
		t.Errorf("got %q, %v", r.all("result"), err)
	}
	r.input = nil
	if err := c.Execute(t.Context(), kernel.Cell{Code: "input name?"}, r); err == nil || err.Error() != "no input" {
		t.Errorf("a refusal arrived as %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	r.input = func(ctx context.Context, prompt string, password bool) (string, error) {
		cancel()
		<-ctx.Done()
		close(ended)
		return "", ctx.Err()
	}
	if err := c.Execute(ctx, kernel.Cell{Code: "input name?"}, r); err == nil {
		t.Error("an interrupted question was answered")
	}
	<-ended
}

// TestWhileRunning: a running cell does not keep the child from answering.
func TestWhileRunning(t *testing.T) {
	c := newTestClient(t, Options{InterruptGrace: time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	r := newRecorder()
	ended := make(chan error, 1)
	go func() { ended <- c.Execute(ctx, kernel.Cell{Code: "spin"}, r) }()
	r.await(t, "stdout", "spinning")
	got, err := c.Complete(t.Context(), "fmt.", 4)
	want := kernel.Completion{Matches: []kernel.Match{{Text: "fmt.…", Kind: "function"}}, Start: 1, End: 4}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if got, err := c.Inspect(t.Context(), "x", 1, 2); err != nil || !got.Found || got.Data["text/plain"] != "x1 2" {
		t.Errorf("%v %v", got, err)
	}
	if got, err := c.IsComplete(t.Context(), "x"); err != nil || got != (kernel.Completeness{Status: "incomplete", Indent: "\t"}) {
		t.Errorf("%v %v", got, err)
	}
	short, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if _, err := c.Complete(short, "wait", 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a completion whose context ended gave %v", err)
	}
	cancel()
	<-ended
}

// TestClose: Close ends the child, what it started, and all goroutines; what is
// asked afterwards is refused.
func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	c := newTestClient(t, Options{})
	pid, err := strconv.Atoi(run(t, c, "orphan").all("result"))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	c.Close()
	c.Close()
	if d := time.Since(start); d > time.Second {
		t.Errorf("Close took %v", d)
	}
	if err := c.Execute(t.Context(), kernel.Cell{Code: "get"}, newRecorder()); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("a closed client ran a cell: %v", err)
	}
	goroutines(t, before)
	for deadline := time.Now().Add(5 * time.Second); alive(pid); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("process %d, which the child started, outlives it", pid)
		}
	}
}

// alive reports whether a process runs; one that only waits to be buried by its
// parent does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err == nil {
		return !strings.Contains(string(stat), ") Z ")
	}
	return !errors.Is(err, os.ErrNotExist) || syscall.Kill(pid, 0) == nil && runtime.GOOS != "linux"
}

// TestCloseRunning: a cell that runs ends with its client.
func TestCloseRunning(t *testing.T) {
	c := newTestClient(t, Options{})
	r := newRecorder()
	ended := make(chan error, 1)
	go func() { ended <- c.Execute(t.Context(), kernel.Cell{Code: "wait"}, r) }()
	r.await(t, "stdout", "waiting")
	c.Close()
	if err := <-ended; err == nil {
		t.Error("the cell ended as if nothing had happened")
	}
}

func BenchmarkTrivialCell(b *testing.B) {
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	c := NewClient(Options{Command: []string{exe}, Env: []string{childVariable + "=toy"}})
	defer c.Close()
	r := newRecorder()
	for b.Loop() {
		if err := c.Execute(b.Context(), kernel.Cell{Code: "set 1"}, r); err != nil {
			b.Fatal(err)
		}
	}
}

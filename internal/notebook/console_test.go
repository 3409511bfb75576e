package notebook

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel"
)

var seconds = regexp.MustCompile(`\d+\.\d s`)

func TestConsoleLines(t *testing.T) {
	var stdout, stderr bytes.Buffer
	nb := cells("\n  model.Train(ctx)\nout a\nerr b\nshow p 10%", "out c\nfail E x")
	err := Execute(t.Context(), nb, new(toy), NewConsole(&stdout, &stderr, 0))
	if err == nil {
		t.Error("no error")
	}
	if got, want := stdout.String(), "a\nc\n"; got != want {
		t.Errorf("stdout %q, want %q", got, want)
	}
	want := "b\n" +
		"[1/2] model.Train(ctx)                                          0.0 s\n" +
		"[2/2] out c                                                     0.0 s  failed\n"
	if diff := cmp.Diff(want, seconds.ReplaceAllString(stderr.String(), "0.0 s")); diff != "" {
		t.Errorf("stderr (-want +got):\n%s", diff)
	}
}

// On a terminal the line carries the note of a progress display, makes room
// for what the cell prints and is gone at the end.
func TestConsoleLive(t *testing.T) {
	var stdout, stderr signalBuffer
	stderr.lookFor("\x1b[K[1/1] epoch 2 ")
	c := NewConsole(&stdout, &stderr, 80)
	cell := &Cell{Source: "model.Train(ctx)"}
	c.Begin(cell, 1, 1)
	c.Show(plain("", "not a progress display"))
	c.Show(kernel.Bundle{ID: "fig", Data: map[string]any{"text/plain": "a figure", "image/png": ""}})
	c.Show(plain("p", "epoch 2\nof 9"))
	<-stderr.seen
	c.Stream(kernel.Stdout, "text\n")
	if !strings.HasSuffix(stderr.String(), eraseLine) {
		t.Errorf("the line stands while the cell prints: %q", stderr.String())
	}
	c.End(cell, errors.New("x"))
	end := stderr.String()
	if end = seconds.ReplaceAllString(end[strings.LastIndex(end, "\r"):], "0.0 s"); !strings.Contains(end, "[1/1] model.Train(ctx)") || !strings.HasSuffix(end, "0.0 s  failed\n") {
		t.Errorf("the last line is %q", end)
	}
	if strings.Contains(stderr.String(), "figure") || strings.Contains(stderr.String(), "not a progress") {
		t.Errorf("displays other than progress are noted: %q", stderr.String())
	}
}

func TestConsoleEndsLines(t *testing.T) {
	var stdout, stderr bytes.Buffer
	c := NewConsole(&stdout, &stderr, 0)
	c.Begin(&Cell{Source: "x"}, 1, 1)
	c.Stream(kernel.Stdout, "no newline")
	c.End(nil, nil)
	if stdout.String() != "no newline\n" || !strings.HasPrefix(stderr.String(), "[1/1] x") {
		t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
	}
}

// However long a cell's first line and its note are, a line fits.
func TestConsoleWidth(t *testing.T) {
	for _, width := range []int{0, 40, 80, 200} {
		var stderr signalBuffer
		stderr.lookFor("[1/1] εε")
		c := NewConsole(&stderr, &stderr, width)
		cell := &Cell{Source: "\n" + strings.Repeat("x", 300) + "\ny"}
		c.Begin(cell, 1, 1)
		c.Show(plain("p", strings.Repeat("ε", 300)))
		if width > 0 {
			<-stderr.seen
		}
		c.End(cell, errors.New("x"))
		for _, line := range strings.FieldsFunc(stderr.String(), func(r rune) bool { return r == '\n' || r == '\r' }) {
			if n := utf8.RuneCountInString(strings.TrimPrefix(line, "\x1b[K")); n > max(width, 80) || n > width && width > 0 {
				t.Errorf("%d characters on a terminal of %d: %s", n, width, line)
			}
		}
	}
}

// signalBuffer is a buffer that says when a text has been written to it.
type signalBuffer struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	want string
	seen chan struct{}
}

// lookFor closes seen as soon as want stands in the buffer.
func (b *signalBuffer) lookFor(want string) { b.want, b.seen = want, make(chan struct{}) }

func (b *signalBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf.Write(p)
	if b.want != "" && strings.Contains(b.buf.String(), b.want) {
		b.want = ""
		close(b.seen)
	}
	return len(p), nil
}

func (b *signalBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

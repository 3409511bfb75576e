package notebook

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/gocrate/gocrate/kernel"
)

// maxStream bounds the text that one cell can store, so that a loop that
// prints for ever ends in a notebook that can still be opened.
const maxStream = 16 << 20

const cutNote = "\n… the rest of this cell's text is not stored\n"

// recording is one execution of a notebook: what its cells share.
type recording struct {
	mu       sync.Mutex
	closed   bool
	watch    Watcher
	displays map[string][]*Output // display id -> where it is shown
}

func newRecording(watch Watcher) *recording {
	if watch == nil {
		watch = nobody{}
	}
	return &recording{watch: watch, displays: map[string][]*Output{}}
}

// do runs f unless the recording is closed. It is the only way to the
// notebook and to the watcher, because goroutines that cells leave behind go
// on speaking.
func (r *recording) do(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		f()
	}
}

func (r *recording) close() { r.do(func() { r.closed = true }) }

// update changes every display with b's id to b.
func (r *recording) update(b kernel.Bundle) {
	for _, o := range r.displays[b.ID] {
		o.Data, o.Metadata = maps.Clone(b.Data), maps.Clone(b.Metadata)
	}
}

// recorder stores what one cell shows, as nbformat does.
type recorder struct {
	*recording
	cell         *Cell
	clearPending bool // clear_output(wait): before the next output
	streamed     int  // bytes of text stored
}

func (r *recorder) Stream(name kernel.StreamName, text string) {
	r.do(func() {
		r.watch.Stream(name, text)
		if text = r.bound(text); text == "" {
			return
		}
		r.clearIfPending()
		o := r.last()
		if o == nil || o.Type != Stream || o.Name != name {
			o = &Output{Type: Stream, Name: name}
			r.add(o)
		}
		o.grow(text)
	})
}

func (r *recorder) Display(b kernel.Bundle) { r.show(Display, b) }

func (r *recorder) Result(b kernel.Bundle) { r.show(Result, b) }

// show adds a display. One whose id is already shown changes the earlier ones
// too, as front ends do.
func (r *recorder) show(t OutputType, b kernel.Bundle) {
	r.do(func() {
		r.watch.Show(b)
		r.clearIfPending()
		o := &Output{Type: t, Data: maps.Clone(b.Data), Metadata: maps.Clone(b.Metadata)}
		if t == Result {
			o.Count = r.cell.Count
		}
		r.add(o)
		if b.ID != "" {
			r.update(b)
			r.displays[b.ID] = append(r.displays[b.ID], o)
		}
	})
}

func (r *recorder) Update(b kernel.Bundle) {
	r.do(func() {
		r.watch.Show(b)
		r.update(b)
	})
}

func (r *recorder) Clear(wait bool) {
	r.do(func() {
		r.clearPending = true
		if !wait {
			r.clearIfPending()
		}
	})
}

// Payload shows what is to be read, as JupyterLab does; a notebook has no next
// input to fill.
func (r *recorder) Payload(p kernel.Payload) {
	if p.Page != nil {
		r.show(Display, *p.Page)
	}
}

// Input fails: nobody is there to answer.
func (r *recorder) Input(ctx context.Context, prompt string, password bool) (string, error) {
	return "", errors.New("nobody can be asked for input while a notebook runs unattended: use a parameter (-p name=value)")
}

func (r *recorder) fail(err *kernel.Error) {
	r.do(func() {
		r.clearIfPending()
		r.add(&Output{Type: Error, Err: err})
	})
}

func (r *recorder) add(o *Output) { r.cell.Outputs = append(r.cell.Outputs, o) }

func (r *recorder) last() *Output {
	if n := len(r.cell.Outputs); n > 0 {
		return r.cell.Outputs[n-1]
	}
	return nil
}

// grow appends to the text of a stream without copying what is there.
func (o *Output) grow(text string) {
	o.stream.WriteString(text)
	o.Text = o.stream.String()
}

func (r *recorder) clearIfPending() {
	if !r.clearPending {
		return
	}
	r.clearPending, r.streamed = false, 0
	cleared := r.cell.Outputs
	r.cell.Outputs = nil
	for id, shown := range r.displays {
		r.displays[id] = slices.DeleteFunc(shown, func(o *Output) bool { return slices.Contains(cleared, o) })
	}
}

// bound returns the part of text that the cell may still store.
func (r *recorder) bound(text string) string {
	left := maxStream - r.streamed
	r.streamed += len(text)
	switch {
	case left < 0:
		return ""
	case len(text) > left:
		return strings.ToValidUTF8(text[:left], "") + cutNote
	}
	return text
}

// nobody watches.
type nobody struct{}

func (nobody) Begin(*Cell, int, int)            {}
func (nobody) Stream(kernel.StreamName, string) {}
func (nobody) Show(kernel.Bundle)               {}
func (nobody) End(*Cell, error)                 {}

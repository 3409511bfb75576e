package worker

import (
	"bytes"
	"errors"
	"os"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/gocrate/gocrate/kernel"
)

const (
	gatherTime = 5 * time.Millisecond // within which small prints become one piece of text
	gatherSize = 32 << 10
	holdTime   = 2 * time.Second // for which what looks like a crash is held back
	unwindTime = time.Minute     // the same for a stack overflow: Go walks the whole stack
	holdSize   = 1 << 20
	tailSize   = 32 << 10
)

// reader reads one of the child's output pipes and delivers its text, up to each
// marker before the marker's event. Text that comes in many small pieces is
// gathered for a moment, but never across a marker.
//
// What the Go runtime prints when it crashes is not delivered: it becomes part
// of the report of the child's death. Until the end of the pipe proves that a
// crash it was, such text is held back, but only for a moment.
type reader struct {
	index   int
	name    kernel.StreamName
	f       *os.File
	split   *splitter
	gate    *gate
	deliver func(kernel.StreamName, string)

	raw     []byte    // not yet split
	text    []byte    // split and not yet delivered
	flushed time.Time // when text was last delivered
	since   time.Time // when the oldest of text came; zero if there is none
	holding bool      // text is held back
	midline bool      // the text delivered does not end with a newline
	tail    []byte    // the last of what was delivered
}

func newReader(index int, f *os.File, nonce string, g *gate, deliver func(kernel.StreamName, string)) *reader {
	name := kernel.Stdout
	if index == stderr {
		name = kernel.Stderr
	}
	return &reader{index: index, name: name, f: f, split: newSplitter(nonce), gate: g, deliver: deliver}
}

// read reads until the pipe ends.
func (r *reader) read() {
	defer r.gate.finish(r.index)
	buf := make([]byte, 64<<10)
	for {
		r.f.SetReadDeadline(r.deadline())
		n, err := r.f.Read(buf)
		r.take(buf[:n])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			r.flush(true)
		case err != nil:
			r.text = append(r.text, r.raw...)
			r.flush(false)
			if !r.holding {
				r.flush(true)
			}
			return
		default:
			r.flush(false)
		}
	}
}

// stop makes read return soon.
func (r *reader) stop() { r.f.Close() }

// deadline returns when the text at hand must be delivered: never, if there is
// none.
func (r *reader) deadline() time.Time {
	switch {
	case len(r.text) == 0:
		return time.Time{}
	case r.holding && bytes.HasPrefix(r.text, []byte("runtime: goroutine stack exceeds ")):
		return r.since.Add(unwindTime)
	case r.holding:
		return r.since.Add(holdTime)
	}
	return r.since.Add(gatherTime)
}

// take splits what was read, and stops at each marker.
func (r *reader) take(b []byte) {
	r.raw = append(r.raw, b...)
	for {
		text, m, found := r.split.next(r.raw)
		if len(r.text) == 0 && len(text) > 0 {
			r.since = time.Now()
		}
		r.text = append(r.text, text...)
		if !found {
			r.raw = append(r.raw[:0], r.raw[len(text):]...)
			return
		}
		r.raw = r.raw[m.end:]
		r.flush(true)
		r.gate.arrive(r.index, m)
	}
}

// flush delivers text: all of it if it must; else only if there is much of it or
// nothing was delivered lately, and neither half a character nor what may be a
// crash.
func (r *reader) flush(must bool) {
	if !must {
		r.hold()
	}
	n := len(r.text)
	switch {
	case n == 0:
		return
	case must:
		r.holding = false
	case r.holding && n < holdSize:
		return
	case n < gatherSize && time.Since(r.flushed) < gatherTime:
		return
	default:
		n -= incomplete(r.text)
		r.holding = false
	}
	r.send(n)
}

// send delivers the first n bytes of text.
func (r *reader) send(n int) {
	if n == 0 {
		return
	}
	s := string(r.text[:n])
	r.text = append(r.text[:0], r.text[n:]...)
	r.tail = append(r.tail, s[max(0, len(s)-tailSize):]...)
	r.tail = r.tail[max(0, len(r.tail)-tailSize):]
	r.midline = s[len(s)-1] != '\n'
	r.flushed = time.Now()
	r.deliver(r.name, s)
}

// crash matches the first line of what the Go runtime says when it gives up.
var crash = regexp.MustCompile(`(?m)^(panic: |fatal error: |runtime: |SIG[A-Z]+: |unexpected fault address )`)

// hold finds in the text what may be a crash, and delivers what is before it.
func (r *reader) hold() {
	if r.index != stderr || r.holding {
		return
	}
	at := crash.FindIndex(r.text)
	if at == nil || at[0] == 0 && r.midline {
		return
	}
	r.send(at[0])
	r.holding, r.since = true, time.Now()
}

// lastWords returns the last of what was delivered, and what was held back, when
// the pipe has ended.
func (r *reader) lastWords() (tail, held string) { return string(r.tail), string(r.text) }

// incomplete returns the length of the incomplete character at the end of b.
func incomplete(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

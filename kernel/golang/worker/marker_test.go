package worker

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// FuzzSplitter: however a stream is cut into reads, the splitter finds the same
// text and the same markers, and all of them.
func FuzzSplitter(f *testing.F) {
	f.Add([]byte("one"), []byte("two"), uint64(7), uint8(1))
	f.Add([]byte("\x1b"), []byte("\x1b]"), uint64(1<<63), uint8(3))
	f.Add([]byte("\x1b]0123"), []byte{}, uint64(0), uint8(200))
	f.Add([]byte("\x1b]0123456789abcdef0123456789abcdef;x;e\a"), []byte("\x1b]0123456789abcdef0123456789abcdef;1;q\a"), uint64(0), uint8(5))
	const nonce = "0123456789abcdef0123456789abcdef"
	f.Fuzz(func(t *testing.T, a, b []byte, seq uint64, size uint8) {
		first := strings.ToValidUTF8(string(a), "?")
		var stream []byte
		stream = append(stream, first...)
		stream = appendMarker(stream, nonce, seq, withEvent)
		stream = append(stream, b...)
		stream = appendMarker(stream, nonce, seq/2, switchOnly)
		whole := splitAll(stream, nonce, len(stream))
		if got := splitAll(stream, nonce, int(size)+1); got != whole {
			t.Fatalf("in reads of %d: %q, at once: %q", int(size)+1, got, whole)
		}
		if !bytes.Contains(a, []byte(nonce)) && !bytes.Contains(b, []byte(nonce)) {
			if want := fmt.Sprintf("%s<%d e>%s<%d s>", first, seq, b, seq/2); whole != want {
				t.Fatalf("got %q, want %q", whole, want)
			}
		}
	})
}

// splitAll splits a stream that comes in reads of the given size, and writes
// markers as <number kind>.
func splitAll(stream []byte, nonce string, size int) string {
	var out strings.Builder
	var raw []byte
	s := newSplitter(nonce)
	for len(stream) > 0 {
		n := min(size, len(stream))
		raw = append(raw, stream[:n]...)
		stream = stream[n:]
		for {
			text, m, found := s.next(raw)
			out.Write(text)
			if !found {
				raw = raw[len(text):]
				break
			}
			fmt.Fprintf(&out, "<%d %c>", m.seq, m.kind)
			raw = raw[m.end:]
		}
	}
	out.Write(raw)
	return out.String()
}

func TestIncomplete(t *testing.T) {
	for s, want := range map[string]int{"": 0, "a": 0, "ε": 0, "aε"[:2]: 1, "∇"[:1]: 1, "∇"[:2]: 2, "𝔘"[:3]: 3, "𝔘": 0, "\xff": 0, "\x80\x80\x80\x80": 0} {
		if got := incomplete([]byte(s)); got != want {
			t.Errorf("incomplete(%q) = %d, want %d", s, got, want)
		}
	}
}

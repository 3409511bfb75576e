package worker

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"strconv"
)

// A marker is an operating system command of terminals, which they ignore:
//
//	ESC ] nonce ; number ; kind BEL
//
// The kind is 'e' if an event of that number waits to be delivered, 's' if the
// marker only separates output of the two pipes.
const (
	markerStart = "\x1b]"
	markerEnd   = '\a'
	withEvent   = 'e'
	switchOnly  = 's'
	maxMarker   = 80 // bytes: 2 + 32 + 1 + 20 + 1 + 1 + 1, and some
)

// newNonce returns 128 random bits in hexadecimal.
func newNonce() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func appendMarker(b []byte, nonce string, seq uint64, kind byte) []byte {
	b = append(b, markerStart...)
	b = append(b, nonce...)
	b = append(b, ';')
	b = strconv.AppendUint(b, seq, 10)
	return append(b, ';', kind, markerEnd)
}

// splitter finds markers in a stream of bytes.
type splitter struct{ prefix []byte }

func newSplitter(nonce string) *splitter { return &splitter{[]byte(markerStart + nonce + ";")} }

// marker is a marker found, and the place behind it.
type marker struct {
	seq  uint64
	kind byte
	end  int
}

// next returns the text in front of the first marker in b, and the marker if it
// is complete. Without one, text leaves out what could be the start of one.
func (s *splitter) next(b []byte) (text []byte, m marker, found bool) {
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], markerStart[0])
		if i < 0 {
			return b, marker{}, false
		}
		i += from
		rest := b[i:]
		if !bytes.HasPrefix(rest, s.prefix) {
			if bytes.HasPrefix(s.prefix, rest) {
				return b[:i], marker{}, false
			}
			from = i + 1
			continue
		}
		end := bytes.IndexByte(rest, markerEnd)
		if end < 0 && len(rest) < maxMarker {
			return b[:i], marker{}, false
		}
		if m, ok := parseMarker(rest[len(s.prefix):max(end, len(s.prefix))]); ok {
			m.end = i + end + 1
			return b[:i], m, true
		}
		from = i + 1
	}
}

// parseMarker reads "number;kind".
func parseMarker(b []byte) (marker, bool) {
	if len(b) < 3 || b[len(b)-2] != ';' {
		return marker{}, false
	}
	seq, err := strconv.ParseUint(string(b[:len(b)-2]), 10, 64)
	kind := b[len(b)-1]
	return marker{seq: seq, kind: kind}, err == nil && (kind == withEvent || kind == switchOnly)
}

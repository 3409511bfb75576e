package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"
)

// Sign returns the hexadecimal HMAC-SHA256 of the frames; an empty key gives
// an empty signature.
func Sign(key []byte, frames [][]byte) []byte {
	if len(key) == 0 {
		return []byte{}
	}
	return hex.AppendEncode(nil, digest(key, frames))
}

// Verify says whether signature is that of the frames, in a time that does not
// depend on where the two differ. An empty key accepts every signature.
func Verify(key, signature []byte, frames [][]byte) bool {
	if len(key) == 0 {
		return true
	}
	var claimed [sha256.Size]byte
	if len(signature) != hex.EncodedLen(len(claimed)) {
		return false
	}
	if _, err := hex.Decode(claimed[:], signature); err != nil {
		return false
	}
	return hmac.Equal(claimed[:], digest(key, frames))
}

func digest(key []byte, frames [][]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, frame := range frames {
		mac.Write(frame)
	}
	return mac.Sum(nil)
}

// replayWindow is how many signatures a session remembers, as jupyter_client's
// own sessions do. The oldest is forgotten first.
const replayWindow = 1 << 16

// replays remembers the latest signatures of authentic messages.
type replays struct {
	mu    sync.Mutex
	seen  map[string]struct{}
	order []string // ring of the keys of seen
	next  int
}

// first says whether signature has not been seen, and remembers it.
func (r *replays) first(signature string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, again := r.seen[signature]; again {
		return false
	}
	if r.seen == nil {
		r.seen = make(map[string]struct{})
	}
	r.seen[signature] = struct{}{}
	if len(r.order) < replayWindow {
		r.order = append(r.order, signature)
		return true
	}
	delete(r.seen, r.order[r.next])
	r.order[r.next] = signature
	r.next = (r.next + 1) % replayWindow
	return true
}

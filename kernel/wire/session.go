package wire

import (
	"crypto/rand"
	"encoding/json"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// dateLayout is the protocol's date: ISO 8601 in UTC, with microseconds.
const dateLayout = "2006-01-02T15:04:05.000000Z"

// Session is one end of a conversation: it makes messages under its own id and
// opens those of others. Its methods may be called from any goroutine.
type Session struct {
	ID  string
	key []byte

	count   atomic.Uint64
	replays replays
}

// NewSession returns a session with a new random id. An empty key means that
// messages are neither signed nor checked.
func NewSession(key []byte) *Session {
	return &Session{ID: rand.Text(), key: key}
}

// Open is [Decode] with the session's key, and refuses with [ErrReplay] a
// signed message that this session has opened before.
func (s *Session) Open(frames [][]byte) (Message, error) {
	m, err := Decode(frames, s.key)
	if err != nil || len(s.key) == 0 {
		return m, err
	}
	signature := frames[len(m.Identities)+1]
	if !s.replays.first(strings.ToLower(string(signature))) {
		return Message{}, ErrReplay
	}
	return m, nil
}

// Seal returns the frames of m, signed with the session's key.
func (s *Session) Seal(m Message) [][]byte { return m.Encode(s.key) }

// New makes a message of this session. The parent is what [Message.AsParent]
// of the request returned, or nil for a message that nothing caused.
func (s *Session) New(msgType string, parent json.RawMessage, content any) (Message, error) {
	raw, err := Marshal(content)
	if err != nil {
		return Message{}, err
	}
	return Message{Header: s.header(msgType), Parent: parent, Content: raw}, nil
}

func (s *Session) header(msgType string) Header {
	return Header{
		MsgID:    s.ID + "_" + strconv.FormatUint(s.count.Add(1), 10),
		Session:  s.ID,
		Username: "kernel",
		Date:     Date(time.Now()),
		MsgType:  msgType,
		Version:  ProtocolVersion,
	}
}

// Date writes t as headers do.
func Date(t time.Time) string { return t.UTC().Format(dateLayout) }

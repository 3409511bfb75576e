package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Why a message was refused. Decode and Session.Open wrap one of these.
var (
	ErrFrames    = errors.New("not a Jupyter message")
	ErrSignature = errors.New("wrong signature")
	ErrReplay    = errors.New("message seen before")
	ErrJSON      = errors.New("malformed JSON")
)

var (
	delimiter   = []byte("<IDS|MSG>")
	emptyObject = json.RawMessage("{}")
)

// signedFrames is the number of frames that a signature covers: header,
// parent_header, metadata and content.
const signedFrames = 4

// Message is one message of the protocol. Metadata and Content are JSON
// objects; nil stands for {}.
type Message struct {
	Identities [][]byte
	Header     Header
	Parent     json.RawMessage // the header of the request it answers, verbatim
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte

	header json.RawMessage // as received
}

// Header says what a message is and who sent it.
type Header struct {
	MsgID      string `json:"msg_id"`
	Session    string `json:"session"`
	Username   string `json:"username"`
	Date       string `json:"date"` // ISO 8601
	MsgType    string `json:"msg_type"`
	Version    string `json:"version"`
	SubshellID string `json:"subshell_id,omitempty"`
}

// Time parses Date; ok is false where it is absent or has no time zone.
func (h Header) Time() (t time.Time, ok bool) {
	t, err := time.Parse(time.RFC3339Nano, h.Date)
	return t, err == nil
}

// AsParent returns m's header as the parent_header of the messages that m
// causes: the very bytes that were received, where m was received.
func (m Message) AsParent() json.RawMessage {
	if m.header != nil {
		return m.header
	}
	raw, _ := Marshal(m.Header) // strings only: cannot fail
	return raw
}

// Encode returns the frames of m, signed with key. An empty key leaves the
// signature empty, as the protocol has it.
func (m Message) Encode(key []byte) [][]byte {
	signed := [][]byte{m.AsParent(), object(m.Parent), object(m.Metadata), object(m.Content)}
	frames := make([][]byte, 0, len(m.Identities)+2+signedFrames+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, delimiter, Sign(key, signed))
	frames = append(frames, signed...)
	return append(frames, m.Buffers...)
}

// Decode reads a message from its frames. It checks the signature before it
// parses anything; its errors wrap [ErrFrames], [ErrSignature] or [ErrJSON].
// The message shares the memory of frames.
func Decode(frames [][]byte, key []byte) (Message, error) {
	at := indexFrame(frames, delimiter)
	if at < 0 {
		return Message{}, fmt.Errorf("%w: no %s among %d frames", ErrFrames, delimiter, len(frames))
	}
	rest := frames[at+1:]
	if len(rest) < 1+signedFrames {
		return Message{}, fmt.Errorf("%w: %d frames after %s, want at least %d", ErrFrames, len(rest), delimiter, 1+signedFrames)
	}
	signed := rest[1 : 1+signedFrames]
	if !Verify(key, rest[0], signed) {
		return Message{}, ErrSignature
	}
	return parse(frames[:at], signed, rest[1+signedFrames:])
}

// parse reads the four JSON frames of a message that is known to be authentic.
func parse(identities, signed, buffers [][]byte) (Message, error) {
	var objects [signedFrames]json.RawMessage
	for i, name := range []string{"header", "parent_header", "metadata", "content"} {
		objects[i] = validUTF8(signed[i])
		if !isObject(objects[i]) {
			return Message{}, fmt.Errorf("%w: %s is not a JSON object", ErrJSON, name)
		}
	}
	m := Message{
		Identities: identities,
		Parent:     objects[1],
		Metadata:   objects[2],
		Content:    objects[3],
		Buffers:    buffers,
		header:     objects[0],
	}
	if err := json.Unmarshal(m.header, &m.Header); err != nil {
		return Message{}, fmt.Errorf("%w: header: %v", ErrJSON, err)
	}
	if m.Header.MsgID == "" || m.Header.MsgType == "" {
		return Message{}, fmt.Errorf("%w: header lacks msg_id or msg_type", ErrJSON)
	}
	return m, nil
}

func indexFrame(frames [][]byte, want []byte) int {
	for i, frame := range frames {
		if bytes.Equal(frame, want) {
			return i
		}
	}
	return -1
}

// validUTF8 keeps one client's broken text from reaching the others, by way of
// the parent_header of what goes to all.
func validUTF8(raw []byte) []byte {
	if utf8.Valid(raw) {
		return raw
	}
	return bytes.ToValidUTF8(raw, []byte(string(utf8.RuneError)))
}

func isObject(raw []byte) bool {
	text := bytes.TrimLeft(raw, " \t\r\n")
	return len(text) > 0 && text[0] == '{' && json.Valid(text)
}

func object(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return emptyObject
	}
	return raw
}

package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gocrate/gocrate/kernel/wire"
)

var key = []byte("secret")

// signed are the frames of a message with the given JSON, rightly signed.
func signed(objects ...string) [][]byte {
	var body [][]byte
	for _, object := range objects {
		body = append(body, []byte(object))
	}
	return slices.Concat([][]byte{[]byte("client"), []byte("<IDS|MSG>"), wire.Sign(key, body)}, body)
}

func TestDecodeRefuses(t *testing.T) {
	const header = `{"msg_id":"1","msg_type":"x_request"}`
	good := signed(header, "{}", "{}", "{}")
	tampered := signed(header, "{}", "{}", "{}")
	tampered[6] = []byte(`{"code":"evil"}`)
	unsigned := signed(header, "{}", "{}", "{}")
	unsigned[2] = nil
	tests := []struct {
		name   string
		frames [][]byte
		want   error
	}{
		{"nothing", nil, wire.ErrFrames},
		{"a ping", [][]byte{[]byte("\x04PING\x00\x00")}, wire.ErrFrames},
		{"no delimiter", good[2:], wire.ErrFrames},
		{"delimiter only", good[:2], wire.ErrFrames},
		{"three objects", good[:6], wire.ErrFrames},
		{"tampered content", tampered, wire.ErrSignature},
		{"no signature", unsigned, wire.ErrSignature},
		{"tampered and not JSON", append(slices.Clone(good[:6]), []byte("{")), wire.ErrSignature},
		{"header cut off", signed(`{"msg_id"`, "{}", "{}", "{}"), wire.ErrJSON},
		{"header is a list", signed(`[]`, "{}", "{}", "{}"), wire.ErrJSON},
		{"header without msg_type", signed(`{"msg_id":"1"}`, "{}", "{}", "{}"), wire.ErrJSON},
		{"msg_id is a number", signed(`{"msg_id":1,"msg_type":"x"}`, "{}", "{}", "{}"), wire.ErrJSON},
		{"parent is null", signed(header, "null", "{}", "{}"), wire.ErrJSON},
		{"metadata empty", signed(header, "{}", "", "{}"), wire.ErrJSON},
		{"content has NaN", signed(header, "{}", "{}", `{"x":NaN}`), wire.ErrJSON},
	}
	for _, test := range tests {
		if _, err := wire.Decode(test.frames, key); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if _, err := wire.Decode(good, key); err != nil {
		t.Errorf("a good message: %v", err)
	}
}

func TestBrokenTextIsReplaced(t *testing.T) {
	m, err := wire.Decode(signed("{\"msg_id\":\"1\",\"msg_type\":\"x\xff\"}", "{}", "{}", "{}"), key)
	if err != nil || m.Header.MsgType != "x\uFFFD" || bytes.Contains(m.AsParent(), []byte{0xff}) {
		t.Errorf("got %q, %s, %v", m.Header.MsgType, m.AsParent(), err)
	}
}

func TestEmptyKeyNeitherSignsNorChecks(t *testing.T) {
	m := wire.Message{Header: wire.Header{MsgID: "1", MsgType: "x"}}
	frames := m.Encode(nil)
	if len(frames[1]) != 0 {
		t.Errorf("signature is %q, want none", frames[1])
	}
	frames[1] = []byte("anything")
	if _, err := wire.Decode(frames, nil); err != nil {
		t.Error(err)
	}
}

// The signature of a fixed message, computed with Python's hmac module.
func TestSignatureIsThatOfOtherClients(t *testing.T) {
	frames := [][]byte{[]byte(`{"msg_id":"1"}`), []byte(`{}`), []byte(`{}`), []byte(`{"code":"1+1"}`)}
	const want = "d40b80940b966c6a692d119b0d096f9e03bf55ed26edf8ba9134b85e323b7a0f"
	if got := string(wire.Sign([]byte("a-key"), frames)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSessionRefusesReplays(t *testing.T) {
	sender, receiver := wire.NewSession(key), wire.NewSession(key)
	seal := func() [][]byte {
		m, err := sender.New("x_request", nil, struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		return sender.Seal(m)
	}
	first := seal()
	open := func(frames [][]byte) error { _, err := receiver.Open(frames); return err }
	if err := open(first); err != nil {
		t.Fatal(err)
	}
	shouting := slices.Clone(first)
	shouting[1] = bytes.ToUpper(first[1])
	for _, again := range [][][]byte{first, shouting} {
		if err := open(again); !errors.Is(err, wire.ErrReplay) {
			t.Errorf("a replay: %v, want %v", err, wire.ErrReplay)
		}
	}
	for range 1 << 16 { // the window moves on, and no further than that
		if err := open(seal()); err != nil {
			t.Fatal(err)
		}
	}
	if err := open(first); err != nil {
		t.Errorf("65,536 messages later: %v, want it forgotten", err)
	}
}

func TestSessionHeaders(t *testing.T) {
	s := wire.NewSession(key)
	a, _ := s.New("x", nil, struct{}{})
	b, _ := s.New("x", nil, struct{}{})
	when, ok := a.Header.Time()
	if !ok || when.Location() != time.UTC || time.Since(when) > time.Minute {
		t.Errorf("date %q is not now in UTC", a.Header.Date)
	}
	if a.Header.MsgID == b.Header.MsgID || a.Header.Session != s.ID || a.Header.Version != "5.6" {
		t.Errorf("headers %+v and %+v", a.Header, b.Header)
	}
	if len(wire.Date(time.Unix(0, 0))) != len("1970-01-01T00:00:00.000000Z") {
		t.Error("a whole second loses its fraction")
	}
}

// cutFrames makes frames of a fuzzer's bytes.
func cutFrames(data []byte) [][]byte { return bytes.Split(data, []byte("\n")) }

func FuzzDecode(f *testing.F) {
	f.Add(bytes.Join(signed(`{"msg_id":"1","msg_type":"x"}`, "{}", "{}", "{}"), []byte("\n")), true)
	f.Add([]byte("<IDS|MSG>\n\n{}\n{}\n{}\n{}"), false)
	f.Add([]byte("a\n<IDS|MSG>\n\n{\"msg_id\":\"1\",\"msg_type\":\"\xff\"}\n{}\n {}\n{\"a\":[1e999]}\nbuffer"), false)
	f.Fuzz(func(t *testing.T, data []byte, check bool) {
		var k []byte
		if check {
			k = key
		}
		m, err := wire.Decode(cutFrames(data), k)
		if err != nil {
			return
		}
		again, err := wire.Decode(m.Encode(k), k)
		if err != nil {
			t.Fatalf("what was decoded cannot be decoded again: %v", err)
		}
		if diff := cmp.Diff(m, again, cmpopts.IgnoreUnexported(wire.Message{}), cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add("client", "1", "x_request", `{"a":1}`, []byte{0, 1}, uint(3), byte(1))
	f.Add("<IDS|MSG", "é\x00", "\"", `{}`, []byte("{}"), uint(200), byte(0x80))
	f.Fuzz(func(t *testing.T, identity, id, msgType, content string, buffer []byte, at uint, flip byte) {
		if id == "" || msgType == "" || identity == "<IDS|MSG>" {
			return
		}
		raw, err := wire.Marshal(map[string]string{"text": content})
		if err != nil {
			t.Fatal(err)
		}
		m := wire.Message{
			Identities: [][]byte{[]byte(identity)},
			Header:     wire.Header{MsgID: valid(id), MsgType: valid(msgType), Version: "5.6"},
			Parent:     json.RawMessage(`{"msg_id": "0"}`),
			Metadata:   json.RawMessage(`{}`),
			Content:    raw,
			Buffers:    [][]byte{buffer},
		}
		frames := m.Encode(key)
		got, err := wire.Decode(frames, key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, got, cmpopts.IgnoreUnexported(wire.Message{}), cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
		tamper(frames[3:7], at, flip)
		if _, err := wire.Decode(frames, key); flip != 0 && !errors.Is(err, wire.ErrSignature) {
			t.Errorf("tampered with: %v, want %v", err, wire.ErrSignature)
		}
	})
}

func valid(s string) string { return string(bytes.ToValidUTF8([]byte(s), []byte("\uFFFD"))) }

// tamper flips bits of one byte of the frames.
func tamper(frames [][]byte, at uint, flip byte) {
	frame := frames[at%uint(len(frames))]
	frame = slices.Clone(frame)
	frame[at%uint(len(frame))] ^= flip
	frames[at%uint(len(frames))] = frame
}

func Example() {
	kernel, client := wire.NewSession(key), wire.NewSession(key)
	request, _ := client.New("execute_request", nil, wire.ExecuteRequest{Code: "1+1"})
	got, _ := kernel.Open(client.Seal(request))
	reply, _ := kernel.New("execute_reply", got.AsParent(), wire.ErrorReply{Status: "error"})
	fmt.Println(got.Header.MsgType, "is answered by", reply.Header.MsgType)
	// Output: execute_request is answered by execute_reply
}

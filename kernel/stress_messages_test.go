package kernel_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
	"github.com/gocrate/gocrate/kernel/zmq"
)

// sender is one connection that brings fuzzed messages.
type sender struct {
	channel wire.Channel
	kind    zmq.Kind
}

var senders = []sender{
	{wire.Shell, zmq.Dealer}, {wire.Shell, zmq.Dealer}, {wire.Shell, zmq.Dealer},
	{wire.Control, zmq.Dealer}, {wire.Control, zmq.Dealer},
	{wire.Stdin, zmq.Dealer},
	{wire.IOPub, zmq.Subscribe},
	{wire.Heartbeat, zmq.Request},
}

// run sends n messages and waits for the answer to a last one, where there are
// answers, so that all have been read. A connection that the kernel has ended
// is opened again.
func (s sender) run(t *testing.T, k *kerneltest.Kernel, f *fuzzer, n int) {
	last, _ := f.session.New("kernel_info_request", nil, struct{}{})
	c := s.dial(t, k, last)
	for range n {
		if c.Send(f.message()...) != nil {
			c.Close()
			c = s.dial(t, k, last)
		}
	}
	defer c.Close()
	if s.channel != wire.Shell && s.channel != wire.Control {
		return
	}
	if err := c.Send(f.session.Seal(last)...); err != nil {
		t.Errorf("%s: %v", s.channel, err)
	}
	select {
	case <-c.answered:
	case <-time.After(kerneltest.Patience):
		t.Errorf("%s: the last message of a sender was not answered", s.channel)
	}
}

// reader is a client whose incoming messages are read all the time.
type reader struct {
	*zmq.Client
	answered chan struct{} // closed when the last message is
}

// dial tries again, as front ends do, where the kernel has no time or place for
// one more.
func (s sender) dial(t *testing.T, k *kerneltest.Kernel, last wire.Message) reader {
	network, address := k.Connection.Address(s.channel)
	ctx, cancel := context.WithTimeout(t.Context(), kerneltest.Patience)
	defer cancel()
	for {
		c, err := zmq.Dial(ctx, network, address, s.kind, "")
		if err == nil {
			r := reader{c, make(chan struct{})}
			go r.read([]byte(last.Header.MsgID))
			return r
		}
		if ctx.Err() != nil {
			t.Errorf("%s: %v", s.channel, err)
			runtime.Goexit()
		}
	}
}

func (r reader) read(last []byte) {
	for answered := false; ; {
		frames, err := r.Receive(time.Time{})
		if err != nil {
			return
		}
		if !answered && bytes.Contains(slices.Concat(frames...), last) {
			answered = true
			close(r.answered)
		}
	}
}

// fuzzer makes messages: well-formed, spoilt before or after they are signed,
// and such as never were messages.
type fuzzer struct {
	*rand.Rand
	session *wire.Session
	earlier [][]byte // to be sent again
}

func newFuzzer(seed, stream uint64) *fuzzer {
	return &fuzzer{Rand: rand.New(rand.NewPCG(seed, stream)), session: wire.NewSession([]byte(testKey))}
}

func (f *fuzzer) message() [][]byte {
	switch frames := f.sealed(); f.IntN(8) {
	case 0:
		return f.rubbish()
	case 1:
		f.spoil(frames[f.IntN(len(frames))])
		return frames
	case 2:
		return f.shuffled(frames)
	case 3:
		if f.earlier == nil {
			f.earlier = frames
		}
		return f.earlier
	case 4, 5:
		f.spoil(frames[2+f.IntN(4)])
		return f.signed(frames)
	default:
		return frames
	}
}

// requests leaves out what an authentic message may rightly do for ever, which
// is to end the kernel or to start subshells, and usage_request, which looks at
// every process of the machine and would take most of the time.
var requests = strings.Fields(`execute_request complete_request inspect_request is_complete_request history_request kernel_info_request
	connect_request comm_info_request comm_open comm_msg comm_close interrupt_request list_subshell_request
	delete_subshell_request debug_request input_reply no_such_request status`)

var fields = strings.Fields(`code cursor_pos detail_level silent store_history user_expressions allow_stdin stop_on_error hist_access_type
	output raw session start stop n pattern unique target_name comm_id data value status subshell_id restart subscription`)

// sealed is a message that anything may be inside of, in its proper form.
func (f *fuzzer) sealed() [][]byte {
	content := make(map[string]any)
	for range f.IntN(6) {
		content[pick(f, fields)] = f.value(0)
	}
	msg, err := f.session.New(pick(f, requests), nil, content)
	if err != nil {
		panic(err)
	}
	frames := f.session.Seal(msg)
	for i := range frames { // package wire shares some
		frames[i] = bytes.Clone(frames[i])
	}
	return frames
}

func pick[T any](f *fuzzer, from []T) T { return from[f.IntN(len(from))] }

// value is any JSON value, with a liking for those at the edges.
func (f *fuzzer) value(depth int) any {
	scalars := []any{nil, true, false, 0, -1, 3, math.MaxInt64, math.MinInt64, 1e308, 0.5,
		"", "x", "fail", `\`, "tail", "range", "search", "*", "π😀\u0000\u202e", strings.Repeat("long ", f.IntN(200)), json.RawMessage(`"\ud800"`)}
	if depth > 4 || f.IntN(4) > 0 {
		return pick(f, scalars)
	}
	list := make([]any, f.IntN(4))
	for i := range list {
		list[i] = f.value(depth + 1)
	}
	if f.IntN(2) == 0 {
		return list
	}
	return map[string]any{pick(f, fields): list}
}

// spoil changes a few bytes.
func (f *fuzzer) spoil(frame []byte) {
	for range 1 + f.IntN(3) {
		if len(frame) > 0 {
			frame[f.IntN(len(frame))] = byte(f.Uint32())
		}
	}
}

// signed signs the four frames as they are.
func (f *fuzzer) signed(frames [][]byte) [][]byte {
	frames[1] = wire.Sign([]byte(testKey), frames[2:6])
	return frames
}

// shuffled has too few frames, too many, or the right ones in another order.
func (f *fuzzer) shuffled(frames [][]byte) [][]byte {
	switch f.IntN(3) {
	case 0:
		return frames[:1+f.IntN(len(frames)-1)]
	case 1:
		return slices.Repeat(frames, 1+f.IntN(4))
	}
	f.Shuffle(len(frames), func(i, j int) { frames[i], frames[j] = frames[j], frames[i] })
	return frames
}

// rubbish is up to a few hundred frames of anything.
func (f *fuzzer) rubbish() [][]byte {
	frames := make([][]byte, 1+f.IntN(1+f.IntN(300)))
	for i := range frames {
		frames[i] = make([]byte, f.IntN(1+f.IntN(100)))
		for j := range frames[i] {
			frames[i][j] = byte(f.Uint32())
		}
	}
	return frames
}

package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/gocrate/gocrate/kernel/wire"
)

var (
	errNoStdin   = errors.New("this front end does not take input for this cell (allow_stdin is false)")
	errCellEnded = errors.New("the cell has ended or was interrupted, so it cannot ask for input")
	errNotAsked  = errors.New("the front end that ran this cell is not connected for input")
)

// endOfInput is the answer of a user who has nothing more to say.
const endOfInput = "\x04"

// stdin asks one question at a time, for the cells of one shell, and matches
// answers to it.
type stdin struct {
	turn chan struct{} // holds one token, which whoever asks must take

	mu   sync.Mutex
	open *question
}

// question is an input_request that waits for its answer.
type question struct {
	id         string
	identities [][]byte
	answer     chan wire.InputReply // room for one
}

func newStdin() stdin {
	turn := make(chan struct{}, 1)
	turn <- struct{}{}
	return stdin{turn: turn}
}

// ask sends an input_request to the front end that sent req, under the
// identity it has on the shell channel, and waits for the answer.
func (e *executor) ask(ctx context.Context, req *request, content wire.InputRequest) (string, error) {
	k, s := e.k, &e.stdin
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	msg, err := k.session.New("input_request", req.parent, content)
	if err != nil {
		return "", err
	}
	msg.Identities = req.Identities
	q := &question{id: msg.Header.MsgID, identities: req.Identities, answer: make(chan wire.InputReply, 1)}
	s.set(q)
	defer s.set(nil)
	if err := k.sendQuestion(ctx, msg); err != nil {
		return "", err
	}
	select {
	case reply := <-q.answer:
		return value(reply)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// arrival is how long a front end's stdin channel may take to connect after
// its shell channel, which it does on its own.
const arrival = 3 * time.Second

// sendQuestion sends msg as soon as the front end is connected for input.
func (k *Kernel) sendQuestion(ctx context.Context, msg wire.Message) error {
	ctx, cancel := context.WithTimeoutCause(ctx, arrival, errNotAsked)
	defer cancel()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for k.send(wire.Stdin, msg) != nil {
		select {
		case <-again.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

func value(reply wire.InputReply) (string, error) {
	switch {
	case reply.Status == "error":
		return "", errors.New("the front end could not take input")
	case reply.Value == endOfInput:
		return "", io.EOF
	}
	return reply.Value, nil
}

func (s *stdin) set(q *question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = q
}

// answer takes a message of the stdin channel. Where it may answer questions of
// several shells, it answers that of the one it names. What answers no open
// question is stale, from a cell that was interrupted, and is dropped.
func (s *shells) answer(msg wire.Message) {
	s.mu.Lock()
	all := append([]*executor{s.main}, s.subs...)
	s.mu.Unlock()
	for i, e := range all {
		if e.id == msg.Header.SubshellID {
			all[0], all[i] = all[i], all[0]
		}
	}
	for _, e := range all {
		if e.stdin.answer(msg) {
			return
		}
	}
}

// answer reports whether a message answers the open question.
func (s *stdin) answer(msg wire.Message) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var reply wire.InputReply
	if s.open == nil || !s.open.answeredBy(msg) || json.Unmarshal(msg.Content, &reply) != nil {
		return false
	}
	s.open.answer <- reply
	s.open = nil
	return true
}

// answeredBy says whether msg is from the front end that was asked and, where
// it names a parent at all (jupyter_client's does not), that is the question.
func (q *question) answeredBy(msg wire.Message) bool {
	var parent wire.Header
	_ = json.Unmarshal(msg.Parent, &parent)
	return msg.Header.MsgType == "input_reply" &&
		(parent.MsgID == "" || parent.MsgID == q.id) &&
		slices.EqualFunc(msg.Identities, q.identities, slices.Equal)
}

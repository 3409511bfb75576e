package worker

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/gocrate/gocrate/kernel"
)

// maxFrame bounds what either side will read as one frame.
const maxFrame = 1 << 30

// A request is what the parent sends. ID joins it to its answer; for a cancel it
// is the ID of the request to cancel, for an answer to input that of the event.
type request struct {
	Op     string              `json:"op"` // hello, execute, comm, complete, inspect, isComplete, cancel, input
	ID     uint64              `json:"id"`
	Nonce  string              `json:"nonce,omitempty"`  // hello
	Cell   *kernel.Cell        `json:"cell,omitempty"`   // execute
	Comm   *kernel.CommMessage `json:"comm,omitempty"`   // comm
	Owns   bool                `json:"owns,omitempty"`   // execute, comm: the output pipes
	Code   string              `json:"code,omitempty"`   // complete, inspect, isComplete
	Cursor int                 `json:"cursor,omitempty"` // complete, inspect
	Detail int                 `json:"detail,omitempty"` // inspect
	Text   string              `json:"text,omitempty"`   // input
	Fault  *fault              `json:"fault,omitempty"`  // input
}

// An event is what the child sends. Those with a number in Seq are delivered
// when both output pipes have reached the marker of that number.
type event struct {
	Op  string `json:"op"` // ready, stream, display, update, result, clear, payload, comm, input, forget, reply
	ID  uint64 `json:"id"` // of the request it belongs to; for input and forget, of the question
	Run uint64 `json:"run,omitempty"`
	Seq uint64 `json:"seq,omitempty"`

	Bundle *kernel.Bundle `json:"bundle,omitempty"`
	Wait   bool           `json:"wait,omitempty"` // clear

	Payload *kernel.Payload     `json:"payload,omitempty"`
	Comm    *kernel.CommMessage `json:"comm,omitempty"`
	Known   bool                `json:"known,omitempty"` // reply to comm

	Name kernel.StreamName `json:"name,omitempty"` // stream
	Text string            `json:"text,omitempty"` // stream

	Prompt   string `json:"prompt,omitempty"`   // input
	Password bool   `json:"password,omitempty"` // input

	Completion   *kernel.Completion   `json:"completion,omitempty"`
	Inspection   *kernel.Inspection   `json:"inspection,omitempty"`
	Completeness *kernel.Completeness `json:"completeness,omitempty"`
	Fault        *fault               `json:"fault,omitempty"`
}

// fault is an error on its way through a pipe.
type fault struct {
	Cell *kernel.Error `json:"cell,omitempty"` // what the cell's author reads
	Text string        `json:"text,omitempty"` // any other error
}

func faultOf(err error) *fault {
	if err == nil {
		return nil
	}
	if e, ok := err.(*kernel.Error); ok {
		return &fault{Cell: e}
	}
	return &fault{Text: err.Error()}
}

func (f *fault) err() error {
	switch {
	case f == nil:
		return nil
	case f.Cell != nil:
		return f.Cell
	}
	return remoteError(f.Text)
}

// remoteError is an error of the other process.
type remoteError string

func (e remoteError) Error() string { return string(e) }

// frameWriter writes frames, one at a time.
type frameWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (f *frameWriter) write(v any) error {
	frame, err := encode(v)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err = f.w.Write(frame)
	return err
}

// encode returns a frame: the length of the JSON text in four bytes, most
// significant first, and the text.
func encode(v any) ([]byte, error) {
	b := bytes.NewBuffer(make([]byte, 4))
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	if b.Len()-4 > maxFrame {
		return nil, fmt.Errorf("worker: a message of %d bytes; at most %d can be sent", b.Len()-4, maxFrame)
	}
	binary.BigEndian.PutUint32(b.Bytes(), uint32(b.Len()-4))
	return b.Bytes(), nil
}

// readFrame reads a frame into v. Memory grows with what arrives, not with what
// a frame claims to hold. Numbers keep their digits.
func readFrame(r io.Reader, v any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint32(head[:]))
	if size > maxFrame {
		return fmt.Errorf("worker: a frame of %d bytes; at most %d are allowed", size, maxFrame)
	}
	var b bytes.Buffer
	b.Grow(int(min(size, 4<<10)) + bytes.MinRead)
	if n, err := io.CopyN(&b, r, size); err != nil {
		return fmt.Errorf("worker: a frame of %d bytes ends after %d: %w", size, n, err)
	}
	dec := json.NewDecoder(&b)
	dec.UseNumber()
	return dec.Decode(v)
}

package display

import (
	"crypto/rand"
	"sync"
)

// A Comm is a line between cells and a program in the reader's notebook: a
// widget, or an extension. Either side opens it, to a target that the other side
// knows by its name; then both send messages.
type Comm struct {
	ID, Target string

	mu                 sync.Mutex
	onMessage, onClose func(CommMessage)
}

// CommMessage is what a message carries. Data is what encoding/json can write;
// what is received is what it reads: objects are maps, numbers are float64.
type CommMessage struct {
	Data     any
	Metadata map[string]any
	Buffers  [][]byte
}

var comms struct {
	sync.Mutex
	open    map[string]*Comm
	targets map[string]func(*Comm, CommMessage)
}

// OpenComm opens a comm to a target of the notebook's. Outside a notebook nobody
// will answer.
func OpenComm(target string, m CommMessage) *Comm {
	c := &Comm{ID: rand.Text(), Target: target}
	c.enter()
	c.tell("open", m)
	return c
}

// OnComm calls f for each comm that the notebook opens to a target, from now on
// and in place of an earlier f.
func OnComm(target string, f func(c *Comm, opening CommMessage)) {
	comms.Lock()
	defer comms.Unlock()
	if comms.targets == nil {
		comms.targets = map[string]func(*Comm, CommMessage){}
	}
	comms.targets[target] = f
}

// OnMessage calls f for each message that arrives. Calls do not overlap, and wait
// for the cell that runs, unless the notebook sends to a subshell.
func (c *Comm) OnMessage(f func(m CommMessage)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onMessage = f
}

// OnClose calls f when the notebook closes the comm.
func (c *Comm) OnClose(f func(m CommMessage)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onClose = f
}

// Send sends a message to the notebook.
func (c *Comm) Send(m CommMessage) { c.tell("msg", m) }

// Close closes the comm.
func (c *Comm) Close(m CommMessage) {
	c.leave()
	c.tell("close", m)
}

// ReceiveComm is for the engine that runs the cells: it returns what a message of
// the notebook calls, or nil if there is no such comm or target. Kind is open, msg
// or close.
func ReceiveComm(kind, id, target string, m CommMessage) (call func()) {
	comms.Lock()
	c, accept := comms.open[id], comms.targets[target]
	comms.Unlock()
	switch {
	case kind == "open" && accept != nil:
		c := &Comm{ID: id, Target: target}
		c.enter()
		return func() { accept(c, m) }
	case kind == "open" || c == nil:
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.onMessage
	if kind == "close" {
		f = c.onClose
		c.leave()
	}
	if f == nil {
		return func() {}
	}
	return func() { f(m) }
}

func (c *Comm) tell(kind string, m CommMessage) {
	h, _ := host()
	h.Comm(kind, c.ID, c.Target, m)
}

func (c *Comm) enter() {
	comms.Lock()
	defer comms.Unlock()
	if comms.open == nil {
		comms.open = map[string]*Comm{}
	}
	comms.open[c.ID] = c
}

func (c *Comm) leave() {
	comms.Lock()
	defer comms.Unlock()
	delete(comms.open, c.ID)
}

package kernel

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gocrate/gocrate/kernel/wire"
)

// Options are a kernel's settings; the zero value is a working default.
type Options struct {
	Implementation        string // of kernel_info; "gocrate" if empty
	ImplementationVersion string // "0.0.0" if empty
	History               *History
	RuntimeDir            string       // where a kernel that registers leaves its connection file; nowhere if empty
	Log                   *slog.Logger // never given code, output or keys
}

func (o Options) withDefaults() Options {
	if o.Implementation == "" {
		o.Implementation = "gocrate"
	}
	if o.ImplementationVersion == "" {
		o.ImplementationVersion = "0.0.0"
	}
	if o.History == nil {
		o.History = NewHistory(nil)
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// How long the end of a kernel may take, besides the transport's own second.
const (
	cellGrace  = 500 * time.Millisecond // for the cell, or any other question to the Language
	closeGrace = 500 * time.Millisecond // for Language.Close
)

// Kernel serves one Language to any number of front ends.
type Kernel struct {
	lang      Language
	opts      Options
	conn      wire.Connection
	session   *wire.Session
	transport Transport
	iopub     *publisher
	shells    shells
	comms     comms
	usage     usage

	shell, control chan *request
	handlers       map[string]handler

	running sync.WaitGroup // the kernel's goroutines
	done    chan struct{}  // closed when the kernel stops
	stop    sync.Once
	started sync.Once     // status "starting" is sent once
	heard   chan struct{} // closed when it was: somebody listens
	dropped atomic.Uint64 // messages refused
}

// New returns a kernel that serves lang over a transport. Of the connection it
// uses the key, and the ports to answer connect_request.
func New(t Transport, conn wire.Connection, lang Language, opts Options) *Kernel {
	k := &Kernel{
		lang:      lang,
		opts:      opts.withDefaults(),
		conn:      conn,
		session:   wire.NewSession([]byte(conn.Key)),
		transport: t,
		comms:     comms{open: map[string]string{}},
		shell:     make(chan *request, 64),
		control:   make(chan *request, 64),
		done:      make(chan struct{}),
		heard:     make(chan struct{}),
	}
	k.iopub = &publisher{session: k.session, transport: t, log: k.opts.Log}
	k.shells.main = newExecutor(k, "", k.opts.History)
	k.handlers = k.table()
	return k
}

// Serve answers requests until a shutdown_request arrives or ctx ends. Then it
// stops the running cell, closes the Language and the transport, and returns.
// A cell that does not stop within half a second is left behind.
func (k *Kernel) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := k.start(ctx)
	k.transport.Start(receiver{k})
	select {
	case <-ctx.Done():
		k.Stop()
	case <-k.done:
	}
	cancel()
	waitFor(ended, cellGrace)
	err := k.closeLanguage()
	k.transport.Close()
	return err
}

// start runs the kernel's goroutines; the channel is closed when all of them
// have ended.
func (k *Kernel) start(ctx context.Context) <-chan struct{} {
	k.running.Go(func() { k.shells.main.run(ctx) })
	k.running.Go(func() {
		k.awaitListener(ctx)
		k.loop(ctx, k.shell)
	})
	k.running.Go(func() { k.loop(ctx, k.control) })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.running.Wait()
	}()
	return ended
}

// listenerGrace is how long a kernel that has started waits for a listener. A
// front end connects all its sockets at once, but one that came before the
// kernel's was open tries again by itself, in libzmq up to 200 ms later.
const listenerGrace = 250 * time.Millisecond

// awaitListener keeps the first requests of a shell until somebody can hear on
// iopub what becomes of them: front ends wait, some for ever, for an "idle" that
// they have missed.
func (k *Kernel) awaitListener(ctx context.Context) {
	select {
	case <-k.heard:
	case <-ctx.Done():
	case <-time.After(listenerGrace):
	}
}

// Stop makes Serve return. It may be called from any goroutine.
func (k *Kernel) Stop() { k.stop.Do(func() { close(k.done) }) }

// Interrupt stops the running cells, those of subshells too, and aborts the
// queues behind them, as an interrupt_request does.
func (k *Kernel) Interrupt() { k.shells.interrupt() }

// closeLanguage closes the language, whether or not it comes back in time.
func (k *Kernel) closeLanguage() error {
	closed := make(chan struct{})
	var err error
	go func() {
		defer close(closed)
		err = k.guard("Close", k.lang.Close)
	}()
	if !waitFor(closed, closeGrace) {
		return nil
	}
	return err
}

func waitFor(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// receiver is the side of a Kernel that its transport sees.
type receiver struct{ k *Kernel }

// Deliver verifies a message and hands it to the goroutine of its channel.
func (r receiver) Deliver(ch wire.Channel, frames [][]byte) bool {
	k := r.k
	msg, err := k.session.Open(frames)
	if err != nil {
		k.logDropped(ch, err)
		return false
	}
	req := &request{Message: msg, channel: ch, parent: msg.AsParent()}
	switch ch {
	case wire.Stdin:
		k.shells.answer(msg)
	case wire.Control:
		k.hand(k.control, req)
	default:
		k.hand(k.shell, req)
	}
	return true
}

func (k *Kernel) hand(inbox chan<- *request, req *request) {
	select {
	case inbox <- req:
	case <-k.done:
	}
}

// logDropped logs the 1st, 2nd, 4th, 8th… refusal, so that whoever sends
// rubbish does not fill the log too.
func (k *Kernel) logDropped(ch wire.Channel, err error) {
	if n := k.dropped.Add(1); n&(n-1) == 0 {
		k.opts.Log.Warn("dropped a message", "channel", ch.String(), "reason", err, "dropped so far", n)
	}
}

// Welcome greets a subscriber (JEP 65); the first one also learns that the
// kernel is starting, which nobody could have heard before.
func (r receiver) Welcome(topic string) [][][]byte {
	var greetings [][][]byte
	if msg, ok := r.k.iopub.welcome(topic); ok {
		greetings = append(greetings, msg)
	}
	r.k.started.Do(func() {
		greetings = append(greetings, r.k.session.Seal(r.k.iopub.message(nil, "status", wire.Status{ExecutionState: "starting"})))
		close(r.k.heard)
	})
	return greetings
}

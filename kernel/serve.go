package kernel

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/gocrate/gocrate/kernel/wire"
	"github.com/gocrate/gocrate/kernel/zmq"
)

// ReadConnection reads a connection file; see [wire.ParseConnection].
func ReadConnection(path string) (wire.Connection, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return wire.Connection{}, fmt.Errorf("connection file: %w", err)
	}
	conn, err := wire.ParseConnection(data)
	if err != nil {
		return wire.Connection{}, fmt.Errorf("%s: %w", path, err)
	}
	return conn, nil
}

// Serve is a whole kernel process: it serves lang on the sockets of a
// connection, after it has registered where the connection says so, until a shutdown_request, SIGTERM, the death of the process named
// in JPY_PARENT_PID, or the end of ctx. SIGINT interrupts the running cell. It
// closes lang in any case.
func Serve(ctx context.Context, conn wire.Connection, lang Language, opts Options) error {
	opts = opts.withDefaults()
	if conn.Key == "" {
		opts.Log.Warn("the connection has no key: whoever reaches its ports can run code")
	}
	transport, err := zmq.Listen(conn, opts.Log)
	if err != nil {
		lang.Close()
		return err
	}
	conn = transport.Connection()
	if conn.Registration != nil {
		forget, err := announce(ctx, conn, opts)
		if err != nil {
			lang.Close()
			transport.Close()
			return err
		}
		defer forget()
	}
	ctx, cancel := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer cancel()
	k := New(transport, conn, lang, opts)
	go interruptOnSignal(ctx, k)
	if pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID")); err == nil {
		go stopWithParent(ctx, pid, k)
	}
	return k.Serve(ctx)
}

// announce makes a kernel that has chosen its own ports known, to its launcher
// and by a file; forget removes the file.
func announce(ctx context.Context, conn wire.Connection, opts Options) (forget func(), err error) {
	if err := register(ctx, conn); err != nil {
		return nil, err
	}
	if opts.RuntimeDir == "" {
		return func() {}, nil
	}
	path, err := writeConnection(opts.RuntimeDir, conn)
	if err != nil {
		opts.Log.Warn("cannot leave a connection file for other front ends", "error", err)
	}
	return func() { os.Remove(path) }, nil
}

// interruptOnSignal treats SIGINT as an interrupt_request until ctx ends.
func interruptOnSignal(ctx context.Context, k *Kernel) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
	for {
		select {
		case <-signals:
			k.Interrupt()
		case <-ctx.Done():
			return
		}
	}
}

// parentPoll is how often a kernel looks whether its parent is still there.
const parentPoll = time.Second

// stopWithParent stops the kernel when the process that started it has died
// without a word, as front ends do when they are killed.
func stopWithParent(ctx context.Context, pid int, k *Kernel) {
	child := os.Getppid() == pid
	ticker := time.NewTicker(parentPoll)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if !alive(pid) || child && os.Getppid() != pid {
				k.opts.Log.Info("the parent process is gone; stopping")
				k.Stop()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

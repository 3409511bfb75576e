package kerneltest

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/wire"
	"github.com/gocrate/gocrate/kernel/zmq"
)

// Patience is how long a client waits for anything before it fails the test.
const Patience = 10 * time.Second

// Kernel is a kernel that runs in the test's own process.
type Kernel struct {
	*kernel.Kernel
	Connection wire.Connection

	served chan error
}

// Start serves a language on free ports of the loopback interface. The kernel
// ends with the test at the latest.
func Start(t testing.TB, lang kernel.Language) *Kernel {
	t.Helper()
	conn := wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: rand.Text()}
	return StartOn(t, conn, lang, kernel.Options{})
}

// StartOn is Start on a given connection, whose ports may be 0.
func StartOn(t testing.TB, conn wire.Connection, lang kernel.Language, opts kernel.Options) *Kernel {
	t.Helper()
	if opts.Log == nil {
		opts.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	transport, err := zmq.Listen(conn, opts.Log)
	if err != nil {
		t.Fatal(err)
	}
	conn = transport.Connection()
	k := &Kernel{
		Kernel:     kernel.New(transport, conn, lang, opts),
		Connection: conn,
		served:     make(chan error, 1),
	}
	go func() { k.served <- k.Serve(context.Background()) }()
	t.Cleanup(func() {
		k.Stop()
		k.Wait(t)
	})
	return k
}

// Wait waits until the kernel has ended, and returns how long that took.
func (k *Kernel) Wait(t testing.TB) time.Duration {
	t.Helper()
	begin := time.Now()
	select {
	case err := <-k.served:
		if err != nil {
			t.Errorf("Serve returned %v, want nil", err)
		}
		k.served <- nil // for the next Wait
	case <-time.After(Patience):
		t.Fatalf("the kernel has not ended after %v", Patience)
	}
	return time.Since(begin)
}

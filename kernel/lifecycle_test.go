package kernel_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

func TestShutdown(t *testing.T) {
	for _, ch := range []wire.Channel{wire.Control, wire.Shell} {
		running, closed := make(chan struct{}), make(chan struct{})
		k := kerneltest.Start(t, closing{script{"wait": until(running)}, closed})
		c, other := kerneltest.Connect(t, k.Connection), kerneltest.Connect(t, k.Connection)
		cell := other.Send(wire.Shell, "execute_request", kerneltest.Cell("wait"))
		<-running
		r := c.Ask(ch, "shutdown_request", wire.ShutdownRequest{Restart: true})
		const want = `{"status":"ok","restart":true}`
		if string(r.Reply.Content) != want || r.Types() != "shutdown_reply" || string(r.Outputs[0].Content) != want {
			t.Errorf("%s: reply %s and on iopub %s, want %s twice", ch, r.Reply.Content, r.Types(), want)
		}
		if msg := other.Take(wire.IOPub, r.Request.Header.MsgID); msg.Header.MsgType != "status" {
			t.Errorf("%s: the other front end heard %s first, want status", ch, msg.Header.MsgType)
		}
		if e := other.FinishExecution(cell); e.Status != "error" {
			t.Errorf("%s: the running cell ended with %q, want error", ch, e.Status)
		}
		if took := k.Wait(t); took > 2500*time.Millisecond {
			t.Errorf("%s: the end took %v", ch, took)
		}
		<-closed
	}
}

// closing tells when it is closed.
type closing struct {
	script
	closed chan struct{}
}

func (c closing) Close() error {
	close(c.closed)
	return nil
}

func TestCellThatNeverStopsDoesNotKeepTheKernel(t *testing.T) {
	running, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	k := kerneltest.Start(t, script{"hang": func(context.Context, kernel.Output) error {
		close(running)
		<-release
		return nil
	}})
	c := kerneltest.Connect(t, k.Connection)
	hanging := c.Send(wire.Shell, "execute_request", kerneltest.Cell("hang"))
	<-running
	c.Ask(wire.Control, "shutdown_request", wire.ShutdownRequest{})
	if took := k.Wait(t); took > 2500*time.Millisecond {
		t.Errorf("the end took %v", took)
	}
	c.Take(wire.IOPub, hanging.Header.MsgID) // busy
	c.Take(wire.IOPub, hanging.Header.MsgID) // execute_input, and no idle
}

func TestGoroutinesEndWithTheKernel(t *testing.T) {
	base := runtime.NumGoroutine()
	t.Run("kernel", func(t *testing.T) {
		running := make(chan struct{})
		k := kerneltest.Start(t, script{"wait": until(running)})
		c := kerneltest.Connect(t, k.Connection)
		c.Execute("x")
		c.Ask(wire.Control, "shutdown_request", wire.ShutdownRequest{})
		k.Wait(t)
	})
	waitForGoroutines(t, base)
}

func TestTwoFrontEnds(t *testing.T) {
	k := kerneltest.Start(t, echo{})
	a, b := kerneltest.Connect(t, k.Connection), kerneltest.Connect(t, k.Connection)
	e := a.Execute("from a")
	seen := ""
	for !strings.HasSuffix(seen, "idle") {
		msg := b.Take(wire.IOPub, e.Request.Header.MsgID)
		seen += " " + msg.Header.MsgType
		if strings.Contains(string(msg.Content), `"idle"`) {
			seen += ":idle"
		}
	}
	if want := " status execute_input execute_result status:idle"; seen != want {
		t.Errorf("b saw%s, want%s", seen, want)
	}
	if e := b.Execute("from b"); e.ExecutionCount != 2 {
		t.Errorf("b's cell has number %d, want 2", e.ExecutionCount)
	}
}

func TestSocketFiles(t *testing.T) {
	conn := socketFiles(t)
	for range 2 { // the second kernel finds the files of the first
		k := kerneltest.StartOn(t, conn, echo{}, kernel.Options{})
		c := kerneltest.Connect(t, k.Connection)
		if e := c.Execute("over ipc"); e.Status != "ok" {
			t.Errorf("status %q", e.Status)
		}
		c.Ask(wire.Control, "shutdown_request", wire.ShutdownRequest{})
		k.Wait(t)
	}
}

func socketFiles(t *testing.T) wire.Connection {
	conn := wire.Connection{Transport: "ipc", IP: filepath.Join(t.TempDir(), "k"), Key: testKey}
	for port, ch := range wire.Channels {
		conn.SetPort(ch, port+1)
	}
	return conn
}

func TestReadConnection(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	if err := os.WriteFile(path, []byte(`{"ip":"127.0.0.1","shell_port":1,"control_port":2,"stdin_port":3,"iopub_port":4,"hb_port":5,"key":"k"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	conn, err := kernel.ReadConnection(path)
	if err != nil || conn.HeartbeatPort != 5 || conn.Transport != "tcp" {
		t.Errorf("got %+v, %v", conn, err)
	}
}

func TestReadConnectionNamesTheFile(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "missing.json"), t.TempDir()} {
		if _, err := kernel.ReadConnection(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%v, want an error that names %s", err, path)
		}
	}
}

//go:build unix

package kernel_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// roleEnv makes the test binary play a part: "kernel" serves the connection
// file named by its argument, "parent" does nothing until it is killed.
const roleEnv = "GOCRATE_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleEnv) {
	case "kernel":
		if err := serveFile(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "parent":
		io.Copy(io.Discard, os.Stdin)
	default:
		os.Exit(m.Run())
	}
}

func serveFile(path string) error {
	conn, err := kernel.ReadConnection(path)
	if err != nil {
		return err
	}
	wait := func(ctx context.Context, out kernel.Output) error {
		out.Display(kernel.Bundle{})
		<-ctx.Done()
		return ctx.Err()
	}
	return kernel.Serve(context.Background(), conn, script{"wait": wait}, kernel.Options{})
}

// role starts the test binary in one of its parts.
func role(t *testing.T, name, parent string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), roleEnv+"="+name, "JPY_PARENT_PID="+parent)
	cmd.Stderr = new(bytes.Buffer)
	if name == "parent" {
		if _, err := cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd
}

// kernelProcess starts a kernel as a front end does, and connects to it.
func kernelProcess(t *testing.T, parent string) (*exec.Cmd, *kerneltest.Client) {
	t.Helper()
	conn := socketFiles(t)
	file := filepath.Join(t.TempDir(), "connection.json")
	text, err := json.Marshal(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := role(t, "kernel", parent, file)
	return cmd, kerneltest.Connect(t, conn)
}

// exits checks that a process ends by itself, with status 0.
func exits(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the kernel ended with %v; it said %s", err, cmd.Stderr)
		}
	case <-time.After(kerneltest.Patience):
		t.Errorf("the kernel has not ended")
	}
}

func TestSignals(t *testing.T) {
	cmd, c := kernelProcess(t, strconv.Itoa(os.Getpid()))
	request := c.Send(wire.Shell, "execute_request", kerneltest.Cell("wait"))
	var shown wire.Message
	for shown.Header.MsgType != "display_data" { // the cell is running
		shown = c.Take(wire.IOPub, request.Header.MsgID)
	}
	cmd.Process.Signal(os.Interrupt)
	var reply wire.ExecuteReply
	c.Decode(c.Take(wire.Shell, request.Header.MsgID), &reply)
	if reply.Failure == nil || reply.Name != "Interrupted" {
		t.Errorf("after SIGINT the reply is %+v, want Interrupted", reply)
	}
	c.Take(wire.IOPub, request.Header.MsgID) // error
	c.Take(wire.IOPub, request.Header.MsgID) // idle
	if e := c.Execute("alive"); e.Status != "ok" {
		t.Errorf("the cell after: %q, want ok", e.Status)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	exits(t, cmd)
}

func TestKernelEndsWithItsParent(t *testing.T) {
	parent := role(t, "parent", "")
	cmd, c := kernelProcess(t, strconv.Itoa(parent.Process.Pid))
	c.Execute("alive")
	parent.Process.Kill()
	parent.Wait()
	exits(t, cmd)
}

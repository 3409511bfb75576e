package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/gocrate/gocrate/install"
	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/wire"
	"github.com/gocrate/gocrate/kernel/zmq"
)

func (p *program) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Find out why Jupyter does not start the kernel",
		Long: `Find out why Jupyter does not start the kernel: looks for Jupyter, for the
kernelspecs and the programs they start, tries a port, and runs a cell in a
kernel. The exit status is 1 if anything is wrong.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			exe, err := p.executable()
			if err != nil {
				return err
			}
			wrong := 0
			for _, f := range append(p.host.Examine(cmd.Context(), exe), p.selfTest(cmd.Context())) {
				if p.tell(f); !f.OK {
					wrong++
				}
			}
			if wrong > 0 {
				return exitStatus(failed)
			}
			fmt.Fprintln(p.stdout, "\nNothing is wrong. If Jupyter was running while you installed the kernel, reload its page.")
			return nil
		},
	}
}

func (p *program) tell(f install.Finding) {
	if f.OK {
		fmt.Fprintf(p.stdout, "ok    %s\n", f.What)
		return
	}
	fmt.Fprintf(p.stdout, "WRONG %s\n      Remedy: %s\n", f.What, f.Remedy)
}

// selfTest runs a cell in a kernel, as a client does.
func (p *program) selfTest(ctx context.Context) install.Finding {
	began := time.Now()
	if err := p.tryKernel(ctx); err != nil {
		return install.Finding{What: "the kernel does not run a cell: " + err.Error(), Remedy: "build gocrate again with the Go version that its go.mod names; if that does not help, report what you see"}
	}
	return install.Finding{OK: true, What: fmt.Sprintf("the kernel starts and runs a cell (%d ms)", time.Since(began).Milliseconds())}
}

func (p *program) tryKernel(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	lang, err := p.startWorker()
	if err != nil {
		return err
	}
	conn := wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: rand.Text()}
	transport, err := zmq.Listen(conn, slog.Default())
	if err != nil {
		return errors.Join(err, lang.Close())
	}
	conn = transport.Connection()
	k := kernel.New(transport, conn, lang, kernel.Options{})
	served := make(chan error, 1)
	go func() { served <- k.Serve(ctx) }()
	err = runCell(ctx, conn, "1 + 1")
	k.Stop()
	return errors.Join(err, <-served)
}

// runCell runs a cell by way of the sockets.
func runCell(ctx context.Context, conn wire.Connection, code string) error {
	network, address := conn.Address(wire.Shell)
	shell, err := zmq.Dial(ctx, network, address, zmq.Dealer, "")
	if err != nil {
		return err
	}
	defer shell.Close()
	session := wire.NewSession([]byte(conn.Key))
	msg, err := session.New("execute_request", nil, wire.ExecuteRequest{Code: code})
	if err != nil {
		return err
	}
	if err := shell.Send(session.Seal(msg)...); err != nil {
		return err
	}
	deadline, _ := ctx.Deadline()
	frames, err := shell.Receive(deadline)
	if err != nil {
		return err
	}
	reply, err := session.Open(frames)
	if err != nil {
		return err
	}
	return failureIn(reply)
}

// failureIn is the error that an execute_reply tells, if any.
func failureIn(reply wire.Message) error {
	var content wire.ExecuteReply
	if err := json.Unmarshal(reply.Content, &content); err != nil {
		return err
	}
	if content.Status != "ok" && content.Failure != nil {
		return fmt.Errorf("%s: %s", content.Name, content.Value)
	}
	return nil
}

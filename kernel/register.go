package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/gocrate/gocrate/kernel/wire"
	"github.com/gocrate/gocrate/kernel/zmq"
)

// registrationLimit is how long a launcher may take to acknowledge a kernel,
// which is of no use to anybody before that.
const registrationLimit = 10 * time.Second

// register tells the launcher the ports that conn has been given (JEP 66), and
// waits until it has acknowledged them.
func register(ctx context.Context, conn wire.Connection) error {
	ctx, cancel := context.WithTimeout(ctx, registrationLimit)
	defer cancel()
	frames, err := conn.Registration.Message(conn)
	if err != nil {
		return err
	}
	network, address := conn.Registration.Address()
	launcher, err := zmq.Dial(ctx, network, address, zmq.Dealer, "")
	if err != nil {
		return fmt.Errorf("cannot register with the launcher: %w", err)
	}
	defer launcher.Close()
	if err := launcher.Send(frames...); err != nil {
		return fmt.Errorf("cannot register with the launcher: %w", err)
	}
	deadline, _ := ctx.Deadline()
	answer, err := launcher.Receive(deadline)
	if err == nil {
		err = conn.Registration.Acknowledged(answer, conn.Key)
	}
	if err != nil {
		return fmt.Errorf("the launcher at %s has not acknowledged the kernel: %w", address, err)
	}
	return nil
}

var safeID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// writeConnection leaves a connection file in dir, with which other front ends
// find a kernel that has registered, and returns its path.
func writeConnection(dir string, conn wire.Connection) (string, error) {
	id := conn.Registration.KernelID
	if !safeID.MatchString(id) {
		id = fmt.Sprint(os.Getpid())
	}
	text, err := json.MarshalIndent(conn, "", "  ")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "kernel-"+id+".json")
	return path, os.WriteFile(path, append(text, '\n'), 0o600)
}

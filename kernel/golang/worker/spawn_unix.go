//go:build unix

package worker

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

const (
	requestsFD = 3
	eventsFD   = 4
)

var errNotChild = errors.New("worker: this process has no pipes to a kernel; it is meant to be started by one")

// prepare gives the child its pipes and a process group of its own, so that an
// interrupt key in the kernel's terminal does not reach it, and so that what it
// has started can be ended with it.
func prepare(cmd *exec.Cmd, requests, events *os.File) error {
	cmd.ExtraFiles = []*os.File{requests, events} // descriptors 3 and 4
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return nil
}

// kill ends the child and the processes that it has started.
func kill(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGKILL) }

// inherited returns the child's ends of the pipes. Commands that a cell runs do
// not inherit them.
func inherited() (requests, events *os.File, err error) {
	for fd := requestsFD; fd <= eventsFD; fd++ {
		if err := syscall.Fstat(fd, new(syscall.Stat_t)); err != nil {
			return nil, nil, errNotChild
		}
		syscall.CloseOnExec(fd)
	}
	return os.NewFile(requestsFD, "requests"), os.NewFile(eventsFD, "events"), nil
}

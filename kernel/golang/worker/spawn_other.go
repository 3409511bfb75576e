//go:build !unix

package worker

import (
	"errors"
	"os"
	"os/exec"
)

var errNoPipes = errors.New("worker: a session in a child process needs the pipes of a Unix system; run the session in the kernel's process")

func prepare(cmd *exec.Cmd, requests, events *os.File) error { return errNoPipes }

func kill(p *os.Process) { p.Kill() }

func inherited() (requests, events *os.File, err error) { return nil, nil, errNoPipes }

//go:build unix

package magic

import (
	"os/exec"
	"syscall"
)

// own gives a command a process group, so that an interrupt ends all of it.
func own(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}

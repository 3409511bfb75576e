//go:build unix

package kernel

import (
	"errors"
	"syscall"
)

// alive says whether a process exists, whoever it belongs to.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || errors.Is(err, syscall.EPERM))
}

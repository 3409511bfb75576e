//go:build !unix

package kernel

// alive cannot tell here: JPY_PARENT_PID is not a process id everywhere (on
// Windows it is a handle), and a kernel must not stop on a guess.
func alive(int) bool { return true }

package history

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// Path returns where a user's history is kept: a file in the directory that
// the system has for such things.
func Path() (string, error) {
	dir, err := stateDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "gocrate", "history.db"), nil
}

// stateDir follows the XDG base directory specification, which has a place for
// what should outlive a restart and matters to this machine only. Elsewhere
// such things go where settings go.
func stateDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return os.UserConfigDir()
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("no home directory is known for the history: set HOME or XDG_STATE_HOME")
	}
	return filepath.Join(home, ".local", "state"), nil
}

package install

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Host is what the choice of a directory depends on.
type Host struct {
	GOOS   string
	Home   string
	Getenv func(string) string
}

// ThisHost describes the machine and the user that the process runs for.
func ThisHost() Host {
	home, _ := os.UserHomeDir() // missed only where it is needed
	return Host{GOOS: runtime.GOOS, Home: home, Getenv: os.Getenv}
}

// UserDir returns the user's Jupyter data directory, as jupyter --data-dir
// prints it.
func (h Host) UserDir() (string, error) {
	if dir := h.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	if h.GOOS != "windows" && h.Home == "" {
		return "", errors.New("no home directory is known: set HOME or JUPYTER_DATA_DIR, or install with --prefix")
	}
	switch h.GOOS {
	case "darwin":
		if h.platformDirs() {
			return filepath.Join(h.Home, "Library", "Application Support", "Jupyter"), nil
		}
		return filepath.Join(h.Home, "Library", "Jupyter"), nil
	case "windows":
		return h.windowsDir()
	}
	if xdg := h.Getenv("XDG_DATA_HOME"); xdg != "" {
		return filepath.Join(xdg, "jupyter"), nil
	}
	return filepath.Join(h.Home, ".local", "share", "jupyter"), nil
}

func (h Host) windowsDir() (string, error) {
	variable, name := "APPDATA", "jupyter"
	if h.platformDirs() {
		variable, name = "LOCALAPPDATA", "Jupyter"
	}
	dir := h.Getenv(variable)
	if dir == "" {
		return "", errors.New("%" + variable + "% is not set: set it or JUPYTER_DATA_DIR, or install with --prefix")
	}
	return filepath.Join(dir, name), nil
}

// platformDirs reports whether the user wants the directories that Jupyter
// will use by default one day.
func (h Host) platformDirs() bool {
	switch strings.ToLower(h.Getenv("JUPYTER_PLATFORM_DIRS")) {
	case "", "0", "n", "no", "f", "false", "off":
		return false
	}
	return true
}

// SysPrefix returns the prefix of the Python environment that is activated.
func (h Host) SysPrefix() (string, error) {
	for _, variable := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if prefix := h.Getenv(variable); prefix != "" {
			return prefix, nil
		}
	}
	return "", errors.New("no Python environment is active (neither VIRTUAL_ENV nor CONDA_PREFIX is set): activate one, or install with --prefix DIR or --user")
}

// PrefixDir returns the Jupyter data directory of a Python prefix.
func PrefixDir(prefix string) string { return filepath.Join(prefix, "share", "jupyter") }

package install

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

const (
	// Name is the kernelspec's name unless another one is asked for.
	Name = "gocrate"
	// DisplayName is what the front ends' launchers show.
	DisplayName = "Go (gocrate)"
)

//go:embed logo-32x32.png logo-64x64.png logo-svg.svg
var logos embed.FS

// Spec describes a kernel to Jupyter.
type Spec struct {
	Name        string            // of the directory; "" means [Name]
	DisplayName string            // "" means [DisplayName]
	Executable  string            // path of the gocrate program
	Env         map[string]string // variables that Jupyter sets for the kernel, besides its own
}

// kernelJSON is the content of kernel.json.
type kernelJSON struct {
	Argv            []string          `json:"argv"`
	DisplayName     string            `json:"display_name"`
	Language        string            `json:"language"`
	InterruptMode   string            `json:"interrupt_mode"`
	ProtocolVersion string            `json:"kernel_protocol_version"`
	Metadata        map[string]any    `json:"metadata"`
	Env             map[string]string `json:"env,omitempty"`
}

func (s Spec) json() kernelJSON {
	return kernelJSON{
		Argv:            []string{s.Executable, "kernel", "--connection-file", "{connection_file}"},
		DisplayName:     s.DisplayName,
		Language:        "go",
		InterruptMode:   "message",
		ProtocolVersion: "5.6",
		Metadata:        map[string]any{"debugger": false, "supported_encryption": []string{"curve"}},
		Env:             s.Env,
	}
}

// Install writes the kernelspec below a Jupyter data directory and returns
// where it stands. One of ours with the same name is replaced; another
// kernel's is an error.
func Install(dataDir string, s Spec) (string, error) {
	if s.DisplayName == "" {
		s.DisplayName = DisplayName
	}
	if !filepath.IsAbs(s.Executable) {
		return "", fmt.Errorf("the executable %q: expected an absolute path, because Jupyter starts it from anywhere", s.Executable)
	}
	dir, err := specDir(dataDir, s.Name)
	if err != nil {
		return "", err
	}
	if err := mayReplace(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	spec, err := json.MarshalIndent(s.json(), "", "  ")
	if err != nil {
		return "", err
	}
	if err := writeLogos(dir); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, "kernel.json"), append(spec, '\n'), 0o644)
}

func writeLogos(dir string) error {
	entries, err := logos.ReadDir(".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		data, err := logos.ReadFile(e.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, e.Name()), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Uninstall removes the kernelspec of that name ("" means [Name]) from a
// Jupyter data directory and returns where it stood. The error satisfies
// errors.Is(err, fs.ErrNotExist) if it is not there.
func Uninstall(dataDir, name string) (string, error) {
	dir, err := specDir(dataDir, name)
	if err != nil {
		return "", err
	}
	if err := mayReplace(dir); err != nil {
		return "", err
	}
	return dir, os.RemoveAll(dir)
}

var validName = regexp.MustCompile(`^[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$`)

func specDir(dataDir, name string) (string, error) {
	if name == "" {
		name = Name
	}
	if !validName.MatchString(name) {
		return "", fmt.Errorf("kernel name %q: expected letters and digits of ASCII and . _ -", name)
	}
	return filepath.Join(dataDir, "kernels", name), nil
}

// ours reports whether a kernelspec starts a gocrate.
func (k kernelJSON) ours() bool {
	return k.Language == "go" && len(k.Argv) >= 2 && k.Argv[1] == "kernel"
}

// mayReplace returns an error if dir holds no kernelspec, or one that starts
// another program.
func mayReplace(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		return err
	}
	var found kernelJSON
	if err := json.Unmarshal(data, &found); err != nil {
		return fmt.Errorf("%s does not hold a kernelspec that can be read: %w", dir, err)
	}
	if !found.ours() {
		return fmt.Errorf("%s is the kernelspec of another kernel (%s): choose another name with --name", dir, found.DisplayName)
	}
	return nil
}

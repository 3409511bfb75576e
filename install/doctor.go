package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Finding is what one check of [Host.Examine] has found.
type Finding struct {
	OK     bool
	What   string
	Remedy string // what to do, if not OK
}

// Found is a kernelspec of ours.
type Found struct {
	Dir        string
	Name       string
	Executable string
}

// Examine looks for what keeps Jupyter from starting this kernel. Executable
// is the path of the program that asks.
func (h Host) Examine(ctx context.Context, executable string) []Finding {
	findings := []Finding{h.jupyter(ctx)}
	findings = append(findings, h.specs(executable)...)
	return append(findings, ports())
}

// jupyter looks for the command, which is not needed by front ends that bring
// their own, such as VS Code.
func (h Host) jupyter(ctx context.Context) Finding {
	path, err := h.LookPath("jupyter")
	if err != nil {
		return Finding{What: "no jupyter command in PATH or in the active Python environment",
			Remedy: "install one (python3 -m pip install jupyterlab), or activate the environment that has it; VS Code needs none"}
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput(); err != nil {
		return Finding{What: fmt.Sprintf("%s does not run: %v: %s", path, err, lastLine(out)), Remedy: "reinstall Jupyter in that environment (python3 -m pip install --force-reinstall jupyterlab)"}
	}
	return Finding{OK: true, What: "Jupyter is " + path}
}

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

// LookPath finds a command in PATH or in the active Python environment.
func (h Host) LookPath(command string) (string, error) {
	if prefix, err := h.SysPrefix(); err == nil {
		for _, dir := range []string{"bin", "Scripts"} {
			if path, err := exec.LookPath(filepath.Join(prefix, dir, command)); err == nil {
				return path, nil
			}
		}
	}
	return exec.LookPath(command)
}

// specs examines the kernelspecs of ours that Jupyter can find.
func (h Host) specs(executable string) []Finding {
	found := h.Installed()
	if len(found) == 0 {
		return []Finding{{What: "Jupyter does not know the kernel: there is no kernelspec of gocrate in\n    " + strings.Join(h.DataDirs(), "\n    "), Remedy: "gocrate install"}}
	}
	var findings []Finding
	for _, f := range found {
		findings = append(findings, f.examine(executable))
	}
	return findings
}

func (f Found) examine(executable string) Finding {
	again := "gocrate uninstall or install it again (gocrate install --name " + f.Name + ")"
	info, err := os.Stat(f.Executable)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Finding{What: fmt.Sprintf("the kernelspec %s starts %s, which is not there any more", f.Dir, f.Executable), Remedy: again}
	case err != nil:
		return Finding{What: fmt.Sprintf("the kernelspec %s starts %s: %v", f.Dir, f.Executable, err), Remedy: again}
	case info.IsDir() || info.Mode()&0o111 == 0 && filepath.Ext(f.Executable) != ".exe":
		return Finding{What: fmt.Sprintf("the kernelspec %s starts %s, which cannot be executed", f.Dir, f.Executable), Remedy: "chmod +x " + f.Executable}
	}
	if ours, err := os.Stat(executable); err == nil && !os.SameFile(ours, info) {
		return Finding{OK: true, What: fmt.Sprintf("the kernelspec %s starts another gocrate, %s", f.Dir, f.Executable)}
	}
	return Finding{OK: true, What: fmt.Sprintf("the kernelspec %s starts this gocrate", f.Dir)}
}

// ports makes sure that a client can reach a port of this machine.
func ports() Finding {
	bad := func(err error) Finding {
		return Finding{What: fmt.Sprintf("a port of 127.0.0.1 cannot be used: %v", err), Remedy: "let programs listen on the loopback interface (firewall, container, sandbox)"}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return bad(err)
	}
	defer l.Close()
	conn, err := net.DialTimeout("tcp", l.Addr().String(), 3*time.Second)
	if err != nil {
		return bad(err)
	}
	conn.Close()
	return Finding{OK: true, What: "ports of 127.0.0.1 can be reached"}
}

// Installed returns the kernelspecs of ours in the order in which Jupyter
// looks for them.
func (h Host) Installed() []Found {
	var all []Found
	for _, data := range h.DataDirs() {
		dirs, _ := filepath.Glob(filepath.Join(data, "kernels", "*", "kernel.json"))
		for _, file := range dirs {
			text, err := os.ReadFile(file)
			var spec kernelJSON
			if err == nil && json.Unmarshal(text, &spec) == nil && spec.ours() {
				dir := filepath.Dir(file)
				all = append(all, Found{Dir: dir, Name: filepath.Base(dir), Executable: spec.executable(dir)})
			}
		}
	}
	return all
}

// executable is the program of a kernelspec in dir, which may be said in terms
// of that directory.
func (k kernelJSON) executable(dir string) string {
	return strings.ReplaceAll(k.Argv[0], "{resource_dir}", dir)
}

// DataDirs returns the directories in which Jupyter looks for kernelspecs.
func (h Host) DataDirs() []string {
	var dirs []string
	dirs = append(dirs, filepath.SplitList(h.Getenv("JUPYTER_PATH"))...)
	if user, err := h.UserDir(); err == nil {
		dirs = append(dirs, user)
	}
	if prefix, err := h.SysPrefix(); err == nil {
		dirs = append(dirs, PrefixDir(prefix))
	}
	if h.GOOS == "windows" {
		return append(dirs, filepath.Join(h.Getenv("PROGRAMDATA"), "jupyter"))
	}
	return append(dirs, "/usr/local/share/jupyter", "/usr/share/jupyter")
}

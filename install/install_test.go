package install

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInstall(t *testing.T) {
	data := t.TempDir()
	for range 2 { // again, over itself
		dir, err := Install(data, Spec{Executable: "/opt/gocrate"})
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(data, "kernels", "gocrate"); dir != want {
			t.Errorf("installed in %s, want %s", dir, want)
		}
	}
	text, err := os.ReadFile(filepath.Join(data, "kernels", "gocrate", "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"argv":                    []any{"/opt/gocrate", "kernel", "--connection-file", "{connection_file}"},
		"display_name":            "Go (gocrate)",
		"language":                "go",
		"interrupt_mode":          "message",
		"kernel_protocol_version": "5.6",
		"metadata":                map[string]any{"debugger": false, "supported_encryption": []any{"curve"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kernel.json (-want +got):\n%s", diff)
	}
}

// Jupyter finds logos by these names and shows them at these sizes.
func TestLogos(t *testing.T) {
	dir, err := Install(t.TempDir(), Spec{Executable: "/opt/gocrate"})
	if err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		config, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || config.Width != size || config.Height != size {
			t.Errorf("%s is %d×%d (%v)", name, config.Width, config.Height, err)
		}
	}
	svg, err := os.ReadFile(filepath.Join(dir, "logo-svg.svg"))
	if err != nil || !bytes.HasPrefix(svg, []byte("<svg ")) {
		t.Errorf("logo-svg.svg: %v, %.20q", err, svg)
	}
}

func TestInstallErrors(t *testing.T) {
	data := t.TempDir()
	foreign(t, data, "python3", `{"argv": ["python", "-m", "ipykernel_launcher"], "language": "python", "display_name": "Python 3"}`)
	foreign(t, data, "broken", `{`)
	for _, tt := range []struct {
		spec Spec
		want string
	}{
		{Spec{Executable: "gocrate"}, "expected an absolute path"},
		{Spec{Executable: "/x", Name: "../x"}, "expected letters and digits"},
		{Spec{Executable: "/x", Name: ".."}, "expected letters and digits"},
		{Spec{Executable: "/x", Name: "ü"}, "expected letters and digits"},
		{Spec{Executable: "/x", Name: "python3"}, "another kernel (Python 3)"},
		{Spec{Executable: "/x", Name: "broken"}, "does not hold a kernelspec that can be read"},
	} {
		if _, err := Install(data, tt.spec); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Install(%+v): error %v, want one with %q", tt.spec, err, tt.want)
		}
	}
}

func TestEnv(t *testing.T) {
	dir, err := Install(t.TempDir(), Spec{Executable: "/x", Env: map[string]string{"GOMAXPROCS": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if want := `"GOMAXPROCS": "1"`; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("kernel.json lacks %s (%v):\n%s", want, err, text)
	}
}

// host is a machine with nothing on it but what its tests put there.
func host(t *testing.T, env map[string]string) Host {
	env["JUPYTER_DATA_DIR"] = t.TempDir()
	return Host{GOOS: "linux", Getenv: func(name string) string { return env[name] }}
}

// Each thing that can be wrong is found, and has a remedy.
func TestExamine(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	program := filepath.Join(t.TempDir(), "gocrate")
	plain := filepath.Join(t.TempDir(), "plain")
	env := t.TempDir()
	for path, mode := range map[string]os.FileMode{program: 0o755, plain: 0o644, filepath.Join(env, "bin", "jupyter"): 0o755} {
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, env, executable string
		want                  []string // the beginnings of what is wrong
	}{
		{name: "nothing", want: []string{"no jupyter command", "Jupyter does not know the kernel"}},
		{name: "stale", env: env, executable: gone, want: []string{"the kernelspec"}},
		{name: "not executable", env: env, executable: plain, want: []string{"the kernelspec"}},
		{name: "all is well", env: env, executable: program},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("PATH", t.TempDir()+":/bin") // a shell, but no jupyter
			h := host(t, map[string]string{"VIRTUAL_ENV": tt.env})
			if tt.executable != "" {
				data, _ := h.UserDir()
				if _, err := Install(data, Spec{Executable: tt.executable}); err != nil {
					t.Fatal(err)
				}
			}
			var wrong []string
			for _, f := range h.Examine(t.Context(), program) {
				if !f.OK {
					wrong = append(wrong, f.What)
				}
				if f.What == "" || f.OK != (f.Remedy == "") {
					t.Errorf("%+v: what is wrong has a remedy, and only that", f)
				}
			}
			if len(wrong) != len(tt.want) {
				t.Fatalf("wrong: %q, want %q", wrong, tt.want)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(wrong[i], want) {
					t.Errorf("%q, want %q", wrong[i], want)
				}
			}
		})
	}
}

func TestUninstall(t *testing.T) {
	data := t.TempDir()
	foreign(t, data, "python3", `{"argv": ["python", "-m", "x"], "language": "python"}`)
	if _, err := Install(data, Spec{Executable: "/x", Name: "go-dev"}); err != nil {
		t.Fatal(err)
	}
	dir, err := Uninstall(data, "go-dev")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there (%v)", dir, err)
	}
	if _, err := Uninstall(data, "go-dev"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("removing what is not there: error %v", err)
	}
	if _, err := Uninstall(data, "python3"); err == nil || !strings.Contains(err.Error(), "another kernel") {
		t.Errorf("removing another kernel: error %v", err)
	}
}

func foreign(t *testing.T, data, name, spec string) {
	t.Helper()
	dir := filepath.Join(data, "kernels", name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), []byte(spec), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestUserDir(t *testing.T) {
	for _, tt := range []struct {
		goos, home string
		env        map[string]string
		want       string
	}{
		{"linux", "/h", nil, "/h/.local/share/jupyter"},
		{"linux", "/h", map[string]string{"XDG_DATA_HOME": "/d"}, "/d/jupyter"},
		{"linux", "/h", map[string]string{"XDG_DATA_HOME": "/d", "JUPYTER_DATA_DIR": "/j"}, "/j"},
		{"linux", "", map[string]string{"JUPYTER_DATA_DIR": "/j"}, "/j"},
		{"darwin", "/h", nil, "/h/Library/Jupyter"},
		{"darwin", "/h", map[string]string{"JUPYTER_PLATFORM_DIRS": "0"}, "/h/Library/Jupyter"},
		{"darwin", "/h", map[string]string{"JUPYTER_PLATFORM_DIRS": "1"}, "/h/Library/Application Support/Jupyter"},
		{"windows", "", map[string]string{"APPDATA": "/roaming"}, "/roaming/jupyter"},
		{"windows", "", map[string]string{"LOCALAPPDATA": "/local", "JUPYTER_PLATFORM_DIRS": "True"}, "/local/Jupyter"},
	} {
		got, err := Host{tt.goos, tt.home, getenv(tt.env)}.UserDir()
		if err != nil || filepath.ToSlash(got) != tt.want {
			t.Errorf("%s %v: %s, %v; want %s", tt.goos, tt.env, got, err, tt.want)
		}
	}
	for _, goos := range []string{"linux", "darwin", "windows"} {
		if dir, err := (Host{goos, "", getenv(nil)}).UserDir(); err == nil || !strings.Contains(err.Error(), "JUPYTER_DATA_DIR") {
			t.Errorf("%s without a home: %s, error %v", goos, dir, err)
		}
	}
}

func TestSysPrefix(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"VIRTUAL_ENV": "/venv", "CONDA_PREFIX": "/conda"}, "/venv"},
		{map[string]string{"CONDA_PREFIX": "/conda"}, "/conda"},
	} {
		if got, err := (Host{Getenv: getenv(tt.env)}).SysPrefix(); err != nil || got != tt.want {
			t.Errorf("%v: %s, %v", tt.env, got, err)
		}
	}
	if _, err := (Host{Getenv: getenv(nil)}).SysPrefix(); err == nil || !strings.Contains(err.Error(), "VIRTUAL_ENV") {
		t.Errorf("without an environment: error %v", err)
	}
}

func getenv(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

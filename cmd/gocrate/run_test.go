package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/internal/notebook"
)

// gocrate runs a command line in an empty directory that holds the files.
func gocrate(t *testing.T, stdin string, files map[string]string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	defer func(args []string) { os.Args = args }(os.Args)
	var out, err bytes.Buffer
	status = run(t.Context(), toyProgram(stdin, &out, &err), args)
	return status, out.String(), err.String()
}

// ipynb is a notebook with a cell tagged parameters before the given ones.
func ipynb(t *testing.T, sources ...string) string {
	t.Helper()
	nb := &notebook.Notebook{Cells: []*notebook.Cell{{
		Type: notebook.Code, Source: "depth := 3", Metadata: map[string]any{"tags": []any{"parameters"}},
	}}}
	for _, s := range sources {
		nb.Cells = append(nb.Cells, &notebook.Cell{Type: notebook.Code, Source: s})
	}
	var b bytes.Buffer
	if err := nb.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRunNotebook(t *testing.T) {
	files := map[string]string{"x.ipynb": ipynb(t, "out hello\nfigure f")}
	status, stdout, stderr := gocrate(t, "", files, "run", "x.ipynb", "--html", "build/x.html", "--out", "y.ipynb", "-p", "depth=6")
	if status != 0 || stdout != "hello\n" {
		t.Errorf("status %d, stdout %q, stderr %s", status, stdout, stderr)
	}
	for _, want := range []string{"[1/3] depth := 3", "[2/3] // Parameters", "[3/3] out hello", "The page to read: build/x.html\n"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
	nb, err := notebook.ReadFile("y.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if got := nb.Cells[1].Source; got != "// Parameters\ndepth = 6" {
		t.Errorf("the parameters' cell is %q", got)
	}
	if nb.Language() != "go" || nb.Cells[2].Count != 3 || len(nb.Cells[2].Outputs) != 2 {
		t.Errorf("executed: language %q, cell %+v", nb.Language(), nb.Cells[2])
	}
	page, err := os.ReadFile("build/x.html")
	if err != nil || !bytes.Contains(page, []byte("data:image/png;base64,"+pixel)) {
		t.Errorf("the figure is not in the page (%v)", err)
	}
}

// The first error ends the run; what was asked for is written all the same.
func TestRunNotebookFails(t *testing.T) {
	files := map[string]string{"x.ipynb": ipynb(t, "fail bad", "out never")}
	status, stdout, stderr := gocrate(t, "", files, "run", "--html", "x.html", "x.ipynb")
	if status != 1 || stdout != "" {
		t.Errorf("status %d, stdout %q", status, stdout)
	}
	if want := "\nIn[2]:1:1: bad\n\ngocrate run: "; !strings.Contains(strings.ReplaceAll(stderr, "The page to read: x.html\n", ""), want) {
		t.Errorf("stderr lacks the traceback without colour:\n%s", stderr)
	}
	if page, err := os.ReadFile("x.html"); err != nil || !bytes.Contains(page, []byte("In[2]:1:1: bad")) {
		t.Errorf("the page does not show the error (%v)", err)
	}
}

func TestRunScript(t *testing.T) {
	for _, tt := range []struct {
		name, source   string
		status         int
		stdout, stderr string
	}{
		{"cells", "out a\n// %%\nresult 5\nerr b", 0, "a\n5\n", "b\n"},
		{"program", "#!/usr/bin/env gocrate\npackage main\nout ran\n// %%\nout same cell\nfail here", 1, "ran\nsame cell\n", "In[1]:6:1: here\n"},
		{"exit", "out a\nexit 3", 3, "a\n", ""},
		{"error", "out a\n// %%\nfail bad", 1, "a\n", "x.go:3:1: bad\n"},
		{"input", "ask name", 0, "answer typed\n", "name? "},
		{"figure without a directory", "figure f", 0, "a figure\n", ""},
	} {
		status, stdout, stderr := gocrate(t, "typed\n", map[string]string{"x.go": tt.source}, "run", "x.go", "-v", "arg")
		if status != tt.status || stdout != tt.stdout || stderr != tt.stderr {
			t.Errorf("%s: status %d, stdout %q, stderr %q; want %d, %q, %q", tt.name, status, stdout, stderr, tt.status, tt.stdout, tt.stderr)
		}
	}
}

func TestRunScriptFromStandardInput(t *testing.T) {
	status, stdout, stderr := gocrate(t, "out a\nfail bad", nil, "run", "-")
	if status != 1 || stdout != "a\n" || !strings.Contains(stderr, "stdin:2:1: bad") {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
}

func TestRunScriptFigures(t *testing.T) {
	status, stdout, stderr := gocrate(t, "", map[string]string{"x.go": "figure a\nfigure b\nredraw a\nredraw unknown"}, "run", "--figures", "new/figs", "x.go")
	if status != 0 || stdout != "" || strings.Count(stderr, "A figure: ") != 3 {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
	got, err := filepath.Glob("new/figs/*")
	if err != nil || len(got) != 2 || filepath.Base(got[0]) != "figure-01.png" {
		t.Errorf("the files are %v (%v)", got, err)
	}
}

func TestUsage(t *testing.T) {
	files := map[string]string{"x.ipynb": ipynb(t), "x.go": "out a"}
	for _, tt := range []struct{ args, want string }{
		{"unknown", "unknown command"},
		{"run", "requires at least 1 arg"},
		{"run --nope x.ipynb", "unknown flag: --nope"},
		{"run x.ipynb --nope", "unknown flag: --nope"},
		{"run x.ipynb extra", `a notebook takes no arguments, found "extra"`},
		{"run x.ipynb --figures d", "--figures is for scripts"},
		{"run x.ipynb -p width=3", "it sets depth"},
		{"run --html x.html x.go", "are for notebooks"},
		{"kernel", "expected one connection file"},
		{"kernel --connection-file a b", "expected one connection file"},
		{"install --user --prefix p", "none of the others can be"},
		{"version extra", "unknown command"},
	} {
		status, stdout, stderr := gocrate(t, "", files, strings.Fields(tt.args)...)
		if status != 2 || stdout != "" || !strings.Contains(stderr, tt.want) || !strings.Contains(stderr, "--help.\n") {
			t.Errorf("gocrate %s: status %d, stdout %q, stderr %q; want 2 and %q", tt.args, status, stdout, stderr, tt.want)
		}
	}
}

func TestMissingFiles(t *testing.T) {
	for _, args := range []string{"run no.ipynb", "run no.go", "kernel no.json", "uninstall --prefix p", "install --sys-prefix", "install"} {
		if status, _, stderr := gocrate(t, "", nil, strings.Fields(args)...); status != 1 || strings.Count(stderr, "\n") != 1 {
			t.Errorf("gocrate %s: status %d, stderr %q; want 1 and one line", args, status, stderr)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, args := range []string{"", "--help", "run --help", "kernel --help", "install --help", "uninstall --help"} {
		status, stdout, stderr := gocrate(t, "", nil, strings.Fields(args)...)
		if status != 0 || stderr != "" || !strings.Contains(stdout, "Examples:\n  gocrate ") || strings.Contains(stdout, "worker") {
			t.Errorf("gocrate %s: status %d, stderr %q, help:\n%s", args, status, stderr, stdout)
		}
	}
}

func TestVersion(t *testing.T) {
	status, stdout, _ := gocrate(t, "", nil, "version")
	if status != 0 || !regexp.MustCompile(`^gocrate \d+\.\d+\.\d+\S* \(go1\.\d+\S*, yaegi \S+, \w+/\w+\)\n`).MatchString(stdout) {
		t.Errorf("status %d, %q", status, stdout)
	}
}

func TestInstallAndUninstall(t *testing.T) {
	var stdout, stderr bytes.Buffer
	p := toyProgram("", &stdout, &stderr)
	prefix := t.TempDir()
	spec := filepath.Join(prefix, "share", "jupyter", "kernels", "mine")
	at := []string{"--prefix", prefix, "--name", "mine"}
	if status := run(t.Context(), p, append([]string{"install", "--display-name", "Mine"}, at...)); status != 0 {
		t.Fatalf("install: status %d, %s", status, stderr.String())
	}
	if want := "Installed the kernel Mine in " + spec + "\n"; !strings.HasPrefix(stdout.String(), want) {
		t.Errorf("install says %q, want %q", stdout.String(), want)
	}
	kernel, err := os.ReadFile(filepath.Join(spec, "kernel.json"))
	if err != nil || !bytes.Contains(kernel, []byte(`"/opt/gocrate"`)) || !bytes.Contains(kernel, []byte(`"Mine"`)) {
		t.Errorf("kernel.json (%v): %s", err, kernel)
	}
	if status := run(t.Context(), p, append([]string{"uninstall"}, at...)); status != 0 {
		t.Errorf("uninstall: status %d, %s", status, stderr.String())
	}
	if _, err := os.Stat(spec); err == nil {
		t.Errorf("%s is still there", spec)
	}
}

func TestInstallRefusesAPassingProgram(t *testing.T) {
	var stderr bytes.Buffer
	p := toyProgram("", new(bytes.Buffer), &stderr)
	p.executable = func() (string, error) { return "/tmp/go-build123/b001/exe/gocrate", nil }
	if status := run(t.Context(), p, []string{"install", "--prefix", t.TempDir()}); status != 1 || !strings.Contains(stderr.String(), "build it first") {
		t.Errorf("status %d, %s", status, stderr.String())
	}
}

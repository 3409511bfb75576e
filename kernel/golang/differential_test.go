package golang_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/kernel/golang/internal/gogen"
)

var (
	genCount = flag.Int("gen.n", 100, "how many random programs to compare")
	genSeed  = flag.Int64("gen.seed", 1, "seed of the first random program")
	genKeep  = flag.String("gen.keep", "", "a directory for the programs that differ")
)

// knownDifferent are random programs that a session does not get right yet. The
// list may only get shorter.
var knownDifferent = map[string]bool{}

// TestDifferential compares random programs, compiled, with the session: as
// whole programs, and with the statements of main as a cell.
func TestDifferential(t *testing.T) {
	programs := make([]batteryProgram, *genCount)
	for i := range programs {
		seed := *genSeed + int64(i)
		p := gogen.New(seed, fmt.Sprintf("s%d_", i))
		programs[i] = batteryProgram{Name: fmt.Sprintf("seed%d", seed), Imports: gogen.Imports(p.Decls + p.Body), Decls: p.Decls, Body: p.Body}
	}
	for i, out := range compiled(t, programs) {
		programs[i].Stdout = out
	}
	count := map[string]int{}
	verdicts := judge(t, programs)
	for _, p := range programs {
		for form, cells := range p.forms() {
			v := verdicts[p.Name+"/"+form]
			if v == equal {
				count[v]++
				if knownDifferent[p.Name+"/"+form] {
					t.Errorf("%s/%s is %s now: remove it from the list of those known to differ", p.Name, form, v)
				}
				continue
			}
			count["wrong"]++
			keep(t, p, form, cells, v)
			if knownDifferent[p.Name+"/"+form] {
				continue
			}
			t.Errorf("%s/%s: %.600s", p.Name, form, v)
		}
	}
	t.Logf("equal %d, refused %d, wrong %d", count[equal], count[refused], count["wrong"])
}

// compiled runs all programs in one binary and returns what each prints.
func compiled(t *testing.T, programs []batteryProgram) []string {
	const separator = "\x00next program\x00\n"
	var src strings.Builder
	var calls strings.Builder
	for i, p := range programs {
		fmt.Fprintf(&src, "%s\nfunc program%d() {\n%s}\n", p.Decls, i, p.Body)
		fmt.Fprintf(&calls, "program%d()\nfmt.Print(%q)\n", i, separator)
	}
	fmt.Fprintf(&src, "func main() {\n%s}\n", calls.String())
	text := "package main\n\n" + gogen.Imports(src.String()) + src.String()
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	// Without optimisation it compiles faster and means the same.
	bin := filepath.Join(dir, "programs.exe")
	if out, err := exec.Command("go", "build", "-gcflags=-N -l", "-o", bin, file).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(bin)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the compiled programs: %v\n%.2000s", err, stderr.String())
	}
	return strings.Split(string(out), separator)[:len(programs)]
}

// keep writes a program that differs where -gen.keep says.
func keep(t *testing.T, p batteryProgram, form string, cells []string, verdict string) {
	if *genKeep == "" {
		return
	}
	if form == "cells" {
		cells = []string{"package main\n" + strings.Join(cells[:2], "\n") + "\nfunc main() {\n" + cells[2] + "}\n"}
	}
	text := cells[0] + "\n/*" + verdict + "*/\n"
	if err := os.WriteFile(filepath.Join(*genKeep, p.Name+"_"+form+".go"), []byte(text), 0o666); err != nil {
		t.Error(err)
	}
}

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
	"time"

	"github.com/gocrate/gocrate/kernel/golang/internal/gogen"
)

var (
	genCount = flag.Int("gen.n", 100, "how many random programs to compare")
	genSeed  = flag.Int64("gen.seed", 1, "seed of the first random program")
	genKeep  = flag.String("gen.keep", "", "a directory for the programs that differ")
)

// genChunk is how many programs are compiled together and judged by one process.
const genChunk = 200

// TestDifferential compares random programs, compiled, with the session: as
// whole programs, and with the statements of main as a cell. It stops before the
// time limit of the tests, and says with which seed to go on.
func TestDifferential(t *testing.T) {
	count := map[string]int{}
	programs := 0
	for slowest := time.Duration(0); programs < *genCount; {
		if limit, ok := t.Deadline(); ok && time.Until(limit) < slowest*3/2 {
			t.Errorf("only %d of %d programs in the time that the tests have (-timeout): go on with -gen.seed %d -gen.n %d",
				programs, *genCount, *genSeed+int64(programs), *genCount-programs)
			break
		}
		begin := time.Now()
		n := min(genChunk, *genCount-programs)
		compareChunk(t, *genSeed+int64(programs), n, count)
		programs += n
		slowest = max(slowest, time.Since(begin))
	}
	t.Logf("%d programs from seed %d in 2 forms each: equal %d, refused %d, different %d, crashes %d, time-outs %d; of these, %d not when run again alone",
		programs, *genSeed, count[equal], count[refused], count[differs], count[crash], count[timeOut], count["unrepeated"])
}

// compareChunk compares n programs. What a busy machine may be to blame for, a
// time-out, counts only if it happens again to the program alone; what happens
// only once otherwise counts, and is said to.
func compareChunk(t *testing.T, seed int64, n int, count map[string]int) {
	programs := make([]batteryProgram, n)
	for i := range programs {
		seed := seed + int64(i)
		p := gogen.New(seed, fmt.Sprintf("s%d_", seed))
		programs[i] = batteryProgram{Name: fmt.Sprintf("seed%d", seed), Imports: gogen.Imports(p.Decls + p.Body), Decls: p.Decls, Body: p.Body}
	}
	for i, out := range compiled(t, programs) {
		programs[i].Stdout = out
	}
	verdicts := judge(t, programs)
	for _, p := range programs {
		for form, cells := range p.forms() {
			name := p.Name + "/" + form
			v := verdicts[name]
			if kind(v) != equal {
				again := judge(t, []batteryProgram{p})[name]
				switch {
				case kind(again) != equal:
				case kind(v) == timeOut:
					v = again
				default:
					count["unrepeated"]++
					v += " (not when run again alone)"
				}
			}
			count[kind(v)]++
			if kind(v) != equal {
				keep(t, p, form, cells, v)
				t.Errorf("%s: %.600s", name, v)
			}
		}
	}
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

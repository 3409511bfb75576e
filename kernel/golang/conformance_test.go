package golang_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
)

// The battery is programs with the output of their compiled form. A session
// prints the same or refuses the program before it runs: it is never silently
// wrong.

// knownWrong are the programs that a session does not get right yet, in both
// forms, or in the one named behind a slash. The list may only get shorter.
var knownWrong = map[string]bool{}

// batteryProgram is a program of the battery.
type batteryProgram struct {
	Name, Imports, Decls, Body, Stdout string
}

// forms returns the cells of the program, as one and as three.
func (p batteryProgram) forms() map[string][]string {
	return map[string][]string{
		"program": {"package main\n" + p.Imports + "\n" + p.Decls + "\nfunc main() {\n" + p.Body + "\n}\n"},
		"cells":   {p.Imports, p.Decls, p.Body},
	}
}

const (
	timeLimit = 5 * time.Second  // for a program
	patience  = 15 * time.Second // for one that cannot be interrupted
)

// Verdicts begin with one of these words, or say in what a program differs.
const (
	equal   = "equal"
	refused = "refused"
	timeOut = "time-out"
	crash   = "crash"
	differs = "differs"
)

// kind is the word that a verdict begins with.
func kind(verdict string) string {
	switch word, _, _ := strings.Cut(verdict, ":"); word {
	case equal, refused, timeOut, crash:
		return word
	}
	return differs
}

func TestConformance(t *testing.T) {
	programs := readPrograms(t, "testdata/conformance/battery.json")
	verdicts := judge(t, programs)
	count := map[string]int{}
	for _, p := range programs {
		for _, form := range []string{"program", "cells"} {
			name := p.Name + "/" + form
			v := verdicts[name]
			right := kind(v) == equal || kind(v) == refused
			known := knownWrong[p.Name] || knownWrong[name]
			if right {
				count[kind(v)]++
			} else {
				count["wrong"]++
			}
			if right && known {
				t.Errorf("%s is %s now: remove it from the list of those known to be wrong", name, v)
			}
			if !right && !known {
				t.Errorf("%s: %s", name, v)
			}
		}
	}
	t.Logf("equal %d, refused %d, wrong %d of %d", count[equal], count[refused], count["wrong"], 2*len(programs))
}

func readPrograms(t *testing.T, file string) []batteryProgram {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var programs []batteryProgram
	if err := json.Unmarshal(data, &programs); err != nil {
		t.Fatal(err)
	}
	return programs
}

// judge runs the programs in child processes: a program can crash one. The
// next child goes on with the program after it.
func judge(t *testing.T, programs []batteryProgram) map[string]string {
	file := filepath.Join(t.TempDir(), "programs.json")
	data, err := json.Marshal(programs)
	if err == nil {
		err = os.WriteFile(file, data, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]string{}
	for next := 0; next < len(programs); {
		ended, end := judgeFrom(t, file, next, verdicts)
		if next += ended; next == len(programs) {
			break
		}
		for form := range programs[next].forms() {
			if name := programs[next].Name + "/" + form; verdicts[name] == "" {
				verdicts[name] = end
			}
		}
		next++
	}
	return verdicts
}

// judgeFrom runs the programs of a file in one child process, which begins with
// one of them. It returns how many came to their end, and the verdict on the next
// one.
func judgeFrom(t *testing.T, file string, first int, verdicts map[string]string) (ended int, end string) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestConformanceChild$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", childEnv, first, file))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var stuck atomic.Bool
	stop := time.AfterFunc(patience, func() { stuck.Store(true); cmd.Process.Kill() })
	defer stop.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		stop.Reset(patience)
		name, verdict, ok := strings.Cut(lines.Text(), "\t")
		var v string
		if !ok || json.Unmarshal([]byte(verdict), &v) != nil {
			continue
		}
		verdicts[name] = v
		if strings.HasSuffix(name, "/cells") {
			ended++
		}
	}
	switch err := cmd.Wait(); {
	case err == nil:
		return ended, crash + ": the process has ended itself"
	case stuck.Load():
		return ended, timeOut + ": cannot be interrupted"
	default:
		text, _, _ := strings.Cut(stderr.String(), "\n")
		return ended, fmt.Sprintf("%s: %v: %s", crash, err, text)
	}
}

// childEnv holds the number of the program with which a child begins, and the
// file of the programs.
const childEnv = "GOCRATE_CONFORMANCE_FROM"

// TestConformanceChild is the child's part of TestConformance.
func TestConformanceChild(t *testing.T) {
	var from int
	var file string
	if _, err := fmt.Sscan(os.Getenv(childEnv), &from, &file); err != nil {
		return
	}
	for _, p := range readPrograms(t, file)[from:] {
		for _, form := range []string{"program", "cells"} {
			verdict, _ := json.Marshal(verdictOn(p.forms()[form], p.Stdout))
			fmt.Printf("%s/%s\t%s\n", p.Name, form, verdict)
		}
	}
	os.Exit(0)
}

// verdictOn runs cells in a session of their own.
func verdictOn(cells []string, want string) string {
	got, err := transcript(cells, timeLimit)
	e := new(kernel.Error)
	switch {
	case errors.As(err, &e) && (e.Name == "unsupported" || e.Name == "compile error"):
		return refused + ": " + e.Value
	case errors.As(err, &e) && e.Name == "Interrupted":
		return fmt.Sprintf("%s: not done after %v", timeOut, timeLimit)
	case err != nil:
		return fmt.Sprintf("%s and then fails with %.300v", difference(got, want), err)
	case got != want:
		return difference(got, want)
	}
	return equal
}

// difference words the first line in which two texts differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	n := 0
	for n < min(len(g), len(w))-1 && g[n] == w[n] {
		n++
	}
	return fmt.Sprintf("prints in line %d: %.200q; want %.200q", n+1, g[n], w[n])
}

// transcript runs cells in a new session and returns what they print on the
// standard output, by whatever way.
func transcript(cells []string, limit time.Duration) (string, error) {
	file, err := os.CreateTemp("", "gocrate")
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	defer func(f *os.File) { os.Stdout = f }(os.Stdout)
	os.Stdout = file
	err = runAll(cells, limit)
	data, readErr := os.ReadFile(file.Name())
	// As encoding/json will have it.
	return string([]rune(string(data))), errors.Join(err, readErr)
}

func runAll(cells []string, limit time.Duration) error {
	s, err := golang.New(golang.Options{Streams: standardStreams{}})
	if err != nil {
		return err
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for i, code := range cells {
		if err := s.Execute(ctx, kernel.Cell{Code: code, Number: i + 1}, &recorder{}); err != nil {
			return err
		}
	}
	return nil
}

// standardStreams are the streams of the process.
type standardStreams struct{}

func (standardStreams) Stdout() io.Writer        { return os.Stdout }
func (standardStreams) Stderr() io.Writer        { return io.Discard }
func (standardStreams) Switch(kernel.StreamName) {}
func (standardStreams) Carry(kernel.Output) bool { return true }

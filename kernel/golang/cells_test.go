package golang_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
)

var update = flag.Bool("update", false, "write what the cells show into the scripts")

// TestCells runs the sessions in testdata/cells. A script's cells are followed
// by what they show: "out" holds the streams, "result" the text of the last
// expression, "error" the traceback without colours.
func TestCells(t *testing.T) {
	files, err := filepath.Glob("testdata/cells/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runScript(t, file) })
	}
}

func runScript(t *testing.T, file string) {
	want, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := golang.New(golang.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := &txtar.Archive{Comment: want.Comment}
	n := 0
	for _, f := range want.Files {
		if f.Name != "cell" {
			continue
		}
		n++
		got.Files = append(got.Files, f)
		got.Files = append(got.Files, runCell(s, n, string(f.Data))...)
	}
	if text := txtar.Format(got); string(text) != string(txtar.Format(want)) {
		if *update {
			if err := os.WriteFile(file, text, 0o666); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Errorf("%s: got\n%s\nwant\n%s", file, text, txtar.Format(want))
	}
}

// runCell runs one cell and returns what it shows.
func runCell(s *golang.Session, n int, code string) []txtar.File {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out := &recorder{}
	err := s.Execute(ctx, kernel.Cell{Code: strings.TrimSuffix(code, "\n"), Number: n}, out)
	var files []txtar.File
	add := func(name, text string) {
		if text != "" {
			files = append(files, txtar.File{Name: name, Data: []byte(strings.TrimSuffix(text, "\n") + "\n")})
		}
	}
	out.mu.Lock()
	defer out.mu.Unlock()
	add("out", out.text.String())
	add("result", out.result)
	var e *kernel.Error
	if errors.As(err, &e) {
		add("error", e.Name+"\n"+colours.ReplaceAllString(e.Text(), ""))
	} else if err != nil {
		add("error", err.Error())
	}
	return files
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// recorder keeps what a cell shows.
type recorder struct {
	mu     sync.Mutex
	text   strings.Builder
	result string
}

func (r *recorder) Stream(name kernel.StreamName, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if name == kernel.Stderr {
		text = "stderr: " + text
	}
	r.text.WriteString(text)
}

func (r *recorder) show(kind string, b kernel.Bundle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(&r.text, "%s: %v\n", kind, b.Data["text/plain"])
}

func (r *recorder) Display(b kernel.Bundle) { r.show("display", b) }
func (r *recorder) Update(b kernel.Bundle)  { r.show("update", b) }
func (r *recorder) Clear(bool)              {}
func (r *recorder) Payload(kernel.Payload)  {}

func (r *recorder) Result(b kernel.Bundle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result = fmt.Sprint(b.Data["text/plain"])
	for _, mime := range []string{"text/html", "text/markdown", "image/png", "image/svg+xml", "application/json"} {
		if b.Data[mime] != nil {
			r.result += "\n+ " + mime
		}
	}
}

func (r *recorder) Input(_ context.Context, prompt string, _ bool) (string, error) {
	return "typed after " + prompt, nil
}

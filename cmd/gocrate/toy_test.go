package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/gocrate/gocrate/install"
	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/load"
)

// toy is a language in which a line says what to show: a verb and a text.
type toy struct{ kernel.Language }

func (toy) Info() kernel.LanguageInfo { return kernel.LanguageInfo{Name: "go", Version: "1"} }

func (toy) Close() error { return nil }

func (toy) Execute(ctx context.Context, cell kernel.Cell, out kernel.Output) error {
	for n, line := range strings.Split(cell.Code, "\n") {
		verb, text, _ := strings.Cut(line, " ")
		switch verb {
		case "out":
			out.Stream(kernel.Stdout, text+"\n")
		case "err":
			out.Stream(kernel.Stderr, text+"\n")
		case "exit":
			return &kernel.Error{Name: "Exit", Value: text, Traceback: []string{"exit"}}
		case "result":
			out.Result(kernel.Bundle{Data: map[string]any{"text/plain": text}})
		case "figure":
			out.Display(kernel.Bundle{ID: text, Data: map[string]any{"text/plain": "a figure", "image/png": pixel}})
		case "redraw":
			out.Update(kernel.Bundle{ID: text, Data: map[string]any{"image/png": pixel}})
		case "ask":
			answer, err := out.Input(ctx, text+"? ", false)
			if err != nil {
				return err
			}
			out.Stream(kernel.Stdout, "answer "+answer+"\n")
		case "fail":
			where := fmt.Sprintf("In[%d]:%d:1: %s", cell.Number, n+1, text)
			return &kernel.Error{Name: "Error", Value: where, Traceback: []string{"\x1b[31m" + where + "\x1b[0m"}}
		}
	}
	return nil
}

const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="

// toyProgram is gocrate with the toy in Go's place.
func toyProgram(stdin string, stdout, stderr io.Writer) *program {
	return &program{
		stdin: strings.NewReader(stdin), stdout: stdout, stderr: stderr,
		host:       install.Host{GOOS: "linux", Getenv: func(string) string { return "" }},
		executable: func() (string, error) { return "/opt/gocrate", nil },
		worker:     func(string) kernel.Language { return toy{} },
		session:    func() (kernel.Language, error) { return toy{}, nil },
		wholeProgram: func(ctx context.Context, prog *load.Program, out kernel.Output) error {
			return toy{}.Execute(ctx, kernel.Cell{Code: prog.Packages[0].Files[0].Code, Number: 1}, out)
		},
	}
}

package kernel_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/gocrate/gocrate/kernel"
)

// echo is a language in which every program is its own result.
type echo struct{}

func (echo) Info() kernel.LanguageInfo {
	return kernel.LanguageInfo{Name: "echo", Version: "1.0", MIMEType: "text/plain", FileExtension: ".txt", Banner: "echo 1.0"}
}

func (echo) Execute(_ context.Context, cell kernel.Cell, out kernel.Output) error {
	if cell.Code == "fail" {
		return &kernel.Error{Name: "Failure", Value: "as you asked", Traceback: []string{"In[1]: fail"}}
	}
	out.Result(kernel.Bundle{Data: map[string]any{"text/plain": cell.Code}})
	return nil
}

func (echo) Complete(_ context.Context, code string, cursor int) (kernel.Completion, error) {
	return kernel.Completion{Matches: []kernel.Match{{Text: "echo", Kind: "keyword"}}, Start: 0, End: cursor}, nil
}

func (echo) Inspect(context.Context, string, int, int) (kernel.Inspection, error) {
	return kernel.Inspection{Found: true, Data: map[string]any{"text/plain": "text"}}, nil
}

func (echo) IsComplete(_ context.Context, code string) (kernel.Completeness, error) {
	if strings.HasSuffix(code, `\`) {
		return kernel.Completeness{Status: "incomplete", Indent: "  "}, nil
	}
	return kernel.Completeness{Status: "complete"}, nil
}

func (echo) Close() error { return nil }

// A kernel process reads its connection file and serves.
func ExampleServe() {
	conn, err := kernel.ReadConnection(os.Args[1])
	if err == nil {
		err = kernel.Serve(context.Background(), conn, echo{}, kernel.Options{Implementation: "echo"})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

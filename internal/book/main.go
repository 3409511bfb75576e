// Book makes notebooks from their sources in Markdown, without outputs:
//
//	go run ./internal/book notebooks/src/*.md
//
// writes notebooks/NAME.ipynb for each notebooks/src/NAME.md. The language of
// the sources is described at [notebook.FromMarkdown].
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gocrate/gocrate/install"
	"github.com/gocrate/gocrate/internal/notebook"
	"github.com/gocrate/gocrate/kernel/golang"
)

func main() {
	for _, source := range os.Args[1:] {
		if err := write(source); err != nil {
			fmt.Fprintf(os.Stderr, "book: %v\n", err)
			os.Exit(1)
		}
	}
}

func write(source string) error {
	nb, err := read(source)
	if err != nil {
		return err
	}
	return nb.WriteFile(target(source))
}

func read(source string) (*notebook.Notebook, error) {
	nb, err := notebook.ReadMarkdown(source)
	if err != nil {
		return nil, err
	}
	nb.SetKernel(install.Name, install.DisplayName, golang.Info())
	return nb, nil
}

// target is the notebook that is made from a source.
func target(source string) string {
	name := strings.TrimSuffix(filepath.Base(source), ".md") + ".ipynb"
	return filepath.Join(filepath.Dir(filepath.Dir(source)), name)
}

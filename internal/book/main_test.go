package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/internal/notebook"
)

// The stored notebooks hold what their sources say; make notebooks writes them.
func TestNotebooksAreMadeFromTheirSources(t *testing.T) {
	sources, err := filepath.Glob("../../notebooks/src/*.md")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no sources (%v)", err)
	}
	for _, source := range sources {
		want, err := read(source)
		if err != nil {
			t.Error(err)
			continue
		}
		got, err := notebook.ReadFile(target(source))
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(cells(want), cells(got)); diff != "" {
			t.Errorf("%s is not what %s says (-source +notebook):\n%s", target(source), source, diff)
		}
	}
}

type cell struct {
	Type     notebook.CellType
	ID, Text string
}

func cells(nb *notebook.Notebook) []cell {
	var list []cell
	for _, c := range nb.Cells {
		list = append(list, cell{c.Type, c.ID, c.Source})
	}
	return list
}

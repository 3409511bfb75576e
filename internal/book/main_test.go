package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/internal/notebook"
)

// The stored notebooks hold what their sources say; make notebooks writes them.
func TestNotebooksAreMadeFromTheirSources(t *testing.T) {
	for source, want := range chapters(t) {
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

// A reader takes in a cell at a glance: in every chapter nine of ten have fewer
// than 12 lines.
func TestCellsAreShort(t *testing.T) {
	for source, nb := range chapters(t) {
		var all, long int
		for _, c := range nb.Cells {
			if c.Type != notebook.Code {
				continue
			}
			all++
			if strings.Count(c.Source, "\n")+1 >= 12 {
				long++
			}
		}
		if 10*long > all {
			t.Errorf("%s: %d of %d cells have 12 lines or more; want at most a tenth", source, long, all)
		}
	}
}

// Beside the notebooks lies what they link to.
func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^):#]+)[^):]*\)`)
	for source, nb := range chapters(t) {
		for _, c := range nb.Cells {
			for _, m := range link.FindAllStringSubmatch(c.Source, -1) {
				if c.Type != notebook.Markdown {
					continue
				}
				if _, err := os.Stat(filepath.Join(filepath.Dir(target(source)), m[1])); err != nil {
					t.Errorf("%s: the link to %s: %v", source, m[1], err)
				}
			}
		}
	}
}

// A chapter opens with its title, sets exercises that can be checked and solved,
// and claims something. The first look is no chapter.
func TestChaptersHaveTheirParts(t *testing.T) {
	for source, nb := range chapters(t) {
		if strings.HasPrefix(filepath.Base(source), "00_") {
			continue
		}
		var text strings.Builder
		exercises := 0
		for _, c := range nb.Cells {
			text.WriteString(c.Source + "\n")
			if tags, _ := c.Metadata["tags"].([]any); len(tags) == 1 && tags[0] == "exercise" {
				exercises++
			}
		}
		count := func(s string) int { return strings.Count(text.String(), s) }
		if !strings.HasPrefix(text.String(), "# ") || count("display.Claim(") == 0 {
			t.Errorf("%s: want a title first, and cells with display.Claim", source)
		}
		if solutions, checks := count("<details>"), count(" solved:\","); exercises == 0 || solutions != exercises || checks != exercises {
			t.Errorf("%s: %d exercises, %d solutions, %d checks; want as many of each", source, exercises, solutions, checks)
		}
	}
}

// chapters reads the sources, by name.
func chapters(t *testing.T) map[string]*notebook.Notebook {
	sources, err := filepath.Glob("../../notebooks/src/*.md")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no sources (%v)", err)
	}
	all := make(map[string]*notebook.Notebook)
	for _, source := range sources {
		nb, err := read(source)
		if err != nil {
			t.Fatal(err)
		}
		all[source] = nb
	}
	return all
}

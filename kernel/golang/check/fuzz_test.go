package check_test

import (
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gocrate/gocrate/kernel/golang/cell"
	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/stdlib"
)

type library struct{ types.Importer }

func (library) ByName(name string) []string { return stdlib.ByName(name) }

// FuzzCheck runs two cells through a session. Whatever they are, the checker
// answers: with a unit or with an error that has a place in the cell.
func FuzzCheck(f *testing.F) {
	scripts, _ := filepath.Glob("../testdata/cells/*.txtar")
	if len(scripts) == 0 {
		f.Fatal("no scripts to start from")
	}
	for _, file := range scripts {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		before := ""
		for _, section := range txtar.Parse(text).Files {
			if section.Name == "cell" {
				f.Add(before, string(section.Data))
				before = string(section.Data)
			}
		}
	}
	lib := library{stdlib.NewImporter()}
	f.Fuzz(func(t *testing.T, first, second string) {
		s := check.New(token.NewFileSet(), lib)
		for i, code := range []string{first, second} {
			checkCell(t, s, code, i+1)
		}
		s.Complete(second, "", "")
		s.At(second, len(second)/2)
	})
}

func checkCell(t *testing.T, s *check.Session, code string, n int) {
	c, err := cell.Parse(s.FileSet(), "In[1]", code)
	if err != nil {
		return
	}
	u, ds := s.Check(c, n)
	if u != nil {
		s.Commit(u)
		return
	}
	if len(ds) == 0 {
		t.Fatalf("no unit and no reason for %q", code)
	}
	for _, d := range ds {
		if d.Cell == "" || d.Line < 1 || d.Col < 1 || d.Msg == "" {
			t.Errorf("%q: a diagnostic without place or text: %+v", code, d)
		}
	}
}

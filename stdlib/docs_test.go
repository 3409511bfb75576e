package stdlib

import (
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDoc(t *testing.T) {
	for _, test := range []struct{ path, symbol, declaration, text string }{
		{"fmt", "", `package fmt // import "fmt"`, "formatted I/O"},
		{"fmt", "Println", "func Println(a ...any) (n int, err error)", "Spaces are always added"},
		{"sort", "Interface", "type Interface interface {", "can be sorted by the routines"},
		{"sort", "Interface.Less", "method Less(i, j int) bool", "must sort before"},
		{"time", "Duration.Seconds", "func (d Duration) Seconds() float64", "floating point number of seconds"},
		{"time", "Second", "const Second Duration = 1000000000", "Common durations"},
		{"io", "EOF", "var EOF error", "no more input"},
		{"slices", "Sort", "func Sort[S ~[]E, E cmp.Ordered](x S)", "ascending order"},
		{"gonum.org/v1/gonum/mat", "NewDense", "func NewDense(r, c int, data []float64) *Dense", "row-major"},
		{"gonum.org/v1/plot", "Plot", "type Plot struct {", "func New() *Plot"},
		{"gonum.org/v1/plot", "Plot.BackgroundColor", "field BackgroundColor color.Color", "background color"},
		{"github.com/gocrate/gocrate/stdlib/display", "Show", "func Show(v ...any) Handle", "Show shows"},
	} {
		got := Doc(test.path, test.symbol)
		if !strings.HasPrefix(got, test.declaration) || !strings.Contains(got, test.text) {
			t.Errorf("%s.%s:\n%s", test.path, test.symbol, got)
		}
	}
	for _, missing := range [][2]string{{"fmt", "Printn"}, {"fmt", "println"}, {"nowhere", ""}} {
		if got := Doc(missing[0], missing[1]); got != "" {
			t.Errorf("%v has documentation: %s", missing, got)
		}
	}
}

// Whatever a cell can name has a declaration to show.
func TestEverythingIsDocumented(t *testing.T) {
	for _, p := range Packages() {
		scope := imported(t, p.Path).Scope()
		for _, name := range scope.Names() {
			obj := scope.Lookup(name)
			if obj.Exported() && Doc(p.Path, name) == "" {
				t.Errorf("%s.%s has no documentation", p.Path, name)
			}
			if named, ok := obj.Type().(*types.Named); ok && obj.Exported() && obj.Name() == named.Obj().Name() && named.Obj().Pkg() == obj.Pkg() {
				for m := range named.Methods() {
					if m.Exported() && Doc(p.Path, name+"."+m.Name()) == "" {
						t.Errorf("%s.%s.%s has no documentation", p.Path, name, m.Name())
					}
				}
			}
		}
	}
}

// The documentation names no directory of the machine that generated it.
func TestDocsAreFromNowhere(t *testing.T) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Dir(filepath.Dir(dir))
	for _, p := range Packages() {
		for symbol, text := range readDocs(p.Path) {
			if len(root) > 1 && strings.Contains(text, root+string(filepath.Separator)) {
				t.Errorf("%s.%s names %s", p.Path, symbol, root)
			}
		}
	}
}

func BenchmarkDoc(b *testing.B) {
	for _, path := range []string{"fmt", "net/http", "gonum.org/v1/gonum/mat"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				readDocs(path)
			}
		})
	}
}

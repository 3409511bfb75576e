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
		{"net/http", "Client.Timeout", "field Timeout time.Duration", "time limit"},
		{"slices", "Sort", "func Sort[S ~[]E, E cmp.Ordered](x S)", "ascending order"},
		{"gonum.org/v1/gonum/mat", "NewDense", "func NewDense(r, c int, data []float64) *Dense", "row-major"},
		{"gonum.org/v1/plot", "Plot", "type Plot struct {", "basic type"},
		{"gonum.org/v1/plot", "Plot.BackgroundColor", "field BackgroundColor color.Color", "background color"},
		{"github.com/gocrate/gocrate/stdlib/display", "Show", "func Show(v ...any) Handle", "Show shows"},
	} {
		got, ok := Doc(test.path, test.symbol)
		if !ok || !strings.HasPrefix(got.Declaration, test.declaration) || !strings.Contains(got.Text(), test.text) {
			t.Errorf("%s.%s:\n%+v", test.path, test.symbol, got)
		}
	}
	if d, _ := Doc("gonum.org/v1/plot", "Plot"); !strings.Contains(d.Members, "func New() *Plot\nfunc (p *Plot) Add(") {
		t.Errorf("members of plot.Plot:\n%s", d.Members)
	}
	for _, missing := range [][2]string{{"fmt", "Printn"}, {"fmt", "println"}, {"nowhere", ""}} {
		if got, ok := Doc(missing[0], missing[1]); ok {
			t.Errorf("%v has documentation: %v", missing, got)
		}
	}
}

// Comments become Markdown and HTML with their links, and escaped.
func TestDocFormats(t *testing.T) {
	d := Documentation{Comment: "See [Println] & [strings.Builder], [none]:\n\n\ta < b\n\n# More\n\n - one", path: "fmt"}
	want := "See [Println](https://pkg.go.dev/fmt#Println) & [strings.Builder](https://pkg.go.dev/strings#Builder), \\[none]:\n\n\ta < b\n\n#### More\n\n  - one"
	if got := d.Markdown(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	want = `<p>See <a href="https://pkg.go.dev/fmt#Println">Println</a> &amp; <a href="https://pkg.go.dev/strings#Builder">strings.Builder</a>, [none]:` +
		"\n<pre>a &lt; b\n</pre>\n<h4>More</h4>\n<ul>\n<li>one\n</ul>"
	if got := d.HTML(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	own := Documentation{Comment: "See [MSSA].", path: cratePath}
	if got := own.HTML(); got != "<p>See MSSA." {
		t.Errorf("got %q", got)
	}
}

// Whatever a cell can name has a declaration to show.
func TestEverythingIsDocumented(t *testing.T) {
	for _, p := range Packages() {
		scope := imported(t, p.Path).Scope()
		for _, name := range scope.Names() {
			obj := scope.Lookup(name)
			if _, ok := Doc(p.Path, name); obj.Exported() && !ok {
				t.Errorf("%s.%s has no documentation", p.Path, name)
			}
			if named, ok := obj.Type().(*types.Named); ok && obj.Exported() && obj.Name() == named.Obj().Name() && named.Obj().Pkg() == obj.Pkg() {
				for m := range named.Methods() {
					if _, ok := Doc(p.Path, name+"."+m.Name()); m.Exported() && !ok {
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
		for symbol, d := range readDocs(p.Path) {
			if len(root) > 1 && strings.Contains(d.Declaration+d.Comment, root+string(filepath.Separator)) {
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

package stdlib

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"sync"
	"testing"
)

// check type-checks a program against the embedded export data.
func check(t *testing.T, imp types.Importer, code string) error {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "cell.go", code, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: imp, GoVersion: "go1.26"}
	_, err = config.Check("main", fset, []*ast.File{f}, nil)
	return err
}

func TestProgramsCheck(t *testing.T) {
	for name, code := range map[string]string{
		"text": `import ("fmt"; "strings"; "strconv"; "regexp"; "text/template"; "os"; "bufio")
			func main() {
				n, err := strconv.Atoi(strings.TrimSpace(" 7"))
				fmt.Fprintln(os.Stdout, n, err, regexp.MustCompile("a").FindString("b"))
				template.Must(template.New("").Parse("")).Execute(bufio.NewWriter(os.Stdout), nil)
			}`,
		"generics": `import ("cmp"; "iter"; "maps"; "slices"; "sync/atomic"; "math/rand/v2")
			func keys(m map[string]int) iter.Seq[string] { return maps.Keys(m) }
			func main() {
				s := slices.Sorted(keys(nil))
				slices.SortFunc(s, func(a, b string) int { return cmp.Compare(b, a) })
				var p atomic.Pointer[[]string]
				p.Store(&s)
				_ = rand.N(len(*p.Load()))
			}`,
		"errors and contexts": `import ("context"; "errors"; "io/fs"; "net/http"; "time")
			func main() {
				ctx, stop := context.WithTimeout(context.Background(), 3*time.Second)
				defer stop()
				r, err := http.NewRequestWithContext(ctx, http.MethodGet, "", nil)
				var p *fs.PathError
				_, _ = r.Header, errors.As(err, &p)
			}`,
		"numbers": `import ("fmt"; "math"; "gonum.org/v1/gonum/mat"; "gonum.org/v1/gonum/stat"; "gonum.org/v1/gonum/optimize"; "gonum.org/v1/gonum/blas/blas64")
			func main() {
				var c mat.Dense
				c.Mul(mat.NewDense(2, 2, nil), mat.NewDense(2, 2, nil))
				var svd mat.SVD
				svd.Factorize(&c, mat.SVDThin)
				p := optimize.Problem{Func: func(x []float64) float64 { return x[0] * x[0] }}
				r, err := optimize.Minimize(p, []float64{1}, nil, &optimize.NelderMead{})
				fmt.Println(stat.Mean(r.X, nil), err, math.MaxUint32, blas64.Implementation())
			}`,
		"plots": `import ("image/color"; "gonum.org/v1/plot"; "gonum.org/v1/plot/plotter"; "gonum.org/v1/plot/vg"; "gonum.org/v1/plot/vg/draw")
			func main() {
				p := plot.New()
				l, _ := plotter.NewLine(plotter.XYs{{X: 1, Y: 2}})
				l.LineStyle = draw.LineStyle{Color: color.Black, Width: vg.Points(1)}
				p.Add(l, plotter.NewGrid())
				p.Save(4*vg.Inch, 3*vg.Inch, "x.png")
			}`,
		"images": `import ("bytes"; "image"; "image/png"; "encoding/base64"; "encoding/json"; "unsafe")
			func main() {
				var b bytes.Buffer
				png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, int(unsafe.Sizeof(b)))))
				json.Marshal(base64.StdEncoding.EncodeToString(b.Bytes()))
			}`,
		"the notebook": `import ("github.com/gocrate/gocrate/crate"; "github.com/gocrate/gocrate/stdlib/display"; "gonum.org/v1/gonum/mat")
			func main() {
				r := crate.CodingRate(mat.NewDense(2, 2, nil), 0.01)
				h := display.Show(r, display.Markdown("x"))
				h.Update(display.Context().Err())
			}`,
	} {
		if err := check(t, NewImporter(), "package main\n"+code); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Types are the same through whichever package they come, in any order.
func TestTypesAreIdentical(t *testing.T) {
	imp := NewImporter()
	for _, path := range []string{"net/http", "gonum.org/v1/plot/plotter", "bufio"} {
		if _, err := imp.Import(path); err != nil {
			t.Fatal(err)
		}
	}
	code := `package main
		import ("bufio"; "io"; "net/http"; "gonum.org/v1/plot"; "gonum.org/v1/plot/plotter")
		var _ io.Reader = (*bufio.Reader)(nil)
		var _ io.Writer = http.ResponseWriter(nil)
		var _ plot.Plotter = (*plotter.Line)(nil)
		var _ plot.DataRanger = (*plotter.Line)(nil)`
	if err := check(t, imp, code); err != nil {
		t.Error(err)
	}
}

func TestErrorsAreTheCompilers(t *testing.T) {
	err := check(t, NewImporter(), "package main\nimport \"strings\"\nvar n int = strings.ToUpper(\"x\")")
	if err == nil || !strings.Contains(err.Error(), "cell.go:3:13: cannot use strings.ToUpper(\"x\") (value of type string) as int value") {
		t.Error(err)
	}
}

func TestUnknownPackage(t *testing.T) {
	for path, want := range map[string]string{
		"mat":                             "gonum.org/v1/gonum/mat",
		"gonum/mat":                       "gonum.org/v1/gonum/mat",
		"gonum.org/v1/plot/ploter":        "gonum.org/v1/plot/plotter",
		"github.com/gocrate/gocrate/crat": "github.com/gocrate/gocrate/crate",
		"crate":                           "github.com/gocrate/gocrate/crate",
		"maths":                           "math",
		"rand":                            "math/rand",
		"github.com/google/uuid":          "",
		"internal/abi":                    "",
	} {
		_, err := NewImporter().Import(path)
		var unknown *UnknownPackageError
		if !errors.As(err, &unknown) {
			t.Fatalf("%s: %v", path, err)
		}
		if unknown.Nearest != want {
			t.Errorf("nearest to %q is %q, want %q", path, unknown.Nearest, want)
		}
		if !strings.Contains(err.Error(), `"`+path+`"`) || !strings.Contains(err.Error(), "press Tab") {
			t.Error(err)
		}
	}
}

func TestImporterIsSafeForConcurrentUse(t *testing.T) {
	imp := NewImporter()
	first := make([]*types.Package, len(index))
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range index {
				i := (i*7 + worker*31) % len(index)
				p, err := imp.Import(index[i].path)
				if err != nil || !p.Complete() {
					t.Errorf("%s: %v", index[i].path, err)
				}
			}
		})
	}
	wg.Wait()
	for i, e := range index {
		first[i], _ = imp.Import(e.path)
		again, _ := imp.ImportFrom(e.path, "/anywhere", 0)
		if first[i] != again {
			t.Errorf("%s is read twice", e.path)
		}
	}
}

// No file name of the machine that generated the data is in it.
func TestExportDataHasNoPositions(t *testing.T) {
	for _, p := range Packages() {
		scope := imported(t, p.Path).Scope()
		for _, name := range scope.Names() {
			if pos := scope.Lookup(name).Pos(); pos != token.NoPos {
				t.Fatalf("%s.%s has position %d", p.Path, name, pos)
			}
		}
	}
}

func TestByName(t *testing.T) {
	for name, want := range map[string]string{
		"rand":     "math/rand math/rand/v2 crypto/rand",
		"template": "text/template html/template",
		"plot":     "gonum.org/v1/plot",
		"crate":    "github.com/gocrate/gocrate/crate",
		"draw":     "image/draw gonum.org/v1/plot/vg/draw",
		"numpy":    "",
	} {
		if got := strings.Join(ByName(name), " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func BenchmarkImport(b *testing.B) {
	for _, path := range []string{"fmt", "net/http", "gonum.org/v1/gonum/mat", "gonum.org/v1/plot"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if _, err := NewImporter().Import(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

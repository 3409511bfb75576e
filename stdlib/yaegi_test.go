package stdlib

import (
	"bytes"
	"image/png"
	"reflect"
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"

	"github.com/gocrate/gocrate/stdlib/display"
)

// run interprets a program over the tables and returns what it prints.
func run(t *testing.T, code string) string {
	t.Helper()
	var out bytes.Buffer
	i := interp.New(interp.Options{Stdout: &out})
	types := MapTypes()
	types[i.Symbols("")[""]["_error"]] = ErrorTypes()
	if err := i.Use(interp.Exports{".": {"MapTypes": reflect.ValueOf(types)}}); err != nil {
		t.Fatal(err)
	}
	for _, p := range Packages() {
		if err := i.Use(interp.Exports{p.Path + "/" + p.Name: Exports(p.Path)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := i.Eval("package main\n" + code); err != nil {
		t.Errorf("%v\n%s", err, code)
	}
	return out.String()
}

func TestInterpretedPrograms(t *testing.T) {
	for _, test := range []struct{ name, code, want string }{
		{"constants", `import ("fmt"; "math"; "time"; "os"; "unicode/utf8")
			func main() {
				var max uint64 = math.MaxUint64
				fmt.Println(2*math.Pi, max, 1.5*float64(time.Second), string(os.PathSeparator), utf8.RuneError == '\uFFFD', math.MaxInt8)
			}`,
			"6.283185307179586 18446744073709551615 1.5e+09 / true 127\n"},

		{"variables", `import ("fmt"; "flag"; "errors"; "io"; "strings")
			func main() {
				_, err := strings.NewReader("").Read(nil)
				flag.Usage = func() { fmt.Println("mine") }
				flag.Usage()
				fmt.Println(errors.Is(err, io.EOF) || err == nil)
			}`,
			"mine\ntrue\n"},

		{"sort.Interface", `import ("fmt"; "sort")
			type byLength []string
			func (s byLength) Len() int { return len(s) }
			func (s byLength) Less(i, j int) bool { return len(s[i]) < len(s[j]) }
			func (s byLength) Swap(i, j int) { s[i], s[j] = s[j], s[i] }
			func main() {
				words := []string{"coding", "rate", "a"}
				sort.Sort(byLength(words))
				fmt.Println(strings(words))
			}
			func strings(s []string) string { return fmt.Sprint(len(s), s) }`,
			"3 [a rate coding]\n"},

		{"heap", `import ("fmt"; "container/heap")
			type queue []int
			func (q queue) Len() int { return len(q) }
			func (q queue) Less(i, j int) bool { return q[i] < q[j] }
			func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
			func (q *queue) Push(x any) { *q = append(*q, x.(int)) }
			func (q *queue) Pop() any { old := *q; x := old[len(old)-1]; *q = old[:len(old)-1]; return x }
			func main() {
				q := &queue{3, 1, 2}
				heap.Init(q)
				heap.Push(q, 0)
				fmt.Println(heap.Pop(q), heap.Pop(q))
			}`,
			"0 1\n"},

		{"an enumeration with a name and a number", `import "fmt"
			type color int
			func (c color) String() string { return "red" }
			func main() {
				c := color(2)
				fmt.Printf("%v %s %d %q %03d %5v|%-5s|\n", c, c, c, c, c, c, c)
			}`,
			"red red 2 \"red\" 002   red|red  |\n"},

		{"a method that is called String but is none", `import "fmt"
			type t struct{ N int }
			func (t) String(n int) int { return n }
			func main() { x := t{3}; fmt.Println(x) }`,
			"%!v(method String is a func(int) int, but package fmt expects a func() string)\n"},

		{"an error", `import ("fmt"; "errors")
			type failure struct{ Cause error }
			func (f failure) Error() string { return "failed: " + f.Cause.Error() }
			func (f failure) Unwrap() error { return f.Cause }
			func main() {
				cause := errors.New("no data")
				f := failure{cause}
				fmt.Println(f)
				err := fmt.Errorf("training: %w", f)
				fmt.Println(err, errors.Is(err, cause))
			}`,
			"failed: no data\ntraining: failed: no data true\n"},

		{"a reader", `import ("fmt"; "io"; "bufio")
			type ones struct{ n int }
			func (o *ones) Read(b []byte) (int, error) {
				if o.n == 0 { return 0, io.EOF }
				o.n--
				b[0] = '1'
				return 1, nil
			}
			func main() {
				b, err := io.ReadAll(bufio.NewReader(&ones{4}))
				fmt.Println(string(b), err)
			}`,
			"1111 <nil>\n"},

		{"JSON", `import ("fmt"; "encoding/json")
			type point struct{ X, Y int }
			func (p point) MarshalJSON() ([]byte, error) { return []byte(fmt.Sprintf("[%d,%d]", p.X, p.Y)), nil }
			func main() {
				p := point{1, 2}
				b, err := json.Marshal(p)
				fmt.Println(string(b), err)
			}`,
			"[1,2] <nil>\n"},

		{"matrices", `import ("fmt"; "gonum.org/v1/gonum/mat"; "gonum.org/v1/gonum/floats")
			type eye struct{ n int }
			func (e eye) Dims() (int, int) { return e.n, e.n }
			func (e eye) At(i, j int) float64 { if i == j { return 1 }; return 0 }
			func (e eye) T() mat.Matrix { return e }
			func main() {
				a := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
				var c mat.Dense
				c.Mul(a, a.T())
				e := eye{2}
				fmt.Println(c.RawMatrix().Data, mat.Det(a) < -1.9, mat.Trace(e), floats.Sum([]float64{1, 2}))
			}`,
			"[5 11 11 25] true 2 3\n"},

		{"a plotter with a data range", `import ("fmt"; "gonum.org/v1/plot"; "gonum.org/v1/plot/vg/draw")
			type dot struct{}
			func (dot) Plot(draw.Canvas, *plot.Plot) {}
			func (dot) DataRange() (a, b, c, d float64) { return 1, 2, 3, 4 }
			func main() {
				p := plot.New()
				p.Add([]plot.Plotter{dot{}}...)
				fmt.Println(p.X.Min, p.X.Max, p.Y.Min, p.Y.Max)
			}`,
			"1 2 3 4\n"},

		{"regular expressions, templates and time", `import ("fmt"; "regexp"; "text/template"; "os"; "time"; "strings")
			func main() {
				fmt.Println(regexp.MustCompile("a+").FindAllString("aab a", -1), 90*time.Minute)
				var b strings.Builder
				template.Must(template.New("t").Parse("{{range .}}<{{.}}>{{end}}")).Execute(&b, []int{1, 2})
				fmt.Println(b.String(), os.Getenv("NO_SUCH") == "")
			}`,
			"[aa a] 1h30m0s\n<1><2> true\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := run(t, test.code); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// An interpreted type shows itself through its own methods.
func TestInterpretedValuesShowThemselves(t *testing.T) {
	for _, test := range []struct{ name, methods, mime, want, text string }{
		{"HTML", `func (v) HTML() string { return "<b>1</b>" }`, "text/html", "<b>1</b>", "value with the methods HTML"},
		{"HTML and String", `func (v) HTML() string { return "<b>1</b>" }
			func (v) String() string { return "one" }`, "text/html", "<b>1</b>", "one"},
		{"JSON", `func (v) JSON() string { return "[1]" }`, "application/json", "[1]", "value with the methods JSON"},
		{"MIMEBundle", `func (v) MIMEBundle() map[string]any { return map[string]any{"text/markdown": "*1*"} }`, "text/markdown", "*1*", "value with the methods MIMEBundle"},
		{"error", `func (v) Error() string { return "no" }`, "text/plain", "no", "no"},
		{"another HTML", `func (v) HTML(x int) int { return x }`, "text/html", "<nil>", "value with the methods HTML"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := run(t, `import ("fmt"; "github.com/gocrate/gocrate/stdlib/display")
				type v struct{ N int }
				`+test.methods+`
				func main() {
					x := v{7}
					b := display.Of(x)
					fmt.Println(b.Data["`+test.mime+`"])
					fmt.Print(b.Data["text/plain"])
				}`)
			if content, text, _ := strings.Cut(got, "\n"); content != test.want || text != test.text {
				t.Errorf("%s is %q, text %q", test.mime, content, text)
			}
		})
	}
}

// A plot made in a cell becomes a picture of the size it claims.
func TestInterpretedPlotIsShown(t *testing.T) {
	RegisterRenderers()
	shown := make(chan display.Bundle, 1)
	display.SetHost(host{shown: shown})
	defer display.SetHost(nil)
	run(t, `import ("gonum.org/v1/plot"; "gonum.org/v1/plot/plotter"; "github.com/gocrate/gocrate/stdlib/display")
		type parabola []float64
		func (p parabola) Len() int { return len(p) }
		func (p parabola) XY(i int) (x, y float64) { return p[i], p[i] * p[i] }
		func main() {
			p := plot.New()
			p.Title.Text = "parabola"
			line, err := plotter.NewLine(parabola{-1, 0, 1, 2})
			display.Check(err)
			p.Add(line)
			display.Show(p)
		}`)
	b := <-shown
	c, err := png.DecodeConfig(bytes.NewReader(b.Data["image/png"].([]byte)))
	if err != nil || c.Width != 864 || c.Height != 576 || b.String() != "plot: parabola" {
		t.Errorf("picture %d×%d, %v, text %q", c.Width, c.Height, err, b)
	}
	if want := map[string]any{"width": 432, "height": 288}; !reflect.DeepEqual(b.Metadata["image/png"], want) {
		t.Errorf("metadata %v, want %v", b.Metadata, want)
	}
}

// host hands on what is shown.
type host struct {
	display.Host
	shown chan display.Bundle
}

func (h host) Display(b display.Bundle) { h.shown <- b }

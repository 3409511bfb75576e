package golang_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// inspect asks about the place of the | in the code.
func inspect(t testing.TB, s kernel.Language, code string, detail int) map[string]string {
	t.Helper()
	before, after, _ := strings.Cut(code, "|")
	in, err := s.Inspect(context.Background(), before+after, len([]rune(before)), detail)
	if err != nil {
		t.Fatalf("%q: %v", code, err)
	}
	if in.Found != (len(in.Data) > 0) {
		t.Errorf("%q: found is %v with %d formats", code, in.Found, len(in.Data))
	}
	texts := map[string]string{}
	for mime, text := range in.Data {
		texts[mime], _ = text.(string)
	}
	return texts
}

const layerCell = `// Layer is a layer of <b>five</b>.
type Layer struct {
	Width int
	name  string
	U     *mat.Dense
}

// Forward goes forward.
func (l *Layer) Forward(x float64) float64 { return x }`

// dataCell has a value of each kind that inspection knows. A String method that
// runs would end the session.
const dataCell = "func (l *Layer) String() string { os.Exit(3); return \"\" }\n" + `
xs := []float64{1, 2, math.NaN(), 4, 5, 6, 7, 8}
small := []float32{0.5, -1}
grid := [][]float64{{1, 2}, {3, 4}}
ragged := [][]int{{1}, {2, 3}}
m := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})
part := m.Slice(0, 2, 1, 3).(*mat.Dense)
sym := mat.NewSymDense(2, []float64{1, 2, 2, 3})
vec := mat.NewVecDense(2, []float64{1, 2})
Z := crate.NewMatrix(3, 2)
ages := map[string]int{"b": 2, "a": 1}
many := map[int]bool{}
for i := range 5000 {
	many[i] = true
}
layers := []*Layer{{3, "<script>", m}, {4, "b", nil}}
var shown fmt.Stringer = layers[0]
var empty fmt.Stringer
err := errors.New("no <b>luck</b>")
pic := image.NewRGBA(image.Rect(0, 0, 4, 5))
wait := 3 * time.Second
text := "😀<script>" + strings.Repeat("é", 100)
var none *Layer
var unset []int
queue := make(chan int, 3)
node := &Node{&Node{nil, 2}, 1}
big := make([]uint8, 3<<20)
type Node struct {
	next *Node
	v    int
}
const depth = 4`

func inspected(t testing.TB) *golang.Session { return session(t, layerCell, dataCell) }

// The goldens hold the three formats of what is said. go test -update writes
// them.
func TestInspectGolden(t *testing.T) {
	s := inspected(t)
	for _, tt := range []struct {
		name, code string
		detail     int
	}{
		{"equation", "crate.SubspaceCodingRate|(Z, U, 0.01)", 0},
		{"bundled-type", "crate.ISTA|{}", 1},
		{"bundled-field", "http.Client{Timeout|: 1}", 0},
		{"own-type", "Layer|{}", 1},
		{"own-method", "layers[0].Forward|(1)", 0},
		{"matrix", "m|", 1},
		{"struct", "shown|", 0},
		{"text", "text|", 0},
		{"keyword", "for| {}", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			texts := inspect(t, s, tt.code, tt.detail)
			got := &txtar.Archive{Comment: []byte(tt.code + "\n")}
			for _, mime := range []string{"text/plain", "text/markdown", "text/html"} {
				got.Files = append(got.Files, txtar.File{Name: mime, Data: []byte(texts[mime] + "\n")})
			}
			file := filepath.Join("testdata/inspect", tt.name+".txtar")
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(txtar.Format(got)) != string(want) {
				t.Errorf("got\n%s\nwant\n%s", txtar.Format(got), want)
			}
		})
	}
}

func TestInspect(t *testing.T) {
	s := inspected(t)
	for _, tt := range []struct{ code, want string }{
		{"fmt.Print|ln(1)", "func fmt.Println(a ...any) (n int, err error)"},
		{"fmt.Print|ln(1)", "Println formats using the default formats"},
		{"fmt.Println(1, |)", "Println formats using the default formats"},
		{"f|mt.Println(1)", "package fmt"},
		{"layers[0].Wid|th", "field Width int\n\nvalue  3"},
		{"layers[0].U|", "shape  2×3"},
		{"layers[9].U|", "field U *mat.Dense"},
		{"node.next.v|", "value  2"},
		{"(*node).v|", "value  1"},
		{"model := &crate.Model{}\nmodel.Layers[0].ISTA.D|", "field D crate.Matrix\n\nd×d dictionary"},
		{"m.A|t(0, 0)", "func (*mat.Dense).At(i int, j int) float64"},
		{"(&crate.MSSA{}).Forward|", "(Yu et al., White-Box Transformers via Sparse Rate Reduction, NeurIPS 2023, (12))"},
		{"math.Pi|", "3.14159"},
		{"depth|", "const depth = 4"},
		{"append|(xs, 1)", "Returns the slice with the elements added."},
		{"err.Error|()", "The text of the error."},
		{"%cd| ..", "Cd changes the directory"},
		{"%%bash|\nls", "Shell runs a command"},

		{"xs|", "length  8\nrange   1 to 8, mean 4.71429, 1 NaN\nvalue   [1 2 NaN 4 5 6 …]"},
		{"small|", "range   -1 to 0.5, mean -0.25"},
		{"grid|", "shape  2×2\nrange  1 to 4, mean 2.5\nvalue  [[1 2] [3 4]]"},
		{"ragged|", "shape  2 rows of 1 to 2\nrange  1 to 3, mean 2"},
		{"part|", "shape  2×2\nrange  2 to 6, mean 4\nvalue  [[2 3] [5 6]]"},
		{"sym|", "shape  2×2\nrange  1 to 3, mean 2"},
		{"vec|", "shape  2×1\nrange  1 to 2, mean 1.5\nvalue  [[1] [2]]"},
		{"Z|", "var Z crate.Matrix\n// declared in In[2]\n\nshape  3×2\nrange  0 to 0, mean 0"},
		{"ages|", `length  2` + "\n" + `value   {"a": 1, "b": 2}`},
		{"many|", "length  5000"},
		{"layers|", "length  2\nvalue   [&Layer{…} &Layer{…}]"},
		{"shown|", "dynamic type  *Layer\n.Width        3\n.name         \"<script>\"\n.U            *mat.Dense 2×3"},
		{"empty|", "value  nil"},
		{"err|", "value         \"no <b>luck</b>\""},
		{"pic|", "size  4×5 pixels"},
		{"wait|", "value  3s"},
		{"text|", "length  212 bytes"},
		{"none|", "value  nil"},
		{"unset|", "value  nil"},
		{"queue|", "length  0 of 3"},
		{"node|", ".next  &Node{next: nil, v: 2}\n.v     1"},
		{"big|", "range   0 to 0, mean 0 (of the first 524288)"},
		{"😀 := 1; xs|", "length  8"},
		{"xs := []float64{}; xs|", "length  8"},
	} {
		if text := inspect(t, s, tt.code, 0)["text/plain"]; !strings.Contains(text, tt.want) {
			t.Errorf("%q:\n%s\ndoes not contain\n%s", tt.code, text, tt.want)
		}
	}
	for _, code := range []string{"nothingOfThisName|", "3|", "|", "x.y.z|", "%nothing|", "((|", "\"|"} {
		if texts := inspect(t, s, code, 0); len(texts) > 0 {
			t.Errorf("%q: found %v", code, texts)
		}
	}
	// A local variable of the code has nothing of the session's value.
	if text := inspect(t, s, "func g(xs int) int { return xs| }", 0)["text/plain"]; text != "var xs int" {
		t.Errorf("the parameter xs is %q", text)
	}
}

// The newest definition is shown, and methods with the cell they come from.
func TestInspectSource(t *testing.T) {
	s := session(t, "func f() int { return 1 }", layerCell, "// f is new.\nfunc f() int { return 2 }\nx := f()", "func (l *Layer) Back() {}")
	for code, want := range map[string]string{
		"f|":     "func f() int\n// declared in In[3]\n\nf is new.\n\n// f is new.\nfunc f() int { return 2 }",
		"x|":     "var x int\n// declared in In[3]\n\nvalue  2\n\nx := f()",
		"Layer|": "func (l *Layer) Forward(x float64) float64 { return x }\n\n// In[4]\nfunc (l *Layer) Back() {}",
	} {
		if text := inspect(t, s, code, 1)["text/plain"]; !strings.HasSuffix(text, want) {
			t.Errorf("%q: got\n%s\nwant\n%s", code, text, want)
		}
	}
}

// Where front ends look for formulas there are those of the paper alone.
func TestInspectDollars(t *testing.T) {
	s := session(t, "// price is $1 or $2.\nfunc price() {}\ncost := \"$x$\"")
	for _, code := range []string{"price|", "cost|", "os.Expand|", "crate.Lion|"} {
		page := inspect(t, s, code, 1)["text/html"]
		formulas := strings.Count(page, `<div class="mathjax_process tex2jax_process">$$`)
		if !strings.HasPrefix(page, `<div class="mathjax_ignore tex2jax_ignore">`) || (code == "crate.Lion|") != (formulas == 1) {
			t.Errorf("%q has %d formulas: %s", code, formulas, page)
		}
	}
}

// What users write does not become markup.
func TestInspectEscapes(t *testing.T) {
	s := inspected(t)
	for _, code := range []string{"Layer|", "layers|", "layers[0]|.name", "layers[0].name|", "shown|", "err|", "text|"} {
		for detail := range 2 {
			page := inspect(t, s, code, detail)["text/html"]
			if strings.Contains(page, "<script") || strings.Contains(page, "<b>") {
				t.Errorf("%q: %s", code, page)
			}
		}
	}
}

// A value is not looked at while code of the user's runs that may change it.
func TestInspectWhileRunning(t *testing.T) {
	s := session(t, "counts := map[int]int{}\nstop := make(chan bool)\nstopped := make(chan bool)",
		"go func() {\n\tfor i := 0; ; i++ {\n\t\tselect {\n\t\tcase <-stop:\n\t\t\tclose(stopped)\n\t\t\treturn\n\t\tdefault:\n\t\t\tcounts[i%10]++\n\t\t}\n\t}\n}()")
	if text := inspect(t, s, "counts|", 0)["text/plain"]; !strings.Contains(text, "not shown while goroutines") {
		t.Errorf("beside a goroutine: %s", text)
	}
	out := &starter{started: make(chan bool)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- s.Execute(ctx, kernel.Cell{Code: "close(stop)\n<-stopped\nfmt.Println()\nfor { counts[1]++ }", Number: 3}, out)
	}()
	<-out.started
	if text := inspect(t, s, "counts|", 0)["text/plain"]; !strings.Contains(text, "not shown while a cell runs") {
		t.Errorf("beside a cell: %s", text)
	}
	cancel()
	<-done
	if text := inspect(t, s, "counts|", 0)["text/plain"]; !strings.Contains(text, "length  10") {
		t.Errorf("after the cell: %s", text)
	}
}

// starter tells when a cell prints for the first time.
type starter struct {
	recorder
	started chan bool
}

func (s *starter) Stream(kernel.StreamName, string) {
	select {
	case <-s.started:
	default:
		close(s.started)
	}
}

// The protocol's answers, also while a cell runs.
func TestInspectAndCompleteByMessage(t *testing.T) {
	k := kerneltest.Start(t, inspected(t))
	c := kerneltest.Connect(t, k.Connection)
	ask := func() (wire.InspectReply, wire.CompleteReply) {
		var in wire.InspectReply
		c.Ask(wire.Shell, "inspect_request", map[string]any{"code": "\"😀\"; grid", "cursor_pos": 9, "detail_level": 1}).Decode(&in)
		var done wire.CompleteReply
		c.Ask(wire.Shell, "complete_request", map[string]any{"code": "\"😀\"; layers[0].W", "cursor_pos": 16}).Decode(&done)
		return in, done
	}
	in, done := ask()
	if text, _ := in.Data["text/plain"].(string); !in.Found || len(in.Data) != 3 || !strings.Contains(text, "shape  2×2") {
		t.Errorf("inspect_reply: %+v", in)
	}
	want := wire.TypedMatch{Start: 15, End: 16, Text: "Width", Type: "field", Signature: "int"}
	if len(done.Metadata.Types) != 1 || done.Metadata.Types[0] != want || done.Matches[0] != "Width" || done.CursorStart != 15 || done.CursorEnd != 16 {
		t.Errorf("complete_reply: %+v", done)
	}
	busy := c.Send(wire.Shell, "execute_request", kerneltest.Cell("for {}"))
	in, done = ask()
	if text, _ := in.Data["text/plain"].(string); !strings.Contains(text, "var grid [][]float64") || len(done.Matches) != 1 {
		t.Errorf("while a cell runs: %+v, %+v", in, done)
	}
	c.Ask(wire.Control, "interrupt_request", map[string]any{})
	c.FinishExecution(busy)
}

package golang_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
)

// session returns a session in which the cells have run.
func session(t testing.TB, cells ...string) *golang.Session {
	t.Helper()
	s, err := golang.New(golang.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for i, code := range cells {
		if err := s.Execute(t.Context(), kernel.Cell{Code: code, Number: i + 1}, &recorder{}); err != nil {
			t.Fatalf("cell %d: %v", i+1, err)
		}
	}
	return s
}

func TestComplete(t *testing.T) {
	s := session(t, "type Layer struct{ Width int; name string }\nfunc (l *Layer) Forward(x float64) float64 { return x }\nlayer := &Layer{3, \"a\"}\nconst depth = 4")
	for _, tt := range []struct {
		code string // | is the cursor
		want string // matches that must be offered
		not  string // and that must not
		repl string // the text that a match replaces
	}{
		{"lay|", "layer", "depth", "lay"},
		{"layer.|", "Forward Width name", "depth", ""},
		{"layer.For|", "Forward", "Width", "For"},
		{"fmt.Prin|", "Print Printf Println", "Sprint", "Prin"},
		{"strings.NewRe|placer()", "NewReader NewReplacer", "", "NewRe"},
		{"if x := layer.|", "Forward", "", ""},
		{"for i := range depth {\n\ty := i\n\tfmt.Println(y|", "y", "", "y"},
		{"func f(alpha int) int {\n\treturn al|", "alpha", "", "al"},
		{"ma|", "make mat math map max main", "layer", "ma"},
		{"é := 1; layer.W|", "Width", "", "W"},
		{"m := mat.NewDense(2, 2, nil)\nm.Mu|", "Mul MulElem", "", "Mu"},
		{"crate.|", "New Train Measure", "", ""},
		{"|", "layer", "", ""},
		{`"layer.|`, "", "Forward", ""},
	} {
		cursor := len([]rune(tt.code[:strings.IndexByte(tt.code, '|')]))
		code := strings.Replace(tt.code, "|", "", 1)
		c, err := s.Complete(context.Background(), code, cursor)
		if err != nil {
			t.Fatal(err)
		}
		offered := map[string]bool{}
		for _, m := range c.Matches {
			offered[m.Text] = true
		}
		for _, name := range strings.Fields(tt.want) {
			if name != "main" && !offered[name] {
				t.Errorf("%q: %s is not offered (%d matches)", tt.code, name, len(c.Matches))
			}
		}
		for _, name := range strings.Fields(tt.not) {
			if offered[name] {
				t.Errorf("%q: %s is offered", tt.code, name)
			}
		}
		if got := string([]rune(code)[c.Start:c.End]); got != tt.repl {
			t.Errorf("%q: replaces %q, want %q", tt.code, got, tt.repl)
		}
	}
}

// Matches come with their kind and type, by which front ends draw them.
func TestCompleteKinds(t *testing.T) {
	s := session(t, "type Layer struct{ Width int; name string }\nfunc (l *Layer) Forward(x float64) float64 { return x }\nlayer := &Layer{3, \"a\"}")
	for _, tt := range []struct {
		code string // | is the cursor
		want string // the first matches
	}{
		{"layer.F|", "Forward method func(x float64) float64"},
		{"layer.|", "Forward method func(x float64) float64, Width field int, name field string"},
		{"Layer{|}", "Width field int, name field string, Layer struct Layer"},
		{"Layer{Width: 1, |}", "name field string, Layer struct Layer"},
		{"xs := []*Layer{{W|", "Width field int"},
		{"http.Client{Time|", "Timeout field time.Duration, time module "},
		{"mat.NewDe|", "NewDense function func(r int, c int, data []float64) *mat.Dense"},
		{"math.Pi|", "Pi constant untyped float"},
		{"io.Read|", "ReadAll function func(r io.Reader) ([]byte, error)"},
		{"io.ReadCl|", "ReadCloser interface io.ReadCloser"},
		{"appen|", "append function (s []T, x ...T) []T"},
		{"stri|", "string type string, strings module "},
		{"fallth|", "fallthrough keyword "},
		{"outer:\nfor {\n\tinner:\n\tfor {\n\t\tbreak |\n\t}\n}", "inner label , outer label "},
		{"outer:\nfor {\n}\nfor {\n\tbreak o|\n}", ""},
		{`import "gonum.org/v1/gonum/ma|`, "gonum.org/v1/gonum/mat module Package mat"},
		{"import (\n\t\"fmt\"\n\tm \"math/ra|\"\n)", "math/rand module Package rand"},
		{`x := "fm|"`, ""},
		{"%wh|", "who keyword magic, whos keyword magic"},
		{"%%ba|", "bash keyword magic"},
		{"x := 1\n%%ba|", ""},
		{"7 %ti|", "time module "},
	} {
		before, after, _ := strings.Cut(tt.code, "|")
		c, err := s.Complete(context.Background(), before+after, len([]rune(before)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range c.Matches {
			got = append(got, m.Text+" "+m.Kind+" "+m.Signature)
		}
		if text := strings.Join(got, ", "); !strings.HasPrefix(text, tt.want) || tt.want == "" && text != "" {
			t.Errorf("%q: %.300s\nwant %s", tt.code, text, tt.want)
		}
	}
}

// A running cell must not keep the front end from completing names.
func TestCompleteWhileRunning(t *testing.T) {
	s := session(t, "value := 1")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	out := &recorder{}
	go func() { done <- s.Execute(ctx, kernel.Cell{Code: "for { value++ }", Number: 2}, out) }()
	c, err := s.Complete(context.Background(), "val", 3)
	if err != nil || len(c.Matches) == 0 {
		t.Errorf("got %v, %v", c, err)
	}
	cancel()
	select {
	case err := <-done:
		if e, ok := err.(*kernel.Error); !ok || e.Name != "Interrupted" {
			t.Errorf("the interrupted cell ended with %v", err)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("the interrupted cell goes on")
	}
	if err := s.Execute(t.Context(), kernel.Cell{Code: "value > 0", Number: 3}, out); err != nil {
		t.Fatal(err)
	}
	if out.result != "true" {
		t.Errorf("after the interrupt value > 0 is %q", out.result)
	}
}

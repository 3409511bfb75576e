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

func TestInspect(t *testing.T) {
	s := session(t, "type Layer struct{ Width int }\nlayer := Layer{3}\nfunc double(x int) int { return 2 * x }")
	for _, tt := range []struct{ code, want string }{
		{"fmt.Print|ln(1)", "func fmt.Println(a ...any) (n int, err error)"},
		{"fmt.Print|ln(1)", "Println formats using the default formats"},
		{"f|mt.Println(1)", "package fmt"},
		{"double|(3)", "func double(x int) int"},
		{"double|(3)", "declared in In[1]"},
		{"layer.Wid|th", "field Width int"},
		{"lay|er", "var layer Layer"},
		{"m := mat.NewDense(1, 1, nil)\nm.At|(0, 0)", "At"},
		{"crate.CodingRate|", "func crate.CodingRate"},
		{"math.Pi|", "3.14159"},
	} {
		cursor := len([]rune(tt.code[:strings.IndexByte(tt.code, '|')]))
		in, err := s.Inspect(context.Background(), strings.Replace(tt.code, "|", "", 1), cursor, 0)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := in.Data["text/plain"].(string)
		if !in.Found || !strings.Contains(text, tt.want) {
			t.Errorf("%q: %q does not contain %q", tt.code, text, tt.want)
		}
	}
	if in, _ := s.Inspect(context.Background(), "nothingOfThisName", 4, 0); in.Found {
		t.Errorf("found something under an unknown name: %v", in.Data)
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

package closures

import (
	_ "embed"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

//go:embed subjects_test.go
var subjects string

// TestFunctions compares functions with what Go makes of them.
func TestFunctions(t *testing.T) {
	m := program(t, strings.Replace(subjects, "package closures", "", 1))
	fresh := []int{}
	u := m.funcs["named"].unit
	if err := u.Bind(len(u.Funcs), &fresh); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]func() []int{
		"named": named, "counters": counters, "perIteration": perIteration, "shared": shared, "generated": generated,
		"arguments": arguments, "changed": changed, "several": several, "structs": structs, "nils": nils, "nilCall": nilCall,
		"recovering": recovering, "deferredValues": deferredValues, "together": together, "ranges": ranges,
	} {
		f := function[func() []int](t, m, name)
		for range 2 {
			if got, want := f(), want(); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
	}
	for n := range 5 {
		if got, want := function[func(int) []int](t, m, "nested")(n), nested(n); !reflect.DeepEqual(got, want) {
			t.Errorf("nested(%d): got %v, want %v", n, got, want)
		}
		if got, want := function[func(int) int](t, m, "itself")(n), itself(n); got != want {
			t.Errorf("itself(%d): got %d, want %d", n, got, want)
		}
	}
}

// TestLeftToTheInterpreter demands that functions whose values would leave
// compiled code are not compiled.
func TestLeftToTheInterpreter(t *testing.T) {
	_, u, _ := compileText(t, `
var all []func()
type holder struct { f func() }
func element(f func())        { all[0] = f }
func field(h *holder)         { h.f() }
func boxed(f func()) any      { return f }
func pointer(f func()) *func() { return &f }
func variadic(f func(...int)) { f(1, 2) }
func callsInterpreted()       { func() { element(nil) }() }
func mentions() func(func())  { return element }
func rescue()                 { recover() }
func rescues() func()         { return func() { recover() } }
func named() func()           { return rescue }
`)
	delete(u.own, "rescue") // it is compiled for those that defer it
	for name := range u.own {
		t.Errorf("%s is compiled", name)
	}
}

// TestManyVariables demands that what does not fit into a frame is not compiled.
func TestManyVariables(t *testing.T) {
	var params, values []string
	for i := range 300 {
		params, values = append(params, "p"+strconv.Itoa(i)+" *int"), append(values, "nil")
	}
	_, u, _ := compileText(t, fmt.Sprintf(`
func calls(f func(%[1]s)) { for range 2 { f(%[2]s) } }
func literal() { for range 2 { func(%[1]s) {}(%[2]s) } }
`, strings.Join(params, ","), strings.Join(values, ",")))
	for name := range u.own {
		t.Errorf("%s is compiled", name)
	}
}

// TestUnforeseen demands that a mistake of the compiler's costs only time.
func TestUnforeseen(t *testing.T) {
	if err := try(func() { _ = any(0).(string) }); err == nil {
		t.Error("a failed assertion is no reason not to compile")
	}
}

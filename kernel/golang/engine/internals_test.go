package engine

import (
	"reflect"
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// TestInternals demands each unexported field that this package looks at, and
// that another version of the interpreter is refused with the field's name.
func TestInternals(t *testing.T) {
	for _, n := range needed {
		if err := checkField(reflect.TypeFor[interp.Interpreter](), n.path, n.kind); err != nil {
			t.Error(err)
		}
		if err := checkField(reflect.TypeFor[struct{ other int }](), n.path, n.kind); err == nil || !strings.Contains(err.Error(), n.path) {
			t.Errorf("%s in another version: got error %v", n.path, err)
		}
		if err := checkField(reflect.TypeFor[interp.Interpreter](), n.path, reflect.Func); err == nil || !strings.Contains(err.Error(), n.path) {
			t.Errorf("%s of another kind: got error %v", n.path, err)
		}
	}
}

// TestForget drops what the interpreter keeps of a cell, and nothing that the
// cell declared.
func TestForget(t *testing.T) {
	i := interp.New(interp.Options{})
	in, err := internalsOf(i)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.Eval("func f() int { x := 3; return x }"); err != nil {
		t.Fatal(err)
	}
	if in.roots.Len() == 0 {
		t.Error("the interpreter keeps no roots: nothing is left to forget")
	}
	in.forget()
	if v, err := i.Eval("f()"); err != nil || v.Int() != 3 {
		t.Errorf("f() after forgetting: %v, %v", v, err)
	}
}

package engine

import (
	"reflect"
	"strings"
	"testing"
)

// TestMirrors demands that the interpreter's structures are those that this
// package reads, and that others are refused with what differs.
func TestMirrors(t *testing.T) {
	if err := checkMirrors(); err != nil {
		t.Fatal(err)
	}
	type pair struct {
		a int
		b string
	}
	for _, other := range []reflect.Type{reflect.TypeFor[struct{ a int }](), reflect.TypeFor[struct{ a, c int }](), reflect.TypeFor[struct {
		a int
		b []int
	}]()} {
		if err := mirrors(reflect.TypeFor[pair](), other); err == nil || !strings.Contains(err.Error(), "v0.16.1") {
			t.Errorf("%s instead of %s: got error %v", other, reflect.TypeFor[pair](), err)
		}
	}
}

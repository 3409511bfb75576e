package display

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/quick"
	"time"
)

type point struct {
	X, Y int
	name string
}

type ring struct{ Next *ring }

type color int

func (c color) String() string { return [...]string{"red", "green"}[c] }

type wrapped struct {
	IValue any
	WHTML  any
	WPNG   any
}

func TestTextOf(t *testing.T) {
	loop := &ring{}
	loop.Next = loop
	self := map[string]any{}
	self["me"] = self
	five := 5
	for _, test := range []struct {
		v    any
		want string
	}{
		{nil, "<nil>"},
		{(*int)(nil), "<nil>"},
		{"two\nlines", "two\nlines"},
		{0.30000000000000004, "0.30000000000000004"},
		{float32(0.1), "0.1"},
		{math.Inf(1), "+Inf"},
		{complex(1, -2), "(1-2i)"},
		{3 * time.Second, "3s"},
		{errors.New("no such digit"), "no such digit"},
		{color(1), "green"},
		{[]color{0, 1}, "[red green]"},
		{color(7), "%!v(PANIC=String method: runtime error: index out of range [7] with length 2)"},
		{point{1, 2, "p"}, "display.point{X:1 Y:2 name:p}"},
		{&point{1, 2, ""}, "&display.point{X:1 Y:2 name:}"},
		{[]*point{{1, 2, ""}}, "[&display.point{X:1 Y:2 name:}]"},
		{struct{ A, B any }{1, nil}, "{A:1 B:<nil>}"},
		{&five, "&5"},
		{[]byte("abc"), `[]byte("abc")`},
		{[]byte{0xff, 0}, "[]byte, 2 bytes: ff 00"},
		{[]byte(nil), "[]byte(nil)"},
		{[2]bool{true, false}, "[true false]"},
		{[][]int{{1, 2}, {3, 4}}, "[[1 2]\n [3 4]]"},
		{[][][]int{{{1}, {2}}, {{3}, {4}}}, "[[[1]\n  [2]]\n [[3]\n  [4]]]"},
		{map[string]int{"b": 2, "a": 1}, "map[a:1 b:2]"},
		{map[int]string{10: "x", 9: "y"}, "map[9:y 10:x]"},
		{map[any]int{2: 1, 1: 1}, "map[1:1 2:1]"},
		{strings.ToUpper, "func(string) string"},
		{make(chan int, 3), "chan int (0 of 3)"},
		{loop, "&display.ring{Next:&…}"},
		{self, "map[me:map[…]]"},
		{wrapped{IValue: 7}, "value with the methods HTML, PNG"},
		{reflect.ValueOf(8), "8"},
		{[]any{reflect.ValueOf(8)}, "[8]"},
	} {
		if got := Of(test.v).String(); got != test.want {
			t.Errorf("text of %T:\n got %s\nwant %s", test.v, got, test.want)
		}
	}
}

// What fmt prints readably is printed as fmt does.
func TestTextAgreesWithFmt(t *testing.T) {
	type value struct {
		A int8
		B string
		C float64
		D []float32
		E map[string]uint16
		F [3]bool
		G complex128
	}
	named := strings.NewReplacer("display.value", "")
	law := func(v value) bool {
		got := named.Replace(textOf(v))
		return len(v.D) > maxElements || len(v.E) > maxElements || got == fmt.Sprintf("%+v", v)
	}
	if err := quick.Check(law, nil); err != nil {
		t.Error(err)
	}
}

func TestLongValuesAreAbbreviated(t *testing.T) {
	numbers := make([]float64, 1000)
	text := textOf(numbers)
	if want := strings.Repeat("0 ", maxElements) + "… 900 more]"; text != "["+want {
		t.Errorf("1000 numbers: %s", text)
	}
	matrix := make([][]float64, 500)
	for i := range matrix {
		matrix[i] = numbers
	}
	lines := strings.Split(textOf(matrix), "\n")
	if len(lines) != maxRows+1 || lines[1] != " [0 0 0 0 0 0 0 0 0 0 … 990 more]" || lines[maxRows] != " … 490 more]" {
		t.Errorf("a 500×1000 list of lists:\n%s", strings.Join(lines, "\n"))
	}
	if got := textOf(strings.Repeat("é", 10000)); !strings.HasSuffix(got, "é… 10000 more bytes") {
		t.Errorf("a long string ends in %q", got[len(got)-40:])
	}
	many := make(map[int]int)
	for i := range 1000 {
		many[i] = i
	}
	if got := textOf(many); !strings.HasSuffix(got, " 99:99 … 900 more]") {
		t.Errorf("a long map ends in %q", got[len(got)-40:])
	}
	if got := textOf(make([]byte, 300)); !strings.HasSuffix(got, "00 … 200 more") {
		t.Errorf("many bytes end in %q", got[len(got)-20:])
	}
}

// A value that is deep and wide everywhere does not take forever.
func TestTextIsBounded(t *testing.T) {
	var v any = "leaf"
	for range 50 {
		wide := make([]any, 100)
		for i := range wide {
			wide[i] = v
		}
		v = wide
	}
	start := time.Now()
	text := textOf(v)
	if len(text) > maxText+100 || time.Since(start) > time.Second {
		t.Errorf("%d bytes in %v", len(text), time.Since(start))
	}
}

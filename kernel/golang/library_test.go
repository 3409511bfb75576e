package golang_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/stdlib"
	"golang.org/x/tools/txtar"
)

// packages of which closures call all functions that take and return plain data.
var closurePackages = []string{
	"bytes", "errors", "html", "math", "math/bits", "path", "slices", "sort", "strconv", "strings", "unicode", "unicode/utf16", "unicode/utf8",
}

// TestLibraryCalls compares the results of every function of these packages,
// called by closures with many arguments, with those of the function itself. What
// a function leaves in its arguments is a result, too.
func TestLibraryCalls(t *testing.T) {
	var decls, body strings.Builder
	imports := map[string]bool{"fmt": true}
	var names, want []string
	for _, path := range closurePackages {
		symbols := stdlib.Exports(path)
		if path == "slices" {
			symbols = sliceFuncs()
		}
		for _, name := range slices.Sorted(maps.Keys(symbols)) {
			f := symbols[name]
			if f.Kind() != reflect.Func || !plainSignature(f.Type()) {
				continue
			}
			imports[path] = true
			fn := fmt.Sprintf("f%d", len(names))
			names = append(names, fn)
			call := path[strings.LastIndex(path, "/")+1:] + "." + name
			decls.WriteString(wrapper(fn, call, f.Type()))
			for n := range 12 {
				if line, out, ok := example(fn, f, n); ok {
					body.WriteString(line)
					want = append(want, fmt.Sprintf("%s %d: %s", call, n, out))
				}
			}
		}
	}
	s, got := newSession(t), &recorder{}
	text := "import (\n"
	for path := range imports {
		text += fmt.Sprintf("%q\n", path)
	}
	if err := s.Execute(context.Background(), kernel.Cell{Code: text + ")\n" + decls.String() + body.String(), Number: 1}, got); err != nil {
		t.Fatal(err)
	}
	for _, fn := range names {
		if !s.HasClosures(fn) {
			t.Errorf("%s is interpreted", decls.String()[strings.Index(decls.String(), "func "+fn+"("):][:100])
		}
	}
	lines := strings.Split(strings.TrimSuffix(got.text.String(), "\n"), "\n")
	if len(names) < 250 || len(lines) != len(want) || len(lines) < 2000 {
		t.Fatalf("%d functions, %d lines; want %d lines, and hundreds of functions", len(names), len(lines), len(want))
	}
	for i, line := range lines {
		if w := want[i][strings.Index(want[i], ": ")+2:]; line != w {
			t.Errorf("%s, not %s", want[i], line)
		}
	}
}

// TestLibraryClosures demands that the functions of the script that shows calls
// of packages are closures, but those that begin with late.
func TestLibraryClosures(t *testing.T) {
	script, err := txtar.ParseFile("testdata/cells/closures_library.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s, declared := newSession(t), regexp.MustCompile(`(?m)^func (?:\(\w+ \*?(\w+)\) )?(\w+)`)
	for n, f := range script.Files {
		if f.Name != "cell" {
			continue
		}
		runCell(s, n+1, string(f.Data))
		for _, m := range declared.FindAllStringSubmatch(string(f.Data), -1) {
			if m[1] == "" && s.HasClosures(m[2]) == strings.HasPrefix(m[2], "late") {
				t.Errorf("%s: compiled %v", m[2], s.HasClosures(m[2]))
			}
		}
	}
}

// sliceFuncs are the functions of package slices that closures know.
func sliceFuncs() map[string]reflect.Value {
	all := map[string]reflect.Value{}
	sliceFuncsOf[int](all)
	sliceFuncsOf[rune](all)
	sliceFuncsOf[byte](all)
	sliceFuncsOf[float64](all)
	sliceFuncsOf[string](all)
	return all
}

func sliceFuncsOf[T cmp.Ordered](all map[string]reflect.Value) {
	for name, f := range map[string]any{
		"BinarySearch": slices.BinarySearch[[]T], "Clone": slices.Clone[[]T], "Compact": slices.Compact[[]T], "Compare": slices.Compare[[]T],
		"Concat": slices.Concat[[]T], "Contains": slices.Contains[[]T], "Delete": slices.Delete[[]T], "Equal": slices.Equal[[]T],
		"ContainsFunc": slices.ContainsFunc[[]T], "DeleteFunc": slices.DeleteFunc[[]T], "IndexFunc": slices.IndexFunc[[]T], "SortFunc": slices.SortFunc[[]T],
		"Index": slices.Index[[]T], "Insert": slices.Insert[[]T], "IsSorted": slices.IsSorted[[]T], "Max": slices.Max[[]T], "Min": slices.Min[[]T],
		"Repeat": slices.Repeat[[]T], "Reverse": slices.Reverse[[]T], "Sort": slices.Sort[[]T],
	} {
		all[fmt.Sprintf("%s[%s]", name, reflect.TypeFor[[]T]())] = reflect.ValueOf(f)
	}
}

// plainSignature reports whether there are arguments below for all parameters,
// and results that can be compared.
func plainSignature(t reflect.Type) bool {
	for p := range t.Ins() {
		if values[p.String()] == nil && literals[p.String()].f == nil {
			return false
		}
	}
	for r := range t.Outs() {
		if r != reflect.TypeFor[error]() && values[r.String()] == nil {
			return false
		}
	}
	return true
}

// values are arguments of each type.
var values = map[string][]any{
	"string":  {"a,b,,c", ",", "", "Grüße, Jürgen!", "-0x1f", "3.25e2", " x\ty ", "\xffa", "true", "aaa"},
	"bool":    {true, false},
	"float64": {0.5, -2.25, 0.0, 1e10, 3.0, -0.1}, "float32": {float32(0.5), float32(-2.25)},
	"int": {2, 10, -1, 0, 3, 64}, "int64": {int64(2), int64(-77), int64(10)},
	"uint": {uint(2), uint(255), uint(0)}, "uint64": {uint64(2), uint64(1) << 63, uint64(77)}, "uint32": {uint32(2), uint32(1) << 31}, "uint16": {uint16(2), uint16(40000)},
	"int32": {'a', 'Ü', ',', '\ufffd', rune(-1), '7'}, "uint8": {byte('e'), byte(','), byte(0), byte(200), byte('a')},
	"[]uint8":   {[]byte("a,b,,c"), []byte(","), []byte(nil), []byte("Grüße"), []byte("\xffab"), []byte(" x ")},
	"[]int":     {[]int{3, 1, 2}, []int(nil), []int{1, 2, 3, 10}},
	"[]float64": {[]float64{3, 1, 2}, []float64{1, 2.5}},
	"[]string":  {[]string{"b", "a"}, []string(nil), []string{"", "x", "y"}},
	"[]int32":   {[]rune{97, 220, 44}, []rune(nil)}, "[]uint16": {[]uint16{97, 0xd83d, 0xde00}, []uint16(nil)},
	"[][]uint8": {[][]byte{{97}, {98, 99}}, [][]byte(nil)},
}

// literals are the functions that the others are given, in Go and as a text.
var literals = map[string]struct {
	text string
	f    any
}{
	"func(int32) bool": {"func(r rune) bool { return r == 'a' || r > 200 }", func(r rune) bool { return r == 'a' || r > 200 }},
	"func(int32) int32": {"func(r rune) rune { if r == ',' { return -1 }; return r + 1 }", func(r rune) rune {
		if r == ',' {
			return -1
		}
		return r + 1
	}},
	"func(int) bool":             {"func(n int) bool { return n > 2 }", func(n int) bool { return n > 2 }},
	"func(int) int":              {"func(n int) int { return 7 - n }", func(n int) int { return 7 - n }},
	"func(uint8) bool":           {"func(b byte) bool { return b == 97 }", func(b byte) bool { return b == 97 }},
	"func(float64) bool":         {"func(x float64) bool { return x > 1.5 }", func(x float64) bool { return x > 1.5 }},
	"func(string) bool":          {"func(s string) bool { return s < \"b\" }", func(s string) bool { return s < "b" }},
	"func(int, int) int":         {"func(a, b int) int { return b - a }", func(a, b int) int { return b - a }},
	"func(string, string) int":   {"func(a, b string) int { return len(a) - len(b) }", func(a, b string) int { return len(a) - len(b) }},
	"func(float64, float64) int": {"func(a, b float64) int { return int(b - a) }", func(a, b float64) int { return int(b - a) }},
}

// wrapper is a function that calls another in a loop, so that the interpreter
// calls the closure, and returns the arguments behind the results.
func wrapper(name, call string, t reflect.Type) string {
	var params, results, args, rs []string
	for i := range t.NumIn() {
		if lit := literals[t.In(i).String()]; lit.f != nil {
			args = append(args, lit.text)
			continue
		}
		params, args = append(params, fmt.Sprintf("a%d %s", i, t.In(i))), append(args, fmt.Sprintf("a%d", i))
	}
	for i := range t.NumOut() {
		results, rs = append(results, fmt.Sprintf("r%d %s", i, t.Out(i))), append(rs, fmt.Sprintf("r%d", i))
	}
	dots := ""
	if t.IsVariadic() {
		dots = "..."
	}
	text := call + "(" + strings.Join(args, ", ") + dots + ")"
	if len(rs) > 0 {
		text = strings.Join(rs, ", ") + " = " + text
	}
	return fmt.Sprintf("func %s(%s) (%s) { for range 1 { %s }; return }\n", name, strings.Join(params, ", "), strings.Join(results, ", "), text)
}

// example is a statement that calls a function with the n-th arguments and prints
// its results and then the arguments, and what it prints. It is false if the
// function panics.
func example(name string, f reflect.Value, n int) (text, out string, ok bool) {
	var args, plain []reflect.Value
	var shown, verbs []string
	for i := range f.Type().NumIn() {
		t := f.Type().In(i)
		if lit := literals[t.String()]; lit.f != nil {
			args = append(args, reflect.ValueOf(lit.f))
			continue
		}
		vs := values[t.String()]
		v := reflect.ValueOf(vs[(n*(i+1)+i*(n/len(vs)))%len(vs)])
		text += fmt.Sprintf("a%d := %s(%#v); ", i, t, v)
		if v.Kind() == reflect.Slice && !v.IsNil() {
			v = reflect.AppendSlice(reflect.MakeSlice(t, 0, v.Len()), v)
		}
		args, plain, shown, verbs = append(args, v), append(plain, v), append(shown, fmt.Sprintf("a%d", i)), append(verbs, "%#v")
	}
	call := fmt.Sprintf("%s(%s)", name, strings.Join(shown, ", "))
	results, ok := called(f, args)
	if !ok {
		return "", "", false
	}
	var rs []string
	for i, r := range results {
		verb := "%#v"
		if r.Kind() == reflect.Interface {
			verb = "%v"
		}
		rs, shown, verbs = append(rs, fmt.Sprintf("r%d", i)), slices.Insert(shown, i, fmt.Sprintf("r%d", i)), slices.Insert(verbs, i, verb)
	}
	if len(rs) > 0 {
		call = strings.Join(rs, ", ") + " := " + call
	}
	format := strings.Join(verbs, " ")
	var all []any
	for _, v := range append(results, plain...) {
		all = append(all, v.Interface())
	}
	return fmt.Sprintf("if true { %s%s; fmt.Printf(%q, %s) }\n", text, call, format+"\n", strings.Join(shown, ", ")), fmt.Sprintf(format, all...), true
}

func called(f reflect.Value, args []reflect.Value) (results []reflect.Value, ok bool) {
	defer func() { ok = recover() == nil }()
	if f.Type().IsVariadic() {
		return f.CallSlice(args), true
	}
	return f.Call(args), true
}

package closures

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestOperators compares each operator on each kind of number with Go's own, in
// every form that its operands can have.
func TestOperators(t *testing.T) {
	integersOf(t, "int", []int{0, 1, -1, 7, -13, math.MaxInt, math.MinInt})
	integersOf(t, "int8", []int8{0, 1, -1, 7, -13, math.MaxInt8, math.MinInt8})
	integersOf(t, "int16", []int16{0, 1, -1, 7, -13, math.MaxInt16, math.MinInt16})
	integersOf(t, "int32", []int32{0, 1, -1, 7, -13, math.MaxInt32, math.MinInt32})
	integersOf(t, "int64", []int64{0, 1, -1, 7, -13, math.MaxInt64, math.MinInt64})
	integersOf(t, "uint", []uint{0, 1, 7, 200, math.MaxUint})
	integersOf(t, "uint8", []uint8{0, 1, 7, 200, math.MaxUint8})
	integersOf(t, "uint16", []uint16{0, 1, 7, 200, math.MaxUint16})
	integersOf(t, "uint32", []uint32{0, 1, 7, 200, math.MaxUint32})
	integersOf(t, "uint64", []uint64{0, 1, 7, 200, math.MaxUint64})
	integersOf(t, "uintptr", []uintptr{0, 1, 7, 200, math.MaxUint32})
	inf := math.Inf(1)
	floatsOf(t, "float32", []float32{0, float32(math.Copysign(0, -1)), 1, -2.5, 1e30, math.MaxFloat32, float32(inf), float32(math.NaN())})
	floatsOf(t, "float64", []float64{0, math.Copysign(0, -1), 1, -2.5, 1e30, math.MaxFloat64, inf, -inf, math.NaN()})
}

// operations are the forms of x op y. A constant takes the place of X or Y.
var operations = []string{"x @ y", "id(x) @ y", "x @ id(y)", "id(x) @ id(y)", "x @ Y", "id(x) @ Y", "X @ y"}

// forms are the ways to use them, and to assign to an operand.
var forms = append(used(operations, "return ?", "return []T{?}[0]"),
	"x @= y; return x",
	"x @= id(y); return x",
	"x @= Y; return x",
	"s := []T{x, x}; s[1] @= y; return s[1]",
	"g = x; g @= y; return g",
)

// used puts each expression in the place of ? in each use.
func used(exprs []string, uses ...string) (all []string) {
	for _, use := range uses {
		for _, x := range exprs {
			all = append(all, strings.ReplaceAll(use, "?", x))
		}
	}
	return all
}

func integersOf[T integer](t *testing.T, name string, values []T) {
	operators(t, name, values, map[string]func(x, y T) T{
		"+": func(x, y T) T { return x + y }, "-": func(x, y T) T { return x - y }, "*": func(x, y T) T { return x * y },
		"/": func(x, y T) T { return x / y }, "%": func(x, y T) T { return x % y },
		"&": func(x, y T) T { return x & y }, "|": func(x, y T) T { return x | y }, "^": func(x, y T) T { return x ^ y }, "&^": func(x, y T) T { return x &^ y },
		"<<": func(x, y T) T { return x << y }, ">>": func(x, y T) T { return x >> y },
	})
	conversions(t, name, values)
}

func floatsOf[T float](t *testing.T, name string, values []T) {
	operators(t, name, values, map[string]func(x, y T) T{
		"+": func(x, y T) T { return x + y }, "-": func(x, y T) T { return x - y }, "*": func(x, y T) T { return x * y }, "/": func(x, y T) T { return x / y },
	})
	conversions(t, name, values)
}

func operators[T real](t *testing.T, name string, values []T, ops map[string]func(x, y T) T) {
	for op, native := range ops {
		for _, form := range forms {
			for _, y := range values {
				text := strings.NewReplacer("@", op, "Y", literal(y), "X", literal(y)).Replace(form)
				constant := strings.Contains(form, "X") || strings.Contains(form, "Y")
				if constant && (!isConstant(y) || y == 0 && (op == "/" || op == "%") || y < 0 && (op == "<<" || op == ">>")) {
					continue // no such constant
				}
				f := binaryOf[T](t, name, text)
				for _, x := range values {
					a, b := x, y
					if strings.Contains(form, "X") {
						a, b = y, x
					}
					want, wantErr := outcome(func() T { return native(a, b) })
					got, gotErr := outcome(func() T { return f(x, b) })
					if fmt.Sprint(got) != fmt.Sprint(want) || gotErr != wantErr {
						t.Errorf("%s: %s with x = %v, y = %v gives %v %s, want %v %s", name, text, x, b, got, gotErr, want, wantErr)
					}
				}
				if !constant {
					for _, y := range values {
						for _, x := range values {
							want, wantErr := outcome(func() T { return native(x, y) })
							if got, gotErr := outcome(func() T { return f(x, y) }); fmt.Sprint(got) != fmt.Sprint(want) || gotErr != wantErr {
								t.Errorf("%s: %s with x = %v, y = %v gives %v %s, want %v %s", name, text, x, y, got, gotErr, want, wantErr)
							}
						}
					}
					break
				}
			}
		}
	}
	comparisons(t, name, values)
}

func isConstant[T real](x T) bool {
	return x == x && fmt.Sprint(x) != "-0" && !math.IsInf(float64(x), 0)
}

func literal[T real](x T) string {
	if float64(x) == math.Trunc(float64(x)) && math.Abs(float64(x)) < 1e18 {
		return fmt.Sprintf("(%.0f)", float64(x))
	}
	return fmt.Sprintf("(%v)", x)
}

// binaryOf compiles a function of x and y, whose failures must have its place.
func binaryOf[T real](t *testing.T, name, body string) func(x, y T) T {
	t.Helper()
	m, u, _ := compileText(t, strings.ReplaceAll("var g T\nfunc id(x T) T { return x }\nfunc f(x, y T) T { "+body+" }", "T", name))
	if u.own["f"] == nil {
		t.Fatalf("%s: %s is not compiled", name, body)
	}
	for n := range u.Globals {
		if err := u.Bind(len(u.Funcs)+n, new(T)); err != nil {
			t.Fatal(err)
		}
	}
	m.OnLeft = func(left []Frame, began bool, _ []Earlier) {
		if !began || left[0].Place != 4 {
			t.Errorf("%s: %s fails at %v, began there: %v", name, body, left, began)
		}
	}
	return function[func(x, y T) T](t, m, "f")
}

// outcome is a result, or the text of the error in its place.
func outcome[T any](f func() T) (x T, err string) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Sprint(r)
		}
	}()
	return f(), ""
}

// conversions compares the conversions of small numbers, which every kind has,
// to each kind, and back to the kind for all.
func conversions[T real](t *testing.T, name string, values []T) {
	var text strings.Builder
	all := []string{"int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "float32", "float64"}
	for _, to := range all {
		fmt.Fprintf(&text, "func to%s(x %s) float64 { return float64(%s(x)) }\n", to, name, to)
	}
	m, _, _ := compileText(t, text.String())
	native := map[string]func(x T) float64{
		"int": func(x T) float64 { return float64(int(x)) }, "int8": func(x T) float64 { return float64(int8(x)) },
		"int16": func(x T) float64 { return float64(int16(x)) }, "int32": func(x T) float64 { return float64(int32(x)) },
		"int64": func(x T) float64 { return float64(int64(x)) }, "uint": func(x T) float64 { return float64(uint(x)) },
		"uint8": func(x T) float64 { return float64(uint8(x)) }, "uint16": func(x T) float64 { return float64(uint16(x)) },
		"uint32": func(x T) float64 { return float64(uint32(x)) }, "uint64": func(x T) float64 { return float64(uint64(x)) },
		"uintptr": func(x T) float64 { return float64(uintptr(x)) },
		"float32": func(x T) float64 { return float64(float32(x)) }, "float64": func(x T) float64 { return float64(x) },
	}
	for _, to := range all {
		f := function[func(T) float64](t, m, "to"+to)
		for _, x := range values {
			if got, want := f(x), native[to](x); got != want && (got == got || want == want) {
				t.Errorf("%s(%s(%v)) gives %v, want %v", to, name, x, got, want)
			}
		}
	}
}

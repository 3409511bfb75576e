package closures

import (
	"fmt"
	"strings"
	"testing"
)

// uses are the ways to use a condition, which is ?.
var uses = []string{
	"return ?",
	"return []bool{?}[0]",
	"if ? { return true }; return false",
	"if ? { return true } else { return false }",
	"if !(?) { return false }; return true",
	"for ? { return true }; return false",
}

// comparisons compares each comparison with Go's own, in every form that its
// operands can have, wherever it can stand.
func comparisons[T real](t *testing.T, name string, values []T) {
	natives := map[string]func(x, y T) bool{
		"==": func(x, y T) bool { return x == y }, "!=": func(x, y T) bool { return x != y },
		"<": func(x, y T) bool { return x < y }, "<=": func(x, y T) bool { return x <= y },
		">": func(x, y T) bool { return x > y }, ">=": func(x, y T) bool { return x >= y },
	}
	for op, native := range natives {
		for _, y := range values {
			for _, form := range operations[:6] {
				if strings.Contains(form, "Y") && !isConstant(y) {
					continue
				}
				text := strings.NewReplacer("@", op, "Y", literal(y)).Replace(form)
				for i, f := range conditions[T](t, name, text) {
					for _, x := range values {
						if got, want := f(x, y), native(x, y); got != want {
							t.Errorf("%s: %s with %s for x = %v, y = %v gives %v", name, uses[i], text, x, y, got)
						}
					}
				}
			}
		}
		countingLoops(t, name, op, values, native)
	}
}

// conditions compiles a function of x and y for each use of a condition.
func conditions[T real](t *testing.T, name, cond string) (list []func(x, y T) bool) {
	var text strings.Builder
	text.WriteString("func id(x T) T { return x }\n")
	for i, use := range uses {
		fmt.Fprintf(&text, "func f%d(x, y T) bool { %s }\n", i, strings.ReplaceAll(use, "?", cond))
	}
	m, _, _ := compileText(t, strings.ReplaceAll(text.String(), "T", name))
	for i := range uses {
		list = append(list, function[func(x, y T) bool](t, m, fmt.Sprint("f", i)))
	}
	return list
}

// TestConditions compares what joins conditions with Go's own.
func TestConditions(t *testing.T) {
	for cond, native := range map[string]func(x, y int) bool{
		"x == 1 && y == 1":              func(x, y int) bool { return x == 1 && y == 1 },
		"x == 1 || y == 1":              func(x, y int) bool { return x == 1 || y == 1 },
		"!(x == 1) && y == 1":           func(x, y int) bool { return !(x == 1) && y == 1 },
		"x == 1 || !(y == 1)":           func(x, y int) bool { return x == 1 || !(y == 1) },
		"x == 1 && (y == 1 || x == y)":  func(x, y int) bool { return x == 1 && (y == 1 || x == y) },
		"(x == 1 || y == 0) && x+y > 0": func(x, y int) bool { return (x == 1 || y == 0) && x+y > 0 },
		"x >= 0 && y > 0 && 1/y == x":   func(x, y int) bool { return x >= 0 && y > 0 && 1/y == x },
		"y == 0 || 1/y == x || y > x":   func(x, y int) bool { return y == 0 || 1/y == x || y > x },
	} {
		for i, f := range conditions[int](t, "int", cond) {
			for x := range 3 {
				for y := range 3 {
					if got, want := f(x, y), native(x, y); got != want {
						t.Errorf("%s with %s for x = %d, y = %d gives %v", uses[i], cond, x, y, got)
					}
				}
			}
		}
	}
}

// countingLoops compares loops that count while a comparison is true with Go's own.
func countingLoops[T real](t *testing.T, name, op string, values []T, native func(x, y T) bool) {
	steps := map[string]func(i, y T) T{
		"i++": func(i, _ T) T { return i + 1 }, "i--": func(i, _ T) T { return i - 1 },
		"i += 3": func(i, _ T) T { return i + 3 }, "i += y": func(i, y T) T { return i + y },
		"i *= 3": func(i, _ T) T { return i * 3 }, "x++": func(i, _ T) T { return i },
	}
	for step, add := range steps {
		for _, y := range values {
			for _, end := range []string{"y", literal(y)} {
				if end != "y" && !isConstant(y) {
					continue
				}
				text := fmt.Sprintf("for i := x; i %s %s; %s { last, n = i, n+1; if n == 3 { break } }", op, end, step)
				m, _, _ := compileText(t, strings.ReplaceAll("func f(x, y T) (last T, n int) { "+text+"; return last, n }", "T", name))
				f := function[func(x, y T) (T, int)](t, m, "f")
				for _, x := range values {
					var last T
					n := 0
					for i := x; n < 3 && native(i, y); i = add(i, y) {
						last, n = i, n+1
					}
					if got, rounds := f(x, y); fmt.Sprint(got) != fmt.Sprint(last) || rounds != n {
						t.Errorf("%s: %s with x = %v, y = %v ends with %v in %d rounds, want %v in %d", name, text, x, y, got, rounds, last, n)
					}
				}
			}
		}
	}
}

package closures

import (
	"runtime"
	"testing"
	"weak"
)

// TestLargeArrays demands that arrays larger than memory are left to the
// interpreter, and that to compile a large one takes no memory.
func TestLargeArrays(t *testing.T) {
	for _, text := range []string{
		"func f(p *[1 << 20][1 << 20][1 << 20]struct{ a, b string }) (n int) { for i := range 3 { n += len(p[0][0][i].b) }; return n }",
	} {
		if _, u, _ := compileText(t, text); u.own["f"] != nil {
			t.Errorf("compiled: %s", text)
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m := program(t, "func f(n int) int { var a [1 << 27]int; for i := range n { a[i]++ }; return a[n-1] }")
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<27 {
		t.Errorf("compiling took %d MB", n>>20)
	}
	if n := function[func(int) int](t, m, "f")(5); n != 1 {
		t.Errorf("f(5) = %d, expected 1", n)
	}
}

// TestFramesForget demands that what a call was given is not kept by frames that
// later calls use again.
func TestFramesForget(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // all calls use the same frames
	m := program(t, `
func sum(xs []float64) (s float64) { for _, x := range xs { s += x }; return s }
func deep(n int, xs []float64) float64 { if n == 0 { return sum(xs) }; return deep(n-1, xs) }
func count(n int) (s int) { for i := range n { s += i }; return s }`)
	deep, count := function[func(int, []float64) float64](t, m, "deep"), function[func(int) int](t, m, "count")
	xs := make([]float64, 1000)
	kept := weak.Make(&xs[0])
	deep(10, xs)
	for range 3 {
		count(3)
		runtime.GC()
	}
	if kept.Value() != nil {
		t.Error("the argument of a call that has ended is still there")
	}
	runtime.KeepAlive(m)
}

package generic_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand"
	"slices"
	"testing"

	gcmp "github.com/gocrate/gocrate/kernel/golang/generic/cmp"
	giter "github.com/gocrate/gocrate/kernel/golang/generic/iter"
	gmaps "github.com/gocrate/gocrate/kernel/golang/generic/maps"
	gslices "github.com/gocrate/gocrate/kernel/golang/generic/slices"
)

// outcome is what a call returns or panics with, with the lengths, capacities
// and memory behind the slices, and the slice that it worked on.
func outcome(f func(s []int) any, s []int) (text string) {
	s = append(make([]int, 0, cap(s)), s...)
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint("panic: ", r)
		}
	}()
	out := f(s)
	text = fmt.Sprintf("%#v of %v", out, s[:cap(s)])
	if r, ok := out.([]int); ok {
		text += fmt.Sprintf(" len %d cap %d nil %t %v", len(r), cap(r), r == nil, r[:cap(r)])
	}
	return text
}

// TestSlices compares ours with package slices on random slices, edges and
// wrong arguments included.
func TestSlices(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	random := func(n int) []int {
		if rng.Intn(10) == 0 {
			return nil
		}
		s := make([]int, rng.Intn(n), n+rng.Intn(4))
		for i := range s {
			s[i] = rng.Intn(5)
		}
		return s
	}
	even := func(x int) bool { return x%2 == 0 }
	near := func(a, b int) bool { return a/2 == b/2 }
	half := func(a, b int) int { return cmp.Compare(a/2, b/2) }
	for range 3000 {
		s, v, w := random(9), random(5), random(6)
		i, j := rng.Intn(9)-1, rng.Intn(9)-1
		pairs := []struct {
			name      string
			ours, std func(s []int) any
		}{
			{"Insert", func(s []int) any { return gslices.Insert(s, i, v...) }, func(s []int) any { return slices.Insert(s, i, v...) }},
			{"Insert itself", func(s []int) any { return gslices.Insert(s, i, s...) }, func(s []int) any { return slices.Insert(s, i, s...) }},
			{"Insert a part", func(s []int) any { return gslices.Insert(s, i, s[len(s)/2:]...) }, func(s []int) any { return slices.Insert(s, i, s[len(s)/2:]...) }},
			{"Replace", func(s []int) any { return gslices.Replace(s, i, j, v...) }, func(s []int) any { return slices.Replace(s, i, j, v...) }},
			{"Replace a part", func(s []int) any { return gslices.Replace(s, i, j, s[len(s)/2:]...) }, func(s []int) any { return slices.Replace(s, i, j, s[len(s)/2:]...) }},
			{"Delete", func(s []int) any { return gslices.Delete(s, i, j) }, func(s []int) any { return slices.Delete(s, i, j) }},
			{"DeleteFunc", func(s []int) any { return gslices.DeleteFunc(s, even) }, func(s []int) any { return slices.DeleteFunc(s, even) }},
			{"Compact", func(s []int) any { return gslices.Compact(s) }, func(s []int) any { return slices.Compact(s) }},
			{"CompactFunc", func(s []int) any { return gslices.CompactFunc(s, near) }, func(s []int) any { return slices.CompactFunc(s, near) }},
			{"Clone", func(s []int) any { return gslices.Clone(s) }, func(s []int) any { return slices.Clone(s) }},
			{"Clip", func(s []int) any { return gslices.Clip(s) }, func(s []int) any { return slices.Clip(s) }},
			{"Grow", func(s []int) any { return gslices.Grow(s, i) }, func(s []int) any { return slices.Grow(s, i) }},
			{"Concat", func(s []int) any { return gslices.Concat(s, v, w) }, func(s []int) any { return slices.Concat(s, v, w) }},
			{"Repeat", func(s []int) any { return gslices.Repeat(s, i) }, func(s []int) any { return slices.Repeat(s, i) }},
			{"Reverse", func(s []int) any { gslices.Reverse(s); return s }, func(s []int) any { slices.Reverse(s); return s }},
			{"Sort", func(s []int) any { gslices.Sort(s); return s }, func(s []int) any { slices.Sort(s); return s }},
			{"SortFunc", func(s []int) any { gslices.SortFunc(s, half); return s }, func(s []int) any { slices.SortFunc(s, half); return s }},
			{"SortStableFunc", func(s []int) any { gslices.SortStableFunc(s, half); return s }, func(s []int) any { slices.SortStableFunc(s, half); return s }},
			{"Min", func(s []int) any { return gslices.Min(s) }, func(s []int) any { return slices.Min(s) }},
			{"Max", func(s []int) any { return gslices.Max(s) }, func(s []int) any { return slices.Max(s) }},
			{"MinFunc", func(s []int) any { return gslices.MinFunc(s, half) }, func(s []int) any { return slices.MinFunc(s, half) }},
			{"MaxFunc", func(s []int) any { return gslices.MaxFunc(s, half) }, func(s []int) any { return slices.MaxFunc(s, half) }},
			{"Index", func(s []int) any { return gslices.Index(s, i) }, func(s []int) any { return slices.Index(s, i) }},
			{"Contains", func(s []int) any { return gslices.Contains(s, i) }, func(s []int) any { return slices.Contains(s, i) }},
			{"IndexFunc", func(s []int) any { return gslices.IndexFunc(s, even) }, func(s []int) any { return slices.IndexFunc(s, even) }},
			{"ContainsFunc", func(s []int) any { return gslices.ContainsFunc(s, even) }, func(s []int) any { return slices.ContainsFunc(s, even) }},
			{"IsSorted", func(s []int) any { return gslices.IsSorted(s) }, func(s []int) any { return slices.IsSorted(s) }},
			{"IsSortedFunc", func(s []int) any { return gslices.IsSortedFunc(s, half) }, func(s []int) any { return slices.IsSortedFunc(s, half) }},
			{"Compare", func(s []int) any { return gslices.Compare(s, v) }, func(s []int) any { return slices.Compare(s, v) }},
			{"CompareFunc", func(s []int) any { return gslices.CompareFunc(s, v, half) }, func(s []int) any { return slices.CompareFunc(s, v, half) }},
			{"Equal", func(s []int) any { return gslices.Equal(s, v) }, func(s []int) any { return slices.Equal(s, v) }},
			{"EqualFunc", func(s []int) any { return gslices.EqualFunc(s, v, near) }, func(s []int) any { return slices.EqualFunc(s, v, near) }},
			{"BinarySearch", func(s []int) any { return fmt.Sprint(gslices.BinarySearch(s, i)) }, func(s []int) any { return fmt.Sprint(slices.BinarySearch(s, i)) }},
			{"BinarySearchFunc", func(s []int) any { return fmt.Sprint(gslices.BinarySearchFunc(s, i, half)) }, func(s []int) any { return fmt.Sprint(slices.BinarySearchFunc(s, i, half)) }},
			{"Collect", func(s []int) any { return gslices.Collect(gslices.Values(s)) }, func(s []int) any { return slices.Collect(slices.Values(s)) }},
			{"AppendSeq", func(s []int) any { return gslices.AppendSeq(s, gslices.Values(v)) }, func(s []int) any { return slices.AppendSeq(s, slices.Values(v)) }},
			{"Sorted", func(s []int) any { return gslices.Sorted(gslices.Values(s)) }, func(s []int) any { return slices.Sorted(slices.Values(s)) }},
			{"SortedFunc", func(s []int) any { return gslices.SortedFunc(gslices.Values(s), half) }, func(s []int) any { return slices.SortedFunc(slices.Values(s), half) }},
			{"SortedStableFunc", func(s []int) any { return gslices.SortedStableFunc(gslices.Values(s), half) }, func(s []int) any { return slices.SortedStableFunc(slices.Values(s), half) }},
			{"Chunk", func(s []int) any { return fmt.Sprint(slices.Collect(gslices.Chunk(s, i))) }, func(s []int) any { return fmt.Sprint(slices.Collect(slices.Chunk(s, i))) }},
			{"All", func(s []int) any { return maps.Collect(gslices.All(s)) }, func(s []int) any { return maps.Collect(slices.All(s)) }},
			{"Backward", func(s []int) any { return maps.Collect(gslices.Backward(s)) }, func(s []int) any { return maps.Collect(slices.Backward(s)) }},
		}
		for _, p := range pairs {
			if got, want := outcome(p.ours, s), outcome(p.std, s); got != want {
				t.Fatalf("%s of %v (cap %d) with %v, %d, %d: got %s, want %s", p.name, s, cap(s), v, i, j, got, want)
			}
		}
	}
}

// TestSortFunc needs slices so long that the algorithm shows in the order of
// equal elements.
func TestSortFunc(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	for n := range 300 {
		type item struct{ key, id int }
		a := make([]item, n)
		for i := range a {
			a[i] = item{rng.Intn(1 + n/4), i}
		}
		b := slices.Clone(a)
		byKey := func(x, y item) int { return x.key - y.key }
		gslices.SortFunc(a, byKey)
		slices.SortFunc(b, byKey)
		if !slices.Equal(a, b) {
			t.Fatalf("%d elements: got %v, want %v", n, a, b)
		}
	}
}

func TestFloats(t *testing.T) {
	numbers := []float64{math.NaN(), math.Inf(-1), -1, math.Copysign(0, -1), 0, 2, math.Inf(1)}
	for _, x := range numbers {
		for _, y := range numbers {
			if gcmp.Compare(x, y) != cmp.Compare(x, y) || gcmp.Less(x, y) != cmp.Less(x, y) {
				t.Errorf("Compare(%v, %v) = %d, Less = %t", x, y, gcmp.Compare(x, y), gcmp.Less(x, y))
			}
			got, want := gcmp.Or(x, y), cmp.Or(x, y)
			if math.Float64bits(got) != math.Float64bits(want) {
				t.Errorf("Or(%v, %v) = %v", x, y, got)
			}
		}
	}
	shuffled := slices.Clone(numbers)
	rand.New(rand.NewSource(3)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	gslices.Sort(shuffled)
	if fmt.Sprint(shuffled) != fmt.Sprint(numbers) && fmt.Sprint(shuffled[:3], shuffled[5:]) != fmt.Sprint(numbers[:3], numbers[5:]) {
		t.Errorf("sorted: %v", shuffled)
	}
	if i, ok := gslices.BinarySearch(numbers, math.NaN()); i != 0 || !ok {
		t.Errorf("BinarySearch of NaN = %d, %t", i, ok)
	}
	if !math.IsNaN(gslices.Max(numbers)) || !math.IsNaN(gslices.Min(numbers)) {
		t.Error("Max and Min do not return NaN")
	}
	if gslices.Contains(numbers, math.NaN()) {
		t.Error("NaN equals itself")
	}
}

func TestMaps(t *testing.T) {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	c := gmaps.Clone(m)
	if !maps.Equal(m, c) || gmaps.Clone(map[int]int(nil)) != nil {
		t.Errorf("Clone(%v) = %v", m, c)
	}
	gmaps.DeleteFunc(c, func(k string, v int) bool { return v > 1 })
	if !gmaps.Equal(c, map[string]int{"a": 1}) || gmaps.Equal(c, m) || gmaps.Equal(c, map[string]int{"b": 1}) {
		t.Errorf("DeleteFunc left %v", c)
	}
	gmaps.Copy(c, map[string]int{"d": 4})
	gmaps.Insert(c, gmaps.All(map[string]int{"e": 5}))
	if got := slices.Sorted(gmaps.Keys(c)); fmt.Sprint(got) != "[a d e]" {
		t.Errorf("keys %v", got)
	}
	if got := slices.Sorted(gmaps.Values(gmaps.Collect(gmaps.All(c)))); fmt.Sprint(got) != "[1 4 5]" {
		t.Errorf("values %v", got)
	}
	if !gmaps.EqualFunc(m, map[string]string{"a": "x", "b": "x", "c": "x"}, func(int, string) bool { return true }) {
		t.Error("EqualFunc is false")
	}
}

func TestPull(t *testing.T) {
	ended := false
	next, stop := giter.Pull(func(yield func(int) bool) {
		defer func() { ended = true }()
		_ = yield(1) && yield(2) && yield(3)
	})
	if v, ok := next(); v != 1 || !ok || ended {
		t.Errorf("next() = %d, %t", v, ok)
	}
	stop()
	if v, ok := next(); v != 0 || ok || !ended {
		t.Errorf("next() after stop = %d, %t", v, ok)
	}
	next2, stop2 := giter.Pull2(slices.All([]string{"a"}))
	defer stop2()
	if i, s, ok := next2(); i != 0 || s != "a" || !ok {
		t.Errorf("next() = %d, %s, %t", i, s, ok)
	}
	if _, s, ok := next2(); s != "" || ok {
		t.Errorf("next() at the end = %s, %t", s, ok)
	}
}

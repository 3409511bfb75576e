package crate_test

import (
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/gocrate/gocrate/internal/safetensors"
	"gonum.org/v1/gonum/mat"
)

// rateGolden is one file of reference rates, computed in float64 by the
// official code of MCR² or, for the subspaces, from the paper's formula.
type rateGolden struct {
	t       *testing.T
	tensors map[string]safetensors.Tensor
	cases   map[string]map[string]any
}

func readRateGolden(t *testing.T, name string) rateGolden {
	t.Helper()
	tensors, err := safetensors.ReadFile("testdata/" + name + ".safetensors")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var about struct{ Cases map[string]map[string]any }
	if err := json.Unmarshal(text, &about); err != nil {
		t.Fatal(err)
	}
	if len(about.Cases) == 0 {
		t.Fatalf("%s.json has no cases", name)
	}
	return rateGolden{t, tensors, about.Cases}
}

// names returns the names of the cases.
func (g rateGolden) names() []string { return slices.Sorted(maps.Keys(g.cases)) }

// number returns a number of a case.
func (g rateGolden) number(name, key string) float64 {
	g.t.Helper()
	x, ok := g.cases[name][key].(float64)
	if !ok {
		g.t.Fatalf("%s has no number %q", name, key)
	}
	return x
}

// matrix returns an r×c tensor as it is stored.
func (g rateGolden) matrix(key string) *mat.Dense {
	g.t.Helper()
	x, ok := g.tensors[key]
	if !ok || len(x.Shape) != 2 {
		g.t.Fatalf("tensor %q has shape %v, want a matrix", key, x.Shape)
	}
	return mat.NewDense(x.Shape[0], x.Shape[1], x.Float64s())
}

// transposed returns tokens, stored as rows, as columns.
func (g rateGolden) transposed(key string) *mat.Dense {
	g.t.Helper()
	return mat.DenseCopyOf(g.matrix(key).T())
}

// bases returns a K×d×p tensor as K matrices.
func (g rateGolden) bases(key string) []*mat.Dense {
	x := g.tensors[key]
	K, d, p := x.Shape[0], x.Shape[1], x.Shape[2]
	values, U := x.Float64s(), make([]*mat.Dense, K)
	for k := range U {
		U[k] = mat.NewDense(d, p, values[k*d*p:(k+1)*d*p])
	}
	return U
}

// compare checks a scalar.
func (g rateGolden) compare(key string, got, tol float64) {
	g.t.Helper()
	x, ok := g.tensors["f64/"+key]
	if !ok {
		g.t.Fatalf("no reference for %q", key)
	}
	if want := x.Float64s()[0]; !near(got, want, tol) {
		g.t.Errorf("%s = %v, want %v", key, got, want)
	}
}

// compareMatrix checks a d×N matrix against an N×d reference, relative to the
// largest entry.
func (g rateGolden) compareMatrix(key string, got *mat.Dense, tol float64) {
	g.t.Helper()
	want := g.transposed("f64/" + key)
	g.compareMatrixTo(key, got, tol, mat.Max(want)-mat.Min(want))
}

// compareMatrixTo is compareMatrix relative to a given size.
func (g rateGolden) compareMatrixTo(key string, got *mat.Dense, tol, size float64) {
	g.t.Helper()
	want := g.transposed("f64/" + key)
	var diff mat.Dense
	diff.Sub(got, want)
	if e := max(mat.Max(&diff), -mat.Min(&diff)); !(e <= tol*size+1e-15) {
		g.t.Errorf("%s is off by %g of %g", key, e, size)
	}
}

// near reports whether got is want up to a relative error, or to rounding
// errors of sums of order 1. It is false for NaN.
func near(got, want, tol float64) bool {
	return math.Abs(got-want) <= tol*math.Abs(want)+1e-15
}

// normal returns independent standard normal entries.
func normal(rng *rand.Rand, r, c int) *mat.Dense {
	x := make([]float64, r*c)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return mat.NewDense(r, c, x)
}

// orthogonal returns a random orthogonal n×n matrix.
func orthogonal(rng *rand.Rand, n int) *mat.Dense {
	var qr mat.QR
	qr.Factorize(normal(rng, n, n))
	var Q mat.Dense
	qr.QTo(&Q)
	return &Q
}

// axes returns N tokens that run through the d coordinate axes in turn.
func axes(d, N int) *mat.Dense {
	Z := mat.NewDense(d, N, nil)
	for i := range N {
		Z.Set(i%d, i, 1)
	}
	return Z
}

// unitColumns returns V with every column scaled to length 1.
func unitColumns(V *mat.Dense) *mat.Dense {
	_, N := V.Dims()
	unit := mat.DenseCopyOf(V)
	for i := range N {
		column := mat.VecDenseCopyOf(unit.ColView(i))
		column.ScaleVec(1/column.Norm(2), column)
		unit.SetCol(i, column.RawVector().Data)
	}
	return unit
}

// finite reports whether every entry is a number.
func finite(A *mat.Dense) bool {
	return !slices.ContainsFunc(A.RawMatrix().Data, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
}

package crate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/crate"
	"gonum.org/v1/gonum/mat"
)

func TestRateOfDegenerateTokens(t *testing.T) {
	fill := func(d, N int, z float64) *mat.Dense {
		Z := mat.NewDense(d, N, nil)
		Z.Apply(func(int, int, float64) float64 { return z }, Z)
		return Z
	}
	// All entries z: rank one, R = ½ log(1 + α N d z²) with α = d/(Nε²).
	rankOne := func(d, N int, z float64) float64 {
		x := math.Log(float64(d*d)/.01) + 2*math.Log(z)
		return (max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))) / 2
	}
	for _, s := range []struct{ d, N int }{{6, 12}, {12, 6}, {1, 1}} {
		for _, z := range []float64{5e-324, 1e-200, 1e-9, 1, 1e5, 1e10, 1e200, math.MaxFloat64} {
			Z := fill(s.d, s.N, z)
			if got, want := crate.CodingRate(Z, .01), rankOne(s.d, s.N, z); !(math.Abs(got-want) <= 1e-10*want) {
				t.Errorf("%d×%d entries %g: R = %v, want %v", s.d, s.N, z, got, want)
			}
			if G := crate.CodingRateGrad(Z, .01); !finite(G) {
				t.Errorf("%d×%d entries %g: ∇R = %v", s.d, s.N, z, mat.Formatted(G))
			}
		}
		zero, U := fill(s.d, s.N, 0), []*mat.Dense{fill(s.d, 2, 1)}
		for _, epsSq := range []float64{5e-324, .01, math.MaxFloat64} {
			R, Rc := crate.CodingRate(zero, epsSq), crate.SubspaceCodingRate(zero, U, epsSq)
			if R != 0 || Rc != 0 {
				t.Errorf("epsSq %g: zero tokens have R = %v, R^c = %v; want 0", epsSq, R, Rc)
			}
			if G := crate.RateReductionGrad(zero, U, epsSq); mat.Norm(G, 1) != 0 {
				t.Errorf("epsSq %g: zero tokens have gradient %v; want 0", epsSq, mat.Formatted(G))
			}
		}
	}
	none, U := &mat.Dense{}, []*mat.Dense{{}}
	if R, Rc := crate.CodingRate(none, 1), crate.SubspaceCodingRate(none, U, 1); R != 0 || Rc != 0 {
		t.Errorf("no tokens have R = %v, R^c = %v; want 0", R, Rc)
	}
	for _, G := range []*mat.Dense{
		crate.CodingRateGrad(none, 1), crate.SubspaceCodingRateGrad(none, U, 1), crate.RateReductionGrad(none, U, 1),
		crate.ClassCodingRateGrad(none, crate.Membership(nil, 2), 1),
	} {
		if !G.IsEmpty() {
			t.Errorf("no tokens have gradient %v, want none", mat.Formatted(G))
		}
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		Z := mat.NewDense(2, 2, []float64{1, 2, bad, 4})
		if R := crate.CodingRate(Z, 1); !math.IsNaN(R) {
			t.Errorf("tokens with %v have R = %v, want NaN", bad, R)
		}
		if G := crate.CodingRateGrad(Z, 1); !math.IsNaN(G.At(0, 0)) {
			t.Errorf("tokens with %v have gradient %v, want NaN", bad, mat.Formatted(G))
		}
	}
}

// Transposed and sliced views are matrices like others, and stay unchanged.
func TestRateOfViews(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	big := normal(rng, 9, 11)
	for _, scale := range []float64{1, 1e9} {
		big.Scale(scale, big)
		view := big.Slice(2, 7, 3, 10)
		before, Z := mat.DenseCopyOf(big), mat.DenseCopyOf(view)
		for _, v := range []mat.Matrix{view, mat.DenseCopyOf(Z.T()).T()} {
			if got, want := crate.CodingRate(v, .5), crate.CodingRate(Z, .5); got != want {
				t.Errorf("R of a %T = %v, of its copy %v", v, got, want)
			}
			if !mat.Equal(crate.CodingRateGrad(v, .5), crate.CodingRateGrad(Z, .5)) {
				t.Errorf("∇R of a %T differs from that of its copy", v)
			}
		}
		if !mat.Equal(big, before) {
			t.Error("the tokens were changed")
		}
	}
}

func TestRateMisuse(t *testing.T) {
	Z, U := mat.NewDense(3, 5, nil), []*mat.Dense{mat.NewDense(3, 2, nil), mat.NewDense(5, 2, nil)}
	for _, tt := range []struct {
		want []string
		f    func()
	}{
		{[]string{"CodingRate: epsSq is 0", "ε² > 0"}, func() { crate.CodingRate(Z, 0) }},
		{[]string{"CodingRateGrad: epsSq is -0.1", "ε² > 0"}, func() { crate.CodingRateGrad(Z, -0.1) }},
		{[]string{"SubspaceCodingRate: epsSq is NaN"}, func() { crate.SubspaceCodingRate(Z, nil, math.NaN()) }},
		{[]string{"SubspaceCodingRate: U[1] is 5×2 but Z is 3×5"}, func() { crate.SubspaceCodingRate(Z, U, 1) }},
		{[]string{"SubspaceCodingRateGrad: U[1] is 5×2"}, func() { crate.SubspaceCodingRateGrad(Z, U, 1) }},
		{[]string{"RateReduction: U[1] is 5×2"}, func() { crate.SparseRateReduction(Z, U, 1, 1) }},
		{[]string{"RateReductionGrad: epsSq is 0"}, func() { crate.RateReductionGrad(Z, nil, 0) }},
	} {
		expectPanic(t, tt.f, tt.want...)
	}
}

// expectPanic checks that f panics with a message that has all the parts.
func expectPanic(t *testing.T, f func(), parts ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		text := fmt.Sprint(recover())
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("the panic says %q; want %q in it", text, part)
			}
		}
	}()
	f()
}

package crate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gocrate/gocrate/crate"
	"gonum.org/v1/gonum/mat"
)

func TestNonZerosAgainstReference(t *testing.T) {
	g := readRateGolden(t, "coding_rate_subspaces")
	for _, name := range g.names() {
		Z := g.transposed("in/" + name + "/Z")
		d, N := Z.Dims()
		if got, want := crate.NonZeroFraction(Z), g.number(name, "nnz")/float64(d*N); got != want {
			t.Errorf("%s: non-zero fraction %v, want %v", name, got, want)
		}
	}
}

// Only exact zeros of either sign count as zero.
func TestNonZeroFraction(t *testing.T) {
	Z := mat.NewDense(2, 3, []float64{0, math.Copysign(0, -1), 5e-324, -1, math.NaN(), math.Inf(1)})
	if got := crate.NonZeroFraction(Z); got != 4./6 {
		t.Errorf("non-zero fraction %v, want 4/6", got)
	}
	if got := crate.NonZeroFraction(&mat.Dense{}); got != 0 {
		t.Errorf("non-zero fraction of no entries is %v, want 0", got)
	}
}

// ‖·‖₁ is a norm, the one that the columns' norms add up to.
func TestL1(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	A, B := normal(rng, 4, 7), normal(rng, 4, 7)
	var columns float64
	for j := range 7 {
		columns += mat.Norm(A.ColView(j), 1)
	}
	if got := crate.L1(A); !near(got, columns, 1e-14) {
		t.Errorf("L1 = %v, the columns add up to %v", got, columns)
	}
	var scaled, sum mat.Dense
	scaled.Scale(-3, A)
	if got, want := crate.L1(&scaled), 3*crate.L1(A); !near(got, want, 1e-14) {
		t.Errorf("L1(−3A) = %v, want %v", got, want)
	}
	sum.Add(A, B)
	if got, most := crate.L1(&sum), crate.L1(A)+crate.L1(B); !(got <= most) {
		t.Errorf("L1(A+B) = %v > L1(A)+L1(B) = %v", got, most)
	}
	if got := crate.L1(&mat.Dense{}); got != 0 {
		t.Errorf("L1 of no entries is %v, want 0", got)
	}
}

// ‖·‖₁ has no gradient at 0; there the objective's is that of ΔR.
func TestSparseRateReductionGradAtZero(t *testing.T) {
	Z, U := mat.NewDense(2, 3, []float64{0, 1, -2, 3, 0, 0}), []*mat.Dense{mat.NewDense(2, 1, []float64{1, 2})}
	grad, rates := crate.SparseRateReductionL1Grad(Z, U, 1, 10), crate.RateReductionGrad(Z, U, 1)
	for i := range 2 {
		for j := range 3 {
			sign := 0.0
			if z := Z.At(i, j); z != 0 {
				sign = math.Copysign(1, z)
			}
			if want := rates.At(i, j) - 10*sign; grad.At(i, j) != want {
				t.Errorf("entry %d, %d is %v, want %v", i, j, grad.At(i, j), want)
			}
		}
	}
	if g := crate.SparseRateReductionL1Grad(&mat.Dense{}, nil, 1, 1); !g.IsEmpty() {
		t.Errorf("the gradient of no tokens is %v", g)
	}
}

package crate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gocrate/gocrate/crate"
	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

// rateShapes are the shapes of the laws below: one token, one dimension, both
// sides of d = N.
var rateShapes = []struct{ d, N, K, p int }{
	{1, 1, 1, 1}, {6, 1, 2, 3}, {1, 5, 1, 1}, {3, 8, 2, 2}, {8, 3, 3, 4}, {6, 6, 1, 6}, {12, 20, 4, 3}, {20, 7, 2, 12},
}

var rateEpsSq = []float64{0.01, 0.25, 1}

// eachRateCase calls f with random tokens and bases of every shape and epsSq.
func eachRateCase(t *testing.T, f func(t *testing.T, Z *mat.Dense, U []*mat.Dense, epsSq float64)) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range rateShapes {
		for _, epsSq := range rateEpsSq {
			Z, U := normal(rng, s.d, s.N), make([]*mat.Dense, s.K)
			for k := range U {
				U[k] = normal(rng, s.d, s.p)
			}
			t.Run(fmt.Sprintf("d=%d N=%d K=%d p=%d epsSq=%v", s.d, s.N, s.K, s.p, epsSq), func(t *testing.T) { f(t, Z, U, epsSq) })
		}
	}
}

func TestLawsOfTheRate(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	eachRateCase(t, func(t *testing.T, Z *mat.Dense, U []*mat.Dense, epsSq float64) {
		d, N := Z.Dims()
		R, Rc := crate.CodingRate(Z, epsSq), crate.SubspaceCodingRate(Z, U, epsSq)
		law := func(what string, got, want float64) {
			t.Helper()
			if !near(got, want, 1e-11) {
				t.Errorf("%s: %v ≠ %v", what, got, want)
			}
		}

		Q := orthogonal(rng, d)
		var QZ mat.Dense
		QZ.Mul(Q, Z)
		QU := make([]*mat.Dense, len(U))
		for k := range U {
			QU[k] = &mat.Dense{}
			QU[k].Mul(Q, U[k])
		}
		law("R(QZ) = R(Z)", crate.CodingRate(&QZ, epsSq), R)
		law("R^c(QZ | QU) = R^c(Z | U)", crate.SubspaceCodingRate(&QZ, QU, epsSq), Rc)

		ZP := mat.NewDense(d, N, nil)
		for i, j := range rng.Perm(N) {
			ZP.SetCol(i, mat.Col(nil, j, Z))
		}
		law("R(ZP) = R(Z)", crate.CodingRate(ZP, epsSq), R)
		law("R^c(ZP | U) = R^c(Z | U)", crate.SubspaceCodingRate(ZP, U, epsSq), Rc)

		// Both sides of the Gram matrix: α is the same with ε² N²/d².
		law("logdet of N×N = of d×d", crate.CodingRate(Z.T(), epsSq*float64(N*N)/float64(d*d)), R)

		var twice mat.Dense
		twice.Augment(Z, Z)
		law("R([Z Z]) = R(Z)", crate.CodingRate(&twice, epsSq), R)
		law("one complete orthonormal subspace: R^c = R", crate.SubspaceCodingRate(Z, []*mat.Dense{Q}, epsSq), R)
		law("ΔR = R − R^c", crate.RateReduction(Z, U, epsSq), R-Rc)
	})
}

func TestRateGrowsWithScale(t *testing.T) {
	eachRateCase(t, func(t *testing.T, Z *mat.Dense, _ []*mat.Dense, epsSq float64) {
		below := 0.0
		for e := -40; e <= 40; e++ {
			var tZ mat.Dense
			tZ.Scale(math.Pow(10, float64(e)/2), Z)
			R := crate.CodingRate(&tZ, epsSq)
			if !(R > below) {
				t.Errorf("R(tZ) = %v at t = 10^%v, not above the %v of the smaller scale", R, float64(e)/2, below)
			}
			below = R
		}
	})
}

// The gradients of R and R^c are Lipschitz with constants α and γ Σ‖Uₖ‖²; steps
// of that length cannot overshoot.
func TestGradientStepsMoveTheRates(t *testing.T) {
	eachRateCase(t, func(t *testing.T, Z *mat.Dense, U []*mat.Dense, epsSq float64) {
		d, N := Z.Dims()
		_, p := U[0].Dims()
		lipschitz := 0.0
		for _, Uk := range U {
			norm := mat.Norm(Uk, 2)
			lipschitz += float64(p) / (float64(N) * epsSq) * norm * norm
		}
		step := func(η float64, G *mat.Dense) *mat.Dense {
			var next mat.Dense
			next.Scale(η, G)
			next.Add(Z, &next)
			return &next
		}
		before := crate.SubspaceCodingRate(Z, U, epsSq)
		after := crate.SubspaceCodingRate(step(-1/lipschitz, crate.SubspaceCodingRateGrad(Z, U, epsSq)), U, epsSq)
		if !(after < before) {
			t.Errorf("a step along −∇R^c took R^c from %v to %v", before, after)
		}
		before = crate.CodingRate(Z, epsSq)
		after = crate.CodingRate(step(float64(N)*epsSq/float64(d), crate.CodingRateGrad(Z, epsSq)), epsSq)
		if !(after > before) {
			t.Errorf("a step along ∇R took R from %v to %v", before, after)
		}
	})
}

func TestRateGradientsAgainstDifferences(t *testing.T) {
	eachRateCase(t, func(t *testing.T, Z *mat.Dense, U []*mat.Dense, epsSq float64) {
		for _, tt := range []struct {
			what string
			f    func(Z mat.Matrix) float64
			grad *mat.Dense
		}{
			{"∇R", func(Z mat.Matrix) float64 { return crate.CodingRate(Z, epsSq) }, crate.CodingRateGrad(Z, epsSq)},
			{"∇R^c", func(Z mat.Matrix) float64 { return crate.SubspaceCodingRate(Z, U, epsSq) }, crate.SubspaceCodingRateGrad(Z, U, epsSq)},
			{"∇ΔR", func(Z mat.Matrix) float64 { return crate.RateReduction(Z, U, epsSq) }, crate.RateReductionGrad(Z, U, epsSq)},
			{"∇(ΔR − λ‖Z‖₁)", func(Z mat.Matrix) float64 { return crate.SparseRateReductionL1(Z, U, epsSq, 0.3) }, crate.SparseRateReductionL1Grad(Z, U, epsSq, 0.3)},
		} {
			checkRateGradient(t, tt.what, tt.f, Z, tt.grad)
		}
		for k, grad := range crate.SubspaceCodingRateGradU(Z, U, epsSq) {
			moved := slices.Clone(U)
			checkRateGradient(t, fmt.Sprintf("∂R^c/∂U_%d", k), func(Uk mat.Matrix) float64 {
				moved[k] = mat.DenseCopyOf(Uk)
				return crate.SubspaceCodingRate(Z, moved, epsSq)
			}, U[k], grad)
		}
	})
}

// checkRateGradient compares grad with central differences of f at Z.
func checkRateGradient(t *testing.T, what string, f func(Z mat.Matrix) float64, Z, grad *mat.Dense) {
	t.Helper()
	d, N := Z.Dims()
	flat := func(z []float64) float64 { return f(mat.NewDense(d, N, z)) }
	want := fd.Gradient(nil, flat, mat.DenseCopyOf(Z).RawMatrix().Data, &fd.Settings{Formula: fd.Central})
	var diff mat.Dense
	diff.Sub(grad, mat.NewDense(d, N, want))
	if e := mat.Norm(&diff, 2); !(e <= 1e-6*(1e-3+mat.Norm(grad, 2))) {
		t.Errorf("%s is off by %g of %g", what, e, mat.Norm(grad, 2))
	}
}

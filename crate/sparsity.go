package crate

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// NonZeroFraction returns ‖Z‖₀/(dN), the share of entries of a d×N token matrix
// that are not exactly zero; no threshold is applied. Lower is sparser. This is
// what the paper's figures call sparsity, measured on the output of [ISTA],
// whose ReLU makes exact zeros.
//
// The official script counts the zeros and plots one minus their share, which
// is the same number. An empty Z has fraction 0.
func NonZeroFraction(Z mat.Matrix) float64 {
	d, N := Z.Dims()
	if d == 0 || N == 0 {
		return 0
	}
	return nonZeros(Z) / float64(d*N)
}

// L1 returns ‖Z‖₁ = Σᵢⱼ |zᵢⱼ|, the convex stand-in for the number of non-zeros
// that [ISTA] descends on.
func L1(Z mat.Matrix) float64 {
	var sum float64
	each(Z, func(z float64) { sum += math.Abs(z) })
	return sum
}

// SparseRateReduction returns the objective that CRATE maximizes layer by
// layer:
//
//	ΔR(Z | U) − λ‖Z‖₀ = R(Z) − R^c(Z | U) − λ‖Z‖₀
//
// ‖Z‖₀ is the number of non-zero entries of the d×N matrix Z, not their share.
// U and epsSq are as in [RateReduction].
//
// Source: Yu et al., White-Box Transformers via Sparse Rate Reduction (2023).
func SparseRateReduction(Z mat.Matrix, U []*mat.Dense, epsSq, lambda float64) float64 {
	return RateReduction(Z, U, epsSq) - lambda*nonZeros(Z)
}

// SparseRateReductionL1 returns the objective with ‖Z‖₁ in the place of ‖Z‖₀,
// the form that has a gradient:
//
//	R(Z) − R^c(Z | U) − λ‖Z‖₁
func SparseRateReductionL1(Z mat.Matrix, U []*mat.Dense, epsSq, lambda float64) float64 {
	return RateReduction(Z, U, epsSq) - lambda*L1(Z)
}

// SparseRateReductionL1Grad returns the d×N gradient of
// [SparseRateReductionL1] with respect to Z,
//
//	∇R(Z) − ∇R^c(Z | U) − λ sign(Z)
//
// with sign(0) = 0, where ‖Z‖₁ has no gradient. With respect to U_k it is minus
// [SubspaceCodingRateGradU], the other terms having no U.
func SparseRateReductionL1Grad(Z mat.Matrix, U []*mat.Dense, epsSq, lambda float64) *mat.Dense {
	grad := RateReductionGrad(Z, U, epsSq)
	if grad.IsEmpty() {
		return grad
	}
	grad.Apply(func(i, j int, g float64) float64 {
		switch z := Z.At(i, j); {
		case z > 0:
			return g - lambda
		case z < 0:
			return g + lambda
		}
		return g
	}, grad)
	return grad
}

// nonZeros returns ‖Z‖₀.
func nonZeros(Z mat.Matrix) float64 {
	var n float64
	each(Z, func(z float64) {
		if z != 0 {
			n++
		}
	})
	return n
}

// each calls f with every entry of Z.
func each(Z mat.Matrix, f func(z float64)) {
	d, N := Z.Dims()
	for i := range d {
		for j := range N {
			f(Z.At(i, j))
		}
	}
}

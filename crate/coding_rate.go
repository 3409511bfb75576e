package crate

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// CodingRate returns R(Z), the number of nats per token that a Gaussian code
// spends to describe the tokens with a mean squared error of ε² each:
//
//	R(Z) = ½ logdet( I + d/(Nε²) ZZᵀ ),    Z ∈ ℝ^{d×N}, one token a column
//
// epsSq is ε², not ε: the paper's curves use 0.01, that is ε = 0.1.
//
// Method: Cholesky factor of the smaller of I + αZZᵀ and I + αZᵀZ, which have
// equal determinants; the singular values of Z where squaring them would cost
// digits.
//
// Special cases: tokens that are all zero, or no tokens at all, have rate 0.
// Zero columns are tokens like others and count in N. R is finite for every
// finite Z and NaN if Z holds NaN or ±Inf. It panics unless epsSq > 0.
//
// Accuracy: relative error below 1e-9 for all sizes of Z.
//
// Source: Yu et al., White-Box Transformers via Sparse Rate Reduction (2023),
// the first term of the objective. Logarithms are natural.
func CodingRate(Z mat.Matrix, epsSq float64) float64 {
	d, N := checkTokens("CodingRate", Z, epsSq)
	if d == 0 || N == 0 {
		return 0
	}
	return halfLogDet(dense(Z), rateScale(d, N, epsSq))
}

// CodingRateGrad returns the d×N gradient of [CodingRate] with respect to Z:
//
//	∇R = α(I + αZZᵀ)⁻¹Z = αZ(I + αZᵀZ)⁻¹,    α = d/(Nε²)
//
// A step along it spreads the tokens out. The gradient at zero tokens is zero;
// its relative error is below 1e-7 where equal tokens are large, and about 1e-12
// otherwise.
func CodingRateGrad(Z mat.Matrix, epsSq float64) *mat.Dense {
	d, N := checkTokens("CodingRateGrad", Z, epsSq)
	if d == 0 || N == 0 {
		return &mat.Dense{}
	}
	return halfLogDetGrad(dense(Z), rateScale(d, N, epsSq))
}

// SubspaceCodingRate returns R^c(Z | U), the rate of the same tokens coded
// against K subspaces with bases U[0], …, U[K−1], each d×p:
//
//	R^c(Z | U) = Σₖ R(UₖᵀZ) = ½ Σₖ logdet( I + p/(Nε²) (UₖᵀZ)ᵀ(UₖᵀZ) )
//
// The scale has p, the width of a head, where R(Z) has d; there is no average
// over heads, and the bases need be neither orthonormal nor orthogonal to each
// other. Attention lowers this quantity: see [MSSA]. Without bases it is 0.
//
// It panics unless epsSq, which is ε², is positive and every U[k] has d rows.
// Source: as [CodingRate]; the compression term of the objective.
func SubspaceCodingRate(Z mat.Matrix, U []*mat.Dense, epsSq float64) float64 {
	d, N := checkSubspaces("SubspaceCodingRate", Z, U, epsSq)
	if d == 0 || N == 0 {
		return 0
	}
	var sum float64
	for _, Uk := range U {
		sum += CodingRate(project(Uk, Z), epsSq)
	}
	return sum
}

// SubspaceCodingRateGrad returns the d×N gradient of [SubspaceCodingRate] with
// respect to Z. With Vₖ = UₖᵀZ and γ = p/(Nε²),
//
//	∇R^c = Σₖ Uₖ ∇R(Vₖ) = γ Σₖ Uₖ Vₖ (I + γVₖᵀVₖ)⁻¹
//
// A step against it compresses the tokens onto the subspaces. [MSSA] is this
// step with the inverse approximated by a softmax.
func SubspaceCodingRateGrad(Z mat.Matrix, U []*mat.Dense, epsSq float64) *mat.Dense {
	d, N := checkSubspaces("SubspaceCodingRateGrad", Z, U, epsSq)
	if d == 0 || N == 0 {
		return &mat.Dense{}
	}
	grad := mat.NewDense(d, N, nil)
	for _, Uk := range U {
		var step mat.Dense
		step.Mul(Uk, CodingRateGrad(project(Uk, Z), epsSq))
		grad.Add(grad, &step)
	}
	return grad
}

// SubspaceCodingRateGradU returns the gradients of [SubspaceCodingRate] with
// respect to the bases, one d×p matrix for each:
//
//	∂R^c/∂Uₖ = Z ∇R(Vₖ)ᵀ,    Vₖ = UₖᵀZ
//
// Where the rate of the tokens is an objective of training, it moves U_[K]
// against these.
func SubspaceCodingRateGradU(Z mat.Matrix, U []*mat.Dense, epsSq float64) []*mat.Dense {
	d, N := checkSubspaces("SubspaceCodingRateGradU", Z, U, epsSq)
	grad := make([]*mat.Dense, len(U))
	for k, Uk := range U {
		grad[k] = &mat.Dense{}
		if d > 0 && N > 0 {
			grad[k].Mul(Z, CodingRateGrad(project(Uk, Z), epsSq).T())
		} else if _, p := Uk.Dims(); d > 0 && p > 0 {
			grad[k] = mat.NewDense(d, p, nil)
		}
	}
	return grad
}

// RateReduction returns what knowing the subspaces saves:
//
//	ΔR(Z | U) = R(Z) − R^c(Z | U)
//
// Its sign means little by itself: the two terms are scaled by d and by p, and
// bases that are not orthonormal change the second alone, so that ΔR can be
// negative. Compare layers only with one scaling of the tokens and bases.
func RateReduction(Z mat.Matrix, U []*mat.Dense, epsSq float64) float64 {
	checkSubspaces("RateReduction", Z, U, epsSq)
	return CodingRate(Z, epsSq) - SubspaceCodingRate(Z, U, epsSq)
}

// RateReductionGrad returns the d×N gradient of [RateReduction] with respect
// to Z, ∇R − ∇R^c.
func RateReductionGrad(Z mat.Matrix, U []*mat.Dense, epsSq float64) *mat.Dense {
	d, N := checkSubspaces("RateReductionGrad", Z, U, epsSq)
	if d == 0 || N == 0 {
		return &mat.Dense{}
	}
	grad := CodingRateGrad(Z, epsSq)
	grad.Sub(grad, SubspaceCodingRateGrad(Z, U, epsSq))
	return grad
}

// rateScale is α = d/(Nε²).
func rateScale(d, N int, epsSq float64) float64 {
	return float64(d) / (float64(N) * epsSq)
}

// project returns the coordinates V = UᵀZ, p×N, of the tokens in a subspace.
func project(U *mat.Dense, Z mat.Matrix) *mat.Dense {
	var V mat.Dense
	V.Mul(U.T(), Z)
	return &V
}

// checkTokens panics unless epsSq can be an ε², and returns the shape of Z.
func checkTokens(name string, Z mat.Matrix, epsSq float64) (d, N int) {
	if !(epsSq > 0) {
		panic(fmt.Sprintf("crate: %s: epsSq is %v; want ε² > 0, the square of the precision (0.01 for ε = 0.1)", name, epsSq))
	}
	return Z.Dims()
}

// checkSubspaces is checkTokens and panics unless every basis has d rows.
func checkSubspaces(name string, Z mat.Matrix, U []*mat.Dense, epsSq float64) (d, N int) {
	d, N = checkTokens(name, Z, epsSq)
	for k, Uk := range U {
		if rows, p := Uk.Dims(); rows != d {
			panic(fmt.Sprintf("crate: %s: U[%d] is %d×%d but Z is %d×%d; a basis must have as many rows as Z (is Z transposed? tokens are columns)",
				name, k, rows, p, d, N))
		}
	}
	return d, N
}

// dense returns Z as a Dense, without a copy if it is one.
func dense(Z mat.Matrix) *mat.Dense {
	if Z, ok := Z.(*mat.Dense); ok {
		return Z
	}
	return mat.DenseCopyOf(Z)
}

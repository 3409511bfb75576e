package crate

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// The Gram matrix αYYᵀ is formed only if its trace lies between these. Above,
// the ones on the diagonal of I + αYYᵀ drown in the rounding of the products
// and the factorization of a rank-deficient Y could even fail; below, the sum
// 1 + x drops the digits of x. The singular values of Y serve in both cases,
// at several times the cost.
const (
	minTrace = 1e-4
	maxTrace = 1e8
)

// halfLogDet returns ½ logdet(I + αYYᵀ) for α ≥ 0 and a Y that is not empty.
func halfLogDet(Y *mat.Dense, α float64) float64 {
	if logDet, ok := gramLogDet(Y, α); ok {
		return logDet / 2
	}
	return halfLogDetSVD(Y, α)
}

// halfLogDetGrad returns its gradient with respect to Y, α(I + αYYᵀ)⁻¹Y.
func halfLogDetGrad(Y *mat.Dense, α float64) *mat.Dense {
	chol, ok := gramCholesky(Y, α)
	if !ok {
		return halfLogDetGradSVD(Y, α)
	}
	// α(I + αWWᵀ)⁻¹W for the wide one of Y and Yᵀ; transposed back if it was Yᵀ.
	W := wide(Y)
	var G mat.Dense
	if err := chol.SolveTo(&G, W); err != nil {
		panic(err) // impossible: the condition is at most 1 + maxTrace
	}
	G.Scale(α, &G)
	if W == mat.Matrix(Y) {
		return &G
	}
	return mat.DenseCopyOf(G.T())
}

// gramCholesky factors I + αWWᵀ, W the wide one of Y and Yᵀ. It reports false
// where that would lose accuracy.
func gramCholesky(Y *mat.Dense, α float64) (*mat.Cholesky, bool) {
	norm := mat.Norm(Y, 2)
	if trace := α * norm * norm; !(trace > minTrace && trace < maxTrace) { // NaN too
		return nil, false
	}
	var A mat.SymDense
	A.SymOuterK(α, wide(Y))
	for i := range A.SymmetricDim() {
		A.SetSym(i, i, 1+A.At(i, i))
	}
	var chol mat.Cholesky
	return &chol, chol.Factorize(&A)
}

// wide returns Y if it has no more rows than columns, and Yᵀ otherwise.
func wide(Y *mat.Dense) mat.Matrix {
	if r, c := Y.Dims(); r <= c {
		return Y
	}
	return Y.T()
}

// halfLogDetSVD returns ½ Σᵢ log(1 + ασᵢ²), σᵢ the singular values of Y, and
// works with log σᵢ because the squares need not be representable.
func halfLogDetSVD(Y *mat.Dense, α float64) float64 {
	scale, svd, ok := singular(Y, mat.SVDNone)
	if !ok {
		return 0 * scale // NaN unless Y is zero
	}
	var sum float64
	for _, σ := range nonZeroValues(svd, Y) {
		sum += log1pExp(math.Log(α) + 2*(math.Log(scale)+math.Log(σ)))
	}
	return sum / 2
}

// halfLogDetGradSVD returns P·diag(gᵢ)·Qᵀ for Y = P·diag(σᵢ)·Qᵀ, where
// gᵢ = ασᵢ/(1 + ασᵢ²) = 1/(σᵢ + 1/(ασᵢ)), written so that nothing overflows.
func halfLogDetGradSVD(Y *mat.Dense, α float64) *mat.Dense {
	scale, svd, ok := singular(Y, mat.SVDThin)
	if !ok {
		var G mat.Dense
		G.Apply(func(int, int, float64) float64 { return 0 * scale }, Y) // NaN unless Y is zero
		return &G
	}
	r, c := Y.Dims()
	g := make([]float64, min(r, c))
	for i, σ := range nonZeroValues(svd, Y) {
		σ *= scale
		g[i] = 1 / (σ + 1/(α*σ))
	}
	var P, Q, G mat.Dense
	svd.UTo(&P)
	svd.VTo(&Q)
	G.Product(&P, mat.NewDiagDense(len(g), g), Q.T())
	return &G
}

// singular factors Y/scale, scale = max |yᵢⱼ|. It reports false if Y is zero or
// holds NaN or ±Inf; 0·scale then tells the two apart.
func singular(Y *mat.Dense, kind mat.SVDKind) (scale float64, svd *mat.SVD, ok bool) {
	scale = maxAbs(Y)
	if scale == 0 || math.IsNaN(scale) || math.IsInf(scale, 0) {
		return scale, nil, false
	}
	var unit mat.Dense
	unit.Apply(func(_, _ int, y float64) float64 { return y / scale }, Y)
	svd = &mat.SVD{}
	if !svd.Factorize(&unit, kind) {
		return math.NaN(), nil, false
	}
	return scale, svd, true
}

// nonZeroValues returns the singular values, largest first, that stand out of
// the rounding errors of the factorization. Tokens that repeat or vanish have
// fewer than min(d, N), and log σ of a rounding error would count for much
// where α is large.
func nonZeroValues(svd *mat.SVD, Y *mat.Dense) []float64 {
	const ulp = 0x1p-52
	r, c := Y.Dims()
	σ := svd.Values(nil)
	rank := 0
	for rank < len(σ) && σ[rank] > float64(max(r, c))*ulp*σ[0] {
		rank++
	}
	return σ[:rank]
}

// maxAbs returns max |yᵢⱼ|, NaN if there is one.
func maxAbs(Y *mat.Dense) float64 {
	var m float64
	r, _ := Y.Dims()
	for i := range r {
		for _, y := range Y.RawRowView(i) {
			m = max(m, math.Abs(y))
		}
	}
	return m
}

// log1pExp returns log(1 + exp x) without overflow.
func log1pExp(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

package crate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate/internal/gemm"
)

// RateStep is what [MSSA] approximates: a step of size κ against the gradient
// of the coding rate of the tokens, given the subspaces,
//
//	Z^{ℓ+1/2} = Z − κ∇R^c(Z | U_[K]),    ∇R^c = γ Σₖ Uₖ Oₖ,    γ = p/(Nε²)
//
// The paper comes from this gradient to attention by two approximations of Oₖ,
// which Form selects. With Vₖ = UₖᵀZ, p×N, and Sₖ = VₖᵀVₖ, N×N,
//
//	StepExact     Oₖ = Vₖ(I + γSₖ)⁻¹
//	StepNeumann   Oₖ = Vₖ − γVₖSₖ            (I + X)⁻¹ ≈ I − X
//	StepSoftmax   Oₖ = Vₖ − γVₖ softmax(Sₖ)  only similar tokens count
//
// A third, Σₖ UₖUₖᵀZ ≈ Z, turns the last into (10), which is [MSSA] with Tied
// and PlainScores in a [Layer] with Kappa. The middle form is safe only while
// γ‖Vₖ‖² < 1, in the spectral norm; beyond, it raises the rate.
type RateStep struct {
	Heads int    // K
	U     Matrix // Kp×d: row kp+j is column j of U_k
	Form  StepForm
	EpsSq float64 // ε²
	Kappa float64 // κ
}

// StepForm is a form of the gradient of R^c in a [RateStep].
type StepForm int

const (
	StepExact   StepForm = iota // as it is
	StepNeumann                 // the inverse cut off after its first-order term
	StepSoftmax                 // and the correlations of the tokens replaced by their softmax
)

// Forward returns −κ∇R^c(Z | U_[K]), to be added to Z, one token a row. Z may
// hold several images of t.Tokens tokens each. The trace lends its memory to
// the result; it may be nil. Its A is (I + γS)⁻¹, S or softmax(S) of every
// head.
func (b *RateStep) Forward(Z Matrix, t *MSSATrace) Matrix {
	Z.wantChannels(b.U.Cols, "RateStep")
	if t == nil {
		t = new(MSSATrace)
	}
	t.resize(Z, b.U, b.Heads)
	γ := b.gamma(t.Tokens)
	mulNT(t.V, Z, b.U) // V = Z Uᵀ, all heads at once
	for i := range t.images() {
		for k := range b.Heads {
			b.forwardHead(t, i, k, γ)
		}
	}
	t.Y.resize(Z.Rows, Z.Cols)
	mul(t.Y, t.O, b.U) // Y = −κγO U
	scale(t.Y, -float32(b.Kappa)*γ)
	return t.Y
}

// forwardHead sets the part of O that belongs to image i and head k.
func (b *RateStep) forwardHead(t *MSSATrace, i, k int, γ float32) {
	V, A, O := t.head(t.V, i, k), t.attention(i, k), t.head(t.O, i, k)
	if b.Form == StepExact {
		solveGram(A, O, V, γ) // A = (I + γV Vᵀ)⁻¹    O = AᵀV
		return
	}
	if b.Form == StepSoftmax {
		gemm.MulNT(t.S.view(), V, V, false) // S = V Vᵀ
		softmax(A, t.S.view(), 1)           // A = softmax(S), over columns
	} else {
		gemm.MulNT(A, V, V, false) // A = V Vᵀ
	}
	gemm.MulTN(O, A, V, false)
	combine(O, 1, V, -γ) // O = V − γAᵀV
}

// Backward adds to grad and returns ∂L/∂Z, given dY = ∂L/∂Y.
//
//	Y = −κγO U         dO = −κγdY Uᵀ      dU = −κγOᵀdY
//	O = AᵀV            dA = V dOᵀ         dV = A dO              exact
//	O = V − γAᵀV       dA = −γV dOᵀ       dV = dO − γA dO        the others
//	A = (I + γS)⁻¹     dS = −γA dA A
//	A = softmax(S)     dS = A∘(dA − column sums of A∘dA)
//	S = V Vᵀ           dV += dS V + dSᵀ V
//	V = Z Uᵀ           dZ = dV U          dU += dVᵀ Z
func (b *RateStep) Backward(dY Matrix, t *MSSATrace, grad *RateStep) Matrix {
	t.resizeBackward()
	γ := b.gamma(t.Tokens)
	dO := t.tiedBackward(dY, b.U, grad.U, -float32(b.Kappa)*γ)
	for i := range t.images() {
		for k := range b.Heads {
			b.backwardHead(dO, t, i, k, γ)
		}
	}
	addMulTN(grad.U, t.dV, t.Z)
	mul(t.dZ, t.dV, b.U)
	return t.dZ
}

// backwardHead sets the part of dV that belongs to image i and head k.
func (b *RateStep) backwardHead(dOutput Matrix, t *MSSATrace, i, k int, γ float32) {
	V, A := t.head(t.V, i, k), t.attention(i, k)
	dO, dV := t.head(dOutput, i, k), t.head(t.dV, i, k)
	dA, dS := t.dA, t.S
	gemm.MulNT(dA.view(), V, dO, false) // dA = V dOᵀ
	gemm.Mul(dV, A, dO, false)          // dV = A dO
	switch b.Form {
	case StepExact:
		t.AdA.resize(t.Tokens, t.Tokens)
		gemm.Mul(t.AdA.view(), A, dA.view(), false)
		gemm.Mul(dS.view(), t.AdA.view(), A, false)
	case StepSoftmax:
		softmaxBackward(dS.view(), dA.view(), A, 1)
	default:
		dS = dA
	}
	scale(dS, -γ)
	if b.Form != StepExact {
		combine(dV, 1, dO, -γ)
	}
	gemm.Mul(dV, dS.view(), V, true)   // dV += dS V
	gemm.MulTN(dV, dS.view(), V, true) // dV += dSᵀ V
}

// Subspaces returns the bases U_1, …, U_K as d×p matrices.
func (b *RateStep) Subspaces() []*mat.Dense { return subspaces(b.U, b.Heads) }

// gamma is γ = p/(Nε²) for images of N tokens.
func (b *RateStep) gamma(N int) float32 { return float32(rateScale(b.U.Rows/b.Heads, N, b.EpsSq)) }

// String returns the name of the form.
func (f StepForm) String() string {
	switch f {
	case StepExact:
		return "exact"
	case StepNeumann:
		return "Neumann"
	case StepSoftmax:
		return "softmax"
	}
	return fmt.Sprintf("StepForm(%d)", int(f))
}

// combine replaces Y by a·X + b·Y.
func combine(Y gemm.View, a float32, X gemm.View, b float32) {
	for i := range Y.Rows {
		y := Y.Data[i*Y.Stride : i*Y.Stride+Y.Cols]
		for j, x := range X.Data[i*X.Stride : i*X.Stride+X.Cols] {
			y[j] = a*x + b*y[j]
		}
	}
}

// solveGram sets A to (I + γV Vᵀ)⁻¹ and O to A V, both computed in float64: for
// long tokens A V is small, and would drown in the rounding of A. They become
// NaN if V is not finite or so large that its squares hide the identity.
func solveGram(A, O, V gemm.View, γ float32) {
	X := mat.NewDense(V.Rows, V.Cols, nil)
	X.Apply(func(i, j int, _ float64) float64 { return float64(V.Data[i*V.Stride+j]) }, X)
	inverse := mat.NewSymDense(V.Rows, nil)
	inverse.SymOuterK(float64(γ), X)
	for i := range V.Rows {
		inverse.SetSym(i, i, 1+inverse.At(i, i))
	}
	var chol mat.Cholesky
	if chol.Factorize(inverse) {
		_ = chol.InverseTo(inverse) // complains about a large condition and is right all the same
	} else {
		inverse.ScaleSym(math.NaN(), inverse)
	}
	X.Mul(inverse, X)
	round(A, inverse)
	round(O, X)
}

// round sets A to X in float32.
func round(A gemm.View, X mat.Matrix) {
	for i := range A.Rows {
		for j := range A.Cols {
			A.Data[i*A.Stride+j] = float32(X.At(i, j))
		}
	}
}

package crate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate/internal/gemm"
)

// MSSA is multi-head subspace self-attention, the compression half of a
// layer: an approximate gradient step on R^c(Z | U_[K]) that moves tokens
// towards K subspaces. Head k owns one of them, spanned by the p columns of
// U_k. In the paper (d×N, tokens as columns)
//
//	SSA(Z | U_k)    = (U_kᵀZ) softmax((U_kᵀZ)ᵀ(U_kᵀZ))                         (11)
//	MSSA(Z | U_[K]) = p/(Nε²) [U_1 … U_K] [SSA(Z | U_1); …; SSA(Z | U_K)]      (12)
//
// and as released, which is what this type computes unless Tied and
// PlainScores say otherwise,
//
//	V_k  = U_kᵀZ                                   p×N
//	A_k  = softmax(V_kᵀV_k/√p), over columns       N×N
//	MSSA = W [V_1A_1; …; V_KA_K] + b               d×N
//
// Query, key and value are one matrix V_k. That is what distinguishes MSSA
// from ordinary attention, see [MHSA], and why V_k collects three gradients in
// Backward. W and b are learned. With a single head of p = d the released code
// has no W at all. [RateStep] is the gradient that (12) approximates.
type MSSA struct {
	Heads int       // K
	U     Matrix    // Kp×d: row kp+j is column j of U_k ("qkv.weight")
	W     Matrix    // d×Kp ("to_out.0.weight"); without rows: the identity
	B     []float32 // d ("to_out.0.bias")

	Tied        bool    // W = p/(Nε²)[U_1 … U_K] and b = 0, as in (12); W and B are then not used
	PlainScores bool    // softmax of V_kᵀV_k, as in (11), not of V_kᵀV_k/√p
	EpsSq       float64 // ε² of p/(Nε²)
}

// MSSATrace is what a forward pass of [MSSA] or [RateStep] has computed: what
// Backward needs and what figures show. Heads stand side by side in V and O.
type MSSATrace struct {
	Tokens int    // N, the tokens of one image; 0: all rows are one image
	Z      Matrix // the input, one token a row
	V      Matrix // N×Kp per image: row n is [U_1ᵀz_n; …; U_Kᵀz_n]
	A      Matrix // attention: K blocks of N×N per image, column = query, as in the paper
	O      Matrix // N×Kp per image: A_kᵀV_k of each head
	Y      Matrix // the result

	heads                   int
	S                       Matrix // scores of one head, or their gradient
	dA, AdA, dO, dV, dY, dZ Matrix
}

// HeadDim returns p, the dimension of each head's subspace.
func (m *MSSA) HeadDim() int { return m.U.Rows / m.Heads }

// Subspaces returns the bases U_1, …, U_K as d×p matrices, the form in which
// [SubspaceCodingRate] takes them.
func (m *MSSA) Subspaces() []*mat.Dense { return subspaces(m.U, m.Heads) }

// Forward returns MSSA(Z | U_[K]), one token a row. Z may hold several images
// of t.Tokens tokens each; attention stays inside an image. The trace lends
// its memory to the result; it may be nil.
func (m *MSSA) Forward(Z Matrix, t *MSSATrace) Matrix {
	if t == nil {
		t = new(MSSATrace)
	}
	return m.forward(Z, m.prepare(new(prepared)), t)
}

// forward is Forward with the parameters prepared.
func (m *MSSA) forward(Z Matrix, p *prepared, t *MSSATrace) Matrix {
	Z.wantChannels(m.U.Cols, "MSSA")
	t.resize(Z, m.U, m.Heads)
	S, s := t.S.view(), m.scoreScale()

	mulPacked(t.V, Z, &p.Uᵀ) // V = Z Uᵀ, all heads at once
	for i := range t.images() {
		for k := range m.Heads {
			V, A, O := t.head(t.V, i, k), t.attention(i, k), t.head(t.O, i, k)
			gemm.MulNT(S, V, V, false) // S = V Vᵀ     N×N
			softmax(A, S, s)           // A = softmax(S/√p), over columns
			gemm.MulTN(O, A, V, false) // O = AᵀV      N×p
		}
	}
	switch {
	case m.Tied:
		t.Y.resize(Z.Rows, Z.Cols)
		mul(t.Y, t.O, m.U) // Y = γO U
		scale(t.Y, m.gamma(t.Tokens))
	case m.W.Rows != 0:
		t.Y.resize(Z.Rows, Z.Cols)
		mulPacked(t.Y, t.O, &p.Wᵀ) // Y = O Wᵀ + b
		addToRows(t.Y, m.B)
	default:
		return t.O
	}
	return t.Y
}

// Backward adds to grad and returns ∂L/∂Z, given dY = ∂L/∂Y. Read Forward
// from the last line to the first; each line gives one rule.
//
//	Y = O Wᵀ + b         dO = dY W       dW += dYᵀO       db += Σ dY
//	Y = γO U (tied)      dO = γdY Uᵀ     dU += γOᵀdY
//	O = AᵀV              dA = V dOᵀ      dV  = A dO
//	A = softmax(S/√p)    dS = A∘(dA − column sums of A∘dA)/√p
//	S = V Vᵀ             dV += dS V + dSᵀ V
//	V = Z Uᵀ             dZ = dV U       dU += dVᵀ Z
func (m *MSSA) Backward(dY Matrix, t *MSSATrace, grad *MSSA) Matrix {
	return m.backward(dY, m.prepareBackward(new(prepared)), t, grad)
}

// backward is Backward with the parameters prepared.
func (m *MSSA) backward(dY Matrix, p *prepared, t *MSSATrace, grad *MSSA) Matrix {
	s := m.scoreScale()
	t.resizeBackward()
	dO := dY
	switch {
	case m.Tied:
		dO = t.tiedBackward(dY, m.U, grad.U, m.gamma(t.Tokens))
	case m.W.Rows != 0:
		dO = t.dO
		mulPacked(dO, dY, &p.W)
		affineGradient(dY, t.O, grad.W, grad.B)
	}
	for i := range t.images() {
		for k := range m.Heads {
			t.backwardHead(dO, i, k, s)
		}
	}
	addMulTN(grad.U, t.dV, t.Z)
	mulPacked(t.dZ, t.dV, &p.U)
	return t.dZ
}

// backwardHead sets the part of dV that belongs to image i and head k.
func (t *MSSATrace) backwardHead(dOutput Matrix, i, k int, s float32) {
	V, A := t.head(t.V, i, k), t.attention(i, k)
	dO, dV := t.head(dOutput, i, k), t.head(t.dV, i, k)
	dA, dS := t.dA.view(), t.S.view()
	gemm.MulNT(dA, V, dO, false) // dA = V dOᵀ
	gemm.Mul(dV, A, dO, false)   // dV = A dO
	softmaxBackward(dS, dA, A, s)
	gemm.Mul(dV, dS, V, true)   // dV += dS V
	gemm.MulTN(dV, dS, V, true) // dV += dSᵀ V
}

// tiedBackward adds to dU and returns dO, given dY of Y = γO U.
func (t *MSSATrace) tiedBackward(dY, U, dU Matrix, γ float32) Matrix {
	γdY := t.dY.copyOf(dY)
	scale(γdY, γ)
	mulNT(t.dO, γdY, U)
	addMulTN(dU, t.O, γdY)
	return t.dO
}

// scoreScale is 1/√p, or 1 for the plain scores of the paper.
func (m *MSSA) scoreScale() float32 {
	if m.PlainScores {
		return 1
	}
	return float32(1 / math.Sqrt(float64(m.HeadDim())))
}

// gamma is γ = p/(Nε²), the scale of R^c, for images of N tokens.
func (m *MSSA) gamma(N int) float32 { return float32(rateScale(m.HeadDim(), N, m.EpsSq)) }

// subspaces returns K bases, d×p each, from the Kp×d matrix of their columns.
func subspaces(columns Matrix, K int) []*mat.Dense {
	p := columns.Rows / K
	U := make([]*mat.Dense, K)
	for k := range U {
		U[k] = columns.Slice(k*p, (k+1)*p).columns()
	}
	return U
}

// head is the part of X, one of V and O and their gradients, that belongs to
// image i and head k: N×p.
func (t *MSSATrace) head(X Matrix, i, k int) gemm.View {
	p := X.Cols / t.heads
	return X.block(i*t.Tokens, t.Tokens, k*p, p)
}

// attention is the N×N block of A that belongs to image i and head k.
func (t *MSSATrace) attention(i, k int) gemm.View {
	return t.A.block((i*t.heads+k)*t.Tokens, t.Tokens, 0, t.Tokens)
}

// images is the number of images in the rows of Z.
func (t *MSSATrace) images() int { return t.Z.Rows / t.Tokens }

// resize prepares the trace for a forward pass on Z with the bases U.
func (t *MSSATrace) resize(Z, U Matrix, heads int) {
	t.Tokens = imageTokens("MSSA", Z, t.Tokens)
	t.Z, t.heads = Z, heads
	t.V.resize(Z.Rows, U.Rows)
	t.S.resize(t.Tokens, t.Tokens)
	t.A.resize(Z.Rows*heads, t.Tokens)
	t.O.resize(Z.Rows, U.Rows)
}

// resizeBackward prepares it for a backward pass.
func (t *MSSATrace) resizeBackward() {
	t.dA.resize(t.Tokens, t.Tokens)
	t.dO.resize(t.O.Rows, t.O.Cols)
	t.dV.resize(t.V.Rows, t.V.Cols)
	t.dZ.resize(t.Z.Rows, t.Z.Cols)
}

// imageTokens returns the number of tokens of an image in Z: N, or all rows if
// N is 0. It panics unless Z is a whole number of such images.
func imageTokens(block string, Z Matrix, N int) int {
	if N == 0 {
		N = Z.Rows
	}
	if N == 0 || Z.Rows%N != 0 {
		panic(fmt.Sprintf("crate: %s: Z has %d rows, which is not a whole number of images of %d tokens; set Tokens of the trace", block, Z.Rows, N))
	}
	return N
}

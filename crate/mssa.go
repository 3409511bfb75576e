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
// and as released, which is what this type computes,
//
//	V_k  = U_kᵀZ                                   p×N
//	A_k  = softmax(V_kᵀV_k/√p), over columns       N×N
//	MSSA = W [V_1A_1; …; V_KA_K] + b               d×N
//
// Query, key and value are one matrix V_k. That is what distinguishes MSSA
// from ordinary attention, and why V_k collects three gradients in Backward.
// W and b are learned; the paper has W = p/(Nε²)[U_1 … U_K] and no 1/√p.
// With a single head of p = d the released code has no W at all.
type MSSA struct {
	Heads int       // K
	U     Matrix    // Kp×d: row kp+j is column j of U_k ("qkv.weight")
	W     Matrix    // d×Kp ("to_out.0.weight"); without rows: the identity
	B     []float32 // d ("to_out.0.bias")
}

// MSSATrace is what a forward pass of MSSA has computed: what Backward needs
// and what figures show. Heads stand side by side in V and O.
type MSSATrace struct {
	Tokens int    // N, the tokens of one image; 0: all rows are one image
	Z      Matrix // the input, one token a row
	V      Matrix // N×Kp per image: row n is [U_1ᵀz_n; …; U_Kᵀz_n]
	A      Matrix // attention: K blocks of N×N per image, row = query
	O      Matrix // N×Kp per image: A_kV_k of each head
	Y      Matrix // the result

	dA, dO, dV, dZ Matrix
}

// HeadDim returns p, the dimension of each head's subspace.
func (m *MSSA) HeadDim() int { return m.U.Rows / m.Heads }

// Subspaces returns the bases U_1, …, U_K as d×p matrices, the form in which
// [SubspaceCodingRate] takes them.
func (m *MSSA) Subspaces() []*mat.Dense {
	p := m.HeadDim()
	U := make([]*mat.Dense, m.Heads)
	for k := range U {
		U[k] = m.U.Slice(k*p, (k+1)*p).columns()
	}
	return U
}

// Forward returns MSSA(Z | U_[K]), one token a row. Z may hold several images
// of t.Tokens tokens each; attention stays inside an image. The trace lends
// its memory to the result; it may be nil.
func (m *MSSA) Forward(Z Matrix, t *MSSATrace) Matrix {
	Z.wantChannels(m.U.Cols, "MSSA")
	if t == nil {
		t = new(MSSATrace)
	}
	t.resize(m, Z)
	s := float32(1 / math.Sqrt(float64(m.HeadDim())))

	mulNT(t.V, Z, m.U) // V = Z Uᵀ, all heads at once
	for i := range t.images() {
		for k := range m.Heads {
			V, A, O := m.head(t.V, t, i, k), t.attention(t.A, m, i, k), m.head(t.O, t, i, k)
			gemm.MulNT(A, V, V, false) // S = V Vᵀ     N×N
			softmax(A, s)              // A = softmax(S/√p)
			gemm.Mul(O, A, V, false)   // O = A V      N×p
		}
	}
	if m.W.Rows == 0 {
		return t.O
	}
	affine(t.Y, t.O, m.W, m.B) // Y = O Wᵀ + b
	return t.Y
}

// Backward adds to grad and returns ∂L/∂Z, given dY = ∂L/∂Y. Read Forward
// from the last line to the first; each line gives one rule.
//
//	Y = O Wᵀ + b         dO = dY W       dW += dYᵀO       db += Σ dY
//	O = A V              dA = dO Vᵀ      dV  = Aᵀ dO
//	A = softmax(S/√p)    dS = A∘(dA − row sums of A∘dA)/√p
//	S = V Vᵀ             dV += dS V + dSᵀ V
//	V = Z Uᵀ             dZ = dV U       dU += dVᵀ Z
func (m *MSSA) Backward(dY Matrix, t *MSSATrace, grad *MSSA) Matrix {
	s := float32(1 / math.Sqrt(float64(m.HeadDim())))
	t.resizeBackward(m)
	dO := dY
	if m.W.Rows != 0 {
		dO = t.dO
		affineBackward(dO, dY, t.O, m.W, grad.W, grad.B)
	}
	for i := range t.images() {
		for k := range m.Heads {
			m.backwardHead(dO, t, i, k, s)
		}
	}
	addMulTN(grad.U, t.dV, t.Z)
	mul(t.dZ, t.dV, m.U)
	return t.dZ
}

// backwardHead sets the part of dV that belongs to image i and head k.
func (m *MSSA) backwardHead(dOutput Matrix, t *MSSATrace, i, k int, s float32) {
	V, A := m.head(t.V, t, i, k), t.attention(t.A, m, i, k)
	dO, dV := m.head(dOutput, t, i, k), m.head(t.dV, t, i, k)
	dS := t.dA.view()
	gemm.MulNT(dS, dO, V, false) // dA = dO Vᵀ
	gemm.MulTN(dV, A, dO, false) // dV = Aᵀ dO
	softmaxBackward(dS, A, s)
	gemm.Mul(dV, dS, V, true)   // dV += dS V
	gemm.MulTN(dV, dS, V, true) // dV += dSᵀ V
}

// head is the part of X, one of V and O and their gradients, that belongs to
// image i and head k: N×p.
func (m *MSSA) head(X Matrix, t *MSSATrace, i, k int) gemm.View {
	p := m.HeadDim()
	return X.block(i*t.Tokens, t.Tokens, k*p, p)
}

// attention is the N×N block of A that belongs to image i and head k.
func (t *MSSATrace) attention(A Matrix, m *MSSA, i, k int) gemm.View {
	return A.block((i*m.Heads+k)*t.Tokens, t.Tokens, 0, t.Tokens)
}

// images is the number of images in the rows of Z.
func (t *MSSATrace) images() int { return t.Z.Rows / t.Tokens }

// resize prepares the trace for a forward pass on Z.
func (t *MSSATrace) resize(m *MSSA, Z Matrix) {
	if t.Tokens == 0 {
		t.Tokens = Z.Rows
	}
	if t.Tokens == 0 || Z.Rows%t.Tokens != 0 {
		panic(fmt.Sprintf("crate: MSSA: Z has %d rows, which is not a whole number of images of %d tokens; set MSSATrace.Tokens", Z.Rows, t.Tokens))
	}
	t.Z = Z
	t.V.resize(Z.Rows, m.U.Rows)
	t.A.resize(Z.Rows*m.Heads, t.Tokens)
	t.O.resize(Z.Rows, m.U.Rows)
	t.Y.resize(Z.Rows, m.W.Rows)
}

// resizeBackward prepares it for a backward pass.
func (t *MSSATrace) resizeBackward(m *MSSA) {
	t.dA.resize(t.Tokens, t.Tokens)
	t.dO.resize(t.O.Rows, t.O.Cols)
	t.dV.resize(t.V.Rows, t.V.Cols)
	t.dZ.resize(t.Z.Rows, t.Z.Cols)
}

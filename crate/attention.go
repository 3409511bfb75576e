package crate

import (
	"math"

	"github.com/gocrate/gocrate/crate/internal/gemm"
)

// MHSA is ordinary multi-head self-attention, as in the vision transformer
// (ViT), to compare [MSSA] with. Each head has three matrices where MSSA has
// one; in the paper's orientation (d×N, tokens as columns)
//
//	Q_k = W^q_kᵀZ    K_k = W^k_kᵀZ    V_k = W^v_kᵀZ       p×N
//	A_k = softmax(K_kᵀQ_k/√p), over columns               N×N
//	MHSA = W [V_1A_1; …; V_KA_K] + b                      d×N
//
// With a single head of p = d there is no W, as in MSSA.
//
// Source: Dosovitskiy et al., An Image is Worth 16x16 Words (2021). Names in
// the state dict are those of the vit-pytorch package, from which the official
// code of CRATE descends.
type MHSA struct {
	Heads int       // K
	QKV   Matrix    // 3Kp×d: W^q of all heads, then W^k, then W^v ("to_qkv.weight")
	W     Matrix    // d×Kp ("to_out.0.weight"); without rows: the identity
	B     []float32 // d ("to_out.0.bias")
}

// MHSATrace is what a forward pass of [MHSA] has computed.
type MHSATrace struct {
	Tokens int    // N, the tokens of one image; 0: all rows are one image
	Z      Matrix // the input, one token a row
	QKV    Matrix // N×3Kp per image: row n is [q_1 … q_K, k_1 … k_K, v_1 … v_K]
	A      Matrix // attention: K blocks of N×N per image, column = query, as in the paper
	O      Matrix // N×Kp per image: A_kᵀV_k of each head
	Y      Matrix // the result

	heads            int
	S                Matrix // scores of one head, or their gradient
	dA, dO, dQKV, dZ Matrix
}

// Forward returns MHSA(Z), one token a row. Z may hold several images of
// t.Tokens tokens each; attention stays inside an image. The trace lends its
// memory to the result; it may be nil.
func (m *MHSA) Forward(Z Matrix, t *MHSATrace) Matrix {
	Z.wantChannels(m.QKV.Cols, "MHSA")
	if t == nil {
		t = new(MHSATrace)
	}
	t.resize(m, Z)
	S, s := t.S.view(), m.scoreScale()
	mulNT(t.QKV, Z, m.QKV) // [Q K V] = Z [W^q W^k W^v]ᵀ, all heads at once
	for i := range Z.Rows / t.Tokens {
		for k := range m.Heads {
			Q, K, V := t.head(t.QKV, i, k), t.head(t.QKV, i, m.Heads+k), t.head(t.QKV, i, 2*m.Heads+k)
			A, O := t.attention(i, k), t.head(t.O, i, k)
			gemm.MulNT(S, K, Q, false) // S = K Qᵀ     N×N
			softmax(A, S, s)           // A = softmax(S/√p), over columns
			gemm.MulTN(O, A, V, false) // O = AᵀV      N×p
		}
	}
	if m.W.Rows == 0 {
		return t.O
	}
	t.Y.resize(Z.Rows, Z.Cols)
	affine(t.Y, t.O, m.W, m.B) // Y = O Wᵀ + b
	return t.Y
}

// Backward adds to grad and returns ∂L/∂Z, given dY = ∂L/∂Y.
//
//	Y = O Wᵀ + b         dO = dY W       dW += dYᵀO       db += Σ dY
//	O = AᵀV              dA = V dOᵀ      dV = A dO
//	A = softmax(S/√p)    dS = A∘(dA − column sums of A∘dA)/√p
//	S = K Qᵀ             dQ = dSᵀK       dK = dS Q
//	[Q K V] = Z W_qkvᵀ   dZ = [dQ dK dV] W_qkv            dW_qkv += [dQ dK dV]ᵀ Z
func (m *MHSA) Backward(dY Matrix, t *MHSATrace, grad *MHSA) Matrix {
	t.resizeBackward()
	s := m.scoreScale()
	dO := dY
	if m.W.Rows != 0 {
		dO = t.dO
		affineBackward(dO, dY, t.O, m.W, grad.W, grad.B)
	}
	for i := range t.Z.Rows / t.Tokens {
		for k := range m.Heads {
			t.backwardHead(dO, i, k, s)
		}
	}
	addMulTN(grad.QKV, t.dQKV, t.Z)
	mul(t.dZ, t.dQKV, m.QKV)
	return t.dZ
}

// backwardHead sets the parts of dQ, dK and dV that belong to image i and
// head k.
func (t *MHSATrace) backwardHead(dOutput Matrix, i, k int, s float32) {
	K := t.heads
	dO, A := t.head(dOutput, i, k), t.attention(i, k)
	dA, dS := t.dA.view(), t.S.view()
	gemm.MulNT(dA, t.head(t.QKV, i, 2*K+k), dO, false) // dA = V dOᵀ
	gemm.Mul(t.head(t.dQKV, i, 2*K+k), A, dO, false)   // dV = A dO
	softmaxBackward(dS, dA, A, s)
	gemm.MulTN(t.head(t.dQKV, i, k), dS, t.head(t.QKV, i, K+k), false) // dQ = dSᵀK
	gemm.Mul(t.head(t.dQKV, i, K+k), dS, t.head(t.QKV, i, k), false)   // dK = dS Q
}

func (m *MHSA) scoreScale() float32 {
	return float32(1 / math.Sqrt(float64(m.QKV.Rows/(3*m.Heads))))
}

// head is the j-th block of p columns of X, QKV or O or a gradient of them,
// in the rows of image i.
func (t *MHSATrace) head(X Matrix, i, j int) gemm.View {
	p := t.O.Cols / t.heads
	return X.block(i*t.Tokens, t.Tokens, j*p, p)
}

// attention is the N×N block of A that belongs to image i and head k.
func (t *MHSATrace) attention(i, k int) gemm.View {
	return t.A.block((i*t.heads+k)*t.Tokens, t.Tokens, 0, t.Tokens)
}

// resize prepares the trace for a forward pass on Z.
func (t *MHSATrace) resize(m *MHSA, Z Matrix) {
	t.Tokens = imageTokens("MHSA", Z, t.Tokens)
	t.Z, t.heads = Z, m.Heads
	t.QKV.resize(Z.Rows, m.QKV.Rows)
	t.S.resize(t.Tokens, t.Tokens)
	t.A.resize(Z.Rows*m.Heads, t.Tokens)
	t.O.resize(Z.Rows, m.QKV.Rows/3)
}

// resizeBackward prepares it for a backward pass.
func (t *MHSATrace) resizeBackward() {
	t.dA.resize(t.Tokens, t.Tokens)
	t.dO.resize(t.O.Rows, t.O.Cols)
	t.dQKV.resize(t.QKV.Rows, t.QKV.Cols)
	t.dZ.resize(t.Z.Rows, t.Z.Cols)
}

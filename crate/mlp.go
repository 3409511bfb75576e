package crate

import "github.com/gocrate/gocrate/crate/internal/kern"

// MLP is the second half of a layer of the vision transformer, to compare
// [ISTA] with: a perceptron with one hidden layer, for every token alone,
//
//	MLP(Z) = W₂ GELU(W₁Z + b₁) + b₂,    GELU(x) = x·Φ(x)
//
// Φ being the distribution function of the standard normal. A [Layer] puts a
// skip connection round it, which it does not round ISTA.
type MLP struct {
	W1 Matrix    // h×d ("net.0.weight")
	B1 []float32 // h
	W2 Matrix    // d×h ("net.3.weight")
	B2 []float32 // d
}

// MLPTrace is what a forward pass of [MLP] has computed.
type MLPTrace struct {
	Z      Matrix // the input, one token a row
	X      Matrix // Z W₁ᵀ + b₁
	Hidden Matrix // GELU(X)
	Slope  Matrix // GELU'(X)
	Y      Matrix // the result

	dX, dZ Matrix
}

// Forward returns MLP(Z), one token a row. The trace lends its memory to the
// result; it may be nil.
func (m *MLP) Forward(Z Matrix, t *MLPTrace) Matrix {
	Z.wantChannels(m.W1.Cols, "MLP")
	if t == nil {
		t = new(MLPTrace)
	}
	t.Z = Z
	t.X.resize(Z.Rows, m.W1.Rows)
	t.Hidden.resize(Z.Rows, m.W1.Rows)
	t.Slope.resize(Z.Rows, m.W1.Rows)
	t.Y.resize(Z.Rows, Z.Cols)
	affine(t.X, Z, m.W1, m.B1)                       // X = Z W₁ᵀ + b₁
	kern.GELU(t.Hidden.Data, t.Slope.Data, t.X.Data) // H = GELU(X)
	affine(t.Y, t.Hidden, m.W2, m.B2)                // Y = H W₂ᵀ + b₂
	return t.Y
}

// Backward adds to grad and returns ∂L/∂Z, given dY = ∂L/∂Y.
//
//	Y = H W₂ᵀ + b₂    dH = dY W₂       dW₂ += dYᵀH    db₂ += Σ dY
//	H = X∘Φ(X)        dX = dH∘(Φ(X) + X∘φ(X))         φ = Φ'
//	X = Z W₁ᵀ + b₁    dZ = dX W₁       dW₁ += dXᵀZ    db₁ += Σ dX
func (m *MLP) Backward(dY Matrix, t *MLPTrace, grad *MLP) Matrix {
	t.dX.resize(t.X.Rows, t.X.Cols)
	t.dZ.resize(t.Z.Rows, t.Z.Cols)
	affineBackward(t.dX, dY, t.Hidden, m.W2, grad.W2, grad.B2) // dH
	kern.Multiply(t.dX.Data, t.dX.Data, t.Slope.Data)
	affineBackward(t.dZ, t.dX, t.Z, m.W1, grad.W1, grad.B1)
	return t.dZ
}

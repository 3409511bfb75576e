package crate

import "github.com/gocrate/gocrate/crate/internal/kern"

// layerNormEps keeps the division finite for a constant token; PyTorch's
// default, which the released model uses.
const layerNormEps = 1e-5

// LayerNorm brings every token to mean 0 and variance 1 over its d channels,
// then scales and shifts each channel:
//
//	LN(z) = g∘ẑ + b,    ẑ = (z − μ)/√(σ² + 1e-5),    μ, σ² of the one token z
//
// The variance is the biased one (divided by d). The paper's equations have
// no normalisation; the released code applies one before each half of a
// layer, in the patch embedding and in the head. A nil LayerNorm leaves tokens
// as they are.
type LayerNorm struct {
	Gain []float32 // g, "weight" in the state dict
	Bias []float32 // b
}

// NormTrace is what LayerNorm.Backward needs of a forward pass.
type NormTrace struct {
	Hat    Matrix    // ẑ
	InvStd []float32 // 1/√(σ² + 1e-5) of each token
	Y      Matrix    // the result
	dZ     Matrix
	lent   bool // Y is the input
}

// NewLayerNorm returns the norm of tokens with d channels, with g = 1, b = 0.
func NewLayerNorm(d int) *LayerNorm {
	l := &LayerNorm{Gain: make([]float32, d), Bias: make([]float32, d)}
	for i := range l.Gain {
		l.Gain[i] = 1
	}
	return l
}

// Forward returns LN(Z), row by row. The trace t receives what Backward
// needs and lends its memory to the result; it may be nil.
func (l *LayerNorm) Forward(Z Matrix, t *NormTrace) Matrix {
	if t == nil {
		t = new(NormTrace)
	}
	if l == nil {
		t.Y, t.lent = Z, true
		return Z
	}
	if t.lent {
		*t = NormTrace{}
	}
	Z.wantChannels(len(l.Gain), "LayerNorm")
	t.Hat.resize(Z.Rows, Z.Cols)
	t.Y.resize(Z.Rows, Z.Cols)
	if cap(t.InvStd) < Z.Rows {
		t.InvStd = make([]float32, Z.Rows)
	}
	t.InvStd = t.InvStd[:Z.Rows]
	kern.LayerNorm(t.Y.Data, t.Hat.Data, t.InvStd, Z.Data, l.Gain, l.Bias, layerNormEps)
	return t.Y
}

// Backward adds to grad and returns ∂L/∂Z, given dY = ∂L/∂Y.
//
//	Y = g∘ẑ + b          dẑ = g∘dY    dg += Σ dY∘ẑ    db += Σ dY
//	ẑ = (z − μ)/σ        dz = (dẑ − mean(dẑ) − ẑ·mean(dẑ∘ẑ))/σ
func (l *LayerNorm) Backward(dY Matrix, t *NormTrace, grad *LayerNorm) Matrix {
	if l == nil {
		return dY
	}
	t.dZ.resize(dY.Rows, dY.Cols)
	kern.LayerNormGrad(t.dZ.Data, grad.Gain, grad.Bias, dY.Data, t.Hat.Data, t.InvStd, l.Gain)
	return t.dZ
}

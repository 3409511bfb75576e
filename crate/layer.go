package crate

import "github.com/gocrate/gocrate/crate/internal/kern"

// Layer is one layer of CRATE: compress towards subspaces, then sparsify.
//
//	Z^{ℓ+1/2} = Z^ℓ + MSSA(LN₁(Z^ℓ) | U^ℓ_[K])
//	Z^{ℓ+1}   = ISTA(LN₂(Z^{ℓ+1/2}) | D^ℓ)
//
// As released: the skip connection starts at the tokens before the
// normalisation, and there is none round ISTA. In the paper's derivation the
// first line is a gradient step on R^c (10) without LayerNorm.
type Layer struct {
	Norm1 *LayerNorm // LN₁
	MSSA  *MSSA
	Norm2 *LayerNorm // LN₂
	ISTA  *ISTA
}

// LayerTrace is everything a layer has computed, for Backward, measurements
// and figures.
type LayerTrace struct {
	Z     Matrix // Z^ℓ
	Norm1 NormTrace
	MSSA  MSSATrace
	Half  Matrix // Z^{ℓ+1/2}
	Norm2 NormTrace
	ISTA  ISTATrace
	Next  Matrix // Z^{ℓ+1}

}

// Forward returns Z^{ℓ+1}, one token a row. The trace lends its memory to the
// result; it may be nil. Set t.MSSA.Tokens if Z holds several images.
func (l *Layer) Forward(Z Matrix, t *LayerTrace) Matrix {
	if t == nil {
		t = new(LayerTrace)
	}
	return l.forward(Z, l.ISTA.Fold(), t)
}

// forward is Forward with the dictionary folded beforehand.
func (l *Layer) forward(Z Matrix, ista *FoldedISTA, t *LayerTrace) Matrix {
	t.Z = Z
	t.Half.resize(Z.Rows, Z.Cols)
	Y := l.MSSA.Forward(l.Norm1.Forward(Z, &t.Norm1), &t.MSSA)
	kern.Add(t.Half.Data, Z.Data, Y.Data)                             // Z^{ℓ+1/2} = Z^ℓ + MSSA(LN₁(Z^ℓ))
	t.Next = ista.Forward(l.Norm2.Forward(t.Half, &t.Norm2), &t.ISTA) // Z^{ℓ+1}
	return t.Next
}

// Backward adds to grad and returns ∂L/∂Z^ℓ, given dNext = ∂L/∂Z^{ℓ+1}.
func (l *Layer) Backward(dNext Matrix, t *LayerTrace, grad *Layer) Matrix {
	dE := &FoldedISTA{E: NewMatrix(l.ISTA.D.Rows, l.ISTA.D.Cols)}
	dZ := l.backward(dNext, l.ISTA.Fold(), t, grad, dE)
	l.ISTA.Unfold(dE, grad.ISTA)
	return dZ
}

// backward is Backward with the dictionary folded: its gradient is added to
// dE, not to grad.ISTA.
//
//	Z^{ℓ+1} = ISTA(LN₂(Half))      dHalf = LN₂'ᵀ ISTA'ᵀ dNext
//	Half = Z^ℓ + MSSA(LN₁(Z^ℓ))    dZ = dHalf + LN₁'ᵀ MSSA'ᵀ dHalf
func (l *Layer) backward(dNext Matrix, ista *FoldedISTA, t *LayerTrace, grad *Layer, dE *FoldedISTA) Matrix {
	dHalf := l.Norm2.Backward(ista.Backward(dNext, &t.ISTA, dE), &t.Norm2, grad.Norm2)
	dZ := l.Norm1.Backward(l.MSSA.Backward(dHalf, &t.MSSA, grad.MSSA), &t.Norm1, grad.Norm1)
	add(dZ.Data, dHalf.Data)
	return dZ
}

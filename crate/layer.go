package crate

import (
	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate/internal/kern"
)

// Layer is one layer of CRATE: compress towards subspaces, then sparsify.
//
//	Z^{ℓ+1/2} = Z^ℓ + MSSA(LN₁(Z^ℓ) | U^ℓ_[K])
//	Z^{ℓ+1}   = ISTA(LN₂(Z^{ℓ+1/2}) | D^ℓ)
//
// As released: the skip connection starts at the tokens before the
// normalisation, and there is none round ISTA. In the paper's derivation the
// first line is a gradient step on R^c (10) without LayerNorm. Each half can be
// exchanged, see [Variant]; of MSSA, Step and MHSA one is set, and so is one of
// ISTA, MM and MLP.
type Layer struct {
	Norm1 *LayerNorm // LN₁; nil: none
	MSSA  *MSSA
	Step  *RateStep
	MHSA  *MHSA

	Norm2 *LayerNorm // LN₂; nil: none
	ISTA  *ISTA
	MM    *MM
	MLP   *MLP

	Kappa      float64 // κ of (10), (1 − κγ)Z + κγ·MSSA(Z); 0: Z + MSSA(Z). With MSSA only
	SkipNormed bool    // the first skip connection begins behind LN₁
	SkipISTA   bool    // there is a second one, from Z^{ℓ+1/2} to Z^{ℓ+1}. With an MLP there always is
}

// LayerTrace is everything a layer has computed, for Backward, measurements
// and figures. Of the traces of its halves those are filled that it has.
type LayerTrace struct {
	Tokens int    // N, the tokens of one image; 0: all rows are one image
	Z      Matrix // Z^ℓ
	Norm1  NormTrace
	MSSA   MSSATrace // of MSSA or Step
	MHSA   MHSATrace
	Half   Matrix // Z^{ℓ+1/2}
	Norm2  NormTrace
	ISTA   ISTATrace // of ISTA or MM
	MLP    MLPTrace
	Next   Matrix // Z^{ℓ+1}

	isMHSA  bool // which of the traces of attention is filled
	sum, dY Matrix
}

// Forward returns Z^{ℓ+1}, one token a row. The trace lends its memory to the
// result; it may be nil. Set t.Tokens if Z holds several images.
func (l *Layer) Forward(Z Matrix, t *LayerTrace) Matrix {
	if t == nil {
		t = new(LayerTrace)
	}
	return l.forward(Z, l.prepare(new(prepared)), t)
}

// forward is Forward with the parameters prepared beforehand.
func (l *Layer) forward(Z Matrix, p *prepared, t *LayerTrace) Matrix {
	t.Z, t.Tokens = Z, imageTokens("Layer", Z, t.Tokens)
	X := l.Norm1.Forward(Z, &t.Norm1)
	Y := l.compress(X, p, t)
	if !l.SkipNormed {
		X = Z
	}
	t.Half.resize(Z.Rows, Z.Cols)
	a, b := l.skipWeights(t.Tokens)
	kern.Combine(t.Half.Data, a, X.Data, b, Y.Data)              // Z^{ℓ+1/2} = Z^ℓ + MSSA(LN₁(Z^ℓ))
	t.Next = l.sparsify(l.Norm2.Forward(t.Half, &t.Norm2), p, t) // Z^{ℓ+1}
	if l.skipsAgain() {
		t.sum.resize(Z.Rows, Z.Cols)
		kern.Add(t.sum.Data, t.Next.Data, t.Half.Data)
		t.Next = t.sum
	}
	return t.Next
}

// Backward adds to grad and returns ∂L/∂Z^ℓ, given dNext = ∂L/∂Z^{ℓ+1}.
func (l *Layer) Backward(dNext Matrix, t *LayerTrace, grad *Layer) Matrix {
	var dE *FoldedISTA
	if l.ISTA != nil {
		dE = &FoldedISTA{E: NewMatrix(l.ISTA.D.Rows, l.ISTA.D.Cols)}
		defer func() { l.ISTA.Unfold(dE, grad.ISTA) }()
	}
	return l.backward(dNext, l.prepareBackward(l.prepare(new(prepared))), t, grad, dE)
}

// backward is Backward with the parameters prepared beforehand: the gradient
// of the folded dictionary is added to dE, not to grad.ISTA.
//
//	Z^{ℓ+1} = ISTA(LN₂(Half))    dHalf = LN₂'ᵀ ISTA'ᵀ dNext           + dNext after a second skip connection
//	Half = aZ^ℓ + bY             dY = b·dHalf                         a = b = 1, or 1 − κγ and κγ
//	Y = MSSA(LN₁(Z^ℓ))           dZ = a·dHalf + LN₁'ᵀ MSSA'ᵀ dY       or LN₁'ᵀ(a·dHalf + MSSA'ᵀ dY)
func (l *Layer) backward(dNext Matrix, p *prepared, t *LayerTrace, grad *Layer, dE *FoldedISTA) Matrix {
	dHalf := l.Norm2.Backward(l.sparsifyBackward(dNext, p, t, grad, dE), &t.Norm2, grad.Norm2)
	if l.skipsAgain() {
		add(dHalf.Data, dNext.Data)
	}
	dY := dHalf
	if l.Kappa != 0 {
		a, b := l.skipWeights(t.Tokens)
		dY = t.dY.copyOf(dHalf)
		scale(dY, b)
		scale(dHalf, a)
	}
	dX := l.compressBackward(dY, p, t, grad)
	if l.SkipNormed {
		add(dX.Data, dHalf.Data)
		return l.Norm1.Backward(dX, &t.Norm1, grad.Norm1)
	}
	dZ := l.Norm1.Backward(dX, &t.Norm1, grad.Norm1)
	add(dZ.Data, dHalf.Data)
	return dZ
}

// lend gives the memory of a backward pass through one layer to that through
// the layer below, which then finds it in the cache. The gradient between the
// two lies in it too, and is read before it is overwritten.
func (t *LayerTrace) lend(below *LayerTrace) {
	t.Norm1.lend(&below.Norm1)
	t.MSSA.lend(&below.MSSA)
	t.MHSA.lend(&below.MHSA)
	t.Norm2.lend(&below.Norm2)
	t.ISTA.lend(&below.ISTA)
	t.MLP.lend(&below.MLP)
	below.dY = t.dY
}

func (t *NormTrace) lend(below *NormTrace) { below.dZ = t.dZ }
func (t *MLPTrace) lend(below *MLPTrace)   { below.dX, below.dZ = t.dX, t.dZ }

func (t *ISTATrace) lend(below *ISTATrace) {
	below.dP, below.dR, below.dZ = t.dP, t.dR, t.dZ
}

func (t *MSSATrace) lend(below *MSSATrace) {
	below.S, below.dA, below.AdA = t.S, t.dA, t.AdA
	below.dO, below.dV, below.dY, below.dZ = t.dO, t.dV, t.dY, t.dZ
}

func (t *MHSATrace) lend(below *MHSATrace) {
	below.S, below.dA, below.dO, below.dQKV, below.dZ = t.S, t.dA, t.dO, t.dQKV, t.dZ
}

// compress is the first half of the layer without the skip connection.
func (l *Layer) compress(Z Matrix, p *prepared, t *LayerTrace) Matrix {
	t.MSSA.Tokens, t.MHSA.Tokens, t.isMHSA = t.Tokens, t.Tokens, l.MHSA != nil
	switch {
	case l.MHSA != nil:
		return l.MHSA.Forward(Z, &t.MHSA)
	case l.Step != nil:
		return l.Step.Forward(Z, &t.MSSA)
	}
	return l.MSSA.forward(Z, p, &t.MSSA)
}

func (l *Layer) compressBackward(dY Matrix, p *prepared, t *LayerTrace, grad *Layer) Matrix {
	switch {
	case l.MHSA != nil:
		return l.MHSA.Backward(dY, &t.MHSA, grad.MHSA)
	case l.Step != nil:
		return l.Step.Backward(dY, &t.MSSA, grad.Step)
	}
	return l.MSSA.backward(dY, p, &t.MSSA, grad.MSSA)
}

// sparsify is the second half of the layer without a skip connection.
func (l *Layer) sparsify(Z Matrix, p *prepared, t *LayerTrace) Matrix {
	switch {
	case l.MLP != nil:
		return l.MLP.Forward(Z, &t.MLP)
	case l.MM != nil:
		return l.MM.Forward(Z, t.Tokens, &t.ISTA)
	}
	return p.ista.forward(Z, &p.E, &t.ISTA)
}

func (l *Layer) sparsifyBackward(dY Matrix, p *prepared, t *LayerTrace, grad *Layer, dE *FoldedISTA) Matrix {
	switch {
	case l.MLP != nil:
		return l.MLP.Backward(dY, &t.MLP, grad.MLP)
	case l.MM != nil:
		return l.MM.Backward(dY, t.Tokens, &t.ISTA, grad.MM)
	}
	return p.ista.backward(dY, &p.Eᵀ, &t.ISTA, dE)
}

// skipWeights returns the weights of the two terms of Z^{ℓ+1/2} for images of
// N tokens: 1 and 1, or 1 − κγ and κγ.
func (l *Layer) skipWeights(N int) (skip, step float32) {
	if l.Kappa == 0 {
		return 1, 1
	}
	κγ := float32(l.Kappa) * l.MSSA.gamma(N)
	return 1 - κγ, κγ
}

func (l *Layer) skipsAgain() bool { return l.SkipISTA || l.MLP != nil }

// Subspaces returns the bases U_1, …, U_K of the layer as d×p matrices; nil if
// it has ordinary attention.
func (l *Layer) Subspaces() []*mat.Dense {
	switch {
	case l.MHSA != nil:
		return nil
	case l.Step != nil:
		return l.Step.Subspaces()
	}
	return l.MSSA.Subspaces()
}

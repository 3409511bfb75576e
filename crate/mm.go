package crate

// MM is the paper's other sparsification step, of majorisation and
// minimisation: instead of assuming that D leaves the rate of the tokens as
// it is, it bounds R(Z) by a quadratic and steps on the bound,
//
//	MM(Z | D) = max( (1 + 4/(9(1 + α))) DᵀZ − 4λ/(9α), 0 ),    α = d/(Nε²)
//
// in the paper's appendix, (92). With it the paper's CRATE-Base loses 2.2
// points on ImageNet-1K against [ISTA].
type MM struct {
	D      Matrix  // d×d dictionary ("fn.weight")
	Lambda float64 // λ
	EpsSq  float64 // ε²
}

// Forward returns MM(Z | D), one token a row, given N, the tokens of an image;
// 0: all rows are one image. The trace lends its memory to the result; it may
// be nil.
func (b *MM) Forward(Z Matrix, N int, t *ISTATrace) Matrix {
	Z.wantChannels(b.D.Cols, "MM")
	if t == nil {
		t = new(ISTATrace)
	}
	t.Z = Z
	t.Out.resize(Z.Rows, Z.Cols)
	c, θ := b.constants(imageTokens("MM", Z, N))
	mul(t.Out, Z, b.D) // P = cZ D
	scale(t.Out, c)
	threshold(t.Out, θ, false) // max(P − θ, 0)
	return t.Out
}

// Backward adds to grad and returns ∂L/∂Z, given dOut = ∂L/∂Out and N as in
// Forward.
//
//	Out = max(P − θ, 0)    dP = dOut where Out > 0, else 0
//	P = cZ D               dZ = c·dP Dᵀ    dD += c·Zᵀ dP
func (b *MM) Backward(dOut Matrix, N int, t *ISTATrace, grad *MM) Matrix {
	t.dP.resize(dOut.Rows, dOut.Cols)
	t.dZ.resize(dOut.Rows, dOut.Cols)
	c, _ := b.constants(imageTokens("MM", t.Z, N))
	thresholdBackward(t.dP, dOut, t.Out, false)
	scale(t.dP, c)
	addMulTN(grad.D, t.Z, t.dP)
	mulNT(t.dZ, t.dP, b.D)
	return t.dZ
}

// constants returns the factor c = 1 + 4/(9(1 + α)) and the threshold
// θ = 4λ/(9α) for images of N tokens.
func (b *MM) constants(N int) (c, θ float32) {
	α := rateScale(b.D.Rows, N, b.EpsSq)
	return float32(1 + 4/(9*(1+α))), float32(4 * b.Lambda / (9 * α))
}

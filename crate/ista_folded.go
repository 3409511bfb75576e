package crate

import "github.com/gocrate/gocrate/crate/internal/kern"

// FoldedISTA is [ISTA] with the dictionary multiplied out. Everything before
// the threshold is linear in Z, so one matrix does it, in rows:
//
//	Z + η(Z − Z Dᵀ)D = Z E,    E = I + η(D − DᵀD)
//
// One product forward instead of two and two backward instead of four, at
// the price of one DᵀD whenever D has changed, shared by all images of a
// batch. The result is that of ISTA up to rounding.
type FoldedISTA struct {
	E         Matrix  // d×d
	Threshold float32 // ηλ
	Soft      bool    // as in ISTA
}

// Fold returns E = I + η(D − DᵀD) and the threshold ηλ. It does not follow
// later changes of b.
func (b *ISTA) Fold() *FoldedISTA {
	f := &FoldedISTA{NewMatrix(b.D.Rows, b.D.Cols), float32(b.StepSize * b.Lambda), b.Soft}
	η := float32(b.StepSize)
	mulTN(f.E, b.D, b.D)
	kern.Combine(f.E.Data, η, b.D.Data, -η, f.E.Data)
	for i := range f.E.Rows {
		f.E.Row(i)[i]++
	}
	return f
}

// Unfold adds to grad.D the gradient of D that corresponds to dE = ∂L/∂E. It
// is linear in dE: the dE of many images may be summed first.
//
//	E = I + η(D − DᵀD)    dD += η(dE − D(dE + dEᵀ))
func (b *ISTA) Unfold(dE *FoldedISTA, grad *ISTA) {
	η := float32(b.StepSize)
	n := b.D.Rows
	sym, DSym := NewMatrix(n, n), NewMatrix(n, n)
	for i := range n {
		for j := range n {
			sym.Row(i)[j] = dE.E.Row(i)[j] + dE.E.Row(j)[i]
		}
	}
	mul(DSym, b.D, sym)
	for i, v := range DSym.Data {
		grad.D.Data[i] += η * (dE.E.Data[i] - v)
	}
}

// Forward returns ISTA(Z | D) = max(Z E − ηλ, 0), one token a row. The trace
// lends its memory to the result; it may be nil.
func (f *FoldedISTA) Forward(Z Matrix, t *ISTATrace) Matrix {
	Z.wantChannels(f.E.Cols, "FoldedISTA")
	if t == nil {
		t = new(ISTATrace)
	}
	t.Z = Z
	t.Out.resize(Z.Rows, Z.Cols)
	mul(t.Out, Z, f.E)
	threshold(t.Out, f.Threshold, f.Soft)
	return t.Out
}

// Backward adds to grad.E and returns ∂L/∂Z, given dOut = ∂L/∂Out.
//
//	Out = max(P − ηλ, 0)    dP = dOut where Out ≠ 0, else 0
//	P = Z E                 dZ = dP Eᵀ    dE += Zᵀ dP
func (f *FoldedISTA) Backward(dOut Matrix, t *ISTATrace, grad *FoldedISTA) Matrix {
	t.dP.resize(dOut.Rows, dOut.Cols)
	t.dZ.resize(dOut.Rows, dOut.Cols)
	thresholdBackward(t.dP, dOut, t.Out, f.Soft)
	addMulTN(grad.E, t.Z, t.dP)
	mulNT(t.dZ, t.dP, f.E)
	return t.dZ
}

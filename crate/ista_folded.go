package crate

import (
	"github.com/gocrate/gocrate/crate/internal/gemm"
	"github.com/gocrate/gocrate/crate/internal/kern"
)

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
	f := new(FoldedISTA)
	b.fold(f)
	return f
}

// fold is Fold into the memory of f.
func (b *ISTA) fold(f *FoldedISTA) {
	η := float32(b.StepSize)
	f.Threshold, f.Soft = float32(b.StepSize*b.Lambda), b.Soft
	f.E.resize(b.D.Rows, b.D.Cols)
	mulTN(f.E, b.D, b.D)
	kern.Combine(f.E.Data, η, b.D.Data, -η, f.E.Data)
	for i := range f.E.Rows {
		f.E.Row(i)[i]++
	}
}

// Unfold adds to grad.D the gradient of D that corresponds to dE = ∂L/∂E. It
// is linear in dE: the dE of many images may be summed first.
//
//	E = I + η(D − DᵀD)    dD += η(dE − D(dE + dEᵀ))
func (b *ISTA) Unfold(dE *FoldedISTA, grad *ISTA) {
	dD := MatrixOf(dE.E)
	b.unfold(dD, new(ISTATrace))
	add(grad.D.Data, dD.Data)
}

// unfold replaces dE by the gradient of D, in memory of t.
func (b *ISTA) unfold(dE Matrix, t *ISTATrace) {
	η := float32(b.StepSize)
	t.dZ.resize(dE.Rows, dE.Cols)
	t.dP.transposeOf(dE)
	add(t.dP.Data, dE.Data) // dE + dEᵀ
	mul(t.dZ, b.D, t.dP)
	kern.Combine(dE.Data, η, dE.Data, -η, t.dZ.Data)
}

// Forward returns ISTA(Z | D) = max(Z E − ηλ, 0), one token a row. The trace
// lends its memory to the result; it may be nil.
func (f *FoldedISTA) Forward(Z Matrix, t *ISTATrace) Matrix {
	if t == nil {
		t = new(ISTATrace)
	}
	var E gemm.Packed
	E.Pack(f.E.view())
	return f.forward(Z, &E, t)
}

// forward is Forward with E packed.
func (f *FoldedISTA) forward(Z Matrix, E *gemm.Packed, t *ISTATrace) Matrix {
	Z.wantChannels(f.E.Cols, "FoldedISTA")
	t.Z = Z
	t.Out.resize(Z.Rows, Z.Cols)
	mulPacked(t.Out, Z, E)
	threshold(t.Out, f.Threshold, f.Soft)
	return t.Out
}

// Backward adds to grad.E and returns ∂L/∂Z, given dOut = ∂L/∂Out.
//
//	Out = max(P − ηλ, 0)    dP = dOut where Out ≠ 0, else 0
//	P = Z E                 dZ = dP Eᵀ    dE += Zᵀ dP
func (f *FoldedISTA) Backward(dOut Matrix, t *ISTATrace, grad *FoldedISTA) Matrix {
	var Eᵀ gemm.Packed
	Eᵀ.PackTransposed(f.E.view())
	return f.backward(dOut, &Eᵀ, t, grad)
}

// backward is Backward with Eᵀ packed.
func (f *FoldedISTA) backward(dOut Matrix, Eᵀ *gemm.Packed, t *ISTATrace, grad *FoldedISTA) Matrix {
	t.dP.resize(dOut.Rows, dOut.Cols)
	t.dZ.resize(dOut.Rows, dOut.Cols)
	thresholdBackward(t.dP, dOut, t.Out, f.Soft)
	addMulTN(grad.E, t.Z, t.dP)
	mulPacked(t.dZ, t.dP, Eᵀ)
	return t.dZ
}

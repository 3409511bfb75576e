package crate

import "github.com/gocrate/gocrate/crate/internal/kern"

// ISTA is the sparsification half of a layer: one step of the iterative
// shrinkage-thresholding algorithm, that is of proximal gradient descent, on
//
//	min over Z' ≥ 0 of  ½‖Z − D Z'‖² + λ‖Z'‖₁                (16)
//
// started at Z' = Z, with a learned square dictionary D:
//
//	ISTA(Z | D) = max(Z + ηDᵀ(Z − D Z) − ηλ, 0)              (17)
//
// The code's step size needs the ½, which the paper's (16) leaves out.
//
// Forward and Backward are the equations as they stand, three products each
// way and more. A model runs [FoldedISTA], the same function with a third of
// the arithmetic.
type ISTA struct {
	D        Matrix  // d×d dictionary ("fn.weight")
	StepSize float64 // η
	Lambda   float64 // λ
}

// ISTATrace is what the Backward methods of [ISTA] and [FoldedISTA] need of a
// forward pass.
type ISTATrace struct {
	Z   Matrix // the input, one token a row
	Out Matrix // the result, never negative
	R   Matrix // Z − D Z, what the dictionary leaves unexplained; ISTA only

	dP, dR, dZ Matrix
}

// Forward returns ISTA(Z | D), one token a row. The trace lends its memory to
// the result; it may be nil.
func (b *ISTA) Forward(Z Matrix, t *ISTATrace) Matrix {
	Z.wantChannels(b.D.Cols, "ISTA")
	if t == nil {
		t = new(ISTATrace)
	}
	t.Z = Z
	t.R.resize(Z.Rows, Z.Cols)
	t.Out.resize(Z.Rows, Z.Cols)
	η, ηλ := float32(b.StepSize), float32(b.StepSize*b.Lambda)

	mulNT(t.R, Z, b.D) // R = Z − Z Dᵀ
	for i, v := range Z.Data {
		t.R.Data[i] = v - t.R.Data[i]
	}
	mul(t.Out, t.R, b.D) // P = Z + ηR D − ηλ
	for i, g := range t.Out.Data {
		t.Out.Data[i] = max(Z.Data[i]+η*g-ηλ, 0) // max(P, 0)
	}
	return t.Out
}

// Backward adds to grad and returns ∂L/∂Z, given dOut = ∂L/∂Out. It inverts
// a Forward of the same type.
//
//	Out = max(P, 0)         dP = dOut where Out > 0, else 0
//	P = Z + ηR D − ηλ       dR = η dP Dᵀ      dD += η Rᵀ dP
//	R = Z − Z Dᵀ            dD −= dRᵀ Z       dZ = dP + dR − dR D
func (b *ISTA) Backward(dOut Matrix, t *ISTATrace, grad *ISTA) Matrix {
	t.dP.resize(dOut.Rows, dOut.Cols)
	t.dR.resize(dOut.Rows, dOut.Cols)
	t.dZ.resize(dOut.Rows, dOut.Cols)
	η := float32(b.StepSize)

	kern.ThresholdGrad(t.dP.Data, dOut.Data, t.Out.Data)
	mulNT(t.dR, t.dP, b.D)
	scale(t.dR, η)
	RtdP, dRtZ := NewMatrix(b.D.Rows, b.D.Cols), NewMatrix(b.D.Rows, b.D.Cols)
	mulTN(RtdP, t.R, t.dP)
	mulTN(dRtZ, t.dR, t.Z)
	for i := range grad.D.Data {
		grad.D.Data[i] += η*RtdP.Data[i] - dRtZ.Data[i]
	}
	mul(t.dZ, t.dR, b.D)
	for i, v := range t.dZ.Data {
		t.dZ.Data[i] = t.dP.Data[i] + t.dR.Data[i] - v
	}
	return t.dZ
}

// scale multiplies m by s.
func scale(m Matrix, s float32) {
	for i := range m.Data {
		m.Data[i] *= s
	}
}

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
// The code's step size needs the ½, which the paper's (16) leaves out. Soft
// drops the constraint Z' ≥ 0: instead of max(x − ηλ, 0) every entry x becomes
// sign(x)·max(|x| − ηλ, 0), and the result has both signs.
//
// Forward and Backward are the equations as they stand, three products each
// way and more. A model runs [FoldedISTA], the same function with a third of
// the arithmetic.
type ISTA struct {
	D        Matrix  // d×d dictionary ("fn.weight")
	StepSize float64 // η
	Lambda   float64 // λ
	Soft     bool    // soft threshold in place of the rectifier
}

// ISTATrace is what the Backward methods of [ISTA], [FoldedISTA] and [MM] need
// of a forward pass.
type ISTATrace struct {
	Z   Matrix // the input, one token a row
	Out Matrix // the result; never negative unless the threshold is soft
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
	η := float32(b.StepSize)

	mulNT(t.R, Z, b.D) // R = Z − Z Dᵀ
	for i, v := range Z.Data {
		t.R.Data[i] = v - t.R.Data[i]
	}
	mul(t.Out, t.R, b.D) // P = Z + ηR D
	for i, g := range t.Out.Data {
		t.Out.Data[i] = Z.Data[i] + η*g
	}
	threshold(t.Out, float32(b.StepSize*b.Lambda), b.Soft) // max(P − ηλ, 0)
	return t.Out
}

// Backward adds to grad and returns ∂L/∂Z, given dOut = ∂L/∂Out. It inverts
// a Forward of the same type.
//
//	Out = max(P − ηλ, 0)    dP = dOut where Out ≠ 0, else 0
//	P = Z + ηR D            dR = η dP Dᵀ      dD += η Rᵀ dP
//	R = Z − Z Dᵀ            dD −= dRᵀ Z       dZ = dP + dR − dR D
func (b *ISTA) Backward(dOut Matrix, t *ISTATrace, grad *ISTA) Matrix {
	t.dP.resize(dOut.Rows, dOut.Cols)
	t.dR.resize(dOut.Rows, dOut.Cols)
	t.dZ.resize(dOut.Rows, dOut.Cols)
	η := float32(b.StepSize)

	thresholdBackward(t.dP, dOut, t.Out, b.Soft)
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

// threshold replaces every entry x of P by max(x − θ, 0) or, if soft, by
// sign(x)·max(|x| − θ, 0).
func threshold(P Matrix, θ float32, soft bool) {
	if !soft {
		kern.Threshold(P.Data, P.Data, θ)
		return
	}
	for i, x := range P.Data {
		P.Data[i] = max(x-θ, 0) + min(x+θ, 0)
	}
}

// thresholdBackward sets dP to dOut where Out is not 0, and to 0 elsewhere.
func thresholdBackward(dP, dOut, Out Matrix, soft bool) {
	if !soft {
		kern.ThresholdGrad(dP.Data, dOut.Data, Out.Data)
		return
	}
	for i, v := range dOut.Data {
		if Out.Data[i] == 0 {
			v = 0
		}
		dP.Data[i] = v
	}
}

// scale multiplies m by s.
func scale(m Matrix, s float32) { kern.Combine(m.Data, s, m.Data, 0, m.Data) }

package crate

import "fmt"

// Pool says which token represents an image at the end.
type Pool int

const (
	ClassToken Pool = iota // the class token, as in the paper
	MeanPool               // the mean of all tokens, the class token included
)

// String returns the official name, "cls" or "mean".
func (p Pool) String() string {
	switch p {
	case ClassToken:
		return "cls"
	case MeanPool:
		return "mean"
	}
	return fmt.Sprintf("Pool(%d)", int(p))
}

// Head classifies an image from its last tokens:
//
//	y = W LN(pool(Z^{L+1})) + b
type Head struct {
	Pool Pool
	Norm *LayerNorm
	W    Matrix    // classes×d
	B    []float32 // classes
}

// HeadTrace is what Head.Backward needs of a forward pass. Rows are images.
type HeadTrace struct {
	Tokens int // N, the tokens of one image; 0: all rows are one image
	Pooled Matrix
	Norm   NormTrace
	Logits Matrix

	dNorm, dZ Matrix
}

// Forward returns the logits, one image a row, of tokens Z, one token a row.
// Z may hold several images of t.Tokens tokens each. The trace lends its
// memory to the result; it may be nil.
func (h *Head) Forward(Z Matrix, t *HeadTrace) Matrix {
	Z.wantChannels(h.W.Cols, "Head")
	if t == nil {
		t = new(HeadTrace)
	}
	if t.Tokens == 0 {
		t.Tokens = Z.Rows
	}
	images := Z.Rows / t.Tokens
	t.Pooled.resize(images, Z.Cols)
	for i := range images {
		h.pool(t.Pooled.Row(i), Z.Slice(i*t.Tokens, (i+1)*t.Tokens))
	}
	t.Logits.resize(images, h.W.Rows)
	affine(t.Logits, h.Norm.Forward(t.Pooled, &t.Norm), h.W, h.B)
	return t.Logits
}

// Backward adds to grad and returns ∂L/∂Z, given dLogits = ∂L/∂Logits.
//
//	Logits = LN(z) Wᵀ + b    dz = LN'ᵀ (dLogits W)    dW += dLogitsᵀ LN(z)    db += Σ dLogits
//	z = pool(Z)              dZ = dz at the class token, or dz/N at every token
func (h *Head) Backward(dLogits Matrix, t *HeadTrace, grad *Head) Matrix {
	t.dNorm.resize(t.Pooled.Rows, t.Pooled.Cols)
	affineBackward(t.dNorm, dLogits, t.Norm.Y, h.W, grad.W, grad.B)
	dz := h.Norm.Backward(t.dNorm, &t.Norm, grad.Norm)
	t.dZ.resize(dz.Rows*t.Tokens, dz.Cols)
	for i := range dz.Rows {
		h.unpool(t.dZ.Slice(i*t.Tokens, (i+1)*t.Tokens), dz.Row(i))
	}
	return t.dZ
}

// pool sets z to the vector that represents the tokens Z of one image.
func (h *Head) pool(z []float32, Z Matrix) {
	copy(z, Z.Row(0))
	if h.Pool == ClassToken {
		return
	}
	for i := 1; i < Z.Rows; i++ {
		add(z, Z.Row(i))
	}
	for j := range z {
		z[j] /= float32(Z.Rows)
	}
}

// unpool sets dZ from dz, the gradient of what pool computed.
func (h *Head) unpool(dZ Matrix, dz []float32) {
	clear(dZ.Data)
	if h.Pool == ClassToken {
		copy(dZ.Row(0), dz)
		return
	}
	for i := range dZ.Rows {
		for j, v := range dz {
			dZ.Row(i)[j] = v / float32(dZ.Rows)
		}
	}
}

package crate

import "fmt"

// Embed turns an image into the first tokens Z¹. The image is cut into
// patches, rows of patches from the top, each patch flattened by row, column,
// channel (the channel runs fastest). With X the patches, one a row,
//
//	P  = LN(LN(X) Wᵀ + b)                         one token for each patch
//	Z¹ = [class token; P] + positions             class token first
//
// An image smaller than the model's gives fewer patches and uses the first
// positions only.
type Embed struct {
	Height, Width int // of a patch

	PatchNorm *LayerNorm // over the channels×height×width numbers of a patch
	W         Matrix     // d×(patch numbers)
	B         []float32  // d
	Norm      *LayerNorm // over d
	Class     []float32  // d, the class token ("cls_token")
	Position  Matrix     // (1+patches)×d ("pos_embedding")
}

// EmbedTrace is what Embed.Backward needs of a forward pass.
type EmbedTrace struct {
	Patches   Matrix // X of all images, one patch a row
	PatchNorm NormTrace
	Linear    Matrix // LN(X) Wᵀ + b
	Norm      NormTrace
	Tokens    Matrix // Z¹ of all images, one token a row

	dP, dX Matrix
}

// Patches returns the number of patches of an image of x, or an error if x
// does not fit: other channels, a size that is no multiple of the patch, or
// more patches than there are positions.
func (e *Embed) Patches(x Images) (int, error) {
	if x.Height%e.Height != 0 || x.Width%e.Width != 0 {
		return 0, fmt.Errorf("crate: images are %d×%d, which %d×%d patches do not tile", x.Height, x.Width, e.Height, e.Width)
	}
	if got, want := x.Channels*e.Height*e.Width, e.W.Cols; got != want {
		return 0, fmt.Errorf("crate: images have %d channels, %d numbers a patch; the model was made for %d channels, %d numbers a patch",
			x.Channels, got, want/(e.Height*e.Width), want)
	}
	n := (x.Height / e.Height) * (x.Width / e.Width)
	if n+1 > e.Position.Rows {
		return 0, fmt.Errorf("crate: images of %d×%d give %d patches; the model has positions for %d", x.Height, x.Width, n, e.Position.Rows-1)
	}
	return n, nil
}

// Forward returns Z¹ of all images of x, one token a row and one image after
// another. The trace lends its memory to the result; it may be nil.
func (e *Embed) Forward(x Images, t *EmbedTrace) Matrix {
	n, err := e.Patches(x)
	if err != nil {
		panic(err.Error())
	}
	if t == nil {
		t = new(EmbedTrace)
	}
	d := len(e.B)
	t.Patches.resize(x.Len()*n, e.W.Cols)
	e.cut(t.Patches, x)
	t.Linear.resize(t.Patches.Rows, d)
	affine(t.Linear, e.PatchNorm.Forward(t.Patches, &t.PatchNorm), e.W, e.B)
	P := e.Norm.Forward(t.Linear, &t.Norm)

	t.Tokens.resize(x.Len()*(n+1), d)
	for i := range x.Len() {
		Z := t.Tokens.Slice(i*(n+1), (i+1)*(n+1))
		copy(Z.Row(0), e.Class)
		copy(Z.Data[d:], P.Slice(i*n, (i+1)*n).Data)
		add(Z.Data, e.Position.Data) // the first 1+n positions
	}
	return t.Tokens
}

// Backward adds to grad and returns ∂L/∂X, the gradient of the patches, given
// dZ = ∂L/∂Z¹.
//
//	Z¹ = [class; P] + positions    dclass += row 0    dpositions += dZ    dP = the other rows
//	P = LN(H)                      dH = LN'ᵀ dP
//	H = LN(X) Wᵀ + b               dX = LN'ᵀ (dH W)   dW += dHᵀ LN(X)     db += Σ dH
func (e *Embed) Backward(dZ Matrix, t *EmbedTrace, grad *Embed) Matrix {
	images := dZ.Rows - t.Patches.Rows // one class token each
	n := t.Patches.Rows / images
	d := dZ.Cols
	t.dP.resize(images*n, d)
	for i := range images {
		dz := dZ.Slice(i*(n+1), (i+1)*(n+1))
		add(grad.Class, dz.Row(0))
		add(grad.Position.Data[:len(dz.Data)], dz.Data)
		copy(t.dP.Slice(i*n, (i+1)*n).Data, dz.Data[d:])
	}
	dH := e.Norm.Backward(t.dP, &t.Norm, grad.Norm)
	t.dX.resize(t.Patches.Rows, t.Patches.Cols)
	affineBackward(t.dX, dH, t.PatchNorm.Y, e.W, grad.W, grad.B)
	return e.PatchNorm.Backward(t.dX, &t.PatchNorm, grad.PatchNorm)
}

// cut copies the patches of every image into the rows of X.
func (e *Embed) cut(X Matrix, x Images) {
	e.eachRun(x, func(first, pixel int) {
		for i, v := range x.Pixels[pixel : pixel+e.Width] {
			X.Data[first+i*x.Channels] = v
		}
	})
}

// paste is the inverse of cut: it returns the pixels of images shaped like x
// from their patches.
func (e *Embed) paste(X Matrix, x Images) []float32 {
	pixels := make([]float32, len(x.Pixels))
	e.eachRun(x, func(first, pixel int) {
		for i := range e.Width {
			pixels[pixel+i] = X.Data[first+i*x.Channels]
		}
	})
	return pixels
}

// eachRun calls f for every row of every patch, channel by channel: where its
// first pixel is in the matrix of all patches, and where in x.Pixels. The
// others follow, x.Channels apart there and side by side here.
func (e *Embed) eachRun(x Images, f func(first, pixel int)) {
	across := x.Width / e.Width
	numbers := e.Height * e.Width * x.Channels
	pixel := 0
	for i := range x.Len() {
		image := i * x.Height / e.Height * across * numbers
		for c := range x.Channels {
			for row := range x.Height {
				first := image + row/e.Height*across*numbers + row%e.Height*e.Width*x.Channels + c
				for range across {
					f(first, pixel)
					first += numbers
					pixel += e.Width
				}
			}
		}
	}
}

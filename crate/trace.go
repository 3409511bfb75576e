package crate

import "fmt"

// Trace is everything a model has computed for some images: what
// backpropagation inverts, measurements measure and figures draw. One forward
// pass makes it, see [Model.Trace]; nothing is hooked into the model.
//
// Its matrices hold all images one below the other. The methods pick one
// image, layer and head; all count from 0. Their results share memory with
// the trace unless they say otherwise.
type Trace struct {
	Images int // number of images
	Tokens int // N, tokens of one image, the class token first
	Heads  int // K

	PatchRows, PatchCols int // patches of one image, down and across; N is their product and 1

	Embed  EmbedTrace
	Layers []LayerTrace
	Head   HeadTrace

	model   *Model // whose memory this is
	dLogits Matrix
}

// Trace runs the model on x and returns everything it computed. Memory grows
// with the number of images: some 150 kB for one of the digits, 45 MB for one
// image of CRATE-Tiny. [Measure] needs no trace of a whole data set.
func (m *Model) Trace(x Images) *Trace {
	m.mustFit(x)
	t := new(Trace)
	m.forward(x, m.prepare(make([]prepared, len(m.Layers)), false), t)
	return t
}

// Z returns the tokens Z^ℓ at the entrance of a layer: N×d.
func (t *Trace) Z(layer, image int) Matrix { return t.tokens(t.layer(layer).Z, image) }

// Half returns Z^{ℓ+1/2}, the tokens between MSSA and ISTA: N×d.
func (t *Trace) Half(layer, image int) Matrix { return t.tokens(t.layer(layer).Half, image) }

// Next returns Z^{ℓ+1}, the tokens at the exit of a layer: N×d.
func (t *Trace) Next(layer, image int) Matrix { return t.tokens(t.layer(layer).Next, image) }

// Projected returns a copy of U_kᵀLN(Z^ℓ), the normalised tokens in the
// coordinates of the subspace of a head: N×p. Of ordinary attention it returns
// the keys, which the paper on segmentation puts in its place.
func (t *Trace) Projected(layer, image, head int) Matrix {
	t.checkHead(head)
	l := t.layer(layer)
	V, block := l.MSSA.V, head
	p := V.Cols / t.Heads
	if l.isMHSA {
		V, block = l.MHSA.QKV, t.Heads+head
		p = V.Cols / (3 * t.Heads)
	}
	V = t.tokens(V, image)
	out := NewMatrix(t.Tokens, p)
	for n := range t.Tokens {
		copy(out.Row(n), V.Row(n)[block*p:])
	}
	return out
}

// Features returns a copy of [Trace.Projected] of all heads side by side, without
// the class token: (N−1)×Kp, a patch a row. In them the paper on segmentation
// looks for objects.
func (t *Trace) Features(layer, image int) Matrix {
	F := Matrix{}
	for k := range t.Heads {
		V := t.Projected(layer, image, k)
		if k == 0 {
			F = NewMatrix(t.Tokens-1, t.Heads*V.Cols)
		}
		for n := range F.Rows {
			copy(F.Row(n)[k*V.Cols:], V.Row(n+1))
		}
	}
	return F
}

// Attention returns the attention of a head: N×N, row n is how token n
// weighs all tokens and sums to 1. Row 0 belongs to the class token. Of a
// [RateStep] it is the matrix A of its form, whose rows need not sum to 1.
func (t *Trace) Attention(layer, image, head int) Matrix {
	t.checkHead(head)
	l := t.layer(layer)
	t.tokens(l.Z, image) // checks image
	first := (image*t.Heads + head) * t.Tokens
	A := l.MSSA.A
	if l.isMHSA {
		A = l.MHSA.A
	}
	return A.Slice(first, first+t.Tokens).transposed()
}

// AttentionMap returns where in the image the class token looks in a head: entry
// (i, j) is its attention to the patch in row i, column j of the image. It is
// row 0 of [Trace.Attention] without the attention to the class token itself,
// which is what is missing to a sum of 1. This is the map of the paper on
// segmentation.
func (t *Trace) AttentionMap(layer, image, head int) Matrix {
	A := NewMatrix(t.PatchRows, t.PatchCols)
	copy(A.Data, t.Attention(layer, image, head).Row(0)[1:])
	return A
}

// AttentionMaps returns [Trace.AttentionMap] of every head.
func (t *Trace) AttentionMaps(layer, image int) []Matrix {
	maps := make([]Matrix, t.Heads)
	for k := range maps {
		maps[k] = t.AttentionMap(layer, image, k)
	}
	return maps
}

// Logits returns the scores of the classes, one image a row.
func (t *Trace) Logits() Matrix { return t.Head.Logits }

// at returns the tokens at a stage, StageProjected excepted.
func (t *Trace) at(stage Stage, layer, image int) Matrix {
	switch stage {
	case StageHalf:
		return t.Half(layer, image)
	case StageOutput:
		return t.Next(layer, image)
	}
	return t.Z(layer, image)
}

// tokens is the part of Z that belongs to one image.
func (t *Trace) tokens(Z Matrix, image int) Matrix {
	if image < 0 || image >= t.Images {
		panic(fmt.Sprintf("crate: Trace: image %d of %d; images count from 0", image, t.Images))
	}
	return Z.Slice(image*t.Tokens, (image+1)*t.Tokens)
}

func (t *Trace) layer(layer int) *LayerTrace {
	if layer < 0 || layer >= len(t.Layers) {
		panic(fmt.Sprintf("crate: Trace: layer %d of %d; layers count from 0", layer, len(t.Layers)))
	}
	return &t.Layers[layer]
}

func (t *Trace) checkHead(head int) {
	if head < 0 || head >= t.Heads {
		panic(fmt.Sprintf("crate: Trace: head %d of %d; heads count from 0", head, t.Heads))
	}
}

// reset prepares t for a forward pass over x, keeping its memory.
func (t *Trace) reset(m *Model, x Images) {
	if t.model != m {
		*t = Trace{model: m}
	}
	t.PatchRows, t.PatchCols = x.Height/m.Embed.Height, x.Width/m.Embed.Width
	N := t.PatchRows*t.PatchCols + 1
	t.Images, t.Tokens, t.Heads = x.Len(), N, m.Config.Heads
	if len(t.Layers) != len(m.Layers) {
		t.Layers = make([]LayerTrace, len(m.Layers))
	}
	for ℓ := range t.Layers {
		t.Layers[ℓ].Tokens = N
	}
	t.Head.Tokens = N
}

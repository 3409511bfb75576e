package crate

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// HeadConsistency says whether the heads of a layer look at the same kind of
// thing in every image. See [MeasureHeads].
type HeadConsistency struct {
	What   string // what exactly was measured, for a caption
	Layer  int    // as given, from 0
	Images int

	Score  []float64 // of each head: share of the images in which it is recognised
	Mean   float64   // over the heads
	Chance float64   // what guessing gives: 1/K

	Confusion *mat.Dense // K×K: share of the images in which head k, a row, is taken for head l
}

// MeasureHeads asks how well a head of a layer, counted from 0, can be told from
// the others by what the class token looks at through it. What head k sees in
// image i is
//
//	s_ik = Σ_n a_n (z_n − z̄),    a_n = A_k(n, class)/Σ_m A_k(m, class)
//
// over the patches n: the mean of the tokens Z^ℓ, weighted by the head's
// attention, less their plain mean z̄, so that what all heads of the image have in
// common falls out. The head is recognised if, among the sums of the s_jl/|s_jl|
// of every head l over all other images j ≠ i, the one closest to s_ik by its
// cosine is its own. A head that always looks at legs scores near 1; heads that
// look now here, now there, score 1/K. Tokens carry positions, so that a head that
// always looks at the same place scores high as well, and so may the heads of an
// untrained model, which are random but fixed: the score says that a head is
// consistent, not that it is semantic, and has to be held against that of the
// untrained model. Equally close heads share an image.
//
// The papers show such heads in pictures that were chosen by eye, and give no
// number: this score is ours. It needs two images at least. For the other errors,
// and progress, see [MeasureAll].
func MeasureHeads(ctx context.Context, m *Model, images ImageSource, layer int, progress func(done, total int)) (HeadConsistency, error) {
	if layer < 0 || layer >= len(m.Layers) {
		return HeadConsistency{}, fmt.Errorf("crate: MeasureHeads: layer %d of %d; layers count from 0", layer, len(m.Layers))
	}
	if images.Len() == 1 {
		return HeadConsistency{}, fmt.Errorf("crate: MeasureHeads: one image; want two or more, to compare")
	}
	seen := make([][][]float64, images.Len()) // of image and head
	err := m.eachPart(ctx, "MeasureHeads", images, func(first int, t *Trace) {
		for i := range t.Images {
			seen[first+i] = whatHeadsSee(t, layer, i)
		}
	}, func(done int) {
		if progress != nil {
			progress(done, images.Len())
		}
	})
	if err != nil {
		return HeadConsistency{}, err
	}
	c := recogniseHeads(seen)
	c.Layer = layer
	c.What = fmt.Sprintf("share of %d images in which a head of layer %d is recognised by what it sees in the others; chance is 1/%d", c.Images, layer+1, len(c.Score))
	return c, nil
}

// whatHeadsSee returns s_ik/|s_ik| of every head k; zero if it is zero.
func whatHeadsSee(t *Trace, layer, image int) [][]float64 {
	Z := t.Z(layer, image).Slice(1, t.Tokens)
	seen := make([][]float64, t.Heads)
	for k := range seen {
		a := t.Attention(layer, image, k).Row(0)[1:]
		seen[k] = weightedDeviation(Z, a)
		if norm := math.Sqrt(dot(seen[k], seen[k])); norm > 1e-12 {
			for c := range seen[k] {
				seen[k][c] /= norm
			}
		}
	}
	return seen
}

// weightedDeviation returns Σ_n (a_n/Σ_m a_m − 1/N) z_n.
func weightedDeviation(Z Matrix, a []float32) []float64 {
	total := 0.0
	for _, v := range a {
		total += float64(v)
	}
	s := make([]float64, Z.Cols)
	for n, v := range a {
		weight := float64(v)/total - 1/float64(len(a))
		for c, z := range Z.Row(n) {
			s[c] += weight * float64(z)
		}
	}
	return s
}

// recogniseHeads counts, given what every head sees in every image.
func recogniseHeads(seen [][][]float64) HeadConsistency {
	K, d := len(seen[0]), len(seen[0][0])
	sums := make([][]float64, K)
	for k := range sums {
		sums[k] = make([]float64, d)
		for i := range seen {
			addTo(sums[k], seen[i][k], 1)
		}
	}
	c := HeadConsistency{Images: len(seen), Chance: 1 / float64(K), Confusion: mat.NewDense(K, K, nil), Score: make([]float64, K)}
	for i := range seen {
		for l := range sums {
			addTo(sums[l], seen[i][l], -1)
		}
		for k, s := range seen[i] {
			closest := closestTo(s, sums)
			for _, l := range closest {
				c.Confusion.Set(k, l, c.Confusion.At(k, l)+1/float64(len(closest)))
			}
		}
		for l := range sums {
			addTo(sums[l], seen[i][l], 1)
		}
	}
	c.Confusion.Apply(func(_, _ int, images float64) float64 { return images / float64(len(seen)) }, c.Confusion)
	for k := range c.Score {
		c.Score[k] = c.Confusion.At(k, k)
		c.Mean += c.Score[k] / float64(K)
	}
	return c
}

// closestTo returns the indices of the directions with the largest cosine to s,
// usually one. A direction of length 0 has cosine 0.
func closestTo(s []float64, directions [][]float64) (closest []int) {
	const same = 1e-9
	best := math.Inf(-1)
	for l, c := range directions {
		cosine := 0.0
		if norm := math.Sqrt(dot(c, c)); norm > same {
			cosine = dot(s, c) / norm
		}
		switch {
		case cosine > best+same:
			best, closest = cosine, []int{l}
		case cosine > best-same:
			closest = append(closest, l)
		}
	}
	return closest
}

func dot(x, y []float64) (sum float64) {
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}

// addTo adds a·y to x.
func addTo(x, y []float64, a float64) {
	for i, v := range y {
		x[i] += a * v
	}
}

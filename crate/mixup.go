package crate

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// mixup blends every image of a batch with the one as far from the batch's
// end as it is from its start (Zhang et al., arXiv 1710.09412), in place:
//
//	x_i ← λx_i + (1 − λ)x_j,    j = B − 1 − i,    λ ~ Beta(α, α), at least ½
//
// It returns the targets that belong to the blends. Which of two images is the
// first makes no difference, as both blends of a pair are in the batch: taking
// the larger of λ and 1 − λ only makes labels the class that is seen most of.
func mixup(x Images, α float64, q targets, rng *rand.Rand) targets {
	λ := distuv.Beta{Alpha: α, Beta: α, Src: rng}.Rand()
	q.share = max(λ, 1-λ)
	q.mixed = make([]int, len(q.labels))
	for i := range q.labels {
		j := len(q.labels) - 1 - i
		q.mixed[i] = q.labels[j]
		if i < j {
			blend(x.Image(i), x.Image(j), float32(q.share))
		}
	}
	return q
}

// blend makes a and b the blends λa + (1 − λ)b and λb + (1 − λ)a.
func blend(a, b []float32, λ float32) {
	for i := range a {
		a[i], b[i] = λ*a[i]+(1-λ)*b[i], λ*b[i]+(1-λ)*a[i]
	}
}

package crate

import (
	"math"

	"github.com/gocrate/gocrate/crate/internal/kern"
)

// AdamW is the optimiser of Loshchilov and Hutter with the arithmetic of
// PyTorch's: Adam with weight decay apart from the gradient. For each
// parameter θ with gradient g, at step t = 1, 2, …
//
//	θ ← θ − lr·wd·θ
//	m ← β₁m + (1 − β₁)g
//	v ← β₂v + (1 − β₂)g²
//	θ ← θ − lr·m̂/(√v̂ + ε),    m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)
//
// As in the official script the decay applies to every parameter: to norms,
// biases, class token and positions too.
type AdamW struct {
	Beta1, Beta2 float64 // β₁, β₂
	Eps          float64 // ε
	WeightDecay  float64 // wd

	Steps  int    // t, steps taken
	Mean   *Model // m
	Square *Model // v
}

// NewAdamW returns the optimiser with β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
func NewAdamW(weightDecay float64) *AdamW {
	return &AdamW{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: weightDecay}
}

// Step changes the parameters of m by one step against the gradient grad.
func (o *AdamW) Step(m, grad *Model, learningRate float64) {
	if o.Mean == nil {
		o.Mean, o.Square = newModel(m.Config), newModel(m.Config)
	}
	o.Steps++
	params, grads, means, squares := m.Params(), grad.Params(), o.Mean.Params(), o.Square.Params()
	for i, p := range params {
		o.update(p.Data, grads[i].Data, means[i].Data, squares[i].Data, learningRate)
	}
}

// update is Step for one parameter tensor.
func (o *AdamW) update(θ, g, m, v []float32, lr float64) {
	t := float64(o.Steps)
	keep := float32(1 - lr*o.WeightDecay)
	c1, c2 := float32(1-o.Beta1), float32(1-o.Beta2)
	β2, ε := float32(o.Beta2), float32(o.Eps)
	step := float32(lr / (1 - math.Pow(o.Beta1, t)))
	root := float32(math.Sqrt(1 - math.Pow(o.Beta2, t)))
	kern.AdamW(θ, g, m, v, keep, c1, β2, c2, step, root, ε)
}

package crate

import (
	"fmt"
	"math"

	"github.com/gocrate/gocrate/crate/internal/kern"
)

// Optimizer changes the parameters of a model against a gradient. There are
// [AdamW], [Adam], [SGD] and [Lion]; [NewOptimizer] makes one by name. An
// optimiser belongs to one model, whose shapes its moments have.
type Optimizer interface {
	// Step changes the parameters of m by one step against grad, the gradient
	// of the loss, which it leaves as it is. It panics if grad or the moments
	// are of a model of another shape.
	Step(m, grad *Model, learningRate float64)

	// step is Step with the parameters listed beforehand.
	step(params, grads []Param, m *Model, learningRate float64)

	// moments are the running averages under PyTorch's names, to be kept in
	// checkpoints with the number of steps.
	moments() []moment
	steps() *int
}

// listed remembers the parameters of a model.
type listed struct {
	model  *Model
	params []Param
	size   int // numbers in them
}

// of returns the parameters of m.
func (l *listed) of(m *Model) []Param {
	if l.model != m {
		l.model, l.params, l.size = m, m.Params(), m.NumParams()
	}
	return l.params
}

// moment is one running average of an optimiser: a number for each parameter.
type moment struct {
	name  string // in PyTorch's state of an optimiser
	value **Model
}

// NewOptimizer returns the optimiser called "adamw", "adam", "sgd" or "lion",
// with the constants of its constructor and the given weight decay. Another
// name is an error.
func NewOptimizer(name string, weightDecay float64) (Optimizer, error) {
	switch name {
	case "adamw":
		return NewAdamW(weightDecay), nil
	case "adam":
		return NewAdam(weightDecay), nil
	case "sgd":
		return NewSGD(weightDecay), nil
	case "lion":
		return NewLion(weightDecay), nil
	}
	return nil, fmt.Errorf("crate: there is no optimiser %q; want adamw, adam, sgd or lion", name)
}

// AdamW is the optimiser of Loshchilov and Hutter (arXiv 1711.05101) with the
// arithmetic of PyTorch's: Adam with weight decay apart from the gradient.
// For each parameter θ with gradient g, at step t = 1, 2, …
//
//	θ ← θ − lr·wd·θ
//	m ← β₁m + (1 − β₁)g
//	v ← β₂v + (1 − β₂)g²
//	θ ← θ − lr·m̂/(√v̂ + ε),    m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)
//
// As in the official script the decay applies to every parameter, to norms,
// biases, class token and positions too, unless MatricesOnly is set.
type AdamW struct {
	Beta1, Beta2 float64 // β₁, β₂
	Eps          float64 // ε
	WeightDecay  float64 // wd
	MatricesOnly bool    // decay spares norms, biases, class token and positions

	Steps  int    // t, steps taken
	Mean   *Model // m
	Square *Model // v

	mean, square listed
}

// NewAdamW returns the optimiser with β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
func NewAdamW(weightDecay float64) *AdamW {
	return &AdamW{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: weightDecay}
}

// Step changes the parameters of m by one step against the gradient grad.
func (o *AdamW) Step(m, grad *Model, learningRate float64) {
	o.step(m.Params(), grad.Params(), m, learningRate)
}

func (o *AdamW) step(params, grads []Param, m *Model, learningRate float64) {
	means, squares := o.start(m)
	parallelIfLong(o.mean.size, len(params), func(_, i int) {
		keep := 1 - learningRate*decay(params[i], o.WeightDecay, o.MatricesOnly)
		o.update(params[i].Data, grads[i].Data, means[i].Data, squares[i].Data, learningRate, float32(keep))
	})
}

// start counts a step and returns the moments, zero before the first.
func (o *AdamW) start(m *Model) (means, squares []Param) {
	if o.Mean == nil {
		o.Mean, o.Square = newModel(m.Config), newModel(m.Config)
	}
	o.Steps++
	return o.mean.of(o.Mean), o.square.of(o.Square)
}

// update is Step for one parameter tensor; keep is 1 − lr·wd.
func (o *AdamW) update(θ, g, m, v []float32, lr float64, keep float32) {
	t := float64(o.Steps)
	c1, c2 := float32(1-o.Beta1), float32(1-o.Beta2)
	β2, ε := float32(o.Beta2), float32(o.Eps)
	step := float32(lr / (1 - math.Pow(o.Beta1, t)))
	root := float32(math.Sqrt(1 - math.Pow(o.Beta2, t)))
	kern.AdamW(θ, g, m, v, keep, c1, β2, c2, step, root, ε)
}

func (o *AdamW) moments() []moment {
	return []moment{{"exp_avg", &o.Mean}, {"exp_avg_sq", &o.Square}}
}

func (o *AdamW) steps() *int { return &o.Steps }

// decay is the weight decay of a parameter: as released the same for all, or
// none for what is no matrix.
func decay(p Param, weightDecay float64, matricesOnly bool) float64 {
	if matricesOnly && len(p.Shape) != 2 {
		return 0
	}
	return weightDecay
}

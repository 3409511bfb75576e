package crate

import "math"

// ClipGradient scales the gradient down to the norm limit where it is longer,
// as PyTorch's clip_grad_norm_ does, and returns the norm it had:
//
//	‖g‖ = √(Σ g²) over all parameters,    g ← g · min(1, limit/(‖g‖ + 1e-6))
//
// The norm is summed in float64. The released script defines a limit of 1 and
// never applies it.
func ClipGradient(grad *Model, limit float64) (norm float64) {
	sum := 0.0
	for _, p := range grad.Params() {
		for _, g := range p.Data {
			sum += float64(g) * float64(g)
		}
	}
	norm = math.Sqrt(sum)
	if scale := limit / (norm + 1e-6); scale < 1 {
		for _, p := range grad.Params() {
			for i := range p.Data {
				p.Data[i] *= float32(scale)
			}
		}
	}
	return norm
}

package crate

import (
	"math"
	"math/rand/v2"
)

// initialize draws the parameters as the released code does (PyTorch's
// defaults, no truncation, U not orthogonalised):
//
//	U, W, b, patch embedding, head     uniform in ±1/√(inputs)
//	D                                  uniform in ±√(6/d)   (Kaiming, rectifier)
//	class token, positions             normal, mean 0, variance 1
//	LayerNorm                          gain 1, bias 0
//
// The numbers come from a PCG of m's own, one parameter after another in the
// order of Params, so they depend on configuration and seed alone.
func (m *Model) initialize(seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0x43524154452d676f))
	drawNormal(rng, m.Embed.Position.Data)
	drawNormal(rng, m.Embed.Class)
	m.Embed.PatchNorm.reset()
	drawLinear(rng, m.Embed.W, m.Embed.B)
	m.Embed.Norm.reset()
	for _, l := range m.Layers {
		l.Norm1.reset()
		drawLinear(rng, l.MSSA.U, nil)
		drawLinear(rng, l.MSSA.W, l.MSSA.B)
		l.Norm2.reset()
		drawUniform(rng, l.ISTA.D.Data, math.Sqrt(6/float64(l.ISTA.D.Cols)))
	}
	m.Head.Norm.reset()
	drawLinear(rng, m.Head.W, m.Head.B)
}

// drawLinear draws the weight and bias of a linear map with W.Cols inputs.
func drawLinear(rng *rand.Rand, W Matrix, b []float32) {
	bound := 1 / math.Sqrt(float64(W.Cols))
	drawUniform(rng, W.Data, bound)
	drawUniform(rng, b, bound)
}

// drawUniform fills x from the uniform distribution on (−bound, bound).
func drawUniform(rng *rand.Rand, x []float32, bound float64) {
	for i := range x {
		x[i] = float32(bound * (2*rng.Float64() - 1))
	}
}

// drawNormal fills x from the standard normal distribution.
func drawNormal(rng *rand.Rand, x []float32) {
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
}

// reset makes l the plain normalisation, gain 1 and bias 0.
func (l *LayerNorm) reset() {
	for i := range l.Gain {
		l.Gain[i], l.Bias[i] = 1, 0
	}
}

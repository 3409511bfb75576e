package crate

import (
	"math"
	"math/rand/v2"
)

// initialize draws the parameters as the released code does (PyTorch's
// defaults, no truncation, U not orthogonalised):
//
//	U, W, b, patch embedding, head     uniform in ±1/√(inputs); MHSA and MLP too
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
		l.initialize(rng, m.Config.Variant.Orthonormal)
	}
	m.Head.Norm.reset()
	drawLinear(rng, m.Head.W, m.Head.B)
}

func (l *Layer) initialize(rng *rand.Rand, orthonormal bool) {
	l.Norm1.reset()
	switch {
	case l.MHSA != nil:
		drawLinear(rng, l.MHSA.QKV, nil)
		drawLinear(rng, l.MHSA.W, l.MHSA.B)
	case l.Step != nil:
		drawSubspaces(rng, l.Step.U, l.Step.Heads, orthonormal)
	default:
		drawSubspaces(rng, l.MSSA.U, l.MSSA.Heads, orthonormal)
		drawLinear(rng, l.MSSA.W, l.MSSA.B)
	}
	l.Norm2.reset()
	switch {
	case l.MLP != nil:
		drawLinear(rng, l.MLP.W1, l.MLP.B1)
		drawLinear(rng, l.MLP.W2, l.MLP.B2)
	case l.MM != nil:
		drawDictionary(rng, l.MM.D)
	default:
		drawDictionary(rng, l.ISTA.D)
	}
}

// drawSubspaces draws the Kp×d matrix of the columns of U_1, …, U_K. They are
// orthonormal on request: all of them if Kp ≤ d, those of each U_k if p ≤ d.
func drawSubspaces(rng *rand.Rand, U Matrix, K int, isOrthonormal bool) {
	drawLinear(rng, U, nil)
	if !isOrthonormal {
		return
	}
	if U.Rows <= U.Cols {
		K = 1
	}
	p := U.Rows / K
	for k := 0; k < K && p <= U.Cols; k++ {
		Uk := U.Slice(k*p, (k+1)*p)
		copy(Uk.Data, MatrixOf(orthonormal(Uk.columns()).T()).Data)
	}
}

// drawDictionary draws a d×d dictionary.
func drawDictionary(rng *rand.Rand, D Matrix) {
	drawUniform(rng, D.Data, math.Sqrt(6/float64(D.Cols)))
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
	if l == nil {
		return
	}
	for i := range l.Gain {
		l.Gain[i], l.Bias[i] = 1, 0
	}
}

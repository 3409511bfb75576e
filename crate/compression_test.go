package crate

import (
	"math/rand/v2"
	"testing"
)

// Attention alone, layer after layer, on 64 unit tokens in 64 dimensions with
// four orthonormal subspaces of 16: what becomes of R^c depends on the form of
// the step, and on whether tokens are measured as they are or at unit length.
// The signs are those of a reference calculation; its numbers come from other
// random tokens.
func TestFormsOfTheStepMoveTheRate(t *testing.T) {
	raw, unit := compressionCurves(Variant{Compress: CompressExact}, 0.5)
	wantMonotone(t, "exact gradient, raw", raw, -1)
	wantMonotone(t, "exact gradient, unit", unit, -1)
	if raw[11] > 0.05*raw[0] || unit[11] < 0.5*unit[0] {
		t.Errorf("exact gradient: raw %.3g → %.3g, unit %.3g → %.3g; want the first to vanish and the second to fall slowly", raw[0], raw[11], unit[0], unit[11])
	}

	raw, unit = compressionCurves(Paper, 0.5) // (10)
	wantMonotone(t, "(10), raw", raw, -1)
	wantMonotone(t, "(10), unit", unit, -1)

	// As released, but with W = [U_1 … U_K]: γ is 1 here.
	raw, unit = compressionCurves(Variant{Tied: true, PlainScores: true}, 0.5)
	wantMonotone(t, "Z + MSSA(Z), raw", raw, +1)
	wantMonotone(t, "Z + MSSA(Z), unit", unit, -1)
	if raw[11] < 1.5*raw[0] || unit[11] > 0.5*unit[0] {
		t.Errorf("Z + MSSA(Z): raw %.3g → %.3g, unit %.3g → %.3g; want them to part", raw[0], raw[11], unit[0], unit[11])
	}
}

// The first-order form of the inverse needs γ|V|² < 1, which these tokens do not
// keep: even small steps raise the rate that exact ones lower.
func TestNeumannFormOvershoots(t *testing.T) {
	raw, _ := compressionCurves(Variant{Compress: CompressNeumann}, 0.05)
	exact, _ := compressionCurves(Variant{Compress: CompressExact}, 0.05)
	if !(raw[11] > 2*raw[0]) || !(exact[11] < exact[0]) {
		t.Errorf("R^c went from %.3g to %.3g by the first-order form, to %.3g by exact steps", raw[0], raw[11], exact[11])
	}
}

// compressionCurves returns R^c, raw and of unit tokens, before each of eleven
// steps of the first half of a layer without LayerNorm, and after the last.
func compressionCurves(v Variant, κ float64) (raw, unit []float64) {
	const d, K, p, N, epsSq = 64, 4, 16, 64, 0.25
	v.NoNorm = true
	l := newLayer(Config{Dim: d, Heads: K, HeadDim: p, EpsSq: epsSq, Kappa: κ, Variant: v})
	rng := rand.New(rand.NewPCG(1, 8))
	U := l.params("")[0]
	drawSubspaces(rng, Matrix{K * p, d, U.Data}, K, true)
	Z := NewMatrix(N, d)
	drawNormal(rng, Z.Data)
	tokens := Z.columns()
	unitColumns(tokens)
	Z = MatrixOf(tokens.T())
	var t LayerTrace
	for range 12 {
		tokens := Z.columns()
		raw = append(raw, SubspaceCodingRate(tokens, l.Subspaces(), epsSq))
		unitColumns(tokens)
		unit = append(unit, SubspaceCodingRate(tokens, l.Subspaces(), epsSq))
		l.Forward(Z, &t)
		Z = MatrixOf(t.Half)
	}
	return raw, unit
}

// wantMonotone checks that x falls (sign −1) or rises.
func wantMonotone(t *testing.T, what string, x []float64, sign float64) {
	t.Helper()
	for i := 1; i < len(x); i++ {
		if !(sign*(x[i]-x[i-1]) > 0) {
			t.Errorf("%s: %.4g, which is not monotone", what, x)
			return
		}
	}
}

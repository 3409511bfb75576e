package crate

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The operators as the paper's formulas have them, against a float64
// evaluation of those formulas.
func TestPaperFormsEqualFormulas(t *testing.T) {
	g := readGolden(t, "op_paper")
	for _, name := range g.cases() {
		t.Run(name, func(t *testing.T) {
			g.t = t
			c := g.about.Cases[name]
			Z := g.matrix("in/" + name + "/Z")
			x := g.tensor("in/" + name + "/U")
			K, d, p := x.Shape[0], x.Shape[1], x.Shape[2]
			U := NewMatrix(K*p, d)
			for k := range K { // stored as K matrices d×p
				block := Matrix{d, p, x.Float32s()[k*d*p : (k+1)*d*p]}
				copy(U.Slice(k*p, (k+1)*p).Data, MatrixOf(block.T()).Data)
			}

			step := &RateStep{Heads: K, U: U, EpsSq: c.Eps2, Kappa: 1}
			gradient := step.Forward(Z, nil)
			scale(gradient, -1)
			g.check(name+"/grad_Rc", gradient.Data)

			step.Kappa = c.Kappa
			exact := step.Forward(Z, nil)
			add(exact.Data, Z.Data)
			g.check(name+"/step_exact", exact.Data)

			mssa := &MSSA{Heads: K, U: U, Tied: true, PlainScores: true, EpsSq: c.Eps2}
			g.check(name+"/mssa", mssa.Forward(Z, nil).Data)

			l := &Layer{MSSA: mssa, Kappa: c.Kappa, ISTA: &ISTA{D: g.matrix("in/" + name + "/D"), StepSize: c.Eta, Lambda: c.Lambd}}
			var tr LayerTrace
			l.Forward(Z, &tr)
			g.check(name+"/step_approx", tr.Half.Data)
			g.check(name+"/ista", l.ISTA.Forward(Z, nil).Data)
		})
	}
}

// Each approximation on the way from the gradient of R^c to attention is
// exact in its own limit.
func TestRateStepApproachesGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	Z, U := randomMatrix(rng, 9, 6, 1), randomMatrix(rng, 4, 6, 0.7)
	step := func(form StepForm, epsSq float64) []float32 {
		return (&RateStep{Heads: 2, U: U, Form: form, EpsSq: epsSq, Kappa: -epsSq}).Forward(Z, nil).Data
	}
	want := SubspaceCodingRateGrad(Z.T(), subspaces(U, 2), 1)
	if got := step(StepExact, 1); !closeTo(got, MatrixOf(want.T()).Data, 1e-6) {
		t.Error("the exact form is not the gradient of R^c in float64")
	}
	// For large ε² the inverse is I − γS up to (γS)².
	if !closeTo(step(StepNeumann, 1e4), step(StepExact, 1e4), 1e-6) {
		t.Error("the first order of the inverse is not its limit for large ε²")
	}
	if closeTo(step(StepNeumann, 1), step(StepExact, 1), 1e-2) {
		t.Error("the first order of the inverse is exact for small ε², which it cannot be")
	}
}

// Zero and equal tokens have a gradient like others; tokens whose squares are
// beyond all numbers give NaN, which training reports, and no panic.
func TestRateStepOfDegenerateTokens(t *testing.T) {
	b := &RateStep{Heads: 1, U: Matrix{2, 2, []float32{1, 0, 0, 1}}, EpsSq: 0.01, Kappa: 0.5}
	for _, z := range []float32{0, 1e-20, 1, 1e3} {
		Z := Matrix{3, 2, []float32{z, z, z, z, z, z}}
		want := SubspaceCodingRateGrad(Z.T(), b.Subspaces(), b.EpsSq)
		for i, y := range b.Forward(Z, nil).Data {
			if w := -0.5 * want.At(i%2, i/2); !near(float64(y), w, 1e-6*math.Abs(w)) {
				t.Errorf("equal tokens %g: step %g, want %g", z, y, w)
			}
		}
	}
	for _, v := range b.Forward(Matrix{1, 2, []float32{1e15, float32(math.NaN())}}, nil).Data {
		if v == v {
			t.Errorf("tokens that are not finite give a step of %g", v)
		}
	}
}

// With U orthonormal as a whole ΣUₖUₖᵀZ = Z, so that the softmax form of the
// gradient step is (10) exactly.
func TestAttentionIsTheSoftmaxFormOfTheStep(t *testing.T) {
	cfg := Config{Dim: 12, Heads: 3, HeadDim: 4, Variant: Paper, EpsSq: 0.5, Kappa: 0.3, StepSize: 0.1, Lambda: 0.1}
	attention := newLayer(cfg)
	cfg.Variant.Compress = CompressSoftmax
	step := newLayer(cfg)
	rng := rand.New(rand.NewPCG(2, 7))
	drawSubspaces(rng, attention.MSSA.U, 3, true)
	copy(step.Step.U.Data, attention.MSSA.U.Data)
	Z := randomMatrix(rng, 7, 12, 1)
	var a, b LayerTrace
	attention.Forward(Z, &a)
	step.Forward(Z, &b)
	if !closeTo(a.Half.Data, b.Half.Data, 1e-6) {
		t.Error("(1 − κγ)Z + κγ·MSSA(Z) is not Z − κγΣUₖ(Vₖ − γVₖ softmax(Sₖ))")
	}
}

func TestOrthonormalStart(t *testing.T) {
	for _, c := range []struct{ K, p int }{{3, 4}, {2, 4}, {5, 4}, {1, 12}} {
		cfg := Config{ImageHeight: 2, PatchHeight: 1, Channels: 1, Classes: 2, Dim: 12, Depth: 1, Heads: c.K, HeadDim: c.p, Variant: Paper}
		m, err := New(cfg, 3)
		if err != nil {
			t.Fatal(err)
		}
		for k, U := range m.Layers[0].Subspaces() {
			var G mat.Dense
			G.Mul(U.T(), U)
			if !mat.EqualApprox(&G, eye(c.p), 1e-6) {
				t.Errorf("K=%d, p=%d: U_%d is not orthonormal", c.K, c.p, k)
			}
		}
		U := m.Layers[0].MSSA.U
		G := NewMatrix(U.Rows, U.Rows)
		mulNT(G, U, U)
		if fits := c.K*c.p <= 12; fits != mat.EqualApprox(G, eye(U.Rows), 1e-6) {
			t.Errorf("K=%d, p=%d in 12 dimensions: all bases together orthonormal: want %t", c.K, c.p, fits)
		}
	}
}

func eye(n int) *mat.DiagDense {
	ones := make([]float64, n)
	for i := range ones {
		ones[i] = 1
	}
	return mat.NewDiagDense(n, ones)
}

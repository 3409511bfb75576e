package crate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// variable is something a block depends on and its gradient as computed.
type variable struct {
	name        string
	value, grad []float32
}

// checkGradients compares gradients with central differences of the scalar
// L = ⟨G, f⟩ along random directions. f recomputes the block's result from
// the present values of the variables.
func checkGradients(t *testing.T, rng *rand.Rand, G Matrix, f func() Matrix, vars ...variable) {
	t.Helper()
	L := func() (sum float64) {
		for i, y := range f().Data {
			sum += float64(G.Data[i]) * float64(y)
		}
		return sum
	}
	const h = 2e-3
	for _, v := range vars {
		at := append([]float32(nil), v.value...)
		dir := randomMatrix(rng, 1, len(at), 1).Data
		move := func(s float32) float64 {
			for i := range at {
				v.value[i] = at[i] + s*dir[i]
			}
			return L()
		}
		measured := (move(h) - move(-h)) / (2 * h)
		move(0)
		var computed, size float64
		for i, d := range dir {
			computed += float64(d) * float64(v.grad[i])
			size += math.Abs(float64(d) * float64(v.grad[i]))
		}
		if math.Abs(measured-computed) > 2e-3*size+5e-3 {
			t.Errorf("∂L/∂%s along a random direction is %.6g, differences give %.6g (size %.3g)", v.name, computed, measured, size)
		}
	}
}

// blockShapes are tokens × channels, heads × head dimension: one token, one
// channel, one head, more tokens than channels and fewer, inner width below,
// equal to and above d.
var blockShapes = []struct{ N, d, K, p int }{
	{1, 1, 1, 1}, {1, 6, 2, 3}, {5, 1, 1, 2}, {7, 4, 1, 3}, {3, 8, 4, 2}, {9, 5, 3, 4}, {4, 12, 3, 2},
}

func eachShape(t *testing.T, f func(t *testing.T, rng *rand.Rand, N, d, K, p int)) {
	for i, s := range blockShapes {
		t.Run(fmt.Sprintf("N=%d,d=%d,K=%d,p=%d", s.N, s.d, s.K, s.p), func(t *testing.T) {
			f(t, rand.New(rand.NewPCG(uint64(i), 99)), s.N, s.d, s.K, s.p)
		})
	}
}

func TestMSSAGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, K, p int) {
		for _, tied := range []bool{false, true} {
			m := randomMSSA(rng, d, K, p)
			m.Tied, m.PlainScores, m.EpsSq = tied, tied, 0.5
			grad := &MSSA{Heads: K, U: zeros(m.U), W: zeros(m.W), B: make([]float32, d)}
			Z, G := randomMatrix(rng, 2*N, d, 1), randomMatrix(rng, 2*N, d, 1) // two images
			tr := &MSSATrace{Tokens: N}
			m.Forward(Z, tr)
			dZ := m.Backward(G, tr, grad)
			checkGradients(t, rng, G, func() Matrix { return m.Forward(Z, &MSSATrace{Tokens: N}) },
				variable{"Z", Z.Data, dZ.Data}, variable{"U", m.U.Data, grad.U.Data},
				variable{"W", m.W.Data, grad.W.Data}, variable{"b", m.B, grad.B})
		}
	})
}

func TestRateStepGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, K, p int) {
		for _, form := range []StepForm{StepExact, StepNeumann, StepSoftmax} {
			b := &RateStep{Heads: K, U: randomMatrix(rng, K*p, d, 1), Form: form, EpsSq: 2, Kappa: 0.3}
			grad := &RateStep{Heads: K, U: zeros(b.U)}
			Z, G := randomMatrix(rng, 2*N, d, 1), randomMatrix(rng, 2*N, d, 1) // two images
			tr := &MSSATrace{Tokens: N}
			b.Forward(Z, tr)
			dZ := b.Backward(G, tr, grad)
			checkGradients(t, rng, G, func() Matrix { return b.Forward(Z, &MSSATrace{Tokens: N}) },
				variable{form.String() + " Z", Z.Data, dZ.Data}, variable{form.String() + " U", b.U.Data, grad.U.Data})
		}
	})
}

func TestMHSAGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, K, p int) {
		m := &MHSA{Heads: K, QKV: randomMatrix(rng, 3*K*p, d, 1), W: randomMatrix(rng, d, K*p, 1), B: randomMatrix(rng, 1, d, 1).Data}
		grad := &MHSA{Heads: K, QKV: zeros(m.QKV), W: zeros(m.W), B: make([]float32, d)}
		Z, G := randomMatrix(rng, 2*N, d, 1), randomMatrix(rng, 2*N, d, 1) // two images
		tr := &MHSATrace{Tokens: N}
		m.Forward(Z, tr)
		dZ := m.Backward(G, tr, grad)
		checkGradients(t, rng, G, func() Matrix { return m.Forward(Z, &MHSATrace{Tokens: N}) },
			variable{"Z", Z.Data, dZ.Data}, variable{"W_qkv", m.QKV.Data, grad.QKV.Data},
			variable{"W", m.W.Data, grad.W.Data}, variable{"b", m.B, grad.B})
	})
}

func TestMLPGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, K, p int) {
		h := K * p
		m := &MLP{randomMatrix(rng, h, d, 1), randomMatrix(rng, 1, h, 1).Data, randomMatrix(rng, d, h, 1), randomMatrix(rng, 1, d, 1).Data}
		grad := newMLP(d, h)
		Z, G := randomMatrix(rng, N, d, 1), randomMatrix(rng, N, d, 1)
		var tr MLPTrace
		m.Forward(Z, &tr)
		dZ := m.Backward(G, &tr, grad)
		checkGradients(t, rng, G, func() Matrix { return m.Forward(Z, nil) },
			variable{"Z", Z.Data, dZ.Data}, variable{"W₁", m.W1.Data, grad.W1.Data}, variable{"b₁", m.B1, grad.B1},
			variable{"W₂", m.W2.Data, grad.W2.Data}, variable{"b₂", m.B2, grad.B2})
	})
}

func TestMMGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, _, _ int) {
		b := &MM{D: randomMatrix(rng, d, d, 1), Lambda: 0.2, EpsSq: 0.5}
		grad := &MM{D: zeros(b.D)}
		_, θ := b.constants(N)
		at := func(Z Matrix, shift float64) Matrix {
			moved := *b
			moved.Lambda *= 1 + shift/float64(θ)
			return moved.Forward(Z, N, nil)
		}
		Z, G := awayFromKink(rng, 2*N, d, N, at), randomMatrix(rng, 2*N, d, 1)
		var tr ISTATrace
		b.Forward(Z, N, &tr)
		dZ := b.Backward(G, N, &tr, grad)
		checkGradients(t, rng, G, func() Matrix { return b.Forward(Z, N, nil) },
			variable{"Z", Z.Data, dZ.Data}, variable{"D", b.D.Data, grad.D.Data})
	})
}

func TestISTAGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, _, _ int) {
		for _, soft := range []bool{false, true} {
			b := &ISTA{D: randomMatrix(rng, d, d, 1), StepSize: 0.3, Lambda: 0.4, Soft: soft}
			grad := &ISTA{D: zeros(b.D)}
			Z, G := awayFromKink(rng, N, d, 1, b.shifted), randomMatrix(rng, N, d, 1)
			var tr ISTATrace
			b.Forward(Z, &tr)
			dZ := b.Backward(G, &tr, grad)
			checkGradients(t, rng, G, func() Matrix { return b.Forward(Z, nil) },
				variable{"Z", Z.Data, dZ.Data}, variable{"D", b.D.Data, grad.D.Data})
		}
	})
}

func TestFoldedISTAGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, _, _ int) {
		for _, soft := range []bool{false, true} {
			b := &ISTA{D: randomMatrix(rng, d, d, 1), StepSize: 0.3, Lambda: 0.4, Soft: soft}
			f := b.Fold()
			grad, dD := &FoldedISTA{E: zeros(f.E)}, &ISTA{D: zeros(b.D)}
			Z, G := awayFromKink(rng, N, d, 1, b.shifted), randomMatrix(rng, N, d, 1)
			var tr ISTATrace
			f.Forward(Z, &tr)
			dZ := f.Backward(G, &tr, grad)
			b.Unfold(grad, dD)
			checkGradients(t, rng, G, func() Matrix { return f.Forward(Z, nil) },
				variable{"Z", Z.Data, dZ.Data}, variable{"E", f.E.Data, grad.E.Data})
			checkGradients(t, rng, G, func() Matrix { return b.Fold().Forward(Z, nil) }, variable{"D", b.D.Data, dD.D.Data})
		}
	})
}

// awayFromKink returns N tokens of d channels whose result is not within 0.05
// of the place where the threshold bends, so that differences mean something.
// f computes the result with the threshold moved by shift; tokens are drawn
// again some at a time.
func awayFromKink(rng *rand.Rand, N, d, some int, f func(Z Matrix, shift float64) Matrix) Matrix {
	Z := NewMatrix(N, d)
	for i := 0; i < N; i += some {
		part := Z.Slice(i, i+some)
		for again := true; again; {
			copy(part.Data, randomMatrix(rng, some, d, 2).Data)
			low, high := f(part, -0.05), f(part, 0.05)
			again = false
			for j := range low.Data {
				again = again || (low.Data[j] == 0) != (high.Data[j] == 0)
			}
		}
	}
	return Z
}

// shifted is b's Forward with the threshold moved.
func (b *ISTA) shifted(Z Matrix, shift float64) Matrix {
	moved := *b
	moved.Lambda += shift / b.StepSize
	return moved.Forward(Z, nil)
}

func TestLayerNormGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, _, _ int) {
		l := &LayerNorm{randomMatrix(rng, 1, d, 1).Data, randomMatrix(rng, 1, d, 1).Data}
		grad := newZeroNorm(d)
		Z, G := randomMatrix(rng, N, d, 3), randomMatrix(rng, N, d, 1)
		var tr NormTrace
		l.Forward(Z, &tr)
		dZ := l.Backward(G, &tr, grad)
		checkGradients(t, rng, G, func() Matrix { return l.Forward(Z, nil) },
			variable{"Z", Z.Data, dZ.Data}, variable{"gain", l.Gain, grad.Gain}, variable{"bias", l.Bias, grad.Bias})
	})
}

func TestHeadGradients(t *testing.T) {
	eachShape(t, func(t *testing.T, rng *rand.Rand, N, d, K, _ int) {
		for _, pool := range []Pool{ClassToken, MeanPool} {
			h := &Head{pool, NewLayerNorm(d), randomMatrix(rng, K, d, 1), randomMatrix(rng, 1, K, 1).Data}
			grad := &Head{Norm: newZeroNorm(d), W: zeros(h.W), B: make([]float32, K)}
			Z, G := randomMatrix(rng, 2*N, d, 3), randomMatrix(rng, 2, K, 1)
			tr := &HeadTrace{Tokens: N}
			h.Forward(Z, tr)
			dZ := h.Backward(G, tr, grad)
			checkGradients(t, rng, G, func() Matrix { return h.Forward(Z, &HeadTrace{Tokens: N}) },
				variable{"Z", Z.Data, dZ.Data}, variable{"W", h.W.Data, grad.W.Data}, variable{"b", h.B, grad.B},
				variable{"gain", h.Norm.Gain, grad.Norm.Gain}, variable{"bias", h.Norm.Bias, grad.Norm.Bias})
		}
	})
}

func TestEmbedGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 99))
	cfg := Config{ImageHeight: 6, ImageWidth: 4, PatchHeight: 3, PatchWidth: 2, Channels: 2, Classes: 2, Dim: 5, Depth: 1, Heads: 1}
	m, err := New(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	e, grad := m.Embed, newEmbed(m.Config)
	x := Images{Pixels: randomMatrix(rng, 3, 48, 1).Data, Channels: 2, Height: 6, Width: 4}
	var tr EmbedTrace
	Z := e.Forward(x, &tr)
	G := randomMatrix(rng, Z.Rows, Z.Cols, 1)
	dX := e.Backward(G, &tr, grad)
	checkGradients(t, rng, G, func() Matrix { return e.Forward(x, nil) },
		variable{"pixels", x.Pixels, e.paste(dX, x)}, variable{"W", e.W.Data, grad.W.Data}, variable{"b", e.B, grad.B},
		variable{"class", e.Class, grad.Class}, variable{"positions", e.Position.Data, grad.Position.Data},
		variable{"patch gain", e.PatchNorm.Gain, grad.PatchNorm.Gain}, variable{"gain", e.Norm.Gain, grad.Norm.Gain})
}

func TestCrossEntropyGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 99))
	for _, smoothing := range []float64{0, 0.1, 1} {
		y := randomMatrix(rng, 4, 5, 3)
		labels := []int{0, 4, 2, 2}
		loss := func() Matrix {
			l, _ := CrossEntropy(y, labels, smoothing)
			return Matrix{1, 1, []float32{float32(l)}}
		}
		_, d := CrossEntropy(y, labels, smoothing)
		checkGradients(t, rng, Matrix{1, 1, []float32{1}}, loss, variable{"logits", y.Data, d.Data})
		for i := range d.Rows { // adding a constant to all logits changes nothing
			sum := 0.0
			for _, v := range d.Row(i) {
				sum += float64(v)
			}
			if math.Abs(sum) > 1e-7 {
				t.Errorf("the gradient of image %d sums to %g, want 0", i, sum)
			}
		}
	}
}

package crate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestMSSAEqualsOfficialCode(t *testing.T) {
	g := readGolden(t, "op_mssa")
	for _, name := range g.cases() {
		t.Run(name, func(t *testing.T) {
			g.t = t
			m := &MSSA{Heads: g.about.Cases[name].Heads, U: g.matrix("param/" + name + "/qkv.weight")}
			if _, projects := g.tensors["param/"+name+"/to_out.0.weight"]; projects {
				m.W, m.B = g.matrix("param/"+name+"/to_out.0.weight"), g.floats("param/"+name+"/to_out.0.bias")
			}
			grad := &MSSA{Heads: m.Heads, U: zeros(m.U), W: zeros(m.W), B: make([]float32, len(m.B))}
			Z := g.matrix("in/" + name + "/x")
			tr := &MSSATrace{Tokens: g.tensor("in/" + name + "/x").Shape[1]}

			Y := m.Forward(Z, tr)
			g.check(name+"/y", Y.Data)
			g.check(name+"/grad_x", m.Backward(cotangent(Y.Rows, Y.Cols), tr, grad).Data)
			g.check(name+"/grad/qkv.weight", grad.U.Data)
			if m.W.Rows != 0 {
				g.check(name+"/grad/to_out.0.weight", grad.W.Data)
				g.check(name+"/grad/to_out.0.bias", grad.B)
			}
		})
	}
}

func TestISTAEqualsOfficialCode(t *testing.T) {
	g := readGolden(t, "op_ista")
	for _, name := range g.cases() {
		c := g.about.Cases[name]
		b := &ISTA{D: g.matrix("param/" + name + "/weight"), StepSize: c.Step, Lambda: c.Lambd}
		Z := g.matrix("in/" + name + "/x")
		t.Run(name+"/literal", func(t *testing.T) {
			g.t = t
			var tr ISTATrace
			grad := &ISTA{D: zeros(b.D)}
			Y := b.Forward(Z, &tr)
			g.check(name+"/y", Y.Data)
			g.check(name+"/grad_x", b.Backward(cotangent(Y.Rows, Y.Cols), &tr, grad).Data)
			g.check(name+"/grad/weight", grad.D.Data)
		})
		t.Run(name+"/folded", func(t *testing.T) {
			g.t = t
			var tr ISTATrace
			grad := &ISTA{D: zeros(b.D)}
			f, dE := b.Fold(), &FoldedISTA{E: zeros(b.D)}
			Y := f.Forward(Z, &tr)
			g.check(name+"/y", Y.Data)
			g.check(name+"/grad_x", f.Backward(cotangent(Y.Rows, Y.Cols), &tr, dE).Data)
			b.Unfold(dE, grad)
			g.check(name+"/grad/weight", grad.D.Data)
		})
	}
}

func TestLayerEqualsOfficialCode(t *testing.T) {
	g := readGolden(t, "op_layer")
	for _, name := range g.cases() {
		t.Run(name, func(t *testing.T) {
			g.t = t
			c := g.about.Cases[name]
			x := g.tensor("in/" + name + "/x")
			d := x.Shape[2]
			cfg := Config{Dim: d, Heads: c.Heads, HeadDim: c.Dim_head, StepSize: c.Step, Lambda: c.Lambd}
			l, grad := newLayer(cfg), newLayer(cfg)
			for _, p := range l.params("") {
				copy(p.Data, g.floats("param/"+name+"/"+layerKey(p.Name)))
			}
			tr := &LayerTrace{Tokens: x.Shape[1]}
			Y := l.Forward(g.matrix("in/"+name+"/x"), tr)
			g.check(name+"/y", Y.Data)
			if name == "constant_tokens" { // LayerNorm of variance 0: the file has no gradients
				return
			}
			g.check(name+"/grad_x", l.Backward(cotangent(Y.Rows, Y.Cols), tr, grad).Data)
			for _, p := range grad.params("") {
				g.check(name+"/grad/"+layerKey(p.Name), p.Data)
			}
		})
	}
}

// layerKey translates a state-dict name to that of the file: a. for the
// compression half, f. for the sparsification half.
func layerKey(name string) string {
	return strings.NewReplacer("0.norm", "a.norm", "0.fn", "a.fn", "1.norm", "f.norm", "1.fn", "f.fn").Replace(name)
}

func TestISTAIsNotNegativeAndFoldsExactly(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, size := range [][2]int{{1, 1}, {1, 7}, {5, 3}, {17, 48}} {
		b := &ISTA{D: randomMatrix(rng, size[1], size[1], 1), StepSize: 0.1, Lambda: 0.1}
		Z := randomMatrix(rng, size[0], size[1], 3)
		literal, folded := b.Forward(Z, nil), b.Fold().Forward(Z, nil)
		if !closeTo(folded.Data, literal.Data, 2e-5) {
			t.Errorf("%v: the folded step differs", size)
		}
		for _, v := range literal.Data {
			if v < 0 {
				t.Errorf("%v: ISTA returned %g", size, v)
			}
		}
	}
}

// One proximal gradient step with η at most 1/‖DᵀD‖ from a feasible point
// does not raise the objective it descends on.
func TestISTADescends(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for range 50 {
		d := 1 + rng.IntN(12)
		b := &ISTA{D: randomMatrix(rng, d, d, 1), Lambda: 0.3}
		Z := randomMatrix(rng, 1, d, 1) // explained by D Z', starting at Z' = Z
		for i := range Z.Data {
			Z.Data[i] = max(Z.Data[i], 0)
		}
		b.StepSize = 1 / (mat.Norm(b.D, 2)*mat.Norm(b.D, 2) + 1e-9)
		before, after := lasso(b, Z, Z), lasso(b, Z, b.Forward(Z, nil))
		if after > before*(1+1e-5)+1e-6 {
			t.Fatalf("d = %d: the objective rose from %g to %g", d, before, after)
		}
	}
}

// lasso is the objective ½‖X − D Z‖² + λ‖Z‖₁ of one token.
func lasso(b *ISTA, X, Z Matrix) float64 {
	DZ := NewMatrix(1, X.Cols)
	mulNT(DZ, Z, b.D)
	sum := 0.0
	for i, x := range X.Data {
		r := float64(x - DZ.Data[i])
		sum += r*r/2 + b.Lambda*float64(max(Z.Data[i], -Z.Data[i]))
	}
	return sum
}

func TestMSSAIsPermutationEquivariant(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	m := randomMSSA(rng, 10, 3, 4)
	Z := randomMatrix(rng, 9, 10, 1)
	Y := m.Forward(Z, nil)
	perm := rng.Perm(9)
	permuted, want := NewMatrix(9, 10), NewMatrix(9, 10)
	for i, j := range perm {
		copy(permuted.Row(i), Z.Row(j))
		copy(want.Row(i), Y.Row(j))
	}
	if !closeTo(m.Forward(permuted, nil).Data, want.Data, 1e-6) {
		t.Error("permuting the tokens does not permute the result")
	}
}

func TestAttentionStaysInsideAnImage(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	m := randomMSSA(rng, 6, 2, 3)
	Z := randomMatrix(rng, 15, 6, 1)
	together := m.Forward(Z, &MSSATrace{Tokens: 5})
	for i := range 3 {
		alone := m.Forward(Z.Slice(5*i, 5*i+5), nil)
		if !closeTo(together.Slice(5*i, 5*i+5).Data, alone.Data, 1e-6) {
			t.Errorf("image %d of three depends on the others", i)
		}
	}
	defer func() {
		if msg := fmt.Sprint(recover()); !strings.Contains(msg, "15 rows") {
			t.Errorf("panic %q does not say what is wrong", msg)
		}
	}()
	m.Forward(Z, &MSSATrace{Tokens: 4})
}

// The scores of a token with itself and others sum to one; equal tokens get
// equal scores, so attention over them is their mean.
func TestAttentionOfEqualTokensIsUniform(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	m := randomMSSA(rng, 6, 2, 3)
	Z := NewMatrix(4, 6)
	for i := range 4 {
		copy(Z.Row(i), []float32{1, -2, 3, 0.5, 0, 9})
	}
	tr := &MSSATrace{}
	m.Forward(Z, tr)
	for _, a := range tr.A.Data {
		if a != 0.25 {
			t.Fatalf("attention %g, want 0.25", a)
		}
	}
}

func TestLayerNormDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	l := NewLayerNorm(32)
	for i := range l.Gain {
		l.Gain[i], l.Bias[i] = 2, 1
	}
	Y := l.Forward(randomMatrix(rng, 5, 32, 100), nil)
	for i := range Y.Rows {
		row := make([]float64, 32)
		for j := range row {
			row[j] = Y.At(i, j)
		}
		if mean, sd := meanSD(row, true); !near(mean, 1, 1e-5) || !near(sd, 2, 1e-5) {
			t.Errorf("token %d has mean %g and deviation %g, want 1 and 2", i, mean, sd)
		}
	}
	constant := l.Forward(Matrix{1, 32, make([]float32, 32)}, nil)
	for _, v := range constant.Data {
		if v != 1 {
			t.Fatalf("a constant token becomes %g, want the bias 1", v)
		}
	}
}

func TestBlocksNameTheShapesThatDisagree(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	Z := randomMatrix(rng, 3, 5, 1)
	b := &ISTA{D: randomMatrix(rng, 4, 4, 1)}
	for name, f := range map[string]func(){
		"MSSA":       func() { randomMSSA(rng, 4, 2, 2).Forward(Z, nil) },
		"ISTA":       func() { b.Forward(Z, nil) },
		"FoldedISTA": func() { b.Fold().Forward(Z, nil) },
		"LayerNorm":  func() { NewLayerNorm(4).Forward(Z, nil) },
		"Head":       func() { (&Head{W: NewMatrix(2, 4)}).Forward(Z, nil) },
	} {
		msg := panicOf(f)
		for _, want := range []string{name, "4 channels", "3×5"} {
			if !strings.Contains(msg, want) {
				t.Errorf("%s: panic %q does not contain %q", name, msg, want)
			}
		}
	}
}

func panicOf(f func()) (msg string) {
	defer func() { msg = fmt.Sprint(recover()) }()
	f()
	return ""
}

func near(x, y, tol float64) bool { return x-y <= tol && y-x <= tol }

func zeros(m Matrix) Matrix { return NewMatrix(m.Rows, m.Cols) }

func randomMatrix(rng *rand.Rand, rows, cols int, size float32) Matrix {
	m := NewMatrix(rows, cols)
	for i := range m.Data {
		m.Data[i] = size * (2*rng.Float32() - 1)
	}
	return m
}

func randomMSSA(rng *rand.Rand, d, heads, p int) *MSSA {
	return &MSSA{Heads: heads, U: randomMatrix(rng, heads*p, d, 1), W: randomMatrix(rng, d, heads*p, 1), B: randomMatrix(rng, 1, d, 1).Data}
}

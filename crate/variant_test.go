package crate

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// Majorisation-minimisation by its formula, entry by entry in float64.
func TestMMEqualsFormula(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 7))
	const N, d, λ, epsSq = 5, 4, 0.3, 0.5
	b := &MM{D: randomMatrix(rng, d, d, 1), Lambda: λ, EpsSq: epsSq}
	Z := randomMatrix(rng, 2*N, d, 1)
	got := b.Forward(Z, N, nil)
	α := d / (N * epsSq)
	want := NewMatrix(2*N, d)
	for n := range want.Rows {
		for j := range d {
			DtZ := 0.0
			for i := range d {
				DtZ += b.D.At(i, j) * Z.At(n, i)
			}
			want.Row(n)[j] = float32(max((1+4/(9*(1+α)))*DtZ-4*λ/(9*α), 0))
		}
	}
	if !closeTo(got.Data, want.Data, 1e-6) {
		t.Error("MM differs from its formula")
	}
}

// Ordinary attention whose three matrices are equal is attention in subspaces.
func TestMHSAWithOneMatrixIsMSSA(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 7))
	m := randomMSSA(rng, 10, 3, 4)
	QKV := Matrix{36, 10, append(append(append([]float32(nil), m.U.Data...), m.U.Data...), m.U.Data...)}
	ordinary := &MHSA{Heads: 3, QKV: QKV, W: m.W, B: m.B}
	Z := randomMatrix(rng, 14, 10, 1)
	got, want := ordinary.Forward(Z, &MHSATrace{Tokens: 7}), m.Forward(Z, &MSSATrace{Tokens: 7})
	if !closeTo(got.Data, want.Data, 1e-6) {
		t.Error("MHSA with W^q = W^k = W^v = U differs from MSSA")
	}
}

func TestGELU(t *testing.T) {
	m := &MLP{W1: Matrix{1, 1, []float32{1}}, B1: []float32{0}, W2: Matrix{1, 1, []float32{1}}, B2: []float32{0}}
	Y := m.Forward(Matrix{4, 1, []float32{-30, -1, 0, 2}}, nil)
	// x·Φ(x) with Φ(−1) = 0.158655254, Φ(2) = 0.977249868.
	if want := []float32{0, -0.158655254, 0, 1.954499736}; !closeTo(Y.Data, want, 3e-7) {
		t.Errorf("GELU(−30, −1, 0, 2) = %v, want %v", Y.Data, want)
	}
}

// allVariants are the named ones and, one at a time, each field on its own.
func allVariants() map[string]Variant {
	all := map[string]Variant{}
	for _, v := range []Variant{Released, Paper, ViT, MSSAMLP, MHSAISTA,
		{Tied: true}, {PlainScores: true}, {WeightedSkip: true}, {NoNorm: true}, {SkipNormed: true}, {SkipISTA: true}, {Orthonormal: true},
		{WeightedSkip: true, SkipNormed: true},
		{Compress: CompressExact}, {Compress: CompressNeumann}, {Compress: CompressSoftmax, SkipNormed: true},
		{Sparsify: SparsifySoft}, {Sparsify: SparsifyMM}, {Sparsify: SparsifyMM, SkipISTA: true},
	} {
		all[v.String()] = v
	}
	return all
}

func TestVariantsHaveNames(t *testing.T) {
	if n := len(allVariants()); n != 19 {
		t.Errorf("19 variants have %d different names", n)
	}
	exact := Paper
	exact.Compress = CompressExact
	for v, want := range map[Variant]string{
		{}:                                 "CRATE",
		exact:                              "CRATE (Exact, ISTA, Tied, PlainScores, WeightedSkip, NoNorm, Orthonormal)",
		{Compress: 9, Sparsify: -1}:        "CRATE (Compression(9), Sparsification(-1))",
		{Sparsify: SparsifyMM, Tied: true}: "CRATE (MSSA, MM, Tied)",
	} {
		if got := v.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// variantModel is a model of 2×3 images in patches of one pixel.
func variantModel(t *testing.T, v Variant) (*Model, Images) {
	t.Helper()
	m, err := New(Config{ImageHeight: 2, ImageWidth: 3, PatchHeight: 1, Channels: 2, Classes: 3, Dim: 6, Depth: 2, Heads: 2, Variant: v,
		EpsSq: 2, Kappa: 0.4, MLPDim: 7, StepSize: 0.3, Lambda: 0.2}, 11)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 7))
	return m, Images{Pixels: randomMatrix(rng, 5, 12, 1).Data, Labels: []int{0, 2, 1, 1, 0}, Channels: 2, Height: 2, Width: 3, Classes: 3}
}

// Every parameter of every variant, and its pixels, by differences. The
// thresholds are so far away that no entry meets their kink; the tests of the
// single blocks check them.
func TestGradientsOfVariants(t *testing.T) {
	for name, v := range allVariants() {
		t.Run(name, func(t *testing.T) {
			m, x := variantModel(t, v)
			for _, l := range m.Layers {
				switch {
				case l.ISTA != nil && l.ISTA.Soft:
					l.ISTA.Lambda = 0
				case l.ISTA != nil:
					l.ISTA.Lambda = -15
				case l.MM != nil:
					l.MM.Lambda = -15
				}
			}
			for _, l := range m.Trace(x).Layers {
				if NonZeroFraction(l.Next) != 1 {
					t.Fatal("a threshold cuts something off")
				}
			}
			_, grad, pixels := m.Gradient(x, 0.1)
			loss := func() Matrix {
				l, _ := CrossEntropy(m.Forward(x), x.Labels, 0.1)
				return Matrix{1, 1, []float32{float32(10 * l)}}
			}
			vars := []variable{{"pixels", x.Pixels, scaled(pixels, 10)}}
			grads := grad.Params()
			for i, p := range m.Params() {
				vars = append(vars, variable{p.Name, p.Data, scaled(grads[i].Data, 10)})
			}
			checkGradients(t, rand.New(rand.NewPCG(6, 7)), Matrix{1, 1, []float32{1}}, loss, vars...)
		})
	}
}

func scaled(x []float32, s float32) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = s * v
	}
	return y
}

// A trace shows the attention of every layer and head in every variant, and
// where it is a softmax its rows sum to 1.
func TestTracesOfVariantsShowAttention(t *testing.T) {
	for name, v := range allVariants() {
		m, x := variantModel(t, v)
		tr := m.Trace(x)
		isSoftmax := v.Compress == CompressMSSA || v.Compress == CompressMHSA || v.Compress == CompressSoftmax
		one := m.Trace(x.Slice(3, 4))
		for ℓ := range m.Layers {
			A := tr.Attention(ℓ, 3, 1)
			if A.Rows != 7 || A.Cols != 7 || !closeTo(A.Data, one.Attention(ℓ, 0, 1).Data, 1e-5) {
				t.Errorf("%s: the attention of image 3 depends on its neighbours", name)
			}
			for n := range A.Rows {
				sum := 0.0
				for _, a := range A.Row(n) {
					sum += float64(a)
				}
				if isSoftmax != near(sum, 1, 1e-5) {
					t.Errorf("%s: attention of token %d sums to %g", name, n, sum)
				}
			}
			if P := tr.Projected(ℓ, 3, 1); P.Rows != 7 || P.Cols != 3 || !closeTo(P.Data, one.Projected(ℓ, 0, 1).Data, 1e-5) {
				t.Errorf("%s: projections of image 3 depend on its neighbours", name)
			}
		}
	}
}

// Forward passes keep memory from call to call; parts that are exchanged in
// between must not find what others left there.
func TestExchangingPartsOfAModel(t *testing.T) {
	for name, v := range allVariants() {
		released, x := variantModel(t, Released)
		other, _ := variantModel(t, v)
		wantReleased, wantOther := released.Forward(x), other.Forward(x)
		m := &Model{Config: released.Config}
		for range 2 {
			m.Embed, m.Layers, m.Head = released.Embed, released.Layers, released.Head
			if !closeTo(m.Forward(x).Data, wantReleased.Data, 0) {
				t.Errorf("%s: turned back, the model computes something else", name)
			}
			m.Embed, m.Layers, m.Head = other.Embed, other.Layers, other.Head
			if !closeTo(m.Forward(x).Data, wantOther.Data, 0) {
				t.Errorf("%s: a model that was another one computes something else", name)
			}
		}
	}
}

func TestCloneOfVariants(t *testing.T) {
	for name, v := range allVariants() {
		m, x := variantModel(t, v)
		for _, l := range m.Layers {
			switch {
			case l.Kappa != 0:
				l.Kappa *= 0.5
			case l.Step != nil:
				l.Step.EpsSq *= 3
			case l.MM != nil:
				l.MM.Lambda = 0
			case l.ISTA != nil:
				l.ISTA.Lambda = 0
			}
		}
		if c := m.Clone(); !closeTo(c.Forward(x).Data, m.Forward(x).Data, 0) || c.NumParams() != m.NumParams() {
			t.Errorf("%s: the clone computes something else", name)
		}
	}
}

func TestSavedVariantsComputeTheSame(t *testing.T) {
	for name, v := range allVariants() {
		m, x := variantModel(t, v)
		path := filepath.Join(t.TempDir(), "m.safetensors")
		if err := m.Save(path); err != nil {
			t.Fatal(err)
		}
		loaded, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if loaded.Config != m.Config || !closeTo(loaded.Forward(x).Data, m.Forward(x).Data, 0) {
			t.Errorf("%s: loaded, the model is %v and computes something else", name, loaded)
		}
	}
}

// The plain transformer in the shell of CRATE, counted by hand. The reference
// runs on the digits put a LayerNorm of 2·48 parameters between the last
// layer and the one in the head, which repeats it.
func TestSizesOfTheTransformer(t *testing.T) {
	var golden struct {
		Runs map[string]struct{ Params int }
	}
	readJSON(t, "digits_reference", &golden)
	cfg := Digits()
	cfg.Variant = ViT
	m, err := New(cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := golden.Runs["vit_shell_lr4e-3"].Params - 2*48; m.NumParams() != want {
		t.Errorf("%v: want %d parameters", m, want)
	}
	var names []string
	for _, p := range m.Layers[0].params("") {
		names = append(names, p.Name)
	}
	want := "0.norm.weight 0.norm.bias 0.fn.to_qkv.weight 0.fn.to_out.0.weight 0.fn.to_out.0.bias " +
		"1.norm.weight 1.norm.bias 1.fn.net.0.weight 1.fn.net.0.bias 1.fn.net.3.weight 1.fn.net.3.bias"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("parameters %s, want %s", got, want)
	}
	for v, want := range map[Variant]int{
		Released: 3*48*48 + 5*48,                       // U, W, D; b, four of LayerNorm
		Paper:    2 * 48 * 48,                          // U, D
		MSSAMLP:  2*48*48 + 5*48 + 2*192*48 + 192 + 48, // U, W; the perceptron
		MHSAISTA: 5*48*48 + 5*48,                       // W^q, W^k, W^v, W, D
		ViT:      4*48*48 + 5*48 + 2*192*48 + 192 + 48, //
	} {
		cfg.Variant = v
		n := 0
		for _, p := range newLayer(cfg.withDefaults()).params("") {
			n += len(p.Data)
		}
		if n != want {
			t.Errorf("%v: a layer has %d parameters, want %d", v, n, want)
		}
	}
}

func TestOnePixelPatchesNeedNoNorm(t *testing.T) {
	cfg := Config{ImageHeight: 2, PatchHeight: 1, Channels: 1, Classes: 2, Dim: 4, Depth: 1, Heads: 2, Variant: Paper}
	m, err := New(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	logits := m.Forward(Images{Pixels: []float32{0, 0, 0, 0, 1, 0, 0.5, 1}, Channels: 1, Height: 2, Width: 2})
	if closeTo(logits.Row(0), logits.Row(1), 1e-4) {
		t.Error("two different images of one-number patches have the same logits")
	}
	cfg.Variant.NoNorm = false
	if _, err := New(cfg, 1); err == nil || !strings.Contains(err.Error(), "NoNorm") {
		t.Errorf("with LayerNorm: error %v", err)
	}
}

func TestRatesOfOrdinaryAttentionAreRefused(t *testing.T) {
	m, x := variantModel(t, ViT)
	for _, p := range []Protocol{AsPlotted, HalfLayer, Reduction, Objective} {
		if _, err := Measure(t.Context(), m, x, p); err == nil || !strings.Contains(err.Error(), "no subspaces") {
			t.Errorf("%s: error %v", p.Name, err)
		}
	}
	for _, p := range []Protocol{TotalRate, Sparsity} {
		if _, err := Measure(t.Context(), m, x, p); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

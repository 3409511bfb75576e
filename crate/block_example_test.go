package crate_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
)

// eye2 is the identity of the plane.
var eye2 = crate.Matrix{Rows: 2, Cols: 2, Data: []float32{1, 0, 0, 1}}

// Three tokens in the plane: two near each other, one apart.
func planeTokens() crate.Matrix {
	return crate.Matrix{Rows: 3, Cols: 2, Data: []float32{1, 0.2, 1, -0.2, -1, 0}}
}

// The trace of MSSA shows how much each token attends to each: here the first
// to the second, its neighbour, and hardly to the third.
func ExampleMSSATrace() {
	m := &crate.MSSA{Heads: 1, U: eye2}
	var t crate.MSSATrace
	m.Forward(planeTokens(), &t)
	fmt.Printf("%.2f\n", mat.Col(nil, 0, t.A))
	fmt.Println("p =", m.HeadDim(), "in", len(m.Subspaces()), "subspace")
	// Output:
	// [0.46 0.43 0.11]
	// p = 2 in 1 subspace
}

// A step against the gradient lowers the rate of the tokens; of its
// approximations the first overshoots where tokens are long.
func ExampleRateStep() {
	Z := planeTokens()
	b := &crate.RateStep{Heads: 1, U: eye2, EpsSq: 0.5, Kappa: 0.5}
	before := crate.SubspaceCodingRate(Z.T(), b.Subspaces(), b.EpsSq)
	for _, form := range []crate.StepForm{crate.StepExact, crate.StepNeumann, crate.StepSoftmax} {
		b.Form = form
		step := b.Forward(Z, nil)
		next := crate.NewMatrix(3, 2)
		for i := range next.Data {
			next.Data[i] = Z.Data[i] + step.Data[i]
		}
		fmt.Printf("%v: %.3f → %.3f\n", form, before, crate.SubspaceCodingRate(next.T(), b.Subspaces(), b.EpsSq))
	}
	// Output:
	// exact: 0.855 → 0.702
	// Neumann: 0.855 → 1.814
	// softmax: 0.855 → 0.835
}

func ExampleStepForm() {
	fmt.Println(crate.StepExact, crate.StepNeumann, crate.StepSoftmax)
	// Output: exact Neumann softmax
}

// Forward fills the trace, Backward reads it: here the gradient of the first
// coordinate of the result, for the input and for U.
func ExampleRateStep_Backward() {
	b := &crate.RateStep{Heads: 1, U: eye2, EpsSq: 0.5, Kappa: 0.5}
	grad := &crate.RateStep{Heads: 1, U: crate.NewMatrix(2, 2)}
	var t crate.MSSATrace
	b.Forward(planeTokens(), &t)
	dY := crate.NewMatrix(3, 2)
	dY.Data[0], dY.Data[1] = 1, 1
	dZ := b.Backward(dY, &t, grad)
	fmt.Printf("%.3f\n%.3f\n", dZ.Data, grad.U.Data)
	// Output:
	// [-0.024 -0.352 0.033 0.135 -0.071 -0.193]
	// [-0.053 -0.145 -0.145 -0.218]
}

// Ordinary attention has three matrices. With W^q = W^k = 0 every token attends
// equally to all, and the result is the mean of the values.
func ExampleMHSA() {
	QKV := crate.NewMatrix(6, 2)
	copy(QKV.Data[8:], eye2.Data)
	m := &crate.MHSA{Heads: 1, QKV: QKV}
	fmt.Printf("%.3f\n", m.Forward(planeTokens(), nil).Row(0))
	// Output: [0.333 0.000]
}

func ExampleMHSATrace() {
	m := &crate.MHSA{Heads: 1, QKV: crate.NewMatrix(6, 2)}
	t := crate.MHSATrace{Tokens: 3} // of one image; Z may hold several
	m.Forward(planeTokens(), &t)
	fmt.Printf("%.3f\n", mat.Col(nil, 0, t.A))
	// Output: [0.333 0.333 0.333]
}

func ExampleISTATrace() {
	b := &crate.ISTA{D: crate.Matrix{Rows: 2, Cols: 2, Data: []float32{1, 0.5, 0, 1}}, StepSize: 0.1, Lambda: 0.1}
	var t crate.ISTATrace
	b.Forward(planeTokens(), &t)
	fmt.Printf("unexplained by D: %.2f\n", t.R.Data)
	dZ := b.Backward(crate.Matrix{Rows: 3, Cols: 2, Data: []float32{1, 1, 1, 1, 1, 1}}, &t, &crate.ISTA{D: crate.NewMatrix(2, 2)})
	fmt.Printf("gradient of the tokens: %.2f\n", dZ.Data)
	// Output:
	// unexplained by D: [-0.10 0.00 0.10 0.00 0.00 0.00]
	// gradient of the tokens: [1.00 0.93 1.00 -0.05 0.00 0.00]
}

// Folded, ISTA is one product; the gradient of E unfolds to that of D.
func ExampleFoldedISTA() {
	b := &crate.ISTA{D: crate.Matrix{Rows: 2, Cols: 2, Data: []float32{1, 0.5, 0, 1}}, StepSize: 0.1, Lambda: 0.1}
	f := b.Fold()
	fmt.Printf("E = %.3f, threshold %.2f\n", f.E.Data, f.Threshold)

	var t crate.ISTATrace
	f.Forward(planeTokens(), &t)
	dE, dD := &crate.FoldedISTA{E: crate.NewMatrix(2, 2)}, &crate.ISTA{D: crate.NewMatrix(2, 2)}
	f.Backward(t.Out, &t, dE)
	b.Unfold(dE, dD)
	fmt.Printf("dD = %.3f\n", dD.D.Data)
	// Output:
	// E = [1.000 0.000 -0.050 0.975], threshold 0.01
	// dD = [-0.207 -0.003 -0.019 -0.004]
}

// Majorisation and minimisation scales the coefficients DᵀZ up where α is small,
// and cuts off more than ISTA does.
func ExampleMM() {
	b := &crate.MM{D: eye2, Lambda: 0.1, EpsSq: 0.5}
	Z := planeTokens()
	var t crate.ISTATrace
	Y := b.Forward(Z, 3, &t)
	dZ := b.Backward(Y, 3, &t, &crate.MM{D: crate.NewMatrix(2, 2)})
	fmt.Printf("%.3f\n%.3f\n", Y.Data, dZ.Data)
	// Output:
	// [1.157 0.205 1.157 0.000 0.000 0.000]
	// [1.378 0.244 1.378 0.000 0.000 0.000]
}

// A perceptron with W₁ = W₂ = I is GELU itself.
func ExampleMLP() {
	m := &crate.MLP{W1: eye2, B1: []float32{0, 0}, W2: eye2, B2: []float32{0, 0}}
	fmt.Printf("%.3f\n", m.Forward(planeTokens(), nil).Data)
	// Output: [0.841 0.116 0.841 -0.084 -0.159 0.000]
}

func ExampleMLPTrace() {
	m := &crate.MLP{W1: eye2, B1: []float32{0, 0}, W2: eye2, B2: []float32{0, 0}}
	var t crate.MLPTrace
	m.Forward(planeTokens(), &t)
	fmt.Printf("slope of GELU at %.1f: %.3f\n", t.X.Data[0], t.Slope.Data[0])
	// Output: slope of GELU at 1.0: 1.083
}

func ExampleNewLayerNorm() {
	l := crate.NewLayerNorm(2)
	fmt.Println(l.Gain, l.Bias)
	// Output: [1 1] [0 0]
}

// The gradient of a normalised token has no component along the token and none
// along (1, …, 1): scaling and shifting it change nothing.
func ExampleNormTrace() {
	l := crate.NewLayerNorm(3)
	var t crate.NormTrace
	l.Forward(crate.Matrix{Rows: 1, Cols: 3, Data: []float32{1, 2, 6}}, &t)
	grad := &crate.LayerNorm{Gain: make([]float32, 3), Bias: make([]float32, 3)}
	dZ := l.Backward(crate.Matrix{Rows: 1, Cols: 3, Data: []float32{1, 0, 0}}, &t, grad)
	fmt.Printf("ẑ = %.3f, dz = %.3f\n", t.Hat.Data, dZ.Data)
	// Output: ẑ = [-0.926 -0.463 1.389], dz = [0.176 -0.220 0.044]
}

// A layer as released, put together by hand: attention between two tokens, then
// one step of ISTA, each behind a LayerNorm.
func ExampleLayer() {
	l := &crate.Layer{
		Norm1: crate.NewLayerNorm(2), MSSA: &crate.MSSA{Heads: 1, U: eye2},
		Norm2: crate.NewLayerNorm(2), ISTA: &crate.ISTA{D: eye2, StepSize: 0.1, Lambda: 0.1},
	}
	fmt.Printf("%.2f\n", l.Forward(planeTokens(), nil).Data)
	fmt.Println(len(l.Subspaces()), "subspace")
	// Output:
	// [0.99 0.00 0.99 0.00 0.00 0.99]
	// 1 subspace
}

func ExampleLayerTrace() {
	l := &crate.Layer{MSSA: &crate.MSSA{Heads: 1, U: eye2}, ISTA: &crate.ISTA{D: eye2, StepSize: 0.1, Lambda: 0.1}}
	grad := &crate.Layer{MSSA: &crate.MSSA{Heads: 1, U: crate.NewMatrix(2, 2)}, ISTA: &crate.ISTA{D: crate.NewMatrix(2, 2)}}
	var t crate.LayerTrace
	l.Forward(planeTokens(), &t)
	fmt.Printf("Z^{ℓ+1/2} = %.2f\n", t.Half.Data)
	dZ := l.Backward(t.Next, &t, grad)
	fmt.Printf("dZ is %d×%d, dU is %d×%[1]d\n", dZ.Rows, dZ.Cols, grad.MSSA.U.Rows)
	// Output:
	// Z^{ℓ+1/2} = [1.78 0.21 1.78 -0.21 -1.35 0.00]
	// dZ is 3×2, dU is 2×3
}

// Two patches of one row each; the class token comes first.
func ExampleEmbed() {
	e := barsModel().Embed
	n, err := e.Patches(bars())
	Z := e.Forward(bars().Slice(0, 1), nil)
	fmt.Println(n, "patches,", Z.Rows, "tokens of", Z.Cols, "channels,", err)
	// Output: 2 patches, 3 tokens of 16 channels, <nil>
}

func ExampleEmbedTrace() {
	e := barsModel().Embed
	var t crate.EmbedTrace
	Z := e.Forward(bars().Slice(0, 1), &t)
	fmt.Println("patches", t.Patches.Data)
	grad := barsModel().Embed // its values do not matter here, Backward adds to them
	dX := e.Backward(Z, &t, grad)
	fmt.Printf("gradient of the patches: %d×%d\n", dX.Rows, dX.Cols)
	// Output:
	// patches [1 0 1 0]
	// gradient of the patches: 2×2
}

// The head reads the class token alone, or the mean of all tokens.
func ExampleHead() {
	h := &crate.Head{W: eye2, B: []float32{0, 0}} // without LayerNorm
	for _, pool := range []crate.Pool{crate.ClassToken, crate.MeanPool} {
		h.Pool = pool
		fmt.Printf("%v %.2f\n", pool, h.Forward(planeTokens(), nil).Data)
	}
	// Output:
	// cls [1.00 0.20]
	// mean [0.33 0.00]
}

func ExamplePool() {
	cfg := crate.Digits()
	cfg.Pool = crate.MeanPool
	fmt.Println(cfg.Pool, crate.ClassToken)
	// Output: mean cls
}

func ExampleHeadTrace() {
	h := &crate.Head{Norm: crate.NewLayerNorm(2), W: eye2, B: []float32{0, 0}}
	t := crate.HeadTrace{Tokens: 3}
	h.Forward(planeTokens(), &t)
	fmt.Println("class token", t.Pooled.Data)
	grad := &crate.Head{Norm: crate.NewLayerNorm(2), W: crate.NewMatrix(2, 2), B: make([]float32, 2)}
	dZ := h.Backward(crate.Matrix{Rows: 1, Cols: 2, Data: []float32{1, 0}}, &t, grad)
	fmt.Println("the other tokens have no gradient:", dZ.Data[2:])
	// Output:
	// class token [1 0.2]
	// the other tokens have no gradient: [0 0 0 0]
}

func ExampleNewMatrix() {
	Z := crate.NewMatrix(2, 3)
	Z.Row(1)[2] = 5
	fmt.Println(Z.Data, Z.At(1, 2))
	// Output: [0 0 0 0 0 5] 5
}

// Tokens that are columns, as in the paper, become rows.
func ExampleMatrixOf() {
	Z := crate.MatrixOf(planeTokens().T())
	fmt.Println(Z.Rows, Z.Cols, Z.Row(0))
	// Output: 2 3 [1 1 -1]
}

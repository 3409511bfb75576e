package crate_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/gocrate/gocrate/crate"
)

// bars returns 2×2 images of a vertical (class 0) or a horizontal (class 1)
// bar.
func bars() crate.Images {
	return crate.Images{
		Pixels: []float32{
			1, 0, 1, 0, //
			0, 1, 0, 1, //
			1, 1, 0, 0, //
			0, 0, 1, 1, //
		},
		Labels:   []int{0, 0, 1, 1},
		Channels: 1, Height: 2, Width: 2, Classes: 2,
		Names: []string{"vertical", "horizontal"},
	}
}

// barsModel cuts the images of bars into two patches of one row.
func barsModel() *crate.Model {
	m, err := crate.New(crate.Config{ImageHeight: 2, PatchHeight: 1, PatchWidth: 2, Channels: 1, Classes: 2, Dim: 16, Depth: 2, Heads: 4}, 1)
	if err != nil {
		panic(err)
	}
	return m
}

func ExampleNew() {
	m, err := crate.New(crate.Digits(), 0)
	fmt.Println(m, err)

	_, err = crate.New(crate.Config{ImageHeight: 8, PatchHeight: 3, Classes: 10, Dim: 48, Depth: 4, Heads: 4}, 0)
	fmt.Println(err)
	// Output:
	// CRATE: 4 layers, 48 channels, 4 heads of 12, 17 tokens, 10 classes, 30402 parameters <nil>
	// crate: Config.ImageHeight 8 is not a multiple of PatchHeight 3
}

func ExampleConfig() {
	cfg := crate.Tiny()
	cfg.ImageHeight, cfg.PatchHeight = 32, 4
	cfg.Classes = 10
	fmt.Println(cfg.Tokens(), "tokens,", cfg.Validate())
	// Output: 65 tokens, <nil>
}

func ExampleTrain() {
	m, x := barsModel(), bars()
	history, err := crate.Train(context.Background(), m, x, crate.TrainConfig{Epochs: 20})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(len(history.Loss), "steps, accuracy", m.Accuracy(x))
	// Output: 20 steps, accuracy 1
}

func ExampleTrainConfig_observe() {
	cfg := crate.TrainConfig{Epochs: 2, BatchSize: 2, Observe: func(s crate.Step) {
		fmt.Printf("epoch %d of %d, step %d of %d, rate %.2g\n", s.Epoch, s.Epochs, s.Step, s.Steps, s.LearningRate)
	}}
	if _, err := crate.Train(context.Background(), barsModel(), bars(), cfg); err != nil {
		fmt.Println(err)
	}
	// Output:
	// epoch 1 of 2, step 1 of 4, rate 0.0013
	// epoch 1 of 2, step 2 of 4, rate 0.0013
	// epoch 2 of 2, step 3 of 4, rate 0.002
	// epoch 2 of 2, step 4 of 4, rate 0.002
}

func ExampleModel_Trace() {
	t := barsModel().Trace(bars())
	last := len(t.Layers) - 1
	Z, A := t.Next(last, 0), t.Attention(last, 0, 3)
	fmt.Printf("Z of the first image: %d tokens of %d channels\n", Z.Rows, Z.Cols)
	fmt.Printf("attention of head 3: %d×%d\n", A.Rows, A.Cols)
	// Output:
	// Z of the first image: 3 tokens of 16 channels
	// attention of head 3: 3×3
}

func ExampleModel_Gradient() {
	m, x := barsModel(), bars()
	before, grad, _ := m.Gradient(x, 0)
	params, slopes := m.Params(), grad.Params()
	for i, p := range params {
		for j := range p.Data {
			p.Data[j] -= 0.01 * slopes[i].Data[j]
		}
	}
	after, _, _ := m.Gradient(x, 0)
	fmt.Println("a small step against the gradient lowers the loss:", after < before)
	// Output: a small step against the gradient lowers the loss: true
}

func ExampleMeasure() {
	curve, err := crate.Measure(context.Background(), barsModel(), bars(), crate.Sparsity)
	fmt.Println(curve.What, err)
	fmt.Println("layers", curve.Layers, "with", len(curve.Mean), "means")
	// Output:
	// share of non-zero entries of $\mathbf{Z}^{\ell+1}$; mean and population standard deviation over 4 images <nil>
	// layers [1 2] with 2 means
}

// A protocol is a value: copy one and change what shall differ.
func ExampleProtocol() {
	p := crate.HalfLayer
	p.Name, p.Unit = "HalfLayerUnit", true
	curve, err := crate.Measure(context.Background(), barsModel(), bars(), p)
	fmt.Println(curve.What, err)
	// Output: $R^c(\mathbf{Z}^{\ell+1/2} \mid \mathbf{U}^{\ell}_{[K]})$, tokens of unit length, $\epsilon^2 = 0.25$; mean and unbiased standard deviation over 4 images <nil>
}

// Token (1, 0) and token (0, 1) attend mostly to themselves; with U and W the
// identity, MSSA averages them a little.
func ExampleMSSA() {
	I := crate.Matrix{Rows: 2, Cols: 2, Data: []float32{1, 0, 0, 1}}
	m := &crate.MSSA{Heads: 1, U: I}
	var t crate.MSSATrace
	Y := m.Forward(I, &t)
	fmt.Printf("%.3f %.3f\n", Y.Row(0)[0], Y.Row(0)[1])
	// Output: 0.670 0.330
}

// With D = I nothing is left unexplained, and the step only subtracts ηλ and
// cuts off what is negative.
func ExampleISTA() {
	b := &crate.ISTA{D: crate.Matrix{Rows: 2, Cols: 2, Data: []float32{1, 0, 0, 1}}, StepSize: 0.1, Lambda: 0.1}
	Z := crate.Matrix{Rows: 2, Cols: 2, Data: []float32{1, -1, 0.005, 0.5}}
	Y := b.Forward(Z, nil)
	fmt.Printf("%.2f\n", Y.Data)
	fmt.Printf("%.2f\n", b.Fold().Forward(Z, nil).Data)
	// Output:
	// [0.99 0.00 0.00 0.49]
	// [0.99 0.00 0.00 0.49]
}

func ExampleLayerNorm() {
	l := crate.NewLayerNorm(4)
	Y := l.Forward(crate.Matrix{Rows: 1, Cols: 4, Data: []float32{1, 3, 1, 3}}, nil)
	fmt.Printf("%.2f\n", Y.Data)
	// Output: [-1.00 1.00 -1.00 1.00]
}

func ExampleCrossEntropy() {
	logits := crate.Matrix{Rows: 1, Cols: 2, Data: []float32{0, 0}}
	loss, d := crate.CrossEntropy(logits, []int{1}, 0)
	fmt.Printf("%.4f %.1f\n", loss, d.Data) // log 2, and softmax − one-hot
	// Output: 0.6931 [0.5 -0.5]
}

func ExampleSchedule() {
	for epoch := range 4 {
		fmt.Printf("%.3f ", crate.Schedule(epoch, 4, 2))
	}
	fmt.Println()
	// Output: 0.500 0.854 0.500 0.146
}

func ExampleMatrix() {
	Z := crate.Matrix{Rows: 3, Cols: 2, Data: []float32{1, 0, 0, 1, 1, 1}} // three tokens in the plane
	d, N := Z.T().Dims()
	fmt.Println(d, N, Z.Row(2), crate.NonZeroFraction(Z.T()))
	// Output: 2 3 [1 1] 0.6666666666666666
}

func ExampleImages() {
	x := bars()
	fmt.Println(x.Len(), x.Slice(2, 4).Labels, x.Image(3), x.Validate())
	// Output: 4 [1 1] [0 0 1 1] <nil>
}

// The augmentation makes each image brighter or darker at random.
func ExampleAugmentation() {
	brighten := func(image crate.Images, rng *rand.Rand) {
		shift := 0.2 * (rng.Float32() - 0.5)
		for i := range image.Pixels {
			image.Pixels[i] += shift
		}
	}
	m, x := barsModel(), bars()
	_, err := crate.Train(context.Background(), m, x, crate.TrainConfig{Epochs: 20, Augment: []crate.Augmentation{brighten}})
	fmt.Println("accuracy", m.Accuracy(x), err)
	// Output: accuracy 1 <nil>
}

func ExampleOptimizer() {
	m, x := barsModel(), bars()
	opt, err := crate.NewOptimizer("lion", 0.05)
	if err != nil {
		fmt.Println(err)
		return
	}
	before, grad, _ := m.Gradient(x, 0)
	opt.Step(m, grad, 1e-3)
	after, _, _ := m.Gradient(x, 0)
	fmt.Println("a step lowers the loss:", after < before)
	// Output: a step lowers the loss: true
}

func ExampleNewOptimizer() {
	_, err := crate.NewOptimizer("adagrad", 0)
	fmt.Println(err)
	// Output: crate: there is no optimiser "adagrad"; want adamw, adam, sgd or lion
}

// stepFrom1 prints a bias of 1 after a step with gradient ½ and rate 0.1.
func stepFrom1(opt crate.Optimizer) {
	m, grad := barsModel(), barsModel()
	m.Head.B[0], grad.Head.B[0] = 1, 0.5
	opt.Step(m, grad, 0.1)
	fmt.Printf("%.4f\n", m.Head.B[0])
}

func ExampleNewAdamW() {
	opt := crate.NewAdamW(0.05)
	opt.Beta2, opt.MatricesOnly = 0.95, true // before the first step all may be changed
	fmt.Println(opt.Beta1, opt.Beta2, opt.Eps, opt.WeightDecay)
	// Output: 0.9 0.95 1e-08 0.05
}

func ExampleNewAdam() {
	opt := crate.NewAdam(1e-4)
	fmt.Println(opt.Beta1, opt.Beta2, opt.Eps, opt.WeightDecay)
	// Output: 0.9 0.999 1e-08 0.0001
}

func ExampleNewSGD() {
	opt := crate.NewSGD(5e-4)
	fmt.Println(opt.Momentum, opt.WeightDecay)
	// Output: 0.9 0.0005
}

func ExampleNewLion() {
	opt := crate.NewLion(0.5)
	fmt.Println(opt.Beta1, opt.Beta2, opt.WeightDecay)
	// Output: 0.9 0.99 0.5
}

func ExampleAdamW() {
	stepFrom1(crate.NewAdamW(0.2)) // 1 − 0.1·0.2·1 − 0.1·sign(½)
	// Output: 0.8800
}

func ExampleAdam() {
	stepFrom1(crate.NewAdam(0.2)) // 1 − 0.1·sign(½ + 0.2·1)
	// Output: 0.9000
}

func ExampleSGD() {
	stepFrom1(crate.NewSGD(0.2)) // 1 − 0.1·(½ + 0.2·1)
	// Output: 0.9300
}

func ExampleLion() {
	stepFrom1(crate.NewLion(0.2)) // 1 − 0.1·0.2·1 − 0.1·sign(½)
	// Output: 0.8800
}

func ExampleClipGradient() {
	_, grad, _ := barsModel().Gradient(bars(), 0)
	long := crate.ClipGradient(grad, 0.1)
	fmt.Println(long > 0.1, crate.ClipGradient(grad, 1) < 0.1)
	// Output: true true
}

func ExampleWarmupCosine() {
	for epoch := range 6 {
		fmt.Printf("%.3f ", crate.WarmupCosine(epoch, 6, 2))
	}
	fmt.Println()
	// Output: 0.500 1.000 1.000 0.854 0.500 0.146
}

func ExampleConstant() {
	cfg := crate.TrainConfig{Epochs: 3, Warmup: 2, Schedule: crate.Constant, LearningRate: 0.01, Optimizer: "sgd"}
	history, err := crate.Train(context.Background(), barsModel(), bars(), cfg)
	fmt.Println(history.LearningRate, err)
	// Output: [0.005 0.01 0.01] <nil>
}

package crate_test

import (
	"context"
	"fmt"

	"github.com/gocrate/gocrate/crate"
)

// From the equations to the released code, one difference at a time.
func ExampleVariant() {
	cfg := crate.Digits()
	cfg.Variant = crate.Paper
	for _, change := range []func(v *crate.Variant){
		func(v *crate.Variant) { v.Compress = crate.CompressExact },
		func(v *crate.Variant) { v.Compress = crate.CompressMSSA },
		func(v *crate.Variant) { v.Tied = false },
		func(v *crate.Variant) { *v = crate.Released },
	} {
		change(&cfg.Variant)
		m, err := crate.New(cfg, 0)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(cfg.Variant, m.NumParams())
	}
	// Output:
	// CRATE (Exact, ISTA, Tied, PlainScores, WeightedSkip, NoNorm, Orthonormal) 20026
	// CRATE (paper) 20026
	// CRATE (MSSA, ISTA, PlainScores, WeightedSkip, NoNorm, Orthonormal) 29434
	// CRATE 30402
}

// What can stand in the first half of a layer.
func ExampleCompression() {
	v := crate.Paper
	for _, v.Compress = range []crate.Compression{
		crate.CompressExact, crate.CompressNeumann, crate.CompressSoftmax, crate.CompressMSSA, crate.CompressMHSA,
	} {
		fmt.Print(v.Compress, " ")
	}
	fmt.Println()
	// Output: Exact Neumann Softmax MSSA MHSA
}

// What can stand in the second half of a layer.
func ExampleSparsification() {
	for _, s := range []crate.Sparsification{crate.SparsifyISTA, crate.SparsifySoft, crate.SparsifyMM, crate.SparsifyMLP} {
		fmt.Print(s, " ")
	}
	fmt.Println()
	// Output: ISTA Soft MM MLP
}

// The models that the papers compare, at the size of the digits.
func ExampleDigits() {
	cfg := crate.Digits()
	for _, cfg.Variant = range []crate.Variant{crate.Released, crate.MSSAMLP, crate.MHSAISTA, crate.ViT} {
		m, err := crate.New(cfg, 0)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(cfg.Variant, m.NumParams())
	}
	// Output:
	// CRATE 30402
	// MSSA + MLP 95874
	// MHSA + ISTA 48834
	// ViT 114306
}

func ExampleTiny() {
	fmt.Println(crate.Tiny().Dim, crate.Tiny().Depth, crate.Tiny().Heads) /* Output: 384 12 6 */
}
func ExampleSmall() {
	fmt.Println(crate.Small().Dim, crate.Small().Depth, crate.Small().Heads) /* Output: 576 12 12 */
}
func ExampleBase() {
	fmt.Println(crate.Base().Dim, crate.Base().Depth, crate.Base().Heads) /* Output: 768 12 12 */
}
func ExampleLarge() {
	fmt.Println(crate.Large().Dim, crate.Large().Depth, crate.Large().Heads) /* Output: 1024 24 16 */
}

// trainedBars is barsModel after some training.
func trainedBars() *crate.Model {
	m := barsModel()
	if _, err := crate.Train(context.Background(), m, bars(), crate.TrainConfig{Epochs: 20}); err != nil {
		panic(err)
	}
	return m
}

func ExampleModel_TopK() {
	for _, top := range trainedBars().TopK(bars(), 1) {
		fmt.Println(top[0].Name)
	}
	// Output:
	// vertical
	// vertical
	// horizontal
	// horizontal
}

func ExamplePrediction() {
	fmt.Println(crate.Prediction{Class: 1, Name: "horizontal", Probability: 0.987})
	// Output: horizontal 98.7%
}

func ExampleModel_Probabilities() {
	P := trainedBars().Probabilities(bars())
	fmt.Println(P.Rows, "images,", P.Cols, "classes; is the first vertical?", P.Row(0)[0] > 0.5)
	// Output: 4 images, 2 classes; is the first vertical? true
}

func ExampleModel_Predict() {
	fmt.Println(trainedBars().Predict(bars()))
	// Output: [0 0 1 1]
}

// Images in memory are a source; so is a folder of pictures.
func ExampleEvaluate() {
	e, err := crate.Evaluate(context.Background(), trainedBars(), bars(), func(e crate.Evaluation) {
		fmt.Printf("%d of %d images\n", e.Images, e.Total)
	})
	fmt.Println(e.Top1, e.Top5, err)
	// Output:
	// 4 of 4 images
	// 1 1 <nil>
}

// Row i of the confusion counts the answers for images of class i.
func ExampleEvaluation() {
	e, err := crate.Evaluate(context.Background(), trainedBars(), bars(), nil)
	fmt.Println(e.Names[0], e.Confusion.RawRowView(0), err)
	// Output: vertical [2 0] <nil>
}

// mirrored is a source that turns every image of another upside down.
type mirrored struct{ crate.ImageSource }

func (s mirrored) Read(ctx context.Context, i, j int) (crate.Images, error) {
	x, err := s.ImageSource.Read(ctx, i, j)
	if err != nil {
		return x, err
	}
	pixels := make([]float32, len(x.Pixels))
	for p := range pixels {
		row, col := p/x.Width, p%x.Width
		pixels[p] = x.Pixels[(row^1)*x.Width+col] // rows 0 and 1 exchanged
	}
	x.Pixels = pixels
	return x, nil
}

func ExampleImageSource() {
	e, err := crate.Evaluate(context.Background(), trainedBars(), mirrored{bars()}, nil)
	fmt.Println(e.Images, e.Top1, err)
	// Output: 4 1 <nil>
}

// Every layer's tokens, and where its class token looks.
func ExampleTrace() {
	t := barsModel().Trace(bars())
	fmt.Println("Z", t.Z(0, 0).Rows, "Half", t.Half(0, 0).Rows, "Next", t.Next(0, 0).Rows, "tokens")
	fmt.Println("projected to", t.Projected(0, 0, 3).Cols, "dimensions, of", t.Logits().Rows, "images")
	fmt.Println("patches", t.PatchRows, "×", t.PatchCols)
	// Output:
	// Z 3 Half 3 Next 3 tokens
	// projected to 4 dimensions, of 4 images
	// patches 2 × 1
}

// The map has the shape of the image in patches, here two rows of one.
func ExampleTrace_AttentionMap() {
	M := barsModel().Trace(bars()).AttentionMap(1, 0, 2)
	fmt.Println(M.Rows, M.Cols, M.At(0, 0)+M.At(1, 0) < 1)
	// Output: 2 1 true
}

func ExampleModel_Clone() {
	m := barsModel()
	c := m.Clone()
	c.Head.B[0]++
	fmt.Println(c.NumParams() == m.NumParams(), c.Head.B[0] == m.Head.B[0])
	// Output: true false
}

func ExampleParam() {
	for _, p := range barsModel().Params()[:3] {
		fmt.Println(p.Name, p.Shape, len(p.Data))
	}
	// Output:
	// pos_embedding [1 3 16] 48
	// cls_token [1 1 16] 16
	// to_patch_embedding.1.weight [2] 2
}

// What the projections on the subspaces cost to code, and what knowing the
// subspaces saves.
func ExampleQuantity() {
	for _, p := range []crate.Protocol{
		{Name: "projected", Quantity: crate.QuantitySubspaceRate, Stage: crate.StageProjected, EpsSq: 0.25},
		{Name: "saved", Quantity: crate.QuantityReduction, Stage: crate.StageInput, EpsSq: 0.25},
		{Name: "objective", Quantity: crate.QuantityObjective, Stage: crate.StageOutput, EpsSq: 0.25, Lambda: 0.1},
		{Name: "non-zeros", Quantity: crate.QuantityNonZeros, Stage: crate.StageInput},
	} {
		curve, err := crate.Measure(context.Background(), barsModel(), bars(), p)
		fmt.Println(curve.Protocol, len(curve.Mean), err)
	}
	// Output:
	// projected 2 <nil>
	// saved 2 <nil>
	// objective 2 <nil>
	// non-zeros 2 <nil>
}

// The rate of the tokens after each half of a layer.
func ExampleStage() {
	p := crate.Protocol{Name: "half", Quantity: crate.QuantityRate, Stage: crate.StageHalf, EpsSq: 0.25}
	half, _ := crate.Measure(context.Background(), barsModel(), bars(), p)
	p.Stage = crate.StageOutput
	output, err := crate.Measure(context.Background(), barsModel(), bars(), p)
	fmt.Println("ISTA lowers the rate:", output.Mean[0] < half.Mean[0], err)
	// Output: ISTA lowers the rate: true <nil>
}

// One name for several numbers: each protocol says which it is.
func ExampleMeasurement() {
	for _, p := range []crate.Protocol{crate.AsPlotted, crate.HalfLayer, crate.TotalRate, crate.Reduction, crate.Objective, crate.Sparsity} {
		curve, err := crate.Measure(context.Background(), barsModel(), bars(), p)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(curve.Protocol, curve.Layers, len(curve.Mean), len(curve.SD))
	}
	// Output:
	// AsPlotted [1 2] 2 2
	// HalfLayer [1 2] 2 2
	// TotalRate [1 2] 2 2
	// Reduction [1 2] 2 2
	// Objective [1 2] 2 2
	// Sparsity [1 2] 2 2
}

// Step is what Observe sees; History is what Train returns.
func ExampleStep() {
	cfg := crate.TrainConfig{Epochs: 1, BatchSize: 2, Observe: func(s crate.Step) {
		fmt.Println("step", s.Step, "of", s.Steps, "epoch ended:", s.EpochEnd)
	}}
	if _, err := crate.Train(context.Background(), barsModel(), bars(), cfg); err != nil {
		fmt.Println(err)
	}
	// Output:
	// step 1 of 2 epoch ended: false
	// step 2 of 2 epoch ended: true
}

func ExampleHistory() {
	h, err := crate.Train(context.Background(), barsModel(), bars(), crate.TrainConfig{Epochs: 20, Validation: bars()})
	fmt.Println("the loss fell:", h.Loss[19] < h.Loss[0], "validation", h.Validation[19], err)
	// Output: the loss fell: true validation 1 <nil>
}

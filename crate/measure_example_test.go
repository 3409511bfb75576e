package crate_test

import (
	"context"
	"fmt"

	"github.com/gocrate/gocrate/crate"
)

// All protocols in one pass. Images in a folder are measured in the same way.
func ExampleMeasureAll() {
	progress := func(done, total int) { fmt.Println(done, "of", total) }
	all, err := crate.MeasureAll(context.Background(), barsModel(), bars(), crate.Protocols(), progress)
	if err != nil {
		fmt.Println(err)
	}
	for _, curve := range all {
		fmt.Println(curve.Protocol, curve.Layers, len(curve.Mean), len(curve.SD))
	}
	// Output:
	// 4 of 4
	// AsPlotted [1 2] 2 2
	// HalfLayer [1 2] 2 2
	// TotalRate [1 2] 2 2
	// Reduction [1 2] 2 2
	// Objective [1 2] 2 2
	// Sparsity [1 2] 2 2
}

// The curves of a model as it learns: before training, and after some epochs.
func ExampleMeasureAll_duringTraining() {
	ctx, model := context.Background(), barsModel()
	measure := func(epoch int) {
		all, err := crate.MeasureAll(ctx, model, bars(), []crate.Protocol{crate.AsPlotted, crate.Sparsity}, nil)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println("epoch", epoch, all[0].Protocol, len(all[0].Mean), all[1].Protocol, len(all[1].Mean))
	}
	measure(0)
	crate.Train(ctx, model, bars(), crate.TrainConfig{Epochs: 4, BatchSize: 2, Observe: func(s crate.Step) {
		if s.EpochEnd && (s.Epoch == 1 || s.Epoch == 4) {
			measure(s.Epoch)
		}
	}})
	// Output:
	// epoch 0 AsPlotted 2 Sparsity 2
	// epoch 1 AsPlotted 2 Sparsity 2
	// epoch 4 AsPlotted 2 Sparsity 2
}

// The paper's figure shows four directions of every head.
func ExampleCoherence() {
	c := crate.SubspaceCoherence(barsModel().Layers[0].Subspaces())
	n, _ := c.Matrix.Dims()
	few, _ := c.Sample(2, 1).Matrix.Dims()
	fmt.Printf("%d heads, %d directions, %d of them to be drawn; random ones have %.3f\n", c.Heads, n, few, c.Random)
	// Output: 4 heads, 16 directions, 8 of them to be drawn; random ones have 0.203
}

func ExampleSpectrum() {
	s, err := crate.SingularValues(context.Background(), barsModel(), bars(), crate.StageOutput, nil)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(s.What)
	fmt.Println("layers", s.Layers, "with", len(s.Mean[0]), "values each, the first the largest:", s.Mean[0][0] > s.Mean[0][1])
	// Output:
	// singular values of $\mathbf{Z}^{\ell+1}$, tokens as they are; mean and unbiased standard deviation over 4 images
	// layers [1 2] with 3 values each, the first the largest: true
}

func ExampleTokenHeatmap() {
	t := barsModel().Trace(bars())
	channels, tokens := crate.TokenHeatmap(t.Next(1, 0), 6, 3, 1).Dims()
	fmt.Println(channels, "channels of", tokens, "tokens")
	// Output: 6 channels of 3 tokens
}

func ExampleHeadConsistency() {
	c, err := crate.MeasureHeads(context.Background(), barsModel(), bars(), 1, nil)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(c.What)
	fmt.Println(len(c.Score), "heads, chance", c.Chance)
	// Output:
	// share of 4 images in which a head of layer 2 is recognised by what it sees in the others; chance is 1/4
	// 4 heads, chance 0.25
}

func ExampleTrace_Features() {
	t := barsModel().Trace(bars())
	F := t.Features(1, 0)
	fmt.Println(F.Rows, "patches,", F.Cols, "coordinates in", len(t.AttentionMaps(1, 0)), "subspaces")
	// Output: 2 patches, 16 coordinates in 4 subspaces
}

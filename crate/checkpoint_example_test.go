package crate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gocrate/gocrate/crate"
)

// scratch is a directory for one example.
func scratch() (dir string, remove func()) {
	dir, err := os.MkdirTemp("", "crate")
	if err != nil {
		panic(err)
	}
	return dir, func() { os.RemoveAll(dir) }
}

func ExampleLoad() {
	dir, remove := scratch()
	defer remove()
	path := filepath.Join(dir, "bars.safetensors")

	m, x := barsModel(), bars()
	fmt.Println(m.Save(path))
	loaded, err := crate.Load(path)
	fmt.Println(loaded, err)
	fmt.Println(loaded.Forward(x).Data[0] == m.Forward(x).Data[0])
	// Output:
	// <nil>
	// CRATE: 2 layers, 16 channels, 4 heads of 4, 3 tokens, 2 classes, 1910 parameters <nil>
	// true
}

// A .pth file opens in PyTorch too.
func ExampleModel_Save() {
	dir, remove := scratch()
	defer remove()
	path := filepath.Join(dir, "bars.pth")
	fmt.Println(barsModel().Save(path))
	fmt.Println(barsModel().Save("bars.onnx"))
	// Output:
	// <nil>
	// crate: saving bars.onnx: the format of a file ".onnx" is not known; want .safetensors, .pth, .pt, .tar or .pth.tar
}

// This file is of no official model, and says nothing of the heads.
func ExampleLoadAs() {
	path := "../internal/torchfile/testdata/main_lion.pth.tar"
	_, err := crate.Load(path)
	fmt.Println(err)
	m, err := crate.LoadAs(path, crate.Config{Heads: 3})
	fmt.Println(m, err)
	// Output:
	// crate: loading ../internal/torchfile/testdata/main_lion.pth.tar: the file does not say how many heads the model has; give them: crate.LoadAs(path, crate.Config{Heads: …}). CRATE-Tiny has 6, Small and Base 12, Large 16
	// CRATE: 3 layers, 48 channels, 3 heads of 16, 17 tokens, 10 classes, 32650 parameters <nil>
}

// The optimiser of a training script goes on where it stopped.
func ExampleLoadCheckpoint() {
	c, err := crate.LoadCheckpoint("../internal/torchfile/testdata/main_adamw.pth.tar", crate.Config{Heads: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	opt := c.Optimizer.(*crate.AdamW)
	fmt.Printf("%s after epoch %d: %d steps, weight decay %g, best accuracy %g %%\n", c.Arch, c.Epoch, opt.Steps, opt.WeightDecay, c.BestAcc1)
	// Output: CRATE_tiny after epoch 3: 3 steps, weight decay 0.1, best accuracy 12.5 %
}

func ExampleCheckpoint() {
	dir, remove := scratch()
	defer remove()
	path := filepath.Join(dir, "bars.pth.tar")

	m := barsModel()
	opt := crate.NewLion(0.05)
	_, grad, _ := m.Gradient(bars(), 0)
	opt.Step(m, grad, 1e-3)
	c := crate.Checkpoint{Model: m, Optimizer: opt, Epoch: 1, Arch: "CRATE_bars", LearningRate: 1e-3}
	fmt.Println(c.Save(path))

	again, err := crate.LoadCheckpoint(path, crate.Config{})
	fmt.Println(again.Epoch, again.Arch, again.Optimizer.(*crate.Lion).WeightDecay, err)
	// Output:
	// <nil>
	// 1 CRATE_bars 0.05 <nil>
}

// A run that was stopped goes on where it was; here after 7 of 20 steps.
func ExampleTrainConfig_checkpoint() {
	dir, remove := scratch()
	defer remove()
	ctx, stop := context.WithCancel(context.Background())
	cfg := crate.TrainConfig{Epochs: 20, Checkpoint: filepath.Join(dir, "bars.safetensors")}
	cfg.Observe = func(s crate.Step) {
		if s.Step == 7 {
			stop()
		}
	}
	history, err := crate.Train(ctx, barsModel(), bars(), cfg)
	fmt.Println(len(history.Loss), "steps,", err)

	m := barsModel()
	history, err = crate.Train(context.Background(), m, bars(), cfg)
	fmt.Println(len(history.Loss), "steps, accuracy", m.Accuracy(bars()), err)
	// Output:
	// 7 steps, context canceled
	// 20 steps, accuracy 1 <nil>
}

// A trained model is the same again only where the kernels are.
func ExampleKernels() {
	switch crate.Kernels() {
	case "AVX-512", "AVX2", "Go":
		fmt.Println("say so beside what you keep")
	}
	// Output: say so beside what you keep
}

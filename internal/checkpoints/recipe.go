package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/datasets"
	"github.com/gocrate/gocrate/segment"
)

// recipe is a checkpoint to be made: chapter 10 of the course compares what two
// kinds of models attend to, over three seeds each.
type recipe struct {
	variant crate.Variant
	seed    uint64
}

var recipes = []recipe{
	{crate.Released, 0}, {crate.ViT, 0},
	{crate.Released, 1}, {crate.ViT, 1},
	{crate.Released, 2}, {crate.ViT, 2},
}

// The images, of which chapter 10 has the same.
var (
	trainDrawing = datasets.Drawing{Count: 6000, Seed: 1}
	testDrawing  = datasets.Drawing{Count: 500, Seed: 2}
)

// rule makes a mask of an attention map. The shapes cover 11 % of the images.
var rule = segment.Threshold{Rule: segment.ShareOfEntries, Share: 0.2, Pixels: true}

func (r recipe) name() string {
	return fmt.Sprintf("shapes-%s-%d", strings.ToLower(r.variant.String()), r.seed)
}

func recipeOf(name string) (recipe, error) {
	var names []string
	for _, r := range recipes {
		if r.name() == name {
			return r, nil
		}
		names = append(names, r.name())
	}
	return recipe{}, fmt.Errorf("there is no checkpoint %q; want one of %s", name, strings.Join(names, ", "))
}

func (r recipe) config() crate.Config {
	return crate.Config{ImageHeight: 32, PatchHeight: 4, Classes: 6, Dim: 48, Depth: 4, Heads: 4, Variant: r.variant}
}

func (r recipe) training() crate.TrainConfig {
	return crate.TrainConfig{
		Epochs: 20, BatchSize: 64, LearningRate: 2e-3, WeightDecay: 0.1, Seed: r.seed,
		Schedule: crate.WarmupCosine, Warmup: 3, Augment: []crate.Augmentation{datasets.RandomFlip()},
	}
}

// make trains the model, writes its file and measures it.
func (r recipe) make(dir string) (Entry, error) {
	m, err := crate.New(r.config(), r.seed)
	if err != nil {
		return Entry{}, err
	}
	train, tc, begun := datasets.DrawShapes(trainDrawing), r.training(), time.Now()
	if _, err := crate.Train(context.Background(), m, train.Images, tc); err != nil {
		return Entry{}, err
	}
	e := Entry{
		Name: r.name(), Command: "go run ./internal/checkpoints " + r.name(), Model: m.String(), Seed: r.seed,
		Train: described(trainDrawing), Test: described(testDrawing),
		Recipe: fmt.Sprintf("crate.Train: %d epochs of batches of %d, AdamW with rate %g and decay %g, WarmupCosine with warm-up %d, RandomFlip",
			tc.Epochs, tc.BatchSize, tc.LearningRate, tc.WeightDecay, tc.Warmup),
		Kernels: crate.Kernels(), Seconds: int(time.Since(begun).Seconds()),
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Entry{}, err
	}
	if err := m.Save(checkpointFile(dir, e.Name)); err != nil {
		return Entry{}, err
	}
	if e.SHA256, err = hashOf(checkpointFile(dir, e.Name)); err != nil {
		return Entry{}, err
	}
	return e, e.measure(m, train.Slice(0, 500))
}

// measure sets the numbers of the entry; train are the images by which the head
// is chosen.
func (e *Entry) measure(m *crate.Model, train datasets.Segmented) error {
	s, err := segment.EvaluateHeads(context.Background(), m, train.Images, train.Objects(), rule, nil)
	if err != nil {
		return err
	}
	for ℓ := range m.Config.Depth {
		for k := range m.Config.Heads {
			if s.IoU.At(ℓ, k) > s.IoU.At(e.Head[0], e.Head[1]) {
				e.Head = [2]int{ℓ, k}
			}
		}
	}
	e.Accuracy, e.MeanIoU = e.onTestImages(m)
	return nil
}

// onTestImages returns the accuracy of the model, and the mean IoU of the head of
// the entry.
func (e *Entry) onTestImages(m *crate.Model) (accuracy, meanIoU float64) {
	test := datasets.DrawShapes(testDrawing)
	for i, objects := range test.Objects() {
		saliency := m.Trace(test.Images.Slice(i, i+1)).AttentionMap(e.Head[0], 0, e.Head[1])
		mask := rule.Mask(segment.Bilinear(saliency, objects[0].Height, objects[0].Width))
		meanIoU += segment.IoU(mask, objects[0]) / float64(testDrawing.Count)
	}
	return m.Accuracy(test.Images), meanIoU
}

func described(d datasets.Drawing) string {
	return fmt.Sprintf("datasets.DrawShapes(datasets.Drawing{Count: %d, Seed: %d})", d.Count, d.Seed)
}

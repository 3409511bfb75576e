package crate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
)

// TrainConfig says how to train. Fields left at zero take the values tuned
// for the digits, named beside each.
type TrainConfig struct {
	Epochs         int     // passes over the images; 0: 30
	BatchSize      int     // images a step; 0: 128. The last batch of an epoch may be smaller
	LearningRate   float64 // before the schedule; 0: 4e-3
	WeightDecay    float64 // of AdamW; 0: 0.1, negative: none
	LabelSmoothing float64 // of the loss; 0: 0.1, negative: none
	Warmup         int     // epochs of linear warm-up; 0: 3, negative: none
	Seed           uint64  // of the order of the images

	// Augment changes every training image each time it is visited, by one
	// augmentation after another; none if empty. Validation images stay as
	// they are.
	Augment []Augmentation

	// Validation images are classified after every epoch; none if empty.
	Validation Images

	// Observe, if not nil, is called after every step, on the goroutine that
	// called Train: training waits for it. It must not change the model.
	Observe func(Step)
}

// Step is the state of training after one step.
type Step struct {
	Epoch, Epochs int // from 1
	Step, Steps   int // from 1, over all epochs
	EpochEnd      bool

	Loss         float64 // of this step's batch, before the step
	LearningRate float64 // of this step
	Accuracy     float64 // on the images of this epoch so far, each before its step
	Validation   float64 // accuracy after the last completed epoch; 0 before, or without Validation images
}

// History is the course of training, ready to be plotted.
type History struct {
	Loss         []float64 // of each step
	LearningRate []float64 // of each step
	Accuracy     []float64 // of each completed epoch: training images, each classified just before its step
	Validation   []float64 // of each completed epoch: accuracy on the validation images, if there are any
}

// Train fits m to the images by AdamW on the cross-entropy, the learning rate
// following [Schedule]. It changes m in place. Every epoch visits the images
// in a fresh random order. The same model, images and configuration give the
// same parameters, bit by bit, on any number of processors.
//
// When ctx ends, Train returns the history so far and ctx's error; m is as
// the last completed step left it. Train stops with an error as well when the
// loss is no longer a finite number.
func Train(ctx context.Context, m *Model, train Images, cfg TrainConfig) (History, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(m, train); err != nil {
		return History{}, err
	}
	t := newTrainer(m, train, cfg)
	for epoch := range cfg.Epochs {
		if err := t.epoch(ctx, epoch); err != nil {
			return t.history, err
		}
	}
	return t.history, nil
}

// trainer is a run of Train.
type trainer struct {
	cfg      TrainConfig
	model    *Model
	images   Images
	backprop *backprop
	optim    *AdamW
	rng      *rand.Rand
	batch    Images // memory of the batch
	history  History
	state    Step
}

func newTrainer(m *Model, x Images, cfg TrainConfig) *trainer {
	return &trainer{
		cfg: cfg, model: m, images: x,
		backprop: newBackprop(m),
		optim:    NewAdamW(max(cfg.WeightDecay, 0)),
		rng:      rand.New(rand.NewPCG(cfg.Seed, 0x747261696e)),
		state:    Step{Epochs: cfg.Epochs, Steps: cfg.Epochs * batches(x.Len(), cfg.BatchSize)},
	}
}

// epoch makes one pass over the images. With validation images it ends with
// their classification.
func (t *trainer) epoch(ctx context.Context, epoch int) error {
	lr := t.cfg.LearningRate * Schedule(epoch, t.cfg.Epochs, t.cfg.Warmup)
	order := t.rng.Perm(t.images.Len())
	t.state.Epoch = epoch + 1
	right, seen := 0, 0
	for len(order) > 0 {
		n := min(t.cfg.BatchSize, len(order))
		r, err := t.step(ctx, order[:n], lr)
		if err != nil {
			return err
		}
		order = order[n:]
		right, seen = right+r, seen+n
		t.state.Accuracy = float64(right) / float64(seen)
		t.state.EpochEnd = len(order) == 0
		if t.state.EpochEnd {
			t.endEpoch()
		}
		if t.cfg.Observe != nil {
			t.cfg.Observe(t.state)
		}
	}
	return nil
}

// step trains on the images whose indices are given and returns how many of
// them the model classified right beforehand.
func (t *trainer) step(ctx context.Context, index []int, lr float64) (right int, err error) {
	t.batch.gather(t.images, index)
	augment(t.batch, index, t.cfg.Augment, t.cfg.Seed, t.state.Epoch)
	loss, right, err := t.backprop.run(ctx, t.batch, max(t.cfg.LabelSmoothing, 0))
	if err != nil {
		return 0, err
	}
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return 0, fmt.Errorf("crate: Train: the loss is %v at step %d; use a smaller LearningRate than %g, and check that the pixels are finite",
			loss, t.state.Step+1, t.cfg.LearningRate)
	}
	t.optim.Step(t.model, t.backprop.grad(), lr)
	t.state.Step++
	t.state.Loss, t.state.LearningRate = loss, lr
	t.history.Loss = append(t.history.Loss, loss)
	t.history.LearningRate = append(t.history.LearningRate, lr)
	return right, nil
}

func (t *trainer) endEpoch() {
	t.history.Accuracy = append(t.history.Accuracy, t.state.Accuracy)
	if t.cfg.Validation.Len() > 0 {
		t.state.Validation = t.model.Accuracy(t.cfg.Validation)
		t.history.Validation = append(t.history.Validation, t.state.Validation)
	}
}

// gather makes x the chosen images of from, copied into x's memory.
func (x *Images) gather(from Images, index []int) {
	pixels, labels := x.Pixels[:0], x.Labels[:0]
	for _, i := range index {
		pixels = append(pixels, from.Image(i)...)
		labels = append(labels, from.Labels[i])
	}
	*x = from
	x.Pixels, x.Labels = pixels, labels
}

// batches is the number of batches of a size in an epoch over n images.
func batches(n, size int) int { return (n + size - 1) / size }

func (c TrainConfig) withDefaults() TrainConfig {
	setDefault(&c.Epochs, 30)
	setDefault(&c.BatchSize, 128)
	setDefault(&c.Warmup, 3)
	for _, f := range []struct {
		field *float64
		value float64
	}{{&c.LearningRate, 4e-3}, {&c.WeightDecay, 0.1}, {&c.LabelSmoothing, 0.1}} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	return c
}

// check reports what keeps m from being trained on x.
func (c TrainConfig) check(m *Model, x Images) error {
	if c.Epochs < 0 || c.BatchSize < 0 || c.LearningRate < 0 || c.LabelSmoothing > 1 {
		return fmt.Errorf("crate: TrainConfig: Epochs %d, BatchSize %d, LearningRate %g must not be negative, LabelSmoothing %g not above 1",
			c.Epochs, c.BatchSize, c.LearningRate, c.LabelSmoothing)
	}
	if err := m.checkLabels(x); err != nil {
		return err
	}
	if c.Validation.Len() == 0 {
		return nil
	}
	if err := m.checkLabels(c.Validation); err != nil {
		return fmt.Errorf("validation images: %w", err)
	}
	return nil
}

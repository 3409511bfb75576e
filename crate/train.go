package crate

import (
	"context"
	"fmt"
)

// TrainConfig says how to train. Fields left at zero take the values tuned
// for the digits, named beside each.
type TrainConfig struct {
	Epochs    int    // passes over the images; 0: 30
	BatchSize int    // images a step; 0: 32. The last batch of an epoch may be smaller
	Seed      uint64 // of the order of the images, augmentations and mixup

	Optimizer         string  // "adamw", "adam", "sgd" or "lion"; empty: adamw
	LearningRate      float64 // before the schedule; 0: 4e-3, with Lion 1e-3, with SGD 0.1
	WeightDecay       float64 // 0: 0.1, with Lion 0.5, with Adam and SGD 1e-4; negative: none
	DecayMatricesOnly bool    // spare norms, biases, class token and positions; as released all decay
	Beta1, Beta2      float64 // β₁ and β₂ of the optimiser, for SGD β₁ is the momentum; 0: its own
	ClipNorm          float64 // longest gradient allowed, see [ClipGradient]; 0: any

	// Schedule scales the learning rate of an epoch, counted from 0; nil: the
	// function [Schedule]. See also [WarmupCosine] and [Constant].
	Schedule func(epoch, epochs, warmup int) float64
	Warmup   int  // epochs of linear warm-up; 0: 3, negative: none
	PerStep  bool // let Schedule count steps instead of epochs

	LabelSmoothing float64 // of the loss; 0: 0.1, negative: none
	Mixup          float64 // α of mixup: blends pairs of images, shares drawn from Beta(α, α); 0: none

	// Augment changes every training image each time it is visited, by one
	// augmentation after another; none if empty. Validation images stay as
	// they are.
	Augment []Augmentation

	// Validation images are classified after every epoch; none if empty.
	Validation Images

	// Checkpoint names a file that keeps the state of training: after every
	// epoch, after every CheckpointSteps steps if that is not 0, and when ctx
	// ends. If it is there when Train begins, training goes on from it, and
	// comes to the same bits as without the interruption; a run that is over
	// is not repeated. It is a safetensors file, which [Load] reads too. None
	// if empty.
	Checkpoint      string
	CheckpointSteps int

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

// Train fits m to the images by an optimiser on the cross-entropy, the
// learning rate following a schedule. It changes m in place. Every epoch
// visits the images in a fresh random order. The same model, images and
// configuration give the same parameters, bit by bit, on any number of
// processors. After mixup the accuracy of a [Step] counts the class of which
// a blend has more.
//
// [TrainConfig].Checkpoint makes a run survive interruptions of any kind; m is
// then the model of the checkpoint, if there is one. That of another run is an
// error, as is one that cannot be read or written.
//
// When ctx ends, Train returns within the time of one micro-batch of a few
// images, with the history so far and ctx's error; m is as the last completed
// step left it. Train stops with an error as well when the loss is no longer
// a finite number.
func Train(ctx context.Context, m *Model, train Images, cfg TrainConfig) (History, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(m, train); err != nil {
		return History{}, err
	}
	t := newTrainer(m, train, cfg)
	err := t.train(ctx)
	return t.history, err
}

func (c TrainConfig) withDefaults() TrainConfig {
	setDefault(&c.Epochs, 30)
	setDefault(&c.BatchSize, 32)
	setDefault(&c.Warmup, 3)
	if c.Optimizer == "" {
		c.Optimizer = "adamw"
	}
	if c.Schedule == nil {
		c.Schedule = Schedule
	}
	usual := usualRates[c.Optimizer]
	setDefaultFloat(&c.LearningRate, usual.rate)
	setDefaultFloat(&c.WeightDecay, usual.decay)
	setDefaultFloat(&c.LabelSmoothing, 0.1)
	return c
}

// usualRates are the learning rates and weight decays that suit the digits.
var usualRates = map[string]struct{ rate, decay float64 }{
	"adamw": {4e-3, 0.1},
	"adam":  {4e-3, 1e-4},
	"sgd":   {0.1, 1e-4},
	"lion":  {1e-3, 0.5},
}

func setDefaultFloat(field *float64, value float64) {
	if *field == 0 {
		*field = value
	}
}

// check reports what keeps m from being trained on x.
func (c TrainConfig) check(m *Model, x Images) error {
	if c.Epochs < 0 || c.BatchSize < 0 || c.LearningRate < 0 || c.LabelSmoothing > 1 {
		return fmt.Errorf("crate: TrainConfig: Epochs %d, BatchSize %d, LearningRate %g must not be negative, LabelSmoothing %g not above 1",
			c.Epochs, c.BatchSize, c.LearningRate, c.LabelSmoothing)
	}
	if c.ClipNorm < 0 || c.Mixup < 0 || !(0 <= c.Beta1 && c.Beta1 < 1) || !(0 <= c.Beta2 && c.Beta2 < 1) {
		return fmt.Errorf("crate: TrainConfig: ClipNorm %g and Mixup %g must not be negative, Beta1 %g and Beta2 %g be below 1",
			c.ClipNorm, c.Mixup, c.Beta1, c.Beta2)
	}
	if _, err := c.optimizer(); err != nil {
		return fmt.Errorf("TrainConfig.Optimizer: %w", err)
	}
	if err := c.checkCheckpoint(m); err != nil {
		return err
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

// checkCheckpoint reports what keeps a checkpoint from being written.
func (c TrainConfig) checkCheckpoint(m *Model) error {
	switch {
	case c.CheckpointSteps < 0:
		return fmt.Errorf("crate: TrainConfig.CheckpointSteps %d must not be negative", c.CheckpointSteps)
	case c.Checkpoint == "":
		return nil
	}
	if err := m.checkConstants(); err != nil {
		return fmt.Errorf("crate: TrainConfig.Checkpoint: %w", err)
	}
	return nil
}

// optimizer returns the optimiser that c names, with c's constants.
func (c TrainConfig) optimizer() (Optimizer, error) {
	o, err := NewOptimizer(c.Optimizer, max(c.WeightDecay, 0))
	switch o := o.(type) {
	case *AdamW:
		o.configure(c)
	case *Adam:
		o.configure(c)
	case *SGD:
		o.MatricesOnly = c.DecayMatricesOnly
		setPositive(&o.Momentum, c.Beta1)
	case *Lion:
		o.MatricesOnly = c.DecayMatricesOnly
		setPositive(&o.Beta1, c.Beta1)
		setPositive(&o.Beta2, c.Beta2)
	}
	return o, err
}

func (o *AdamW) configure(c TrainConfig) {
	o.MatricesOnly = c.DecayMatricesOnly
	setPositive(&o.Beta1, c.Beta1)
	setPositive(&o.Beta2, c.Beta2)
}

func setPositive(field *float64, value float64) {
	if value > 0 {
		*field = value
	}
}

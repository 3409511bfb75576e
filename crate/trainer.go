package crate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// trainer is a run of Train.
type trainer struct {
	cfg      TrainConfig
	model    *Model
	params   []Param // of model
	images   Images
	backprop *backprop
	optim    Optimizer
	batch    Images // memory of the batch
	history  History
	state    Step

	order       *rand.PCG // draws the order of the images of every epoch
	begun       []byte    // its state before it drew that of this epoch
	done, right int       // images of this epoch that were visited, and those classified right
	run         run       // which run this is, for its checkpoint
}

// newTrainer prepares a run. The configuration must have been checked.
func newTrainer(m *Model, x Images, cfg TrainConfig) *trainer {
	optim, err := cfg.optimizer()
	if err != nil {
		panic(err.Error())
	}
	return &trainer{
		cfg: cfg, model: m, params: m.Params(), images: x,
		backprop: newBackprop(m),
		optim:    optim,
		state:    Step{Epochs: cfg.Epochs, Steps: cfg.Epochs * batches(x.Len(), cfg.BatchSize)},
		order:    rand.NewPCG(cfg.Seed, 0x747261696e),
	}
}

// train makes the steps that are left.
func (t *trainer) train(ctx context.Context) error {
	if t.cfg.Checkpoint != "" {
		t.run = t.identity()
		if err := t.resume(); err != nil {
			return fmt.Errorf("crate: Train: continuing: %w", err)
		}
	}
	for t.state.Step < t.state.Steps {
		if err := t.epoch(ctx); err != nil {
			return err
		}
	}
	return nil
}

// epoch makes one pass over the images, or what is left of it. With validation
// images it ends with their classification.
func (t *trainer) epoch(ctx context.Context) error {
	t.state.Epoch = len(t.history.Accuracy) + 1
	t.begun, _ = t.order.MarshalBinary() // never an error
	order := rand.New(t.order).Perm(t.images.Len())
	for first := t.done; first < len(order); {
		index := order[first:min(first+t.cfg.BatchSize, len(order))]
		right, err := t.step(ctx, index, t.learningRate())
		if err != nil {
			return t.interrupted(ctx, err)
		}
		first += len(index)
		t.done, t.right = first, t.right+right
		t.state.Accuracy = float64(t.right) / float64(t.done)
		t.state.EpochEnd = t.done == len(order)
		if t.state.EpochEnd {
			if err := t.endEpoch(ctx); err != nil {
				return err
			}
		}
		if err := t.keep(); err != nil {
			return err
		}
		if t.cfg.Observe != nil {
			t.cfg.Observe(t.state)
		}
	}
	return nil
}

// learningRate is the rate of the step to come.
func (t *trainer) learningRate() float64 {
	if t.cfg.PerStep {
		warmup := t.cfg.Warmup * batches(t.images.Len(), t.cfg.BatchSize)
		return t.cfg.LearningRate * t.cfg.Schedule(t.state.Step, t.state.Steps, warmup)
	}
	return t.cfg.LearningRate * t.cfg.Schedule(len(t.history.Accuracy), t.cfg.Epochs, t.cfg.Warmup)
}

// step trains on the images whose indices are given and returns how many of
// them the model classified right beforehand.
func (t *trainer) step(ctx context.Context, index []int, lr float64) (right int, err error) {
	t.batch.gather(t.images, index)
	augment(t.batch, index, t.cfg.Augment, t.cfg.Seed, t.state.Epoch)
	target := newTargets(t.batch.Labels, max(t.cfg.LabelSmoothing, 0))
	if t.cfg.Mixup > 0 {
		rng := rand.New(rand.NewPCG(t.cfg.Seed^0x6d69787570, uint64(t.state.Step)))
		target = mixup(t.batch, t.cfg.Mixup, target, rng)
	}
	loss, right, err := t.backprop.run(ctx, t.batch, target)
	if err != nil {
		return 0, err
	}
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return 0, fmt.Errorf("crate: Train: the loss is %v at step %d; use a smaller LearningRate than %g, and check that the pixels are finite",
			loss, t.state.Step+1, t.cfg.LearningRate)
	}
	t.update(lr)
	t.state.Step++
	t.state.Loss, t.state.LearningRate = loss, lr
	t.history.Loss = append(t.history.Loss, loss)
	t.history.LearningRate = append(t.history.LearningRate, lr)
	return right, nil
}

// update changes the parameters against the gradient.
func (t *trainer) update(lr float64) {
	if t.cfg.ClipNorm > 0 {
		ClipGradient(t.backprop.grad(), t.cfg.ClipNorm)
	}
	t.optim.step(t.params, t.backprop.gradParams(), t.model, lr)
}

func (t *trainer) endEpoch(ctx context.Context) error {
	if t.cfg.Validation.Len() > 0 {
		accuracy, err := t.model.accuracy(ctx, t.cfg.Validation)
		if err != nil {
			return err
		}
		t.state.Validation = accuracy
		t.history.Validation = append(t.history.Validation, accuracy)
	}
	t.history.Accuracy = append(t.history.Accuracy, t.state.Accuracy)
	t.done, t.right = 0, 0
	t.begun, _ = t.order.MarshalBinary()
	return nil
}

// keep writes a checkpoint if one is due after this step.
func (t *trainer) keep() error {
	every := t.cfg.CheckpointSteps
	if t.cfg.Checkpoint == "" || !t.state.EpochEnd && (every == 0 || t.state.Step%every != 0) {
		return nil
	}
	return t.save()
}

// interrupted writes a checkpoint if ctx ended the run, and returns err.
func (t *trainer) interrupted(ctx context.Context, err error) error {
	if t.cfg.Checkpoint != "" && ctx.Err() != nil {
		return errors.Join(err, t.save())
	}
	return err
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

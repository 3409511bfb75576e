package crate

import (
	"fmt"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// training is what a safetensors file says as JSON beside the model.
type training struct {
	Epoch        int
	Arch         string
	BestAcc1     float64
	LearningRate float64
	BaseRate     float64
	Optimizer    string // its name; empty: none
	Steps        int
	Beta1, Beta2 float64
	Eps          float64
	Momentum     float64
	WeightDecay  float64
	MatricesOnly bool
}

func (c *Checkpoint) training() training {
	t := training{Epoch: c.Epoch, Arch: c.Arch, BestAcc1: c.BestAcc1, LearningRate: c.LearningRate, BaseRate: c.BaseRate}
	if c.Optimizer != nil {
		t.Steps = *c.Optimizer.steps()
	}
	switch o := c.Optimizer.(type) {
	case *AdamW:
		t.Optimizer = "adamw"
		t.Beta1, t.Beta2, t.Eps, t.WeightDecay, t.MatricesOnly = o.Beta1, o.Beta2, o.Eps, o.WeightDecay, o.MatricesOnly
	case *Adam:
		t.Optimizer = "adam"
		t.Beta1, t.Beta2, t.Eps, t.WeightDecay, t.MatricesOnly = o.Beta1, o.Beta2, o.Eps, o.WeightDecay, o.MatricesOnly
	case *SGD:
		t.Optimizer = "sgd"
		t.Momentum, t.WeightDecay, t.MatricesOnly = o.Momentum, o.WeightDecay, o.MatricesOnly
	case *Lion:
		t.Optimizer = "lion"
		t.Beta1, t.Beta2, t.WeightDecay, t.MatricesOnly = o.Beta1, o.Beta2, o.WeightDecay, o.MatricesOnly
	}
	return t
}

// optimizer returns the optimiser that t describes, without moments.
func (t training) optimizer() (Optimizer, error) {
	o, err := NewOptimizer(t.Optimizer, t.WeightDecay)
	if err != nil {
		return nil, err
	}
	*o.steps() = t.Steps
	switch o := o.(type) {
	case *AdamW:
		o.Beta1, o.Beta2, o.Eps, o.MatricesOnly = t.Beta1, t.Beta2, t.Eps, t.MatricesOnly
	case *Adam:
		o.Beta1, o.Beta2, o.Eps, o.MatricesOnly = t.Beta1, t.Beta2, t.Eps, t.MatricesOnly
	case *SGD:
		o.Momentum, o.MatricesOnly = t.Momentum, t.MatricesOnly
	case *Lion:
		o.Beta1, o.Beta2, o.MatricesOnly = t.Beta1, t.Beta2, t.MatricesOnly
	}
	return o, nil
}

// readTraining reads what safetensors wrote beside the model.
func (s *stored) readTraining(text string, moments map[string]safetensors.Tensor) error {
	var t training
	if err := decode(text, &t); err != nil {
		return fmt.Errorf("%s: %w", trainingKey, err)
	}
	s.beside = Checkpoint{Epoch: t.Epoch, Arch: t.Arch, BestAcc1: t.BestAcc1, LearningRate: t.LearningRate, BaseRate: t.BaseRate}
	if t.Optimizer == "" {
		return nil
	}
	s.optim = func(c *Checkpoint) (err error) {
		if c.Optimizer, err = t.optimizer(); err != nil {
			return err
		}
		return setMoments(c, func(moment string, p Param, _ int) (safetensors.Tensor, error) {
			return moments[moment+"."+p.Name], nil
		})
	}
	return nil
}

// setMoments reads the moments of c.Optimizer, parameter by parameter. An
// optimiser that has taken no step has none.
func setMoments(c *Checkpoint, read func(moment string, p Param, index int) (safetensors.Tensor, error)) error {
	if *c.Optimizer.steps() == 0 {
		return nil
	}
	for _, moment := range c.Optimizer.moments() {
		m := newModel(c.Model.Config)
		*moment.value = m
		for i, p := range m.Params() {
			t, err := read(moment.name, p, i)
			if err == nil {
				err = setParam(p, t)
			}
			if err != nil {
				return fmt.Errorf("%s of %w", moment.name, err)
			}
		}
	}
	return nil
}

package crate

import (
	"fmt"

	"github.com/gocrate/gocrate/internal/safetensors"
	"github.com/gocrate/gocrate/internal/torchfile"
)

// readTorchRoot reads what a training script of PyTorch keeps beside the
// model.
func (s *stored) readTorchRoot(file *torchfile.File, root *torchfile.Dict) {
	s.beside.Epoch, _ = root.Get("epoch").(int)
	s.beside.Arch, _ = root.Get("arch").(string)
	switch best := root.Get("best_acc1").(type) {
	case float64:
		s.beside.BestAcc1 = best
	case *torchfile.Tensor:
		if t, err := file.Read(best); err == nil && t.Len() == 1 {
			s.beside.BestAcc1 = t.Float64s()[0]
		}
	}
	optimizer, ok := root.Get("optimizer").(*torchfile.Dict)
	if !ok {
		return
	}
	s.optim = func(c *Checkpoint) error { return readTorchOptimizer(c, file, optimizer) }
}

// readTorchOptimizer reads the state_dict of an optimiser of PyTorch's:
//
//	{"state": {0: {"step": …, "exp_avg": …, …}, 1: …}, "param_groups": [{"lr": …, "betas": …, …}]}
//
// The parameters are numbered in the order of the model. They have lost it if
// they are in several groups.
func readTorchOptimizer(c *Checkpoint, file *torchfile.File, o *torchfile.Dict) error {
	groups, _ := o.Get("param_groups").(torchfile.List)
	if len(groups) != 1 {
		return fmt.Errorf("it has %d groups of parameters; want 1, as otherwise their order is not known", len(groups))
	}
	group, _ := groups[0].(*torchfile.Dict)
	t, err := trainingOf(group)
	if err != nil {
		return err
	}
	c.LearningRate, c.BaseRate = t.LearningRate, t.BaseRate
	state, _ := o.Get("state").(*torchfile.Dict)
	if t.Steps, err = stepsOf(file, state); err != nil {
		return err
	}
	if c.Optimizer, err = t.optimizer(); err != nil {
		return err
	}
	return setMoments(c, func(moment string, p Param, index int) (safetensors.Tensor, error) {
		of, _ := state.Get(index).(*torchfile.Dict)
		tensor, ok := of.Get(moment).(*torchfile.Tensor)
		if !ok {
			return safetensors.Tensor{}, fmt.Errorf("%s, parameter %d, is not there", p.Name, index)
		}
		return file.Read(tensor)
	})
}

// trainingOf tells the optimiser by the names in its group of parameters.
// AdamW and Adam have the same ones before PyTorch 2.8; the official scripts
// use AdamW.
func trainingOf(group *torchfile.Dict) (t training, err error) {
	t.LearningRate, t.BaseRate, t.WeightDecay = number(group.Get("lr")), number(group.Get("initial_lr")), number(group.Get("weight_decay"))
	if betas, ok := group.Get("betas").(torchfile.Tuple); ok && len(betas) == 2 {
		t.Beta1, t.Beta2 = number(betas[0]), number(betas[1])
	}
	t.Eps, t.Momentum = number(group.Get("eps")), number(group.Get("momentum"))
	switch {
	case group.Get("momentum") != nil:
		t.Optimizer = "sgd"
		if group.Get("nesterov") == true || number(group.Get("dampening")) != 0 {
			err = fmt.Errorf("SGD with Nesterov's momentum or dampening is not supported")
		}
	case group.Get("betas") == nil:
		err = fmt.Errorf("it is none of AdamW, Adam, SGD and Lion")
	case group.Get("eps") == nil:
		t.Optimizer = "lion"
	case group.Get("decoupled_weight_decay") == false:
		t.Optimizer = "adam"
	default:
		t.Optimizer = "adamw"
	}
	if group.Get("amsgrad") == true || group.Get("maximize") == true {
		err = fmt.Errorf("amsgrad and maximize are not supported")
	}
	return t, err
}

// number is a float or int of Python as float64, 0 for anything else.
func number(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case int:
		return float64(v)
	}
	return 0
}

// stepsOf returns the number of steps taken: that of the first parameter. Lion
// and SGD do not count, and their moments need no count; 1 says there are some.
func stepsOf(file *torchfile.File, state *torchfile.Dict) (int, error) {
	first, ok := state.Get(0).(*torchfile.Dict)
	if !ok {
		return 0, nil
	}
	step, ok := first.Get("step").(*torchfile.Tensor)
	if !ok {
		return max(int(number(first.Get("step"))), 1), nil
	}
	t, err := file.Read(step)
	if err != nil || t.Len() != 1 {
		return 0, fmt.Errorf("the number of steps has shape %v; want one number: %v", t.Shape, err)
	}
	return int(t.Float64s()[0]), nil
}

// torchOptimizer is c.Optimizer as the state_dict of PyTorch's.
func (c *Checkpoint) torchOptimizer() *torchfile.Dict {
	state, group, indices := &torchfile.Dict{}, c.torchGroup(), torchfile.List{}
	for i := range c.Model.Params() {
		indices = append(indices, i)
		of := &torchfile.Dict{}
		if _, lion := c.Optimizer.(*Lion); !lion {
			of.Set("step", torchfile.NewTensor(safetensors.FromFloat32s(nil, []float32{float32(*c.Optimizer.steps())})))
		}
		for _, moment := range c.Optimizer.moments() {
			if *moment.value != nil {
				p := (*moment.value).Params()[i]
				of.Set(moment.name, torchfile.NewTensor(safetensors.FromFloat32s(p.Shape, p.Data)))
			}
		}
		if *c.Optimizer.steps() > 0 {
			state.Set(i, of)
		}
	}
	group.Set("params", indices)
	d := &torchfile.Dict{}
	d.Set("state", state)
	d.Set("param_groups", torchfile.List{group})
	return d
}

// torchGroup is the one group of parameters, with the names of PyTorch's and
// of lion_pytorch's constructors.
func (c *Checkpoint) torchGroup() *torchfile.Dict {
	t, group := c.training(), &torchfile.Dict{}
	group.Set("lr", t.LearningRate)
	group.Set("initial_lr", c.baseRate())
	group.Set("weight_decay", t.WeightDecay)
	switch t.Optimizer {
	case "adamw", "adam":
		group.Set("betas", torchfile.Tuple{t.Beta1, t.Beta2})
		group.Set("eps", t.Eps)
		group.Set("amsgrad", false)
		group.Set("decoupled_weight_decay", t.Optimizer == "adamw")
	case "sgd":
		group.Set("momentum", t.Momentum)
		group.Set("dampening", 0)
		group.Set("nesterov", false)
	case "lion":
		group.Set("betas", torchfile.Tuple{t.Beta1, t.Beta2})
	}
	for _, name := range []string{"maximize", "capturable", "differentiable"} {
		group.Set(name, false)
	}
	group.Set("foreach", nil)
	group.Set("fused", nil)
	return group
}

// torchScheduler is the state of the official script's LambdaLR, which it
// steps once an epoch.
func (c *Checkpoint) torchScheduler() *torchfile.Dict {
	d := &torchfile.Dict{}
	d.Set("base_lrs", torchfile.List{c.baseRate()})
	d.Set("last_epoch", c.Epoch)
	d.Set("_step_count", c.Epoch+1)
	d.Set("_last_lr", torchfile.List{c.LearningRate})
	d.Set("lr_lambdas", torchfile.List{nil})
	return d
}

func (c *Checkpoint) baseRate() float64 {
	if c.BaseRate != 0 {
		return c.BaseRate
	}
	return c.LearningRate
}

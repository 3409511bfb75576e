// Command parity is gocrate's half of make parity, which checks that models and
// optimisers go to PyTorch and back; bench/torch/parity.py is the other half.
//
//	parity write DIR    trains with each optimiser, saves to DIR what PyTorch shall open
//	parity read FILE    opens what PyTorch has saved
//
// Both print what they know of a model as JSON: its logits, and those after one
// more step of its optimiser.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/datasets"
)

// answer is what is known of a model.
type answer struct {
	Config       crate.Config
	Pixels       []float32
	Labels       []int
	Logits, Next []float32 // now, and after one more step
	Epoch        int
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: parity write DIR | parity read FILE")
	}
	var out any
	var err error
	switch os.Args[1] {
	case "write":
		out, err = write(os.Args[2])
	default:
		out, err = read(os.Args[2])
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// batch are the images that both halves look at.
func batch() crate.Images {
	_, test := datasets.Digits()
	return test.Slice(0, 32)
}

// write trains a model with each optimiser that PyTorch has, and saves it
// alone and with its optimiser.
func write(dir string) (map[string]answer, error) {
	answers := map[string]answer{}
	for _, name := range []string{"adamw", "adam", "sgd"} {
		m, err := crate.New(crate.Digits(), 1)
		if err != nil {
			return nil, err
		}
		train, _ := datasets.Digits()
		checkpoint := filepath.Join(dir, name+".safetensors")
		cfg := crate.TrainConfig{Epochs: 2, Optimizer: name, Schedule: crate.Constant, Warmup: 4, Checkpoint: checkpoint}
		if _, err := crate.Train(context.Background(), m, train, cfg); err != nil {
			return nil, err
		}
		c, err := crate.LoadCheckpoint(checkpoint, crate.Config{})
		if err != nil {
			return nil, err
		}
		if err := m.Save(filepath.Join(dir, name+".pth")); err != nil {
			return nil, err
		}
		if err := c.Save(filepath.Join(dir, name+".pth.tar")); err != nil {
			return nil, err
		}
		answers[name] = answerOf(c)
	}
	return answers, nil
}

func read(path string) (answer, error) {
	c, err := crate.LoadCheckpoint(path, crate.Config{Heads: crate.Digits().Heads})
	if err == nil && c.Optimizer == nil {
		err = fmt.Errorf("%s: there is no optimiser", path)
	}
	if err != nil {
		return answer{}, err
	}
	return answerOf(c), nil
}

// answerOf takes one more step with c, which changes it.
func answerOf(c *crate.Checkpoint) answer {
	x := batch()
	a := answer{Config: c.Model.Config, Pixels: x.Pixels, Labels: x.Labels, Epoch: c.Epoch}
	a.Logits = c.Model.Forward(x).Data
	_, grad, _ := c.Model.Gradient(x, 0.1)
	c.Optimizer.Step(c.Model, grad, c.LearningRate)
	a.Next = c.Model.Forward(x).Data
	return a
}

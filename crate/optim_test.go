package crate

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// Five steps on one batch, against PyTorch's optimisers in float64: losses,
// parameters and moments.
func TestFiveStepsEqualPyTorch(t *testing.T) {
	for _, c := range []struct {
		golden string
		optim  Optimizer
		rate   float64
	}{
		{"train_adamw", NewAdamW(0.1), 4e-4},
		{"train_adamw_hot", NewAdamW(0.1), 5e-3},
		{"train_lion", NewLion(0.05), 2e-4},
	} {
		t.Run(c.golden, func(t *testing.T) {
			start, want := readGolden(t, "crate_s"), readGolden(t, c.golden)
			m, x := start.model("param/"), start.images("in/img")
			var losses []float32
			for range 5 {
				loss, grad, _ := m.Gradient(x, 0.1)
				losses = append(losses, float32(loss))
				c.optim.Step(m, grad, c.rate)
			}
			last, _, _ := m.Gradient(x, 0.1)
			want.check("losses", append(losses, float32(last)))
			for _, p := range m.Params() {
				want.check("final/"+p.Name, p.Data)
			}
			for _, moment := range c.optim.moments() {
				for _, p := range (*moment.value).Params() {
					got, w := p.Data, want.floats("f32/state/"+moment.name+"/"+p.Name)
					if !closeTo(got, w, 2e-5*norm(w)) {
						t.Errorf("%s of %s differs", moment.name, p.Name)
					}
				}
			}
		})
	}
}

func norm(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

// Each optimiser against its definition on a single number in float64.
func TestOptimizersEqualTheirDefinitions(t *testing.T) {
	const lr, wd = 0.1, 0.3
	grads := []float64{0.5, -1.25, 0, 2, -0.125}
	var m, v float64
	definitions := map[string]func(t, θ, g float64) float64{
		"adamw": func(t, θ, g float64) float64 {
			m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
			return θ - lr*wd*θ - lr*m/(1-math.Pow(0.9, t))/(math.Sqrt(v/(1-math.Pow(0.999, t)))+1e-8)
		},
		"adam": func(t, θ, g float64) float64 {
			g += wd * θ
			m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
			return θ - lr*m/(1-math.Pow(0.9, t))/(math.Sqrt(v/(1-math.Pow(0.999, t)))+1e-8)
		},
		"sgd": func(_, θ, g float64) float64 {
			m = 0.9*m + g + wd*θ
			return θ - lr*m
		},
		"lion": func(_, θ, g float64) float64 {
			update := 0.9*m + 0.1*g
			m = 0.99*m + 0.01*g
			θ -= lr * wd * θ
			if update == 0 {
				return θ
			}
			return θ - lr*math.Copysign(1, update)
		},
	}
	for name, next := range definitions {
		m, v = 0, 0
		optim, err := NewOptimizer(name, wd)
		if err != nil {
			t.Fatal(err)
		}
		θ, model, grad := 1.0, newModel(Digits().withDefaults()), newModel(Digits().withDefaults())
		model.Head.W.Data[3] = 1
		for i, g := range grads {
			grad.Head.W.Data[3] = float32(g)
			optim.Step(model, grad, lr)
			θ = next(float64(i+1), θ, g)
			if got := model.Head.W.Data[3]; math.Abs(float64(got)-θ) > 1e-6 {
				t.Errorf("%s: after step %d the parameter is %g, want %g", name, i+1, got, θ)
			}
		}
	}
}

// Weight decay reaches all parameters as released, or only the matrices.
func TestDecayOfMatricesOnly(t *testing.T) {
	for _, name := range []string{"adamw", "adam", "sgd", "lion"} {
		for _, only := range []bool{false, true} {
			m, _, cfg := littleTask(t)
			cfg.Optimizer, cfg.DecayMatricesOnly = name, only
			optim, err := cfg.withDefaults().optimizer()
			if err != nil {
				t.Fatal(err)
			}
			before := m.Clone().Params()
			optim.Step(m, newModel(m.Config), 0.01) // no gradient: decay alone
			for i, p := range m.Params() {
				decayed := !slices.Equal(p.Data, before[i].Data)
				zero := norm(p.Data) == 0 // a bias at its start
				if want := !only || strings.HasSuffix(p.Name, ".weight") && !strings.Contains(p.Name, "norm") && len(p.Shape) == 2; decayed != want && !zero {
					t.Errorf("%s, matrices only: %t: %s decays: %t", name, only, p.Name, decayed)
				}
			}
		}
	}
}

func TestUnknownOptimizerIsAnError(t *testing.T) {
	m, x, cfg := littleTask(t)
	cfg.Optimizer = "adagrad"
	if _, err := Train(t.Context(), m, x, cfg); err == nil || !strings.Contains(err.Error(), `"adagrad"; want adamw, adam, sgd or lion`) {
		t.Errorf("error %v", err)
	}
}

// Every optimiser learns the little task with its usual rates.
func TestEveryOptimizerLearns(t *testing.T) {
	for name := range usualRates {
		m, x, cfg := littleTask(t)
		cfg.Optimizer, cfg.Epochs, cfg.BatchSize = name, 30, 10
		if _, err := Train(t.Context(), m, x, cfg); err != nil {
			t.Fatal(err)
		}
		if a := m.Accuracy(x); a < 0.8 { // a guess has 0.1
			t.Errorf("%s: accuracy %g on the training images after 30 epochs", name, a)
		}
	}
}

func TestClipGradient(t *testing.T) {
	grad := newModel(Digits().withDefaults())
	grad.Head.B[0], grad.Embed.Class[1] = 3, -4
	if norm := ClipGradient(grad, 6); norm != 5 || grad.Head.B[0] != 3 {
		t.Errorf("norm %g, first element %g: a short gradient must stay", norm, grad.Head.B[0])
	}
	norm := ClipGradient(grad, 1)
	if b, c := float64(grad.Head.B[0]), float64(grad.Embed.Class[1]); norm != 5 || math.Abs(b-0.6) > 1e-6 || math.Abs(c+0.8) > 1e-6 {
		t.Errorf("norm %g, clipped to (%g, %g), want 5, (0.6, −0.8)", norm, b, c)
	}
}

// Train clips before the step: with SGD and no momentum no step is longer
// than the rate times the limit.
func TestTrainClips(t *testing.T) {
	m, x, cfg := littleTask(t)
	cfg.Optimizer, cfg.ClipNorm, cfg.Epochs, cfg.WeightDecay, cfg.Beta1 = "sgd", 0.01, 1, -1, 1e-9
	before := m.Clone()
	cfg.Observe = func(s Step) {
		sum := 0.0
		for i, p := range m.Params() {
			for j, b := range before.Params()[i].Data {
				sum += math.Pow(float64(p.Data[j]-b), 2)
			}
		}
		if moved, limit := math.Sqrt(sum), 0.01*s.LearningRate; moved > 1.01*limit || moved < 0.9*limit {
			t.Errorf("step %d moves by %g, the limit is %g", s.Step, moved, limit)
		}
		before = m.Clone()
	}
	if _, err := Train(t.Context(), m, x, cfg); err != nil {
		t.Fatal(err)
	}
}

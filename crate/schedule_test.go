package crate

import (
	"math"
	"testing"
)

func TestScheduleEqualsOfficialScript(t *testing.T) {
	type rates map[string][]float64
	var golden struct {
		Base_lr          float64
		Lr_by_epochs     rates
		Cosine_annealing struct{ Lr_by_epochs rates }
	}
	readJSON(t, "lr_schedule", &golden)
	for _, c := range []struct {
		base   float64
		warmup int
		rates  rates
	}{{golden.Base_lr, 20, golden.Lr_by_epochs}, {1e-3, 0, golden.Cosine_annealing.Lr_by_epochs}} {
		for epochs, want := range c.rates {
			for e, w := range want {
				if got := c.base * Schedule(e, len(want), c.warmup); math.Abs(got-w) > 1e-12*c.base {
					t.Errorf("%s epochs, warm-up %d: epoch %d has rate %g, want %g", epochs, c.warmup, e, got, w)
				}
			}
		}
		if len(c.rates) == 0 {
			t.Error("no reference rates")
		}
	}
}

// The three schedules warm up alike; after that one falls at once, one from
// its top, and one never.
func TestSchedulesOfTheirOwn(t *testing.T) {
	for _, c := range []struct {
		name     string
		schedule func(epoch, epochs, warmup int) float64
		warmup   int
		want     []float64
	}{
		{"WarmupCosine", WarmupCosine, 2, []float64{0.5, 1, 1, 0.8535533905932737, 0.5, 0.14644660940672627}},
		{"WarmupCosine", WarmupCosine, -1, []float64{1, 0.9330127018922194, 0.75, 0.5, 0.25, 0.06698729810778065}},
		{"Constant", Constant, 2, []float64{0.5, 1, 1, 1, 1, 1}},
		{"Constant", Constant, 0, []float64{1, 1, 1, 1, 1, 1}},
	} {
		for e, want := range c.want {
			if got := c.schedule(e, len(c.want), c.warmup); math.Abs(got-want) > 1e-12 {
				t.Errorf("%s, warm-up %d: epoch %d has factor %g, want %g", c.name, c.warmup, e, got, want)
			}
		}
	}
}

// Counted in steps the schedule has a step's resolution, and the warm-up is
// still given in epochs.
func TestScheduleCountsStepsIfAsked(t *testing.T) {
	m, x, cfg := littleTask(t) // 5 steps an epoch, 2 epochs
	cfg.Schedule, cfg.PerStep, cfg.Warmup, cfg.LearningRate = WarmupCosine, true, 1, 1e-3
	h, err := Train(t.Context(), m, x, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for step, rate := range h.LearningRate {
		if want := 1e-3 * WarmupCosine(step, 10, 5); rate != want {
			t.Errorf("step %d has rate %g, want %g", step+1, rate, want)
		}
	}
}

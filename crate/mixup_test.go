package crate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The loss of a blend is the blend of the losses, and so is its gradient.
func TestMixedTargetsBlendTheLoss(t *testing.T) {
	logits := Matrix{3, 4, []float32{1, -2, 0.5, 0, 3, 1, 0, -1, 0, 0, 2, 1}}
	first, second, λ := []int{0, 3, 2}, []int{1, 3, 0}, 0.7
	q := targets{first, second, λ, 0.1}
	d := NewMatrix(3, 4)
	got := crossEntropy(d, logits, q, 3) / 3
	a, da := CrossEntropy(logits, first, 0.1)
	b, db := CrossEntropy(logits, second, 0.1)
	if want := λ*a + (1-λ)*b; math.Abs(got-want) > 1e-12 {
		t.Errorf("loss %g, want %g", got, want)
	}
	for i, g := range d.Data {
		if want := float32(λ)*da.Data[i] + float32(1-λ)*db.Data[i]; math.Abs(float64(g-want)) > 1e-7 {
			t.Errorf("gradient %d is %g, want %g", i, g, want)
		}
	}
}

func TestMixupBlendsPairs(t *testing.T) {
	x := Images{Pixels: []float32{0, 10, 100, 1000, 10000}, Labels: []int{0, 1, 2, 1, 0}, Channels: 1, Height: 1, Width: 1, Classes: 3}
	before := slices.Clone(x.Pixels)
	q := mixup(x, 0.8, newTargets(x.Labels, 0.1), rand.New(rand.NewPCG(1, 2)))
	if !(0.5 <= q.share && q.share < 1) || q.smoothing != 0.1 || !slices.Equal(q.mixed, []int{0, 1, 2, 1, 0}) {
		t.Errorf("targets %+v", q)
	}
	for i, got := range x.Pixels {
		if want := q.share*float64(before[i]) + (1-q.share)*float64(before[4-i]); math.Abs(float64(got)-want) > 1e-3 {
			t.Errorf("pixel %d is %g, want %g", i, got, want)
		}
	}
}

// The share follows Beta(α, α), folded to [½, 1]: its variance about ½ is
// 1/(4(2α + 1)).
func TestShareOfMixupFollowsBeta(t *testing.T) {
	const α, n = 0.4, 4000
	x := Images{Pixels: []float32{0, 1}, Labels: []int{0, 1}, Channels: 1, Height: 1, Width: 1, Classes: 2}
	rng, sum := rand.New(rand.NewPCG(5, 6)), 0.0
	for range n {
		q := mixup(x, α, newTargets(x.Labels, 0), rng)
		sum += (q.share - 0.5) * (q.share - 0.5)
	}
	if got, want := sum/n, 1/(4*(2*α+1)); math.Abs(got-want) > 0.006 { // about four standard errors
		t.Errorf("variance of the share %g, want %g", got, want)
	}
}

func TestTrainingWithMixupLearnsTheSameWayTwice(t *testing.T) {
	var want []float64
	for range 2 {
		m, x, cfg := littleTask(t)
		cfg.Mixup = 0.2
		h, err := Train(t.Context(), m, x, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if want != nil && !slices.Equal(h.Loss, want) {
			t.Error("two runs of one seed have different losses")
		}
		want = h.Loss
	}
	m, x, cfg := littleTask(t)
	h, err := Train(t.Context(), m, x, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(h.Loss, want) {
		t.Error("mixup changes nothing")
	}
}

package crate

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// randomSights are what K heads see in some images: of head k the direction
// common[k], if there is one, with noise.
func randomSights(rng *rand.Rand, images, K, d int, common [][]float64, noise float64) [][][]float64 {
	seen := make([][][]float64, images)
	for i := range seen {
		for k := range K {
			s := make([]float64, d)
			for c := range s {
				s[c] = noise * rng.NormFloat64()
				if common != nil {
					s[c] += common[k][c]
				}
			}
			norm := math.Sqrt(dot(s, s))
			for c := range s {
				s[c] /= norm
			}
			seen[i] = append(seen[i], s)
		}
	}
	return seen
}

func TestHeadsAreRecognised(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	axes := [][]float64{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}
	if c := recogniseHeads(randomSights(rng, 50, 3, 4, axes, 0.05)); c.Mean != 1 {
		t.Errorf("heads that see what they always see score %v", c.Score)
	}
	// 2,000 trials with chance 1/3: the deviation of their mean is 0.01.
	if c := recogniseHeads(randomSights(rng, 2000, 3, 4, nil, 1)); !near(c.Mean, 1.0/3, 0.04) {
		t.Errorf("heads that see anything score %v", c.Score)
	}
	// Two heads that see the same are taken for each other; the third is not.
	c := recogniseHeads(randomSights(rng, 1000, 3, 4, [][]float64{axes[0], axes[0], axes[1]}, 0.05))
	if c.Score[2] != 1 || !near(c.Score[0]+c.Score[1], 1, 0.2) || c.Confusion.At(2, 0) != 0 || c.Confusion.At(0, 2) != 0 {
		t.Errorf("two equal heads and another: %v", mat.Formatted(c.Confusion))
	}
	for k := range 3 {
		if sum := mat.Sum(c.Confusion.RowView(k)); !near(sum, 1, 1e-9) {
			t.Errorf("row %d of the confusion sums to %g", k, sum)
		}
	}
	// Heads that attend to all patches alike see nothing, and are guessed.
	blank := make([][][]float64, 5)
	for i := range blank {
		blank[i] = [][]float64{make([]float64, 4), make([]float64, 4)}
	}
	if c := recogniseHeads(blank); c.Mean != 0.5 {
		t.Errorf("heads that see nothing score %v", c.Score)
	}
}

// What a head sees, by its definition.
func TestWhatHeadsSee(t *testing.T) {
	m, x, _ := littleTask(t)
	tr := m.Trace(x.Slice(0, 2))
	seen := whatHeadsSee(tr, 1, 1)
	for k, s := range seen {
		a := tr.AttentionMap(1, 1, k).Data
		var sum float64
		for _, v := range a {
			sum += float64(v)
		}
		want := make([]float64, 48)
		for c := range want {
			var mean float64
			for n := range 16 {
				mean += tr.Z(1, 1).At(n+1, c) / 16
			}
			for n := range 16 {
				want[c] += float64(a[n]) / sum * (tr.Z(1, 1).At(n+1, c) - mean)
			}
		}
		norm := math.Sqrt(dot(want, want))
		for c := range want {
			if !near(s[c], want[c]/norm, 1e-9) {
				t.Fatalf("head %d: channel %d is %g, want %g", k, c, s[c], want[c]/norm)
			}
		}
	}
	if _, err := MeasureHeads(context.Background(), m, x.Slice(0, 1), 1, nil); err == nil {
		t.Error("one image is compared with others")
	}
	if _, err := MeasureHeads(context.Background(), m, x, 2, nil); err == nil {
		t.Error("there is a third layer of two")
	}
}

// Features are the projections of all heads, keys in ordinary attention.
func TestFeatures(t *testing.T) {
	for _, v := range []Variant{Released, ViT} {
		m, x := variantModel(t, v)
		tr := m.Trace(x)
		F, K := tr.Features(1, 1), tr.Heads
		for k := range K {
			V := tr.Projected(1, 1, k)
			for n := range F.Rows {
				for j := range V.Cols {
					if F.Row(n)[k*V.Cols+j] != V.Row(n + 1)[j] {
						t.Fatalf("%v: patch %d, head %d differs", v, n, k)
					}
				}
			}
		}
		if F.Rows != tr.Tokens-1 {
			t.Errorf("%v: %d patches", v, F.Rows)
		}
	}
}

package segment

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
)

// bestCut tries all cuts of a little graph.
func bestCut(W *mat.SymDense) (value float64, side int) {
	n := W.SymmetricDim()
	value = math.Inf(1)
	for s := 1; s < 1<<n-1; s++ {
		if v := ncut(W, s); v < value {
			value, side = v, s
		}
	}
	return value, side
}

// ncut is the normalised cut of the nodes whose bits are set.
func ncut(W *mat.SymDense, side int) float64 {
	var cut float64
	var volume [2]float64
	for i := range W.SymmetricDim() {
		for j := range W.SymmetricDim() {
			a, b := side>>i&1, side>>j&1
			volume[a] += W.At(i, j)
			if a < b {
				cut += W.At(i, j)
			}
		}
	}
	return cut/volume[0] + cut/volume[1]
}

// No cut is better than λ, and of two groups that hang together the cut is found.
func TestNormalizedCutByAllCuts(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	for range 40 {
		n := 4 + rng.IntN(6)
		group := 1 + rng.IntN(1<<n-2)
		for _, weak := range []float64{0.02, 1} {
			W := mat.NewSymDense(n, nil)
			for i := range n {
				for j := i; j < n; j++ {
					w := 0.5 + rng.Float64()
					if group>>i&1 != group>>j&1 {
						w *= weak
					}
					W.SetSym(i, j, w)
				}
			}
			c := NormalizedCut(W)
			best, side := bestCut(W)
			if c.Value > best+1e-12 {
				t.Fatalf("λ = %g, but a cut has %g", c.Value, best)
			}
			if weak == 1 {
				continue
			}
			mean, found := 0.0, 0
			for _, v := range c.Vector {
				mean += v / float64(n)
			}
			for i, v := range c.Vector {
				if v > mean {
					found |= 1 << i
				}
			}
			if found != side && found != 1<<n-1-side {
				t.Errorf("%d nodes: cut %b with %g, the best is %b with %g", n, found, ncut(W, found), side, best)
			}
		}
	}
}

// λ and x solve (D − W)x = λDx.
func TestNormalizedCutSolves(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 2))
	W := mat.NewSymDense(12, nil)
	for i := range 12 {
		for j := i; j < 12; j++ {
			W.SetSym(i, j, rng.Float64())
		}
	}
	c := NormalizedCut(W)
	for i := range 12 {
		var d, Wx float64
		for j := range 12 {
			d += W.At(i, j)
			Wx += W.At(i, j) * c.Vector[j]
		}
		if math.Abs(d*c.Vector[i]-Wx-c.Value*d*c.Vector[i]) > 1e-12 {
			t.Errorf("node %d: (D − W)x = %g, λDx = %g", i, d*c.Vector[i]-Wx, c.Value*d*c.Vector[i])
		}
	}
}

// Drawn objects are found in features that tell them from the background.
func TestMaskCutFindsDrawnObjects(t *testing.T) {
	truth := []Mask{NewMask(12, 16), NewMask(12, 16), NewMask(12, 16)}
	F := crate.NewMatrix(12*16, 4)
	rng := rand.New(rand.NewPCG(8, 3))
	for i := range F.Rows {
		y, x, kind := i/16, i%16, 3
		switch {
		case y >= 2 && y < 7 && x >= 2 && x < 7:
			kind = 0
		case y >= 5 && y < 10 && x >= 9 && x < 13:
			kind = 1
		}
		truth[min(kind, 2)].Bits[i] = true
		for c := range 4 {
			F.Row(i)[c] = float32(0.02 * rng.NormFloat64())
		}
		F.Row(i)[kind]++
	}
	for _, cfg := range []MaskCutConfig{{}, {Product: true, Tau: 0.5}} {
		masks := MaskCut(F, 12, 16, cfg)
		if len(masks) < 2 {
			t.Fatalf("%d masks, want two objects", len(masks))
		}
		for _, object := range truth[:2] {
			best := 0.0
			for _, m := range masks {
				best = max(best, IoU(m, object))
			}
			if best != 1 {
				t.Errorf("%+v: an object is found with an IoU of %g", cfg, best)
			}
		}
		if corners(masks[0]) >= 3 || len(masks[0].Components()) != 1 {
			t.Error("the first mask is the background, or in parts")
		}
	}
	again := MaskCut(F, 12, 16, MaskCutConfig{Masks: 1})
	if len(again) != 1 || IoU(again[0], MaskCut(F, 12, 16, MaskCutConfig{})[0]) != 1 {
		t.Error("the first of one mask is not the first of three")
	}
}

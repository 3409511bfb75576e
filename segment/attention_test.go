package segment

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gocrate/gocrate/crate"
)

func TestThresholds(t *testing.T) {
	saliency := crate.Matrix{Rows: 2, Cols: 5, Data: []float32{
		0.30, 0.02, 0.01, 0.02, 0.20,
		0.25, 0.02, 0.10, 0.03, 0.05}}
	for _, c := range []struct {
		t    Threshold
		want Mask
	}{
		{Threshold{Rule: ShareOfEntries, Share: 0.6}, maskOf("#...#", "#.###")},
		{Threshold{Rule: ShareOfMass, Share: 0.6}, maskOf("#...#", "#....")},
		{Threshold{Rule: ShareOfMass, Share: 0.55}, maskOf("#....", "#....")},
		{Threshold{Rule: ShareOfMass, Share: 1}, maskOf("#####", "#####")},
		{Threshold{Rule: ShareOfEntries, Share: 0}, maskOf(".....", ".....")},
		{Threshold{Rule: TwoMeans}, maskOf("#...#", "#....")},
	} {
		got := c.t.Mask(saliency)
		if IoU(got, c.want) != 1 {
			t.Errorf("%v: %v, want %v", c.t, got.Bits, c.want.Bits)
		}
	}
}

// The split by two means has, of all splits, the least spread within its parts.
func TestTwoMeansByAllSplits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for range 50 {
		saliency := crate.NewMatrix(1, 9)
		for i := range saliency.Data {
			saliency.Data[i] = float32(rng.NormFloat64())
		}
		spread := func(m Mask) float64 {
			total := 0.0
			for _, side := range []Mask{m, m.Not()} {
				mean := 0.0
				for i, b := range side.Bits {
					if b {
						mean += float64(saliency.Data[i]) / float64(side.Area())
					}
				}
				for i, b := range side.Bits {
					if b {
						total += math.Pow(float64(saliency.Data[i])-mean, 2)
					}
				}
			}
			return total
		}
		least := spread(Threshold{Rule: TwoMeans}.Mask(saliency))
		for n := 1; n < 9; n++ {
			if other := spread(Threshold{Share: float64(n) / 9}.Mask(saliency)); other < least-1e-9 {
				t.Fatalf("%v: the first %d have a spread of %g, two means %g", saliency.Data, n, other, least)
			}
		}
	}
}

func TestBilinear(t *testing.T) {
	plane := crate.NewMatrix(4, 6)
	for i := range plane.Data {
		plane.Data[i] = float32(2*(i/6) + 3*(i%6))
	}
	large := Bilinear(plane, 12, 30)
	for y := range 12 {
		for x := range 30 {
			row := min(max((float64(y)+0.5)/3-0.5, 0), 3)
			col := min(max((float64(x)+0.5)/5-0.5, 0), 5)
			if got, want := large.At(y, x), 2*row+3*col; math.Abs(got-want) > 1e-5 {
				t.Fatalf("(%d, %d) is %g, want %g on the plane", y, x, got, want)
			}
		}
	}
}

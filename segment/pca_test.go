package segment

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/gocrate/gocrate/crate"
)

func randomFeatures(rng *rand.Rand, images, patches, d int) []crate.Matrix {
	var all []crate.Matrix
	for range images {
		F := crate.NewMatrix(patches, d)
		for i := range F.Data {
			F.Data[i] = float32(rng.ExpFloat64() * (1 + float64(i%d)))
		}
		all = append(all, F)
	}
	return all
}

// Components agree with gonum's, which come from another decomposition.
func TestPCAEqualsGonum(t *testing.T) {
	features := randomFeatures(rand.New(rand.NewPCG(1, 4)), 3, 40, 6)
	c := PCA(features, 4)
	all := mat.NewDense(120, 6, nil)
	for i, F := range features {
		for n := range F.Rows {
			for j := range 6 {
				all.Set(40*i+n, j, F.At(n, j))
			}
		}
	}
	var pc stat.PC
	if !pc.PrincipalComponents(all, nil) {
		t.Fatal("gonum finds no components")
	}
	var vectors mat.Dense
	pc.VectorsTo(&vectors)
	for k, want := range pc.VarsTo(nil)[:4] {
		if math.Abs(c.Variance[k]-want) > 1e-9*want {
			t.Errorf("component %d has variance %g, want %g", k, c.Variance[k], want)
		}
		if cos := math.Abs(mat.Dot(c.Vectors.ColView(k), vectors.ColView(k))); math.Abs(cos-1) > 1e-9 {
			t.Errorf("component %d has another direction: |cos| %g", k, cos)
		}
		var sum, squares, cubes float64
		for _, S := range c.Scores {
			for n := range S.Rows {
				v := S.At(n, k)
				sum, squares, cubes = sum+v, squares+v*v, cubes+v*v*v
			}
		}
		if math.Abs(sum) > 1e-3 || math.Abs(squares/119-want) > 1e-5*want || cubes < 0 {
			t.Errorf("component %d: scores sum to %g, have variance %g, want %g, and Σ³ %g", k, sum, squares/119, want, cubes)
		}
	}
	if sum := mat.Sum(mat.NewVecDense(6, pc.VarsTo(nil))); math.Abs(c.Total-sum) > 1e-9*sum {
		t.Errorf("total variance %g, want %g", c.Total, sum)
	}
}

// Objects that differ from their background are found, their parts coloured alike.
func TestPCASegment(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	var features []crate.Matrix
	truth := []Mask{maskOf("......", ".##...", ".##...", "......"), maskOf("......", "....#.", "...###", "......"), maskOf("......", "......", "......", "......")}
	for _, m := range truth {
		F := crate.NewMatrix(24, 8)
		for i, b := range m.Bits {
			for c := range 8 {
				F.Row(i)[c] = float32(0.1 * rng.NormFloat64())
			}
			if b {
				F.Row(i)[2] += 20
				F.Row(i)[3+i%2] += 5 // two parts
			}
		}
		features = append(features, F)
	}
	for _, cutoff := range []float64{0, 9} {
		s := PCASegment(features, 4, 6, cutoff)
		for i, m := range truth {
			if IoU(s.Foreground[i], m) != 1 {
				t.Errorf("cutoff %g: image %d: %v", cutoff, i, s.Foreground[i].Bits)
			}
			for at, b := range m.Bits {
				red := s.Colours.Image(i)[at]
				part := s.Colours.Image(0)[7+1] // an even patch of the first image
				switch same := at%2 == 0; {
				case !b && red != 0:
					t.Errorf("the background has colour %g", red)
				case b && (math.Abs(float64(red-part)) < 0.2) != same:
					t.Errorf("image %d, patch %d has red %g, an even one %g", i, at, red, part)
				}
			}
		}
	}
	if s := PCASegment(features, 4, 6, 1000); s.Foreground[0].Area() != 0 || s.Colours.Pixels[0] != 0 {
		t.Error("there is something above any cutoff")
	}
}

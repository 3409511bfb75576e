package crate_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
)

// codingLength is the length of the code by its definition.
func codingLength(Z *mat.Dense, labels []int, epsSq float64, bases bool) float64 {
	d, N := Z.Dims()
	sum := 0.0
	for k := range slices.Max(labels) + 1 {
		var columns []float64
		n := 0
		for i, l := range labels {
			if l == k {
				columns = append(columns, mat.Col(nil, i, Z)...)
				n++
			}
		}
		rate := crate.CodingRate(mat.DenseCopyOf(mat.NewDense(n, d, columns).T()), epsSq)
		sum += float64(n) * (rate + math.Log(float64(N)/float64(n)))
		if bases {
			sum += float64(d) * rate
		}
	}
	return sum
}

// mergeByDefinition tries every union of two classes, again and again.
func mergeByDefinition(Z *mat.Dense, epsSq float64, bases bool) []int {
	_, N := Z.Dims()
	labels := make([]int, N)
	for i := range labels {
		labels[i] = i
	}
	for classes := N; ; classes-- {
		best, union := codingLength(Z, labels, epsSq, bases), []int(nil)
		for p := range classes {
			for q := range p {
				merged := slices.Clone(labels)
				for i, l := range labels {
					switch {
					case l == p:
						merged[i] = q
					case l > p:
						merged[i] = l - 1
					}
				}
				if L := codingLength(Z, merged, epsSq, bases); L < best-1e-9 {
					best, union = L, merged
				}
			}
		}
		if union == nil {
			return labels
		}
		labels = union
	}
}

func TestClusterByCodingLengthEqualsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 20 {
		d, N := 1+rng.IntN(6), 1+rng.IntN(12)
		Z := mat.NewDense(d, N, nil)
		Z.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, Z)
		epsSq, bases := math.Exp(6*rng.Float64()-5), trial%2 == 0
		labels, length := crate.ClusterByCodingLength(Z, epsSq, bases)
		if want := mergeByDefinition(Z, epsSq, bases); !slices.Equal(labels, want) {
			t.Errorf("%d×%d, ε² %g, bases %v: classes %v, want %v", d, N, epsSq, bases, labels, want)
		}
		if want := codingLength(Z, labels, epsSq, bases); math.Abs(length-want) > 1e-9*want {
			t.Errorf("%d×%d, ε² %g, bases %v: length %g, want %g", d, N, epsSq, bases, length, want)
		}
	}
}

func TestClusterByCodingLengthRefuses(t *testing.T) {
	for what, call := range map[string]func(){
		"no precision":       func() { crate.ClusterByCodingLength(mat.NewDense(2, 3, nil), 0, true) },
		"too much precision": func() { crate.ClusterByCodingLength(mat.NewDense(1, 2, []float64{1e3, 1}), 1e-7, true) },
		"not a number":       func() { crate.ClusterByCodingLength(mat.NewDense(1, 2, []float64{math.NaN(), 1}), 1, true) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", what)
				}
			}()
			call()
		}()
	}
}

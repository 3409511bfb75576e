package crate

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate/internal/kern"
)

// The two methods agree wherever both can be used, so that nothing jumps where
// one takes over from the other.
func TestLogDetMethodsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, s := range []struct{ r, c, rank int }{{1, 1, 1}, {5, 9, 5}, {9, 5, 5}, {12, 20, 3}, {40, 30, 1}} {
		for _, trace := range []float64{1.1 * minTrace, 1, 1e4, 0.9 * maxTrace} {
			Y := lowRank(rng, s.r, s.c, s.rank)
			norm := mat.Norm(Y, 2)
			α := trace / (norm * norm)
			if _, ok := gramCholesky(Y, α); !ok {
				t.Fatalf("trace %g: Cholesky was not used", trace)
			}
			fast, slow := halfLogDet(Y, α), halfLogDetSVD(Y, α)
			if !(math.Abs(fast-slow) <= 1e-9*slow) {
				t.Errorf("%v, trace %g: Cholesky %v, singular values %v", s, trace, fast, slow)
			}
			var diff mat.Dense
			G := halfLogDetGradSVD(Y, α)
			diff.Sub(halfLogDetGrad(Y, α), G)
			if e := mat.Norm(&diff, 2) / mat.Norm(G, 2); !(e <= 1e-7) {
				t.Errorf("%v, trace %g: gradients differ by %g", s, trace, e)
			}
		}
	}
}

func TestLogDetChoosesTheMethod(t *testing.T) {
	Y := mat.NewDense(1, 2, []float64{1, 1}) // trace 2α
	for _, tt := range []struct {
		α  float64
		ok bool
	}{{0, false}, {minTrace / 4, false}, {minTrace, true}, {maxTrace / 4, true}, {maxTrace, false}, {math.Inf(1), false}, {math.NaN(), false}} {
		_, ok := gramCholesky(Y, tt.α)
		if _, value := gramLogDet(Y, tt.α); ok != tt.ok || value != tt.ok {
			t.Errorf("α = %g: Cholesky used: %v for gradients, %v for values; want %v", tt.α, ok, value, tt.ok)
		}
	}
}

// The factorization by rows equals gonum's, with every kernel set and for
// sizes on both sides of a multiple of four.
func TestGramLogDetEqualsGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for _, set := range kern.Sets() {
		restore := kern.Use(set)
		for _, s := range [][2]int{{1, 1}, {1, 9}, {9, 1}, {2, 3}, {3, 3}, {4, 7}, {7, 5}, {12, 17}, {17, 12}, {48, 17}, {33, 64}, {65, 66}} {
			Y := lowRank(rng, s[0], s[1], min(s[0], s[1]))
			chol, ok := gramCholesky(Y, 0.7)
			got, gotOK := gramLogDet(Y, 0.7)
			if want := chol.LogDet(); !ok || !gotOK || !(math.Abs(got-want) <= 1e-12*want) {
				t.Errorf("%s, %d×%d: %v, %v; gonum's %v", set, s[0], s[1], got, gotOK, want)
			}
		}
		restore()
	}
}

// lowRank returns a random r×c matrix of the given rank.
func lowRank(rng *rand.Rand, r, c, rank int) *mat.Dense {
	A, B := mat.NewDense(r, rank, nil), mat.NewDense(rank, c, nil)
	for _, M := range []*mat.Dense{A, B} {
		M.Apply(func(int, int, float64) float64 { return rng.NormFloat64() }, M)
	}
	var Y mat.Dense
	Y.Mul(A, B)
	return &Y
}

package datasets

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestSubspaces(t *testing.T) {
	for _, m := range []Mixture{
		{},
		{Dim: 8, Classes: 2, Rank: 3, Points: 61, Orthogonal: true, Seed: 1},
		{Dim: 5, Classes: 4, Rank: 5, Points: 3, Seed: 2},
		{Dim: 40, Classes: 10, Rank: 4, Points: 500, Orthogonal: true, Seed: 3},
	} {
		Z, labels, U := Subspaces(m)
		m = m.withDefaults()
		checkShape(t, m, Z, labels)
		if len(U) != m.Classes {
			t.Fatalf("%+v: %d bases", m, len(U))
		}
		for k, Uk := range U {
			checkGram(t, fmt.Sprintf("%+v: U[%d]ᵀU[%[2]d]", m, k), Uk, Uk, true)
			for l := range k {
				if m.Orthogonal {
					checkGram(t, fmt.Sprintf("%+v: U[%d]ᵀU[%d]", m, k, l), Uk, U[l], false)
				}
			}
		}
		// Without noise each point is its own projection on its subspace.
		for i, k := range labels {
			z := Z.Slice(0, m.Dim, i, i+1)
			var a, p mat.Dense
			a.Mul(U[k].T(), z)
			p.Mul(U[k], &a)
			if !mat.EqualApprox(&p, z, 1e-12) {
				t.Fatalf("%+v: point %d is not in subspace %d", m, i, k)
			}
		}
	}
}

// Mean squared length 1 + dσ², of which the noise outside the subspace has
// (d−p)σ². The tolerances are five standard deviations.
func TestSubspacesLength(t *testing.T) {
	m := Mixture{Dim: 12, Classes: 3, Rank: 4, Points: 6000, Noise: 0.1, Seed: 4}
	Z, labels, U := Subspaces(m)
	var length, outside float64
	for i, k := range labels {
		z := Z.ColView(i)
		var a mat.VecDense
		a.MulVec(U[k].T(), z)
		length += mat.Dot(z, z) / float64(m.Points)
		outside += (mat.Dot(z, z) - mat.Dot(&a, &a)) / float64(m.Points)
	}
	if want := 1 + 12*0.01; math.Abs(length-want) > 0.05 {
		t.Errorf("mean squared length %v, want about %v", length, want)
	}
	if want := 8 * 0.01; math.Abs(outside-want) > 0.003 {
		t.Errorf("mean squared distance from the subspace %v, want about %v", outside, want)
	}
}

func TestGaussians(t *testing.T) {
	for _, m := range []Mixture{
		{},
		{Noise: 0.1, Orthogonal: true, Points: 3000, Seed: 1},
		{Dim: 2, Classes: 7, Noise: 0.5, Points: 3000, Seed: 2},
	} {
		Z, labels, means := Gaussians(m)
		m.Rank = 1
		m = m.withDefaults()
		checkShape(t, m, Z, labels)
		if m.Orthogonal {
			checkGram(t, "means", means, means, true)
		}
		var square float64
		sum := mat.NewDense(m.Dim, m.Classes, nil)
		for i, k := range labels {
			if n := mat.Norm(means.ColView(k), 2); math.Abs(n-1) > 1e-12 {
				t.Fatalf("%+v: mean %d has length %v", m, k, n)
			}
			var w mat.VecDense
			w.SubVec(Z.ColView(i), means.ColView(k))
			square += mat.Dot(&w, &w) / float64(m.Dim*m.Points)
			addColumn(sum, k, &w)
		}
		if got := math.Sqrt(square); math.Abs(got-m.Noise) > 0.07*m.Noise {
			t.Errorf("%+v: standard deviation %v, want %v", m, got, m.Noise)
		}
		perClass := float64(m.Points / m.Classes)
		if off := max(mat.Max(sum), -mat.Min(sum)); off > 5*m.Noise*math.Sqrt(perClass) {
			t.Errorf("%+v: the points of a class are not centred: they add up to %v", m, off)
		}
	}
}

func TestMixturesFollowTheSeed(t *testing.T) {
	m := Mixture{Noise: 0.1, Seed: 5}
	Z, _, _ := Subspaces(m)
	again, _, _ := Subspaces(m)
	m.Seed++
	other, _, _ := Subspaces(m)
	if !mat.Equal(Z, again) || mat.Equal(Z, other) {
		t.Error("want equal points for equal seeds and others for another")
	}
}

func TestMixtureMisuse(t *testing.T) {
	for _, tt := range []struct {
		m    Mixture
		want string
	}{
		{Mixture{Dim: 2, Rank: 3}, "Rank 3 in Dim 2"},
		{Mixture{Dim: 5, Classes: 3, Rank: 2, Orthogonal: true}, "Classes 3 of Rank 2 cannot be Orthogonal in Dim 5"},
		{Mixture{Points: -1}, "Points -1"},
		{Mixture{Noise: math.NaN()}, "Noise NaN"},
	} {
		if text := panicText(func() { Subspaces(tt.m) }); !strings.Contains(text, tt.want) {
			t.Errorf("the panic says %q; want %q in it", text, tt.want)
		}
	}
}

// panicText is what f panics with.
func panicText(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return ""
}

// checkShape checks Z and that the labels are sorted and evenly spread.
func checkShape(t *testing.T, m Mixture, Z *mat.Dense, labels []int) {
	t.Helper()
	if d, N := Z.Dims(); d != m.Dim || N != m.Points || len(labels) != N {
		t.Fatalf("%+v: Z is %d×%d with %d labels", m, d, N, len(labels))
	}
	sizes := make([]int, m.Classes)
	for _, k := range labels {
		sizes[k]++
	}
	if !slices.IsSorted(labels) || slices.Max(sizes)-slices.Min(sizes) > 1 {
		t.Errorf("%+v: labels %v", m, labels)
	}
}

// checkGram checks that AᵀB is the identity, or zero.
func checkGram(t *testing.T, what string, A, B mat.Matrix, identity bool) {
	t.Helper()
	var G mat.Dense
	G.Mul(A.T(), B)
	r, c := G.Dims()
	want := mat.NewDense(r, c, nil)
	for i := range r {
		if identity {
			want.Set(i, i, 1)
		}
	}
	if !mat.EqualApprox(&G, want, 1e-12) {
		t.Errorf("%s = %v", what, mat.Formatted(&G))
	}
}

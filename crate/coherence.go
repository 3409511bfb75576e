package crate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Coherence says how far the subspaces of a layer are from being orthogonal to
// each other, as the derivation of [MSSA] assumes them to be. See
// [SubspaceCoherence].
type Coherence struct {
	Heads  int        // K
	Matrix *mat.Dense // |ÛᵀÛ|: the directions of one head after those of another, in rows and columns

	Within  float64 // mean of the pairs of different directions in one head; 0 if heads have one
	Between float64 // mean of the pairs of directions in different heads; 0 for a single head
	Largest float64 // of the pairs of directions in different heads
	Random  float64 // what Within and Between would be of directions drawn at random
}

// SubspaceCoherence compares every direction of the subspaces with every other:
//
//	|ÛᵀÛ|,    Û = [U_1 … U_K] with columns scaled to length 1
//
// an absolute cosine in each entry, block (k, l) being |Û_kᵀÛ_l|. Were the
// subspaces orthogonal, the blocks off the diagonal would be zero. Directions
// drawn at random in ℝ^d are not: their mean absolute cosine is
//
//	E|cos| = Γ(d/2) / (√π Γ((d+1)/2)) ≈ √(2/(πd))
//
// which is Random, against which Between has to be held. U are the bases, d×p
// each, that [Layer.Subspaces] returns. A column of zeros is orthogonal to all,
// itself included. It panics if bases differ in shape or there are none.
//
// Source: Yu et al. (2023), the figure of [U_1 … U_K]ᵀ[U_1 … U_K], which gives no
// such number.
func SubspaceCoherence(U []*mat.Dense) Coherence {
	d, p := checkBases("SubspaceCoherence", U)
	Û := mat.NewDense(d, len(U)*p, nil)
	for k, Uk := range U {
		Û.Slice(0, d, k*p, (k+1)*p).(*mat.Dense).Copy(Uk)
	}
	unitColumns(Û)
	var cosines mat.Dense
	cosines.Mul(Û.T(), Û)
	cosines.Apply(func(_, _ int, v float64) float64 { return math.Abs(v) }, &cosines)
	c := Coherence{Heads: len(U), Matrix: &cosines, Random: meanAbsCosine(d)}
	c.summarise()
	return c
}

// Sample returns the coherence of some directions of each head, drawn at random
// and left in their order: the paper's figure has four of each. Equal seeds draw
// equally. It panics unless there are that many.
func (c Coherence) Sample(directions int, seed uint64) Coherence {
	n, _ := c.Matrix.Dims()
	p := n / c.Heads
	if directions < 1 || directions > p {
		panic(fmt.Sprintf("crate: Coherence.Sample(%d): heads have %d directions; want 1 to %[2]d", directions, p))
	}
	rng := rand.New(rand.NewPCG(seed, 0x636f686572))
	var chosen []int
	for k := range c.Heads {
		some := rng.Perm(p)[:directions]
		slices.Sort(some)
		for _, j := range some {
			chosen = append(chosen, k*p+j)
		}
	}
	c.Matrix = pick(c.Matrix, chosen, chosen)
	c.summarise()
	return c
}

// summarise computes the numbers from the matrix.
func (c *Coherence) summarise() {
	n, _ := c.Matrix.Dims()
	p := n / c.Heads
	var within, between moments
	c.Largest = 0
	for i := range n {
		for j := range i {
			v := c.Matrix.At(i, j)
			if i/p == j/p {
				within.add(v)
				continue
			}
			between.add(v)
			c.Largest = max(c.Largest, v)
		}
	}
	c.Within, c.Between = within.mean, between.mean
}

// meanAbsCosine is the mean of |cos| over pairs of random directions in ℝ^d.
func meanAbsCosine(d int) float64 {
	a, _ := math.Lgamma(float64(d) / 2)
	b, _ := math.Lgamma(float64(d+1) / 2)
	return math.Exp(a-b) / math.Sqrt(math.Pi)
}

// pick returns some rows and columns of a matrix.
func pick(a mat.Matrix, rows, cols []int) *mat.Dense {
	out := mat.NewDense(len(rows), len(cols), nil)
	out.Apply(func(i, j int, _ float64) float64 { return a.At(rows[i], cols[j]) }, out)
	return out
}

// checkBases returns the shape of the bases, and panics unless they have one.
func checkBases(name string, U []*mat.Dense) (d, p int) {
	if len(U) == 0 {
		panic(fmt.Sprintf("crate: %s: there are no bases; ordinary attention has none", name))
	}
	d, p = U[0].Dims()
	for k, Uk := range U {
		if r, c := Uk.Dims(); r != d || c != p {
			panic(fmt.Sprintf("crate: %s: U[%d] is %d×%d, but U[0] is %d×%d; want one shape", name, k, r, c, d, p))
		}
	}
	return d, p
}

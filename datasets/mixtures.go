package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Mixture says what [Subspaces] and [Gaussians] draw. The zero value of a field
// stands for its default.
type Mixture struct {
	Dim        int     // d, dimension of the space; 0 means 3
	Classes    int     // K, number of subspaces or Gaussians; 0 means 3
	Rank       int     // p, dimension of each subspace; 0 means 1; not used by Gaussians
	Points     int     // N, points of all classes together; 0 means 100 a class
	Noise      float64 // standard deviation of each coordinate's noise; 0 means none
	Orthogonal bool    // make the subspaces, or the means, orthogonal to each other
	Seed       uint64  // equal seeds draw equal points
}

// Subspaces draws points near K subspaces, the distribution of tokens that
// attention is derived for:
//
//	zᵢ = Uₖ aᵢ + σwᵢ,    k = labels[i], aᵢ ~ N(0, I/p), wᵢ ~ N(0, I)
//
// Z is d×N, one point a column, in the order of the classes, whose sizes differ
// by one at most. U holds K bases, d×p with orthonormal columns, drawn at
// random; with Orthogonal they are also orthogonal to each other. Without noise
// a point has mean squared length 1.
//
// It panics with the fields that contradict each other: Rank ≤ Dim, and with
// Orthogonal Classes·Rank ≤ Dim, are needed.
func Subspaces(m Mixture) (Z *mat.Dense, labels []int, U []*mat.Dense) {
	m = m.withDefaults()
	rng := m.rng()
	U = m.bases(rng, m.Rank)
	Z, labels = m.noise(rng)
	for i, k := range labels {
		a := normal(rng, m.Rank, 1, 1/math.Sqrt(float64(m.Rank)))
		var x mat.Dense
		x.Mul(U[k], a)
		addColumn(Z, i, &x)
	}
	return Z, labels, U
}

// Gaussians draws points around K means of length 1:
//
//	zᵢ = μₖ + σwᵢ,    k = labels[i], wᵢ ~ N(0, I)
//
// Z is d×N, one point a column, in the order of the classes, whose sizes differ
// by one at most. means is d×K, drawn at random; with Orthogonal its columns are
// orthogonal to each other, for which Classes ≤ Dim is needed.
func Gaussians(m Mixture) (Z *mat.Dense, labels []int, means *mat.Dense) {
	m.Rank = 1
	m = m.withDefaults()
	rng := m.rng()
	means = mat.NewDense(m.Dim, m.Classes, nil)
	for k, μ := range m.bases(rng, 1) {
		means.SetCol(k, μ.RawMatrix().Data)
	}
	Z, labels = m.noise(rng)
	for i, k := range labels {
		addColumn(Z, i, means.ColView(k))
	}
	return Z, labels, means
}

// withDefaults fills in the defaults and panics if the result cannot be drawn.
func (m Mixture) withDefaults() Mixture {
	setDefault(&m.Dim, 3)
	setDefault(&m.Classes, 3)
	setDefault(&m.Rank, 1)
	setDefault(&m.Points, 100*m.Classes)
	switch {
	case m.Dim < 0 || m.Classes < 0 || m.Rank < 0 || m.Points < 0 || !(m.Noise >= 0):
		panic(fmt.Sprintf("datasets: Mixture: Dim %d, Classes %d, Rank %d, Points %d, Noise %v; none may be negative", m.Dim, m.Classes, m.Rank, m.Points, m.Noise))
	case m.Rank > m.Dim:
		panic(fmt.Sprintf("datasets: Mixture: Rank %d in Dim %d; want Rank ≤ Dim", m.Rank, m.Dim))
	case m.Orthogonal && m.Classes*m.Rank > m.Dim:
		panic(fmt.Sprintf("datasets: Mixture: Classes %d of Rank %d cannot be Orthogonal in Dim %d; want Classes·Rank ≤ Dim", m.Classes, m.Rank, m.Dim))
	}
	return m
}

func setDefault(field *int, value int) {
	if *field == 0 {
		*field = value
	}
}

func (m Mixture) rng() *rand.Rand { return rand.New(rand.NewPCG(m.Seed, 0)) }

// bases draws K matrices d×p with orthonormal columns.
func (m Mixture) bases(rng *rand.Rand, p int) []*mat.Dense {
	U := make([]*mat.Dense, m.Classes)
	if m.Orthogonal {
		all := orthonormal(rng, m.Dim, m.Classes*p)
		for k := range U {
			U[k] = mat.DenseCopyOf(all.Slice(0, m.Dim, k*p, (k+1)*p))
		}
		return U
	}
	for k := range U {
		U[k] = orthonormal(rng, m.Dim, p)
	}
	return U
}

// noise draws the d×N noise and gives out the labels 0, …, 0, 1, …, K−1.
func (m Mixture) noise(rng *rand.Rand) (Z *mat.Dense, labels []int) {
	labels = make([]int, m.Points)
	for i := range labels {
		labels[i] = i * m.Classes / m.Points
	}
	return normal(rng, m.Dim, m.Points, m.Noise), labels
}

// orthonormal draws a d×p matrix with orthonormal columns, all directions being
// equally likely.
func orthonormal(rng *rand.Rand, d, p int) *mat.Dense {
	var qr mat.QR
	qr.Factorize(normal(rng, d, p, 1))
	var Q mat.Dense
	qr.QTo(&Q)
	return mat.DenseCopyOf(Q.Slice(0, d, 0, p))
}

// normal draws an r×c matrix of independent N(0, σ²) entries.
func normal(rng *rand.Rand, r, c int, σ float64) *mat.Dense {
	x := make([]float64, r*c)
	for i := range x {
		x[i] = σ * rng.NormFloat64()
	}
	return mat.NewDense(r, c, x)
}

// addColumn adds x, d×1, to column i of Z.
func addColumn(Z *mat.Dense, i int, x mat.Matrix) {
	column := Z.ColView(i).(*mat.VecDense)
	for r := range column.Len() {
		column.SetVec(r, column.AtVec(r)+x.At(r, 0))
	}
}

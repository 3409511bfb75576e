package segment

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
)

// Affinity returns how similar every pair of patches is: N×N,
//
//	M_ij = Σ_k ⟨U_kᵀz_i, U_kᵀz_j⟩ = ⟨f_i, f_j⟩
//
// for features f of all heads, one patch a row, as Features of crate.Trace returns
// them. If cosine, the features are first scaled to length 1, as in the code that
// published results were made with; zero features stay zero.
//
// Source: the paper on segmentation, (9).
func Affinity(features crate.Matrix, cosine bool) *mat.SymDense {
	F := mat.DenseCopyOf(features)
	for i := range features.Rows {
		row := F.RawRowView(i)
		norm := mat.Norm(mat.NewVecDense(len(row), row), 2)
		for j := range row {
			if cosine && norm > 0 {
				row[j] /= norm
			}
		}
	}
	var M mat.SymDense
	M.SymOuterK(1, F)
	return &M
}

// Cut is the relaxed solution of a normalised cut. See [NormalizedCut].
type Cut struct {
	Vector []float64 // x, a number for each node; both sides of the cut lie on both sides of its mean
	Value  float64   // λ, which no cut in two can be better than
}

// NormalizedCut returns the second smallest solution of
//
//	(D − W)x = λDx,    D = diag(Σ_j W_ij)
//
// for the symmetric, positive weights W of a graph. Of all ways to cut the nodes
// into S and the rest, the normalised cut
//
//	Ncut(S) = cut/Σ_{i∈S} D_ii + cut/Σ_{i∉S} D_ii,    cut = Σ_{i∈S, j∉S} W_ij
//
// prefers two groups that are each well connected; the smallest Ncut is at least
// λ, and x approximates who is in S. The sign of x is such that its largest entry
// in absolute value is positive. The time grows with the cube of the nodes:
// some seconds for 28×28 patches.
//
// Source: Shi and Malik, Normalized Cuts and Image Segmentation (2000). It panics
// if a node has no positive degree.
func NormalizedCut(W mat.Symmetric) Cut {
	n := W.SymmetricDim()
	if n < 2 {
		panic(fmt.Sprintf("segment: NormalizedCut of %d nodes; want two at least", n))
	}
	root := make([]float64, n) // √D
	for i := range root {
		for j := range n {
			root[i] += W.At(i, j)
		}
		if !(root[i] > 0) {
			panic(fmt.Sprintf("segment: NormalizedCut: the weights of node %d sum to %g; want more than 0", i, root[i]))
		}
		root[i] = math.Sqrt(root[i])
	}
	// With y = √D x it is (1 − λ)y = D^{-1/2} W D^{-1/2} y.
	N := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			N.SetSym(i, j, W.At(i, j)/(root[i]*root[j]))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(N, true) {
		panic("segment: NormalizedCut: the weights are not finite")
	}
	var Y mat.Dense
	eigen.VectorsTo(&Y) // in the order of growing 1 − λ
	c := Cut{Vector: mat.Col(nil, n-2, &Y), Value: 1 - eigen.Values(nil)[n-2]}
	for i := range c.Vector {
		c.Vector[i] /= root[i]
	}
	c.orient()
	return c
}

// orient makes the largest entry in absolute value positive.
func (c *Cut) orient() {
	if c.Vector[argMaxAbs(c.Vector)] < 0 {
		for i := range c.Vector {
			c.Vector[i] = -c.Vector[i]
		}
	}
}

// argMaxAbs returns the index of the largest entry in absolute value.
func argMaxAbs(x []float64) int {
	best := 0
	for i, v := range x {
		if math.Abs(v) > math.Abs(x[best]) {
			best = i
		}
	}
	return best
}

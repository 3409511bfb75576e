package crate

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate/internal/kern"
)

// gram is the lower half of a symmetric matrix, n×n, in rows of stride
// numbers. Behind its rows are others, so that their number is a multiple of
// four.
type gram struct {
	n, stride int
	data      []float64
}

// gramLogDet returns logdet(I + αYYᵀ) by the Cholesky factor of the smaller of
// I + αYYᵀ and I + αYᵀY. It reports false where that would lose accuracy.
func gramLogDet(Y *mat.Dense, α float64) (logDet float64, ok bool) {
	memory := grams.Get().(*gramMemory)
	defer grams.Put(memory)
	A, trace := memory.gram(Y, α)
	if !(trace > minTrace && trace < maxTrace) { // NaN too
		return 0, false
	}
	return A.logDet()
}

// logDet returns logdet A and replaces A by its Cholesky factor L, A = LLᵀ,
// four columns at a time:
//
//	l_ij = (a_ij − Σ_{k<j} l_ik l_jk)/l_jj    l_jj = √(a_jj − Σ_{k<j} l_jk²)
//
// It reports false if A is not positive definite.
func (A gram) logDet() (sum float64, ok bool) {
	var dots [4]float64
	for j := 0; j < A.n; j += 4 {
		for i := j; i < A.n; i++ {
			Li := A.data[i*A.stride : i*A.stride+j+4]
			kern.Dots(&dots, Li[:j], A.data[j*A.stride:], A.stride)
			for c := 0; c < 4 && j+c <= i; c++ {
				Lc := A.data[(j+c)*A.stride : (j+c)*A.stride+j+4]
				v := Li[j+c] - dots[c]
				for k := j; k < j+c; k++ {
					v -= Li[k] * Lc[k]
				}
				if j+c < i {
					Li[j+c] = v / Lc[j+c]
					continue
				}
				if !(v > 0) {
					return 0, false
				}
				Li[i] = math.Sqrt(v)
				sum += math.Log(v)
			}
		}
	}
	return sum, true
}

// gramMemory is memory for one rate.
type gramMemory struct{ rows, product []float64 }

var grams = sync.Pool{New: func() any { return new(gramMemory) }}

// gram returns I + αWWᵀ, W the wide one of Y and Yᵀ, and the trace of αWWᵀ.
func (m *gramMemory) gram(Y *mat.Dense, α float64) (A gram, trace float64) {
	n, k := m.setRows(Y, math.Sqrt(α))
	stride := (n + 3) &^ 3
	A = gram{n, stride, grow(&m.product, stride*stride)}
	for i := range n {
		for j := 0; j <= i; j += 4 {
			kern.Dots((*[4]float64)(A.data[i*stride+j:]), m.rows[i*k:(i+1)*k], m.rows[j*k:], k)
		}
		trace += A.data[i*stride+i]
		A.data[i*stride+i]++
	}
	return A, trace
}

// setRows makes m.rows the n rows of sW, k numbers each, and rows of zeros up
// to a multiple of four.
func (m *gramMemory) setRows(Y *mat.Dense, s float64) (n, k int) {
	r, c := Y.Dims()
	n, k = min(r, c), max(r, c)
	rows := grow(&m.rows, (n+3)&^3*k)
	clear(rows[n*k:])
	for i := range r {
		y := Y.RawRowView(i)
		if r <= c {
			for j, v := range y {
				rows[i*k+j] = s * v
			}
			continue
		}
		for j, v := range y {
			rows[j*k+i] = s * v
		}
	}
	return n, k
}

// grow returns n numbers of *x, which it makes longer if need be.
func grow(x *[]float64, n int) []float64 {
	if cap(*x) < n {
		*x = make([]float64, n)
	}
	*x = (*x)[:n]
	return *x
}

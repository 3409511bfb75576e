// Package gemm multiplies float32 matrices. It is the only door to fast
// arithmetic: the rest of crate writes products and does not know how they
// are computed.
//
// Three forms are enough for a network and its gradients: A·B, A·Bᵀ and AᵀB.
// The documentation of each is the loop it equals, up to the order of the
// additions; the tests hold it against exactly that loop. No operand may be
// empty.
//
// A product runs on the calling goroutine alone, because its callers are
// parallel over images, and it adds in an order that depends on the shapes
// only. The same operands therefore give the same bits on any number of
// processors.
package gemm

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// View is a matrix inside a slice: element (i, j) is Data[i*Stride+j].
type View struct {
	Rows, Cols int
	Stride     int // distance between the starts of two rows, at least Cols
	Data       []float32
}

// Mul sets C to A·B, or adds A·B to C if add is true:
//
//	for i := range C.Rows {
//		for j := range C.Cols {
//			for l := range A.Cols {
//				C[i,j] += A[i,l] * B[l,j]
//			}
//		}
//	}
func Mul(C, A, B View, add bool) {
	if A.Rows != C.Rows || B.Rows != A.Cols || B.Cols != C.Cols {
		panicShape("Mul: A·B", C, A, B)
	}
	sgemm(blas.NoTrans, blas.NoTrans, A.Cols, C, A, B, add)
}

// MulNT sets C to A·Bᵀ, or adds A·Bᵀ to C if add is true:
//
//	for i := range C.Rows {
//		for j := range C.Cols {
//			for l := range A.Cols {
//				C[i,j] += A[i,l] * B[j,l]
//			}
//		}
//	}
func MulNT(C, A, B View, add bool) {
	if A.Rows != C.Rows || B.Cols != A.Cols || B.Rows != C.Cols {
		panicShape("MulNT: A·Bᵀ", C, A, B)
	}
	sgemm(blas.NoTrans, blas.Trans, A.Cols, C, A, B, add)
}

// MulTN sets C to AᵀB, or adds AᵀB to C if add is true:
//
//	for i := range C.Rows {
//		for j := range C.Cols {
//			for l := range A.Rows {
//				C[i,j] += A[l,i] * B[l,j]
//			}
//		}
//	}
func MulTN(C, A, B View, add bool) {
	if A.Cols != C.Rows || B.Rows != A.Rows || B.Cols != C.Cols {
		panicShape("MulTN: AᵀB", C, A, B)
	}
	sgemm(blas.Trans, blas.NoTrans, A.Rows, C, A, B, add)
}

// Gonum cuts C into blocks of 64×64 and starts goroutines from four blocks
// on. Tiles of at most three blocks stay on this goroutine.
const (
	block     = 64
	maxBlocks = 3
)

// sgemm computes one of the three products, k being the length of the sums.
func sgemm(tA, tB blas.Transpose, k int, C, A, B View, add bool) {
	var beta float32
	if add {
		beta = 1
	}
	cols := min(C.Cols, maxBlocks*block)
	rows := block * (maxBlocks / max(1, (cols+block-1)/block))
	for i := 0; i < C.Rows; i += rows {
		m := min(rows, C.Rows-i)
		for j := 0; j < C.Cols; j += cols {
			n := min(cols, C.Cols-j)
			a, b := A.from(i, 0, tA), B.from(0, j, tB)
			gonum.Implementation{}.Sgemm(tA, tB, m, n, k, 1, a, A.Stride, b, B.Stride, beta, C.from(i, j, blas.NoTrans), C.Stride)
		}
	}
}

// from is the memory of v, or of vᵀ, from element (i, j) on.
func (v View) from(i, j int, t blas.Transpose) []float32 {
	if t == blas.Trans {
		i, j = j, i
	}
	return v.Data[i*v.Stride+j:]
}

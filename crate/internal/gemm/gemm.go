// Package gemm multiplies float32 matrices. The rest of crate writes products
// and does not know how they are computed: by the tiles of package kern.
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
	"github.com/gocrate/gocrate/crate/internal/kern"
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
	if !C.holds() || !A.holds() || !B.holds() {
		panicMemory(C, A, B)
	}
	multiply(C, A.Cols, kern.Strided{Data: A.Data, Row: A.Stride, Col: 1}, factor{View: B}, add)
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
	if !C.holds() || !A.holds() || !B.holds() {
		panicMemory(C, A, B)
	}
	multiply(C, A.Cols, kern.Strided{Data: A.Data, Row: A.Stride, Col: 1}, factor{View: B, transposed: true}, add)
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
	if !C.holds() || !A.holds() || !B.holds() {
		panicMemory(C, A, B)
	}
	multiply(C, A.Rows, kern.Strided{Data: A.Data, Row: 1, Col: A.Stride}, factor{View: B, packed: C.Rows >= manyRows && B.Stride >= manyRows}, add)
}

// Transpose sets C to Aᵀ, with which it must not overlap:
//
//	for i := range C.Rows {
//		for j := range C.Cols {
//			C[i,j] = A[j,i]
//		}
//	}
func Transpose(C, A View) {
	if A.Rows != C.Cols || A.Cols != C.Rows {
		panicShape("Transpose: Aᵀ", C, A, C)
	}
	if !C.holds() || !A.holds() {
		panicMemory(C, A)
	}
	_, lanes := kern.Shape()
	whole := C.Cols &^ (lanes - 1)
	for j := 0; j < whole; j += lanes {
		kern.Transpose(lanes, C.Rows, A.Data[j*A.Stride:], A.Stride, C.Data[j:], C.Stride)
	}
	for i := range C.Rows {
		for j := whole; j < C.Cols; j++ {
			C.Data[i*C.Stride+j] = A.Data[j*A.Stride+i]
		}
	}
}

// depth is the most of k that one pass over C takes: a panel of B, depth rows
// of two vectors, then stays in the processor's first cache.
const depth = 384

// manyRows is the number of rows of A from which on a panel is used so often
// that a copy of it costs little, and the distance between its rows from
// which on they crowd each other out of the first cache.
const manyRows = 128

// factor is B of a product, or Bᵀ if transposed.
type factor struct {
	View
	transposed bool
	packed     bool // each of its panels is worth a copy, in which its rows lie together
}

// multiply computes one of the products, k being the length of its sums and
// A given so that row i of C belongs to row i of A. B is cut into panels of
// two vectors of columns, and each is multiplied by all rows of A.
func multiply(C View, k int, A kern.Strided, B factor, add bool) {
	width := panelWidth()
	var pool *[]float32
	if B.transposed || B.packed {
		pool = panels.Get().(*[]float32)
		defer panels.Put(pool)
	}
	passes := (k + depth - 1) / depth
	for p := range passes {
		l, end := p*k/passes, (p+1)*k/passes
		a := kern.Strided{Data: A.Data[l*A.Col:], Row: A.Row, Col: A.Col}
		for j := 0; j < C.Cols; j += width {
			cols := min(width, C.Cols-j)
			b, bRow := B.panel(pool, j, cols, l, end-l)
			kern.Product(C.Rows, cols, end-l, a, b, bRow, C.Data[j:], C.Stride, add || p > 0)
		}
	}
}

// panel returns columns j … j+cols−1, rows l … l+k−1 of B, and the distance
// between its rows: where they lie, or copied to the memory of pool.
func (B factor) panel(pool *[]float32, j, cols, l, k int) (b []float32, row int) {
	if pool == nil {
		return B.Data[l*B.Stride+j:], B.Stride
	}
	row = panelWidth()
	if len(*pool) < k*row {
		*pool = make([]float32, k*row)
	}
	B.pack(*pool, j, cols, l, k)
	return *pool, row
}

package crate

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate/internal/gemm"
	"github.com/gocrate/gocrate/crate/internal/kern"
)

// Matrix is a float32 matrix whose rows lie one after another in memory.
// In a matrix of tokens every row is one token, so Data holds the paper's
// d×N matrix column by column; see "Tokens" in the package documentation.
//
// A Matrix is a gonum [mat.Matrix]: Z.T() is the d×N matrix of the paper, as
// [CodingRate] and the other measures expect it.
type Matrix struct {
	Rows, Cols int
	Data       []float32 // element (i, j) is Data[i*Cols+j]
}

// NewMatrix returns a matrix of zeros.
func NewMatrix(rows, cols int) Matrix {
	return Matrix{rows, cols, make([]float32, rows*cols)}
}

// MatrixOf returns a float32 copy of a.
func MatrixOf(a mat.Matrix) Matrix {
	rows, cols := a.Dims()
	m := NewMatrix(rows, cols)
	for i := range rows {
		for j, row := 0, m.Row(i); j < cols; j++ {
			row[j] = float32(a.At(i, j))
		}
	}
	return m
}

// Dims returns the numbers of rows and columns, for [mat.Matrix].
func (m Matrix) Dims() (rows, cols int) { return m.Rows, m.Cols }

// At returns element (i, j).
func (m Matrix) At(i, j int) float64 { return float64(m.Row(i)[j]) }

// T returns the transpose without copying: tokens as columns.
func (m Matrix) T() mat.Matrix { return mat.Transpose{Matrix: m} }

// Row returns row i, sharing memory with m.
func (m Matrix) Row(i int) []float32 { return m.Data[i*m.Cols : (i+1)*m.Cols] }

// Slice returns rows i, i+1, …, j−1, sharing memory with m.
func (m Matrix) Slice(i, j int) Matrix {
	return Matrix{j - i, m.Cols, m.Data[i*m.Cols : j*m.Cols]}
}

// columns returns the transpose of m as a float64 copy: tokens as columns.
func (m Matrix) columns() *mat.Dense {
	z := mat.NewDense(m.Cols, m.Rows, nil)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			z.Set(j, i, float64(v))
		}
	}
	return z
}

// resize gives m a shape, keeping its memory where it is large enough. What
// m then holds is unspecified.
func (m *Matrix) resize(rows, cols int) {
	if cap(m.Data) < rows*cols {
		m.Data = make([]float32, rows*cols)
	}
	m.Rows, m.Cols, m.Data = rows, cols, m.Data[:rows*cols]
}

// copyOf makes m a copy of from, in m's memory, and returns it.
func (m *Matrix) copyOf(from Matrix) Matrix {
	m.resize(from.Rows, from.Cols)
	copy(m.Data, from.Data)
	return *m
}

// view is m as an operand of package gemm.
func (m Matrix) view() gemm.View {
	return gemm.View{Rows: m.Rows, Cols: m.Cols, Stride: m.Cols, Data: m.Data}
}

// block is a part of m: rows i … i+rows−1, columns j … j+cols−1.
func (m Matrix) block(i, rows, j, cols int) gemm.View {
	return gemm.View{Rows: rows, Cols: cols, Stride: m.Cols, Data: m.Data[i*m.Cols+j:]}
}

func mul(C, A, B Matrix)                    { gemm.Mul(C.view(), A.view(), B.view(), false) }   // C = A·B
func mulPacked(C, A Matrix, B *gemm.Packed) { gemm.MulPacked(C.view(), A.view(), B, false) }    // C = A·B
func mulNT(C, A, B Matrix)                  { gemm.MulNT(C.view(), A.view(), B.view(), false) } // C = A·Bᵀ
func mulTN(C, A, B Matrix)                  { gemm.MulTN(C.view(), A.view(), B.view(), false) } // C = AᵀB
func addMulTN(C, A, B Matrix)               { gemm.MulTN(C.view(), A.view(), B.view(), true) }  // C += AᵀB

// affine sets Y to X·Wᵀ + b in every row: PyTorch's Linear, W being out×in.
func affine(Y, X, W Matrix, b []float32) {
	mulNT(Y, X, W)
	addToRows(Y, b)
}

// addToRows adds b to every row of Y.
func addToRows(Y Matrix, b []float32) { kern.AddRows(Y.Rows, Y.Cols, Y.Data, Y.Cols, b, 0) }

// affineBackward sets dX and adds to dW and db, given dY.
//
//	Y = X·Wᵀ + b    dX = dY·W    dW += dYᵀX    db += Σ rows of dY
func affineBackward(dX, dY, X, W, dW Matrix, db []float32) {
	mul(dX, dY, W)
	affineGradient(dY, X, dW, db)
}

// affineGradient is affineBackward without dX.
func affineGradient(dY, X, dW Matrix, db []float32) {
	addMulTN(dW, dY, X)
	kern.SumRows(db, dY.Data)
}

// transposed returns a copy of mᵀ.
func (m Matrix) transposed() (t Matrix) {
	t.transposeOf(m)
	return t
}

// transposeOf makes m a copy of fromᵀ, in m's memory.
func (m *Matrix) transposeOf(from Matrix) {
	m.resize(from.Cols, from.Rows)
	gemm.Transpose(m.view(), from.view())
}

// add adds y to x.
func add(x, y []float32) { kern.Add(x, x, y) }

// softmax sets every column of A to exp(s·x)/Σexp(s·x), x being that column of
// S: columns, as in the paper, are also what vectors of numbers can sum without
// adding up the numbers of a vector.
func softmax(A, S gemm.View, s float32) {
	kern.Softmax(A.Rows, A.Cols, A.Data, A.Stride, S.Data, S.Stride, s)
}

// softmaxBackward sets dS, where A = softmax(s·S) column by column.
//
//	dS = s·A∘(dA − a),    a = the column sums of A∘dA
func softmaxBackward(dS, dA, A gemm.View, s float32) {
	kern.SoftmaxGrad(A.Rows, A.Cols, dS.Data, dS.Stride, dA.Data, dA.Stride, A.Data, A.Stride, s)
}

// wantChannels panics if the rows of m are not tokens of d channels, as block
// needs them.
func (m Matrix) wantChannels(d int, block string) {
	if m.Cols != d {
		panic(fmt.Sprintf("crate: %s acts on tokens of %d channels, but Z is %d×%d (tokens×channels)", block, d, m.Rows, m.Cols))
	}
}

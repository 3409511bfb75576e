package gemm

import (
	"sync"

	"github.com/gocrate/gocrate/crate/internal/kern"
)

// Packed is a matrix in the order in which products read it: panels of two
// vectors of columns, one behind the other. It is worth its making for the B
// of many products.
type Packed struct {
	rows, cols int
	data       []float32
}

// Pack makes p a copy of B, in its old memory if that is enough.
func (p *Packed) Pack(B View) { p.pack(factor{View: B}, B.Rows, B.Cols) }

// PackTransposed makes p a copy of Bᵀ, in its old memory if that is enough.
func (p *Packed) PackTransposed(B View) {
	p.pack(factor{View: B, transposed: true}, B.Cols, B.Rows)
}

func (p *Packed) pack(B factor, rows, cols int) {
	if !B.holds() {
		panicMemory(B.View)
	}
	width := panelWidth()
	panels := (cols + width - 1) / width
	if n := panels * width * rows; len(p.data) < n {
		p.data = make([]float32, n)
	}
	p.rows, p.cols = rows, cols
	for j := 0; j < cols; j += width {
		B.pack(p.data[j*rows:], j, min(width, cols-j), 0, rows)
	}
}

// MulPacked is [Mul] with B packed.
func MulPacked(C, A View, B *Packed, add bool) {
	if A.Rows != C.Rows || B.rows != A.Cols || B.cols != C.Cols {
		panicShape("MulPacked: A·B", C, A, View{Rows: B.rows, Cols: B.cols})
	}
	if !C.holds() || !A.holds() {
		panicMemory(C, A)
	}
	width, k := panelWidth(), A.Cols
	passes := (k + depth - 1) / depth
	for p := range passes {
		l, end := p*k/passes, (p+1)*k/passes
		a := kern.Strided{Data: A.Data[l:], Row: A.Stride, Col: 1}
		for j := 0; j < C.Cols; j += width {
			kern.Product(C.Rows, min(width, C.Cols-j), end-l, a, B.data[j*k+l*width:], width, C.Data[j:], C.Stride, add || p > 0)
		}
	}
}

// panelWidth is the number of columns of a panel.
func panelWidth() int {
	_, lanes := kern.Shape()
	return 2 * lanes
}

// panels is memory for panels that one product packs.
var panels = sync.Pool{New: func() any { return new([]float32) }}

// pack copies a panel of B, columns j … j+cols−1 of rows l … l+k−1, to dst,
// where its rows lie panelWidth apart.
func (B factor) pack(dst []float32, j, cols, l, k int) {
	width := panelWidth()
	if !B.transposed {
		for i := range k {
			copy(dst[i*width:i*width+cols], B.Data[(l+i)*B.Stride+j:])
		}
		return
	}
	for v := 0; v < cols; v += width / 2 {
		kern.Transpose(min(width/2, cols-v), k, B.Data[(j+v)*B.Stride+l:], B.Stride, dst[v:], width)
	}
}

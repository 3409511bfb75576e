package gemm

import "fmt"

// panicShape reports operands that do not fit: a mistake in the caller.
func panicShape(product string, C, A, B View) {
	panic(fmt.Sprintf("crate: gemm.%s: A is %d×%d and B is %d×%d, which does not fit C, %d×%d",
		product, A.Rows, A.Cols, B.Rows, B.Cols, C.Rows, C.Cols))
}

// holds reports whether v has elements, and memory for all of them: the kernels
// check nothing.
func (v *View) holds() bool {
	return v.Rows >= 1 && v.Cols >= 1 && v.Stride >= v.Cols && len(v.Data) >= (v.Rows-1)*v.Stride+v.Cols
}

// panicMemory reports the operand that does not hold its elements.
func panicMemory(views ...View) {
	for _, v := range views {
		if !v.holds() {
			panic(fmt.Sprintf("crate: gemm: an operand of %d×%d, its rows %d apart, in %d numbers; want at least one element, and memory for all",
				v.Rows, v.Cols, v.Stride, len(v.Data)))
		}
	}
}

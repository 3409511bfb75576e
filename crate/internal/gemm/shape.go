package gemm

import "fmt"

// panicShape reports operands that do not fit: a mistake in the caller.
func panicShape(product string, C, A, B View) {
	panic(fmt.Sprintf("crate: gemm.%s: A is %d×%d and B is %d×%d, which does not fit C, %d×%d",
		product, A.Rows, A.Cols, B.Rows, B.Cols, C.Rows, C.Cols))
}

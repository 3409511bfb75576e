// Package kern holds the loops in which a model spends its time: products of
// tiles of matrices, and operations on rows of numbers. crate reaches the
// first through package gemm and the second through the functions here.
//
// There are several sets of the same kernels: AVX-512 and AVX2 in assembly, of
// which the best that the processor can run is taken, and plain Go, which is
// everything on other processors and with the build tag noasm. The plain loop
// is also the definition of each kernel: the tests hold every set to it.
//
// Kernels run on the calling goroutine and add in an order that depends on
// the lengths alone, so one set gives the same bits on any number of
// processors. Between sets, sums may differ in the last digits.
//
// The assembly is written by the program in gen, a module of its own.
package kern

//go:generate sh -c "cd gen && go run . -pkg kern -out ../kern_amd64.s -stubs ../stubs_amd64.go"

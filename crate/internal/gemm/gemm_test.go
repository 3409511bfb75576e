package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/crate/internal/kern"
)

// The loops of the documentation, in float64.

func slowMul(C, A, B View) {
	slow(C, A.Cols, func(i, l int) float32 { return A.Data[i*A.Stride+l] }, func(l, j int) float32 { return B.Data[l*B.Stride+j] })
}

func slowMulNT(C, A, B View) {
	slow(C, A.Cols, func(i, l int) float32 { return A.Data[i*A.Stride+l] }, func(l, j int) float32 { return B.Data[j*B.Stride+l] })
}

func slowMulTN(C, A, B View) {
	slow(C, A.Rows, func(i, l int) float32 { return A.Data[l*A.Stride+i] }, func(l, j int) float32 { return B.Data[l*B.Stride+j] })
}

func slow(C View, k int, a, b func(int, int) float32) {
	for i := range C.Rows {
		for j := range C.Cols {
			sum := float64(C.Data[i*C.Stride+j])
			for l := range k {
				sum += float64(a(i, l)) * float64(b(l, j))
			}
			C.Data[i*C.Stride+j] = float32(sum)
		}
	}
}

var products = []struct {
	name         string
	fast         func(C, A, B View, add bool)
	slow         func(C, A, B View)
	transA, tran bool
}{
	{"Mul", Mul, slowMul, false, false},
	{"MulNT", MulNT, slowMulNT, false, true},
	{"MulTN", MulTN, slowMulTN, true, false},
	{"MulPacked", packed((*Packed).Pack), slowMul, false, false},
	{"MulPacked, transposed", packed((*Packed).PackTransposed), slowMulNT, false, true},
}

func packed(pack func(*Packed, View)) func(C, A, B View, add bool) {
	var p Packed // keeps its memory from product to product
	return func(C, A, B View, add bool) {
		pack(&p, B)
		MulPacked(C, A, &p, add)
	}
}

func TestProductsEqualTheirLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sizes := []int{1, 2, 3, 5, 8, 16, 17, 48, 63, 64, 65, 130, 200}
	lengths := append(sizes, depth, depth+1, 2*depth+5) // in one pass and in several
	for _, set := range kern.Sets() {
		restore := kern.Use(set)
		for _, p := range products {
			for _, m := range sizes {
				n, k := sizes[rng.IntN(len(sizes))], lengths[rng.IntN(len(lengths))]
				checkProduct(t, rng, set+": "+p.name, p.fast, p.slow, m, n, k, p.transA, p.tran)
				checkProduct(t, rng, set+": "+p.name, p.fast, p.slow, n, m, k, p.transA, p.tran)
			}
		}
		restore()
	}
}

func TestTransposeEqualsItsLoop(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 2))
	for _, set := range kern.Sets() {
		restore := kern.Use(set)
		for _, n := range []int{1, 3, 16, 31, 33, 100} {
			C, A := random(rng, n, 40), random(rng, 40, n)
			want := clone(C)
			for i := range C.Rows {
				for j := range C.Cols {
					want.Data[i*C.Stride+j] = A.Data[j*A.Stride+i]
				}
			}
			Transpose(C, A)
			compare(t, fmt.Sprintf("%s: %d×40", set, n), C, want, 0)
		}
		restore()
	}
}

func checkProduct(t *testing.T, rng *rand.Rand, name string, fast func(C, A, B View, add bool), slow func(C, A, B View),
	m, n, k int, transA, transB bool) {
	t.Helper()
	A, B := random(rng, m, k), random(rng, k, n)
	if transA {
		A = random(rng, k, m)
	}
	if transB {
		B = random(rng, n, k)
	}
	C := random(rng, m, n)
	want, got := clone(C), clone(C)
	slow(want, A, B)
	fast(got, A, B, true)
	compare(t, fmt.Sprintf("%s %d×%d×%d, added", name, m, n, k), got, want, k)

	for i := range want.Rows { // without add, what was in C does not matter
		clear(want.Data[i*want.Stride : i*want.Stride+want.Cols])
	}
	slow(want, A, B)
	fast(got, A, B, false)
	compare(t, fmt.Sprintf("%s %d×%d×%d", name, m, n, k), got, want, k)
}

// compare also sees a product that writes between the rows of C.
func compare(t *testing.T, what string, got, want View, k int) {
	t.Helper()
	for i := range want.Data {
		if d := math.Abs(float64(got.Data[i] - want.Data[i])); !(d <= 1e-6*float64(k+1)) {
			t.Fatalf("%s: element %d is %g, want %g", what, i, got.Data[i], want.Data[i])
		}
	}
}

func TestProductsRefuseShapesThatDoNotFit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, p := range products {
		func() {
			defer func() {
				if msg := fmt.Sprint(recover()); !strings.Contains(msg, "A is 2×3 and B is ") {
					t.Errorf("%s: panic %q does not name the shapes", p.name, msg)
				}
			}()
			p.fast(random(rng, 2, 5), random(rng, 2, 3), random(rng, 4, 5), false)
		}()
	}
}

func random(rng *rand.Rand, rows, cols int) View {
	v := View{Rows: rows, Cols: cols, Stride: cols + rng.IntN(3)}
	v.Data = make([]float32, rows*v.Stride)
	for i := range v.Data {
		v.Data[i] = 2*rng.Float32() - 1
	}
	return v
}

func clone(v View) View {
	v.Data = append([]float32(nil), v.Data...)
	return v
}

func BenchmarkProducts(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, shape := range [][3]int{{272, 48, 48}, {17, 17, 12}, {17, 12, 17}, {48, 48, 272}, {1040, 192, 192}} {
		m, n, k := shape[0], shape[1], shape[2]
		for _, p := range products {
			A, B, C := random(rng, m, k), random(rng, k, n), random(rng, m, n)
			if p.transA {
				A = random(rng, k, m)
			}
			if p.tran {
				B = random(rng, n, k)
			}
			b.Run(fmt.Sprintf("%s/%dx%dx%d", p.name, m, n, k), func(b *testing.B) {
				for b.Loop() {
					p.fast(C, A, B, false)
				}
				b.ReportMetric(2*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

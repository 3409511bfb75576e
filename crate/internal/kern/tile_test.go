package kern

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// eachSet runs f on every kernel set of this processor.
func eachSet(t *testing.T, f func(t *testing.T, s *set)) {
	for _, s := range sets {
		t.Run(s.name, func(t *testing.T) {
			defer Use(s.name)()
			f(t, s)
		})
	}
}

func TestTilesEqualTheLoop(t *testing.T) {
	eachSet(t, func(t *testing.T, s *set) {
		rng := rand.New(rand.NewPCG(1, 1))
		for r := range s.tiles {
			for v := range 2 {
				for last := 1; last <= s.lanes; last++ {
					for _, k := range []int{1, 2, 3, 8, 19} {
						for _, transposed := range []bool{false, true} {
							for _, add := range []bool{false, true} {
								checkTile(t, rng, s, r+1, v+1, last, k, transposed, add)
							}
						}
					}
				}
			}
		}
	})
}

// checkTile puts NaN wherever a tile must not look, and sees whether it stays.
func checkTile(t *testing.T, rng *rand.Rand, s *set, rows, vectors, last, k int, transposed, add bool) {
	t.Helper()
	cols := (vectors-1)*s.lanes + last
	aRow, aCol := k+rng.IntN(3), 1
	if transposed {
		aRow, aCol = 1, rows+rng.IntN(3)
	}
	a := fill(rng, rows, k, aRow, aCol)
	bRow, cRow := cols+rng.IntN(3), cols+rng.IntN(3)
	b, c := fill(rng, k, cols, bRow, 1), fill(rng, rows, cols, cRow, 1)
	want := make([]float64, len(c))
	for i := range want {
		want[i] = float64(c[i])
	}
	for i := range rows {
		for j := range cols {
			if !add {
				want[i*cRow+j] = 0
			}
			for l := range k {
				want[i*cRow+j] += float64(a[i*aRow+l*aCol]) * float64(b[l*bRow+j])
			}
		}
	}
	s.tiles[rows-1][vectors-1](k, &a[0], aRow, aCol, &b[0], bRow, &c[0], cRow, last, add)
	what := fmt.Sprintf("%d rows, %d vectors, %d last, k %d, transposed %v, add %v", rows, vectors, last, k, transposed, add)
	compare(t, what, c, want, 1e-6*float64(k+1))
}

func TestTransposeEqualsTheLoop(t *testing.T) {
	eachSet(t, func(t *testing.T, s *set) {
		rng := rand.New(rand.NewPCG(2, 1))
		for rows := 1; rows <= s.lanes; rows++ {
			for _, k := range []int{1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64} {
				srcRow, dstRow := k+rng.IntN(3), s.lanes+rng.IntN(3)
				src, dst := fill(rng, rows, k, srcRow, 1), fill(rng, k, s.lanes, dstRow, 1)
				want := make([]float64, len(dst))
				for i := range want {
					want[i] = float64(dst[i])
				}
				for l := range k {
					for i := range s.lanes {
						want[l*dstRow+i] = 0
						if i < rows {
							want[l*dstRow+i] = float64(src[i*srcRow+l])
						}
					}
				}
				Transpose(rows, k, src, srcRow, dst, dstRow)
				compare(t, fmt.Sprintf("%d rows, k %d", rows, k), dst, want, 0)
			}
		}
	})
}

// fill returns memory for a strided matrix: random elements, and NaN between
// and behind them.
func fill(rng *rand.Rand, rows, cols, row, col int) []float32 {
	x := make([]float32, (rows-1)*row+(cols-1)*col+1+20)
	for i := range x {
		x[i] = float32(math.NaN())
	}
	for i := range rows {
		for j := range cols {
			x[i*row+j*col] = 2*rng.Float32() - 1
		}
	}
	return x
}

// compare wants NaN where want has it, and numbers as close as tol elsewhere.
func compare(t *testing.T, what string, got []float32, want []float64, tol float64) {
	t.Helper()
	for i, w := range want {
		g := float64(got[i])
		if math.IsNaN(w) != math.IsNaN(g) || math.Abs(g-w) > tol {
			t.Fatalf("%s: element %d is %g, want %g", what, i, g, w)
		}
	}
}

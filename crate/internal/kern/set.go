package kern

import "fmt"

// set is one implementation of every kernel. Rows are given by their first
// element and the distance to the next row, in elements; counts of rows and
// elements are positive.
type set struct {
	name  string
	lanes int // numbers in a vector
	tiles [][2]tile

	transpose     func(rows, k int, src *float32, srcRow int, dst *float32, dstRow int)
	softmax       func(rows, n int, y *float32, yRow int, x *float32, xRow int, scale float32)
	softmaxGrad   func(rows, n int, dx *float32, dxRow int, dy *float32, dyRow int, y *float32, yRow int, scale float32)
	layerNorm     func(rows, n int, y, hat, invStd, z, gain, bias *float32, eps, inv float32)
	layerNormGrad func(rows, n int, dz, dGain, dBias, dy, hat, invStd, gain *float32, inv float32)
	threshold     func(n int, y, x *float32, t float32)
	thresholdGrad func(n int, dx, dy, y *float32)
	gelu          func(n int, y, slope, x *float32)
	multiply      func(n int, z, x, y *float32)
	combine       func(n int, z, x, y *float32, a, b float32)
	addRows       func(rows, n int, z, x *float32, xRow int, y *float32, yRow int)
	sumRows       func(rows, n int, sum, x *float32, xRow int)
	dots          func(n int, x, y *float64, yRow int, out *[4]float64)
	adamW         func(n int, param, grad, mean, square *float32, keep, c1, beta2, c2, step, root, eps float32)
}

// tile is a product of a few rows, C (+)= A·B: tiles[r−1][v−1] is for r rows
// of A and C, and v vectors of columns, of which the final one has last
// columns.
//
//	for i := range r {
//		for j := range (v−1)*lanes + last {
//			for l := range k {
//				c[i*cRow+j] (+)= a[i*aRow+l*aCol] * b[l*bRow+j]
//			}
//		}
//	}
type tile = func(k int, a *float32, aRow, aCol int, b *float32, bRow int, c *float32, cRow int, last int, add bool)

// sets are those this processor can run, the fastest first.
var sets = append(assembly(), &plain)

var active = sets[0]

// Sets returns the names of the kernel sets that this processor can run, the
// fastest, which is in use, first.
func Sets() []string {
	var names []string
	for _, s := range sets {
		names = append(names, s.name)
	}
	return names
}

// Use makes every later call use the set called name, and returns a function
// that takes this back. It is for tests, which must not run in parallel.
func Use(name string) (restore func()) {
	before := active
	for _, s := range sets {
		if s.name == name {
			active = s
			return func() { active = before }
		}
	}
	panic(fmt.Sprintf("kern: no set %q; this processor has %q", name, Sets()))
}

package kern

import "fmt"

// Softmax sets every column y of rows numbers to exp(s·x)/Σexp(s·x), for s ≥ 0,
// x being the same one of n columns. The relative error is about 1e-6. y and x
// must not overlap.
func Softmax(rows, n int, y []float32, yRow int, x []float32, xRow int, s float32) {
	if want("Softmax", rows, n, operand{y, yRow}, operand{x, xRow}) {
		active.softmax(rows, n, &y[0], yRow, &x[0], xRow, s)
	}
}

// SoftmaxGrad sets every column dx to the gradient of x, given that of y, the
// result of Softmax, with neither of which it may overlap:
//
//	dx = s·y∘(dy − Σ y∘dy)
func SoftmaxGrad(rows, n int, dx []float32, dxRow int, dy []float32, dyRow int, y []float32, yRow int, s float32) {
	if want("SoftmaxGrad", rows, n, operand{dx, dxRow}, operand{dy, dyRow}, operand{y, yRow}) {
		active.softmaxGrad(rows, n, &dx[0], dxRow, &dy[0], dyRow, &y[0], yRow, s)
	}
}

// LayerNorm normalises rows of n = len(gain) numbers that lie one after
// another:
//
//	hat = (z − μ)·invStd    invStd = 1/√(σ² + eps)    y = gain∘hat + bias
func LayerNorm(y, hat, invStd, z, gain, bias []float32, eps float32) {
	rows, n := len(invStd), len(gain)
	if want("LayerNorm", rows, n, operand{y, n}, operand{hat, n}, operand{z, n}, operand{bias, 0}) {
		active.layerNorm(rows, n, &y[0], &hat[0], &invStd[0], &z[0], &gain[0], &bias[0], eps, 1/float32(n))
	}
}

// LayerNormGrad sets dz to the gradient of z, and adds to dGain and dBias,
// given dy and what LayerNorm has computed:
//
//	dz = invStd·(g − mean g − hat·mean(g∘hat)),  g = gain∘dy
//	dGain += Σ dy∘hat    dBias += Σ dy
func LayerNormGrad(dz, dGain, dBias, dy, hat, invStd, gain []float32) {
	rows, n := len(invStd), len(gain)
	if want("LayerNormGrad", rows, n, operand{dz, n}, operand{dGain, 0}, operand{dBias, 0}, operand{dy, n}, operand{hat, n}) {
		active.layerNormGrad(rows, n, &dz[0], &dGain[0], &dBias[0], &dy[0], &hat[0], &invStd[0], &gain[0], 1/float32(n))
	}
}

// Threshold sets y to max(x − t, 0).
func Threshold(y, x []float32, t float32) {
	if want("Threshold", 1, len(y), operand{x, 0}) {
		active.threshold(len(y), &y[0], &x[0], t)
	}
}

// ThresholdGrad sets dx to dy where y, the result of Threshold, is positive,
// and to 0 elsewhere.
func ThresholdGrad(dx, dy, y []float32) {
	if want("ThresholdGrad", 1, len(dx), operand{dy, 0}, operand{y, 0}) {
		active.thresholdGrad(len(dx), &dx[0], &dy[0], &y[0])
	}
}

// GELU sets y to x·Φ(x), Φ being the distribution function of the standard
// normal, and slope to its derivative Φ(x) + x·Φ'(x). The absolute error is
// about 1e-7·|x|.
func GELU(y, slope, x []float32) {
	if want("GELU", 1, len(y), operand{slope, 0}, operand{x, 0}) {
		active.gelu(len(y), &y[0], &slope[0], &x[0])
	}
}

// Multiply sets z to x∘y. Any two of them may be the same.
func Multiply(z, x, y []float32) {
	if want("Multiply", 1, len(z), operand{x, 0}, operand{y, 0}) {
		active.multiply(len(z), &z[0], &x[0], &y[0])
	}
}

// Combine sets z to a·x + b·y. Any two of them may be the same.
func Combine(z []float32, a float32, x []float32, b float32, y []float32) {
	if want("Combine", 1, len(z), operand{x, 0}, operand{y, 0}) {
		active.combine(len(z), &z[0], &x[0], &y[0], a, b)
	}
}

// Add sets z to x + y. Any two of them may be the same.
func Add(z, x, y []float32) {
	if want("Add", 1, len(z), operand{x, 0}, operand{y, 0}) {
		active.addRows(1, len(z), &z[0], &x[0], 0, &y[0], 0)
	}
}

// AddRows adds the rows of x, of n numbers, to those of y; xRow 0 adds the
// same row to all.
func AddRows(rows, n int, y []float32, yRow int, x []float32, xRow int) {
	if want("AddRows", rows, n, operand{y, yRow}, operand{x, xRow}) {
		active.addRows(rows, n, &y[0], &y[0], yRow, &x[0], xRow)
	}
}

// SumRows adds every row of x, rows of len(sum) numbers, to sum.
func SumRows(sum, x []float32) {
	if n := len(sum); n > 0 && want("SumRows", len(x)/n, n, operand{x, n}) {
		active.sumRows(len(x)/n, n, &sum[0], &x[0], n)
	}
}

// AdamW makes one step of AdamW. Every set gives the bits of
//
//	m += c1·(g − m)
//	v = β2·v + c2·g·g
//	θ = θ·keep − step·m/(√v/root + eps)
func AdamW(θ, g, m, v []float32, keep, c1, β2, c2, step, root, eps float32) {
	if want("AdamW", 1, len(θ), operand{g, 0}, operand{m, 0}, operand{v, 0}) {
		active.adamW(len(θ), &θ[0], &g[0], &m[0], &v[0], keep, c1, β2, c2, step, root, eps)
	}
}

// Dots sets out to the inner products of x with the first len(x) elements of
// four rows of y.
func Dots(out *[4]float64, x, y []float64, yRow int) {
	switch n := len(x); {
	case n == 0:
		*out = [4]float64{}
	case yRow < 0 || len(y) < 3*yRow+n:
		panic(fmt.Sprintf("crate: kern.Dots: y has %d numbers; four rows of %d, %d apart, are %d", len(y), n, yRow, 3*yRow+n))
	default:
		active.dots(n, &x[0], &y[0], yRow, out)
	}
}

// operand is a matrix as the kernels see it.
type operand struct {
	data []float32
	row  int // distance between rows
}

// want reports whether there is anything to do. It panics for operands that
// are too short: assembly does not check.
func want(kernel string, rows, n int, operands ...operand) bool {
	if rows <= 0 || n <= 0 {
		return false
	}
	for i, o := range operands {
		if need := (rows-1)*o.row + n; o.row < 0 || len(o.data) < need {
			panic(fmt.Sprintf("crate: kern.%s: operand %d has %d numbers; %d rows of %d, %d apart, are %d", kernel, i, len(o.data), rows, n, o.row, need))
		}
	}
	return true
}

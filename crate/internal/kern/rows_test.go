package kern

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// lengths of rows: every remainder of a vector, and several vectors.
var lengths = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 24, 31, 32, 33, 48, 65, 192}

// eachLength runs f, which calls kernels on memory it draws, with the plain
// set and with every other, and compares all that it returns.
func eachLength(t *testing.T, tol float64, f func(rng *rand.Rand, rows, n int) [][]float32) {
	eachSet(t, func(t *testing.T, s *set) {
		for _, n := range lengths {
			for rows := 1; rows <= 3; rows++ {
				run := func(name string) [][]float32 {
					defer Use(name)()
					return f(rand.New(rand.NewPCG(uint64(n), uint64(rows))), rows, n)
				}
				want, got := run("Go"), run(s.name)
				for i := range want {
					w := make([]float64, len(want[i]))
					for j, v := range want[i] {
						w[j] = float64(v)
					}
					compare(t, fmt.Sprintf("%d rows of %d: result %d", rows, n, i), got[i], w, tol)
				}
			}
		}
	})
}

// scaled multiplies x by s.
func scaled(x []float32, s float32) []float32 {
	for i := range x {
		x[i] *= s
	}
	return x
}

func TestSoftmaxEqualsTheLoop(t *testing.T) {
	for _, spread := range []float32{0.01, 1, 30, 1000} {
		eachLength(t, 1e-6, func(rng *rand.Rand, rows, n int) [][]float32 {
			rows = 9*rows - 8
			x := scaled(fill(rng, rows, n, n+2, 1), spread)
			y := fill(rng, rows, n, n+1, 1)
			Softmax(rows, n, y, n+1, x, n+2, 0.7)
			return [][]float32{y}
		})
	}
}

// The exponential itself, to a few units of the last digit over its range.
func TestSoftmaxIsAccurateRelatively(t *testing.T) {
	eachSet(t, func(t *testing.T, s *set) {
		for v := -86.0; v <= 0; v += 0.0137 {
			y := make([]float32, 2)
			Softmax(2, 1, y, 1, []float32{0, float32(v)}, 1, 1)
			e := math.Exp(float64(float32(v)))
			if want := e / (1 + e); math.Abs(float64(y[1])-want) > 5e-7*want {
				t.Fatalf("softmax(0, %g) is %g, want %g", v, y[1], want)
			}
		}
	})
}

func TestNaNStaysVisible(t *testing.T) {
	nan := float32(math.NaN())
	eachSet(t, func(t *testing.T, s *set) {
		for _, n := range lengths {
			for i := range n {
				x, a, y := make([]float32, n), make([]float32, n), make([]float32, n)
				x[i] = nan
				Softmax(n, 1, a, 1, x, 1, 1)
				Threshold(y, x, 0.1)
				if a[0] == a[0] || y[i] == y[i] {
					t.Fatalf("NaN in place %d of %d became %v by Softmax, %v by Threshold", i, n, a, y)
				}
			}
		}
	})
}

func TestSoftmaxGradEqualsTheLoop(t *testing.T) {
	eachLength(t, 1e-6, func(rng *rand.Rand, rows, n int) [][]float32 {
		rows = 9*rows - 8
		x, y, dx, dy := fill(rng, rows, n, n, 1), fill(rng, rows, n, n+1, 1), fill(rng, rows, n, n+2, 1), fill(rng, rows, n, n+3, 1)
		Softmax(rows, n, y, n+1, x, n, 3)
		SoftmaxGrad(rows, n, dx, n+2, dy, n+3, y, n+1, 0.25)
		return [][]float32{dx}
	})
}

func TestLayerNormEqualsTheLoop(t *testing.T) {
	for _, mean := range []float32{0, 100} {
		eachLength(t, 3e-5, func(rng *rand.Rand, rows, n int) [][]float32 {
			z, gain, bias := fill(rng, rows, n, n, 1), fill(rng, 1, n, n, 1)[:n], fill(rng, 1, n, n, 1)
			for i := range z {
				z[i] += mean
			}
			y, hat, invStd := empty(rows*n), empty(rows*n), empty(rows)
			LayerNorm(y, hat, invStd[:rows], z, gain, bias, 1e-5)
			scaled(invStd, 1.0/400) // at most √1e5 where n is 1
			return [][]float32{y, hat, invStd}
		})
	}
}

func TestLayerNormGradEqualsTheLoop(t *testing.T) {
	eachLength(t, 1e-5, func(rng *rand.Rand, rows, n int) [][]float32 {
		dy, hat, gain := fill(rng, rows, n, n, 1), fill(rng, rows, n, n, 1), fill(rng, 1, n, n, 1)[:n]
		dz, dGain, dBias, invStd := empty(rows*n), fill(rng, 1, n, n, 1), fill(rng, 1, n, n, 1), fill(rng, 1, rows, rows, 1)
		LayerNormGrad(dz, dGain, dBias, dy, hat, invStd[:rows], gain)
		return [][]float32{dz, dGain, dBias}
	})
}

func TestElementwiseKernelsEqualTheLoop(t *testing.T) {
	eachLength(t, 1e-6, func(rng *rand.Rand, rows, n int) [][]float32 {
		x, y, b := fill(rng, rows, n, n, 1), fill(rng, rows, n, n, 1), fill(rng, 1, n, n, 1)[:n]
		N := rows * n
		out, grad, sum, mix, product, shifted, total := empty(N), empty(N), empty(N), empty(N), empty(N), append([]float32(nil), x...), fill(rng, 1, n, n, 1)
		Threshold(out[:N], x, 0.1)
		ThresholdGrad(grad[:N], y, out)
		Add(sum[:N], x, y)
		Combine(mix[:N], 0.3, x, -2, y)
		Multiply(product[:N], x, y)
		AddRows(rows, n, shifted, n, b, 0)
		AddRows(rows, n, shifted, n, y, n)
		SumRows(total[:n], x[:N])
		return [][]float32{out, grad, sum, mix, product, shifted, total}
	})
}

func TestGELUEqualsTheLoop(t *testing.T) {
	for _, spread := range []float32{0.01, 3, 40} {
		eachLength(t, 3e-7*max(1, float64(spread)), func(rng *rand.Rand, rows, n int) [][]float32 {
			x := scaled(fill(rng, 1, n, n, 1), spread)
			y, slope := empty(n), empty(n)
			GELU(y[:n], slope, x)
			return [][]float32{y, slope}
		})
	}
}

func TestGELUIsAccurate(t *testing.T) {
	eachSet(t, func(t *testing.T, s *set) {
		for x := float32(-12); x <= 12; x += 1.0 / 64 {
			var y, slope [1]float32
			GELU(y[:], slope[:], []float32{x})
			X := float64(x)
			Φ, φ := 0.5*math.Erfc(-X/math.Sqrt2), math.Exp(-X*X/2)/math.Sqrt(2*math.Pi)
			if d := math.Abs(float64(y[0]) - X*Φ); !(d <= 1.5e-7*(1+math.Abs(X))) {
				t.Errorf("GELU(%g) is %g, want %g", x, y[0], X*Φ)
			}
			if want := Φ + X*φ; !(math.Abs(float64(slope[0])-want) <= 3e-7) {
				t.Errorf("the slope of GELU at %g is %g, want %g", x, slope[0], want)
			}
		}
	})
}

func TestAdamWHasTheBitsOfTheLoop(t *testing.T) {
	eachLength(t, 0, func(rng *rand.Rand, rows, n int) [][]float32 {
		θ, g, m, v := fill(rng, 1, n, n, 1), fill(rng, 1, n, n, 1), fill(rng, 1, n, n, 1), fill(rng, 1, n, n, 1)
		for i := range v {
			v[i] *= v[i]
		}
		AdamW(θ[:n], g, m, v, 0.999, 0.1, 0.999, 0.001, 0.004, 0.3, 1e-8)
		return [][]float32{θ, m, v}
	})
}

func TestDotsEqualTheLoop(t *testing.T) {
	eachSet(t, func(t *testing.T, s *set) {
		rng := rand.New(rand.NewPCG(3, 1))
		for _, n := range append(lengths, 0) {
			row := n + rng.IntN(3)
			x, y := make([]float64, n+9), make([]float64, 4*row+9)
			for i := range x {
				x[i] = rng.NormFloat64()
			}
			for i := range y {
				y[i] = rng.NormFloat64()
			}
			var got [4]float64
			Dots(&got, x[:n], y, row)
			for r, g := range got {
				want := 0.0
				for j, v := range x[:n] {
					want += v * y[r*row+j]
				}
				if !(math.Abs(g-want) <= 1e-14*float64(n+1)) {
					t.Errorf("length %d: product %d is %g, want %g", n, r, g, want)
				}
			}
		}
	})
}

func TestKernelsRefuseOperandsThatAreTooShort(t *testing.T) {
	defer func() {
		if msg := fmt.Sprint(recover()); !strings.Contains(msg, "operand 1 has 4 numbers") {
			t.Errorf("panic %q does not say which operand", msg)
		}
	}()
	Add(make([]float32, 5), make([]float32, 5), make([]float32, 4))
}

// empty is memory of n numbers to be set, and NaN behind them.
func empty(n int) []float32 {
	x := make([]float32, n+20)
	for i := n; i < len(x); i++ {
		x[i] = float32(math.NaN())
	}
	return x
}

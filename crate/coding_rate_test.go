package crate_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/gocrate/gocrate/crate"
	"gonum.org/v1/gonum/mat"
)

func TestRatesAgainstReference(t *testing.T) {
	g := readRateGolden(t, "coding_rate")
	for _, name := range g.names() {
		Z, epsSq := g.transposed("in/"+name+"/Z"), g.number(name, "eps2")
		g.compare(name+"/R", crate.CodingRate(Z, epsSq), 1e-9)
		g.compareMatrix(name+"/dR_dZ", crate.CodingRateGrad(Z, epsSq), 1e-9)
	}
}

func TestSubspaceRatesAgainstReference(t *testing.T) {
	g := readRateGolden(t, "coding_rate_subspaces")
	for _, name := range g.names() {
		Z, U, epsSq := g.transposed("in/"+name+"/Z"), g.bases("in/"+name+"/U"), g.number(name, "eps2")
		g.compare(name+"/Rc", crate.SubspaceCodingRate(Z, U, epsSq), 1e-9)
		g.compareMatrix(name+"/dRc_dZ", crate.SubspaceCodingRateGrad(Z, U, epsSq), 1e-9)
		want := g.bases("f64/" + name + "/dRc_dU")
		for k, got := range crate.SubspaceCodingRateGradU(Z, U, epsSq) {
			got.Sub(got, want[k])
			if e, size := mat.Norm(got, 2), mat.Norm(want[k], 2); !(e <= 1e-9*size) {
				t.Errorf("%s: ∂R^c/∂U_%d is off by %g of %g", name, k, e, size)
			}
		}
		λ := g.number(name, "srr_lambda")
		for _, tt := range []struct {
			key string
			got float64
		}{
			{"R_f64", crate.CodingRate(Z, epsSq)},
			{"deltaR_f64", crate.RateReduction(Z, U, epsSq)},
			{"srr_f64", crate.SparseRateReduction(Z, U, epsSq, λ)},
		} {
			if want := g.number(name, tt.key); !near(tt.got, want, 1e-9) {
				t.Errorf("%s: %s = %v, want %v", name, tt.key, tt.got, want)
			}
		}
	}
}

// wave fills an r×c matrix with amp·sin(a·k + b·(k mod 7) + c₀), k counting the
// entries row by row: numbers that any language reproduces.
func wave(r, c int, a, b, c0, amp float64) *mat.Dense {
	x := make([]float64, r*c)
	for k := range x {
		x[k] = amp * math.Sin(a*float64(k)+b*float64(k%7)+c0)
	}
	return mat.NewDense(r, c, x)
}

// The official measurement function, run in float64 on the projections of five
// tokens on two heads of width 4.
func TestOfficialScriptNumbers(t *testing.T) {
	Z := mat.DenseCopyOf(wave(5, 8, .37, .11, 0, 1).T()) // 8×5
	W := wave(8, 8, .29, .05, .1, .6)                    // head k: rows 4k to 4k+3
	U := []*mat.Dense{
		mat.DenseCopyOf(W.Slice(0, 4, 0, 8).T()),
		mat.DenseCopyOf(W.Slice(4, 8, 0, 8).T()),
	}
	var unit float64
	for _, Uk := range U {
		var V mat.Dense
		V.Mul(Uk.T(), Z)
		unit += crate.CodingRate(unitColumns(&V), .01)
	}
	for _, tt := range []struct {
		what      string
		got, want float64
	}{
		{"R, epsSq .01", crate.CodingRate(Z, .01), 9.24584801746271},
		{"R, epsSq .25", crate.CodingRate(Z, .25), 3.6563968431822893},
		{"R^c, epsSq .01", crate.SubspaceCodingRate(Z, U, .01), 12.778375642428308},
		{"R^c, epsSq .25", crate.SubspaceCodingRate(Z, U, .25), 6.6682358466837215},
		{"R^c of unit tokens, epsSq .01", unit, 7.728354022546805},
	} {
		if !near(tt.got, tt.want, 1e-13) {
			t.Errorf("%s = %v, want %v", tt.what, tt.got, tt.want)
		}
	}
}

// Unit tokens spread evenly over d dimensions: R = d/2 log(1 + 1/ε²).
func TestRateOfTightFrame(t *testing.T) {
	for _, tt := range []struct {
		d, N  int
		epsSq float64
		want  float64 // 4 decimals, or 2
	}{
		{3, 9, 0.1, 3.5968},
		{128, 256, 0.5, 70.31}, // 64 log 3, the ceiling of MCR² on CIFAR-10
	} {
		got := crate.CodingRate(axes(tt.d, tt.N), tt.epsSq)
		if want := float64(tt.d) / 2 * math.Log(1+1/tt.epsSq); !near(got, want, 1e-14) || math.Abs(got-tt.want) > 6e-3 {
			t.Errorf("d=%d: R = %v, want %v", tt.d, got, want)
		}
	}
}

// The largest and smallest values that the measured R^c of CRATE-Tiny can take
// (6 heads of 64, ε² = 0.01): tokens spread evenly or parallel in every head.
func TestRangeOfMeasuredRate(t *testing.T) {
	const K, p, N = 6, 64, 192
	U := make([]*mat.Dense, K)
	spread, parallel := mat.NewDense(K*p, N, nil), mat.NewDense(K*p, N, nil)
	for k := range U {
		U[k] = mat.NewDense(K*p, p, nil)
		for i := range p {
			U[k].Set(k*p+i, i, 1)
		}
		for j := range N {
			spread.Set(k*p+j%p, j, 1)
			parallel.Set(k*p, j, 1)
		}
	}
	for _, tt := range []struct {
		Z             *mat.Dense
		exact, quoted float64
	}{
		{spread, K * p / 2. * math.Log(1+1/.01), 886.10},
		{parallel, K / 2. * math.Log(1+p/.01), 26.29},
	} {
		got := crate.SubspaceCodingRate(tt.Z, U, .01)
		if !near(got, tt.exact, 1e-12) || math.Abs(got-tt.quoted) > 6e-3 {
			t.Errorf("R^c = %v, want %v", got, tt.exact)
		}
	}
}

// The determinant as the product of eigenvalues.
func TestRateEqualsEigenvalueDefinition(t *testing.T) {
	eachRateCase(t, func(t *testing.T, Z *mat.Dense, U []*mat.Dense, epsSq float64) {
		slow := func(Z mat.Matrix) float64 {
			d, N := Z.Dims()
			var gram mat.SymDense
			gram.SymOuterK(float64(d)/(float64(N)*epsSq), Z)
			var eig mat.EigenSym
			if !eig.Factorize(&gram, false) {
				t.Fatal("no eigenvalues")
			}
			var sum float64
			for _, λ := range eig.Values(nil) {
				sum += math.Log1p(max(λ, 0)) / 2
			}
			return sum
		}
		if got, want := crate.CodingRate(Z, epsSq), slow(Z); !near(got, want, 1e-11) {
			t.Errorf("R = %v, eigenvalues say %v", got, want)
		}
		var want float64
		for _, Uk := range U {
			var V mat.Dense
			V.Mul(Uk.T(), Z)
			want += slow(&V)
		}
		if got := crate.SubspaceCodingRate(Z, U, epsSq); !near(got, want, 1e-11) {
			t.Errorf("R^c = %v, eigenvalues say %v", got, want)
		}
	})
}

// The determinant of a 2×2 matrix in 400 bits, also where float64 cannot hold
// 1 + x or the product of two entries.
func TestRateEqualsExactDeterminant(t *testing.T) {
	for _, scale := range []float64{1e-150, 1e-12, 1e-4, 1, 1e3, 1e7, 1e12, 1e150} {
		a, b, c, d := 3*scale, 1*scale, -2*scale, 5*scale
		f := func(x float64) *big.Float { return new(big.Float).SetPrec(4000).SetFloat64(x) }
		sumOfProducts := func(w, x, y, z float64) *big.Float {
			wx, yz := f(0).Mul(f(w), f(x)), f(0).Mul(f(y), f(z))
			return wx.Add(wx, yz)
		}
		// α = d/(Nε²) = 1 for 2×2 tokens and ε² = 1.
		det := f(0).Sub(
			f(0).Mul(f(0).Add(f(1), sumOfProducts(a, a, b, b)), f(0).Add(f(1), sumOfProducts(c, c, d, d))),
			f(0).Mul(sumOfProducts(a, c, b, d), sumOfProducts(a, c, b, d)))
		want := logBig(det) / 2
		got := crate.CodingRate(mat.NewDense(2, 2, []float64{a, b, c, d}), 1)
		if !(math.Abs(got-want) <= 1e-9*want) {
			t.Errorf("scale %g: R = %v, want %v", scale, got, want)
		}
	}
}

// logBig returns log x for x ≥ 1, accurate also for x close to 1.
func logBig(x *big.Float) float64 {
	if x.MantExp(nil) <= 1 { // 1 ≤ x < 2
		excess, _ := new(big.Float).Sub(x, big.NewFloat(1)).Float64()
		return math.Log1p(excess)
	}
	mantissa := new(big.Float)
	exponent := x.MantExp(mantissa)
	m, _ := mantissa.Float64()
	return math.Log(m) + float64(exponent)*math.Ln2
}

// BenchmarkCodingRate covers the digits model, one head of CRATE-Tiny, and all
// its tokens.
func BenchmarkCodingRate(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, s := range []struct{ d, N int }{{12, 17}, {48, 17}, {64, 197}, {384, 197}} {
		Z := normal(rng, s.d, s.N)
		b.Run(fmt.Sprintf("%dx%d", s.d, s.N), func(b *testing.B) {
			for b.Loop() {
				crate.CodingRate(Z, .01)
			}
		})
		b.Run(fmt.Sprintf("grad/%dx%d", s.d, s.N), func(b *testing.B) {
			for b.Loop() {
				crate.CodingRateGrad(Z, .01)
			}
		})
	}
}

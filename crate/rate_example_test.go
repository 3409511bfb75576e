package crate_test

import (
	"fmt"
	"math"

	"github.com/gocrate/gocrate/crate"
	"gonum.org/v1/gonum/mat"
)

// Two tokens along two axes fill the plane: ½ logdet(I + I) = log 2. Two equal
// tokens need half the directions, and less to describe: ½ log(1 + 2).
func ExampleCodingRate() {
	apart := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	equal := mat.NewDense(2, 2, []float64{
		1, 1,
		0, 0,
	})
	fmt.Printf("%.4f %.4f\n", crate.CodingRate(apart, 1), crate.CodingRate(equal, 1))
	// Output: 0.6931 0.5493
}

// α(I + αZZᵀ)⁻¹Z with α = 1 and Z = I is I/2.
func ExampleCodingRateGrad() {
	Z := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	fmt.Printf("%.4f\n", mat.Formatted(crate.CodingRateGrad(Z, 1)))
	// Output:
	// ⎡0.5000  0.0000⎤
	// ⎣0.0000  0.5000⎦
}

// Each axis as a subspace of its own sees one token of length 1 and one of
// length 0: ½ log(1 + ½) for each.
func ExampleSubspaceCodingRate() {
	Z := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	U := []*mat.Dense{
		mat.NewDense(2, 1, []float64{1, 0}),
		mat.NewDense(2, 1, []float64{0, 1}),
	}
	fmt.Printf("%.4f\n", crate.SubspaceCodingRate(Z, U, 1))
	// Output: 0.4055
}

// With γ = p/(Nε²) = 1 the token's two coordinates are each pulled by z/(1+z²).
func ExampleSubspaceCodingRateGrad() {
	Z := mat.NewDense(2, 1, []float64{1, 2})
	U := []*mat.Dense{
		mat.NewDense(2, 1, []float64{1, 0}),
		mat.NewDense(2, 1, []float64{0, 1}),
	}
	fmt.Printf("%.4f\n", mat.Formatted(crate.SubspaceCodingRateGrad(Z, U, 1)))
	// Output:
	// ⎡0.5000⎤
	// ⎣0.4000⎦
}

// R = log 2 and R^c = log 1.5.
func ExampleRateReduction() {
	Z := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	U := []*mat.Dense{
		mat.NewDense(2, 1, []float64{1, 0}),
		mat.NewDense(2, 1, []float64{0, 1}),
	}
	fmt.Printf("%.4f\n", crate.RateReduction(Z, U, 1))
	// Output: 0.2877
}

// One token (2, 0) on one axis: ∇R = α/(1+4α)·2 with α = 2, ∇R^c the same with
// γ = 1.
func ExampleRateReductionGrad() {
	Z := mat.NewDense(2, 1, []float64{2, 0})
	U := []*mat.Dense{mat.NewDense(2, 1, []float64{1, 0})}
	fmt.Printf("%.4f\n", mat.Formatted(crate.RateReductionGrad(Z, U, 1)))
	// Output:
	// ⎡0.0444⎤
	// ⎣0.0000⎦
}

// The two entries of Z that are not zero cost λ each: log 2 − log 1.5 − 2λ.
func ExampleSparseRateReduction() {
	Z := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	U := []*mat.Dense{
		mat.NewDense(2, 1, []float64{1, 0}),
		mat.NewDense(2, 1, []float64{0, 1}),
	}
	fmt.Printf("%.4f\n", crate.SparseRateReduction(Z, U, 1, 0.1))
	// Output: 0.0877
}

func ExampleNonZeroFraction() {
	Z := mat.NewDense(2, 2, []float64{
		0, 3,
		0, 0,
	})
	fmt.Println(crate.NonZeroFraction(Z))
	// Output: 0.25
}

func ExampleL1() {
	Z := mat.NewDense(2, 2, []float64{
		1, -2,
		0, 3,
	})
	fmt.Println(crate.L1(Z))
	// Output: 6
}

// Two classes of one sample each, of length 1: ½ log(1 + 2) for each, weighted
// by one half.
func ExampleClassCodingRate() {
	Z := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	Pi := crate.Membership([]int{0, 1}, 2)
	fmt.Printf("%.4f\n", crate.ClassCodingRate(Z, Pi, 1))
	// Output: 0.5493
}

// N₁/N α(I + αzzᵀ)⁻¹z with N₁/N = ½ and α = 2: ½ · 2/(1 + 2).
func ExampleClassCodingRateGrad() {
	Z := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	Pi := crate.Membership([]int{0, 1}, 2)
	fmt.Printf("%.4f\n", mat.Formatted(crate.ClassCodingRateGrad(Z, Pi, 1)))
	// Output:
	// ⎡0.3333  0.0000⎤
	// ⎣0.0000  0.3333⎦
}

func ExampleMembership() {
	fmt.Println(mat.Formatted(crate.Membership([]int{0, 1, 1}, 2)))
	// Output:
	// ⎡1  0  0⎤
	// ⎣0  1  1⎦
}

// The bases turn away from the tokens where training lowers R^c: against this
// gradient, which here is V/(1 + V²) with V = UᵀZ = 1.
func ExampleSubspaceCodingRateGradU() {
	Z := mat.NewDense(2, 1, []float64{
		1,
		2,
	})
	U := []*mat.Dense{mat.NewDense(2, 1, []float64{1, 0})}
	fmt.Printf("%.2f\n", mat.Formatted(crate.SubspaceCodingRateGradU(Z, U, 1)[0]))
	// Output:
	// ⎡0.50⎤
	// ⎣1.00⎦
}

// With ‖Z‖₁ = 2 for ‖Z‖₀ = 2 the value is the same, and there is a gradient.
func ExampleSparseRateReductionL1() {
	Z := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	U := []*mat.Dense{
		mat.NewDense(2, 1, []float64{1, 0}),
		mat.NewDense(2, 1, []float64{0, 1}),
	}
	fmt.Printf("%.4f %.4f\n", crate.SparseRateReductionL1(Z, U, 1, 0.1), crate.SparseRateReduction(Z, U, 1, 0.1))
	// Output: 0.0877 0.0877
}

// A step along the gradient raises the objective.
func ExampleSparseRateReductionL1Grad() {
	Z := mat.NewDense(2, 2, []float64{
		1, 0.5,
		0, 1,
	})
	U := []*mat.Dense{mat.NewDense(2, 1, []float64{1, 0})}
	step := crate.SparseRateReductionL1Grad(Z, U, 1, 0.01)
	var next mat.Dense
	step.Scale(0.1, step)
	next.Add(Z, step)
	fmt.Println(crate.SparseRateReductionL1(&next, U, 1, 0.01) > crate.SparseRateReductionL1(Z, U, 1, 0.01))
	// Output: true
}

// Two classes apart have a lower loss than two classes in one place, whose
// gradient is zero: it cannot tell them apart.
func ExampleMCR2() {
	Pi := crate.Membership([]int{0, 1}, 2)
	apart := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 1,
	})
	equal := mat.NewDense(2, 2, []float64{
		1, 1,
		0, 0,
	})
	var c crate.MCR2
	fmt.Printf("%.4f, and nothing to gain: %t\n", c.Loss(apart, Pi), math.Abs(c.Loss(equal, Pi)) < 1e-12)
	fmt.Printf("%.4f\n", mat.Formatted(c.Grad(equal, Pi)))
	// Output:
	// -0.2939, and nothing to gain: true
	// ⎡0.0000  0.0000⎤
	// ⎣0.0000  0.0000⎦
}

package crate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ClassCodingRate returns R^c(Z | Π), the rate of N tokens or samples coded
// class by class, in the principle of maximal coding rate reduction (MCR²)
// from which CRATE descends:
//
//	R^c(Z | Π) = Σⱼ Nⱼ/(2N) logdet( I + d/(Nⱼε²) Z diag(πⱼ) Zᵀ ),    Nⱼ = Σᵢ πⱼᵢ
//
// Z is d×N with one sample a column. Pi is K×N; its row πⱼ says how much each
// sample belongs to class j: non-negative, each column adding up to 1. See
// [Membership] for the memberships that labels give.
//
// A class without samples contributes 0; the official code avoids the division
// by adding 1e-8 to every Nⱼ, and so differs by as much. The rate reduction of
// MCR² is CodingRate(Z, epsSq) − ClassCodingRate(Z, Pi, epsSq). It panics
// unless epsSq, which is ε², is positive and Pi has N columns, none negative.
//
// Source: Yu et al., Learning Diverse and Discriminative Representations via
// the Principle of Maximal Coding Rate Reduction (2020).
func ClassCodingRate(Z, Pi mat.Matrix, epsSq float64) float64 {
	d, N := checkMembership("ClassCodingRate", Z, Pi, epsSq)
	var sum float64
	for _, c := range classes(Z, Pi) {
		sum += c.size / float64(N) * halfLogDet(c.Y, float64(d)/(c.size*epsSq))
	}
	return sum
}

// ClassCodingRateGrad returns the d×N gradient of [ClassCodingRate] with
// respect to Z. With Yⱼ = Z diag(πⱼ)^½ and αⱼ = d/(Nⱼε²),
//
//	∇R^c = Σⱼ Nⱼ/N αⱼ (I + αⱼYⱼYⱼᵀ)⁻¹ Yⱼ diag(πⱼ)^½
func ClassCodingRateGrad(Z, Pi mat.Matrix, epsSq float64) *mat.Dense {
	d, N := checkMembership("ClassCodingRateGrad", Z, Pi, epsSq)
	if d == 0 || N == 0 {
		return &mat.Dense{}
	}
	grad := mat.NewDense(d, N, nil)
	for _, c := range classes(Z, Pi) {
		G := halfLogDetGrad(c.Y, float64(d)/(c.size*epsSq))
		G.Apply(func(_, i int, g float64) float64 { return g * c.root[i] * c.size / float64(N) }, G)
		grad.Add(grad, G)
	}
	return grad
}

// Membership returns the K×N matrix of memberships that puts sample i wholly
// into class labels[i], K being the number of classes. It panics for a label
// outside 0…classes−1.
func Membership(labels []int, classes int) *mat.Dense {
	if len(labels) == 0 {
		return &mat.Dense{}
	}
	Pi := mat.NewDense(max(classes, 1), len(labels), nil)
	for i, j := range labels {
		if j < 0 || j >= classes {
			panic(fmt.Sprintf("crate: Membership: label %d of sample %d; want 0 ≤ label < %d classes", j, i, classes))
		}
		Pi.Set(j, i, 1)
	}
	return Pi
}

// class is one term of the sum over classes.
type class struct {
	size float64    // Nⱼ > 0
	root []float64  // diag(πⱼ)^½
	Y    *mat.Dense // Z diag(πⱼ)^½, d×N
}

// classes returns the classes that have samples.
func classes(Z, Pi mat.Matrix) []class {
	K, N := Pi.Dims()
	var all []class
	for j := range K {
		c := class{root: make([]float64, N)}
		for i := range N {
			c.size += Pi.At(j, i)
			c.root[i] = math.Sqrt(Pi.At(j, i))
		}
		if c.size > 0 {
			c.Y = &mat.Dense{}
			c.Y.Apply(func(_, i int, z float64) float64 { return z * c.root[i] }, Z)
			all = append(all, c)
		}
	}
	return all
}

// checkMembership is checkTokens and panics unless Pi can hold memberships of
// the columns of Z.
func checkMembership(name string, Z, Pi mat.Matrix, epsSq float64) (d, N int) {
	d, N = checkTokens(name, Z, epsSq)
	K, n := Pi.Dims()
	if n != N {
		panic(fmt.Sprintf("crate: %s: Pi is %d×%d but Z is %d×%d; both need one column a sample", name, K, n, d, N))
	}
	for j := range K {
		for i := range N {
			if π := Pi.At(j, i); !(π >= 0) {
				panic(fmt.Sprintf("crate: %s: Pi[%d, %d] is %v; a membership is at least 0", name, j, i, π))
			}
		}
	}
	return d, N
}

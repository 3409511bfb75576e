package crate

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// MCR2 is the loss of the principle of maximal coding rate reduction, by which
// the same group learned features before CRATE: spread all samples, compress
// each class,
//
//	loss(Z | Π) = R^c(Z | Π) − γ₂ · ½ logdet( I + γ₁ d/(Nε²) ZZᵀ )
//
// With γ₁ = γ₂ = 1 it is −ΔR = R^c − R, see [ClassCodingRate] and
// [CodingRate], and a good loss is negative. Samples should have length 1:
// without a bound the loss falls by making them longer.
//
// Source: Yu et al., Learning Diverse and Discriminative Representations via
// the Principle of Maximal Coding Rate Reduction (2020), and its code, which
// calls ε² "eps" and takes 0.5.
type MCR2 struct {
	EpsSq  float64 // ε²; 0: 0.5
	Gamma1 float64 // γ₁, of the scale in R; 0: 1
	Gamma2 float64 // γ₂, weight of R; 0: 1
}

// Loss returns the loss of samples Z, d×N with one sample a column, whose
// memberships are Pi, K×N; see [Membership]. It panics as [ClassCodingRate]
// does, and for negative fields.
func (c MCR2) Loss(Z, Pi mat.Matrix) float64 {
	c = c.withDefaults()
	return ClassCodingRate(Z, Pi, c.EpsSq) - c.Gamma2*CodingRate(Z, c.EpsSq/c.Gamma1)
}

// Grad returns the d×N gradient of the loss with respect to Z.
func (c MCR2) Grad(Z, Pi mat.Matrix) *mat.Dense {
	c = c.withDefaults()
	grad := ClassCodingRateGrad(Z, Pi, c.EpsSq)
	if grad.IsEmpty() {
		return grad
	}
	R := CodingRateGrad(Z, c.EpsSq/c.Gamma1)
	R.Scale(c.Gamma2, R)
	grad.Sub(grad, R)
	return grad
}

func (c MCR2) withDefaults() MCR2 {
	if c.EpsSq < 0 || c.Gamma1 < 0 || c.Gamma2 < 0 {
		panic(fmt.Sprintf("crate: MCR2: EpsSq %g, Gamma1 %g and Gamma2 %g must be positive, or 0 for their defaults", c.EpsSq, c.Gamma1, c.Gamma2))
	}
	if c.EpsSq == 0 {
		c.EpsSq = 0.5
	}
	if c.Gamma1 == 0 {
		c.Gamma1 = 1
	}
	if c.Gamma2 == 0 {
		c.Gamma2 = 1
	}
	return c
}

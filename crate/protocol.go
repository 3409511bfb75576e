package crate

import "fmt"

// describe says in one line what p measures over a number of images.
func (p Protocol) describe(images int) string {
	sd := "unbiased"
	if p.Population {
		sd = "population"
	}
	return fmt.Sprintf("%s; mean and %s standard deviation over %d images", p.formula(), sd, images)
}

// formula names the quantity, its tokens and how they were treated.
func (p Protocol) formula() string {
	Z := [...]string{"Z^ℓ", "U_[K]ᵀLN(Z^ℓ)", "Z^{ℓ+1/2}", "Z^{ℓ+1}"}[p.Stage]
	U := "U^ℓ"
	if p.Orthonormal {
		U = "U^ℓ orthonormalised"
	}
	tokens := "tokens as they are"
	if p.Unit && p.Stage == StageProjected {
		tokens = "tokens of unit length in each head"
	} else if p.Unit {
		tokens = "tokens of unit length"
	}
	switch p.Quantity {
	case QuantityRate:
		return fmt.Sprintf("R(%s), %s, ε² = %g", Z, tokens, p.EpsSq)
	case QuantityReduction:
		return fmt.Sprintf("ΔR(%s | %s), %s, ε² = %g", Z, U, tokens, p.EpsSq)
	case QuantityNonZeros:
		return fmt.Sprintf("share of non-zero entries of %s", Z)
	}
	if p.Stage == StageProjected {
		return fmt.Sprintf("R^c = Σ_k R(U_kᵀLN(Z^ℓ)), %s, ε² = %g", tokens, p.EpsSq)
	}
	return fmt.Sprintf("R^c(%s | %s), %s, ε² = %g", Z, U, tokens, p.EpsSq)
}

package crate

import "fmt"

// describe says in one line what p measures over a number of images, in layers
// with or without LayerNorm.
func (p Protocol) describe(images int, isNormed bool) string {
	sd := "unbiased"
	if p.Population {
		sd = "population"
	}
	return fmt.Sprintf("%s; mean and %s standard deviation over %d images", p.formula(isNormed), sd, images)
}

// formula names the quantity, its tokens and how they were treated. Formulas
// are TeX between dollar signs.
func (p Protocol) formula(isNormed bool) string {
	Z := p.Stage.tokens()
	if p.Stage == StageProjected && isNormed {
		Z = `\mathbf{U}_k^{\top} \mathrm{LN}(\mathbf{Z}^{\ell})`
	}
	U := `\mathbf{U}^{\ell}_{[K]}`
	precision := fmt.Sprintf(`$\epsilon^2 = %g$`, p.EpsSq)
	if p.Orthonormal {
		precision = "each $\\mathbf{U}_k$ orthonormalised, " + precision
	}
	tokens := "tokens as they are"
	if p.Unit && p.Stage == StageProjected {
		tokens = "tokens of unit length in each head"
	} else if p.Unit {
		tokens = "tokens of unit length"
	}
	switch p.Quantity {
	case QuantityRate:
		return fmt.Sprintf("$R(%s)$, %s, %s", Z, tokens, precision)
	case QuantityReduction:
		return fmt.Sprintf(`$\Delta R(%s \mid %s)$, %s, %s`, Z, U, tokens, precision)
	case QuantityObjective:
		return fmt.Sprintf(`$\Delta R(%s \mid %s) - \lambda \|%[1]s\|_0$, $\lambda = %[3]g$, %[4]s, %[5]s`, Z, U, p.Lambda, tokens, precision)
	case QuantityNonZeros:
		return fmt.Sprintf("share of non-zero entries of $%s$", Z)
	}
	if p.Stage == StageProjected {
		return fmt.Sprintf(`$R^c = \sum_k R(%s)$, %s, %s`, Z, tokens, precision)
	}
	return fmt.Sprintf(`$R^c(%s \mid %s)$, %s, %s`, Z, U, tokens, precision)
}

// tokens names the tokens of a stage, without LayerNorm.
func (s Stage) tokens() string {
	return [...]string{`\mathbf{Z}^{\ell}`, `\mathbf{U}_k^{\top} \mathbf{Z}^{\ell}`, `\mathbf{Z}^{\ell+1/2}`, `\mathbf{Z}^{\ell+1}`}[s]
}

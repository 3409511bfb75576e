package stdlib

import "strings"

// Equation is what a symbol of package crate computes, as the paper writes it.
type Equation struct {
	TeX    string // without dollar signs
	Source string // the paper, and the number of the equation where it has one
}

const cratePath = ownModule + "gocrate/crate"

const (
	crate2023 = "Yu et al., White-Box Transformers via Sparse Rate Reduction, NeurIPS 2023"
	mcr2020   = "Yu et al., Learning Diverse and Discriminative Representations via the Principle of Maximal Coding Rate Reduction, NeurIPS 2020"
	vit2021   = "Dosovitskiy et al., An Image is Worth 16x16 Words, ICLR 2021"
)

// Equations returns the equations of a symbol, named as for [Doc], in the order
// of its comment; nil if it has none. The methods Forward of the parts of a
// model have those of their types.
func Equations(path, symbol string) []Equation {
	if path != cratePath {
		return nil
	}
	return equations[strings.TrimSuffix(symbol, ".Forward")]
}

var equations = map[string][]Equation{
	"CodingRate": {{
		`R(Z) = \tfrac12 \log\det\left( I + \frac{d}{N\varepsilon^2} Z Z^\top \right), \quad Z \in \mathbb{R}^{d\times N}`,
		crate2023 + ", section 2.2",
	}},
	"CodingRateGrad": {{
		`\nabla R = \alpha (I + \alpha Z Z^\top)^{-1} Z = \alpha Z (I + \alpha Z^\top Z)^{-1}, \quad \alpha = \frac{d}{N\varepsilon^2}`,
		"the gradient of R, " + crate2023,
	}},
	"SubspaceCodingRate": {{
		`R^c(Z \mid U_{[K]}) = \sum_{k=1}^{K} R(U_k^\top Z) = \tfrac12 \sum_{k=1}^{K} \log\det\left( I + \frac{p}{N\varepsilon^2} (U_k^\top Z)^\top (U_k^\top Z) \right)`,
		crate2023 + ", section 2.2",
	}},
	"SubspaceCodingRateGrad": {{
		`\nabla R^c = \sum_k U_k \nabla R(V_k) = \gamma \sum_k U_k V_k (I + \gamma V_k^\top V_k)^{-1}, \quad V_k = U_k^\top Z, \quad \gamma = \frac{p}{N\varepsilon^2}`,
		"the gradient of R^c, " + crate2023,
	}},
	"SubspaceCodingRateGradU": {{
		`\frac{\partial R^c}{\partial U_k} = Z \, \nabla R(V_k)^\top, \quad V_k = U_k^\top Z`,
		"the gradient of R^c, " + crate2023,
	}},
	"RateReduction": {{
		`\Delta R(Z \mid U) = R(Z) - R^c(Z \mid U)`,
		crate2023 + ", section 2.2",
	}},
	"RateReductionGrad": {{
		`\nabla R - \nabla R^c`,
		"the gradient of ΔR, " + crate2023,
	}},
	"NonZeroFraction": {{
		`\frac{\lVert Z \rVert_0}{dN}`,
		crate2023 + ", the sparsity of its figures",
	}},
	"L1": {{
		`\lVert Z \rVert_1 = \sum_{i,j} \lvert z_{ij} \rvert`,
		crate2023 + ", the relaxation of ‖Z‖₀",
	}},
	"SparseRateReduction": {{
		`\Delta R(Z \mid U) - \lambda \lVert Z \rVert_0 = R(Z) - R^c(Z \mid U) - \lambda \lVert Z \rVert_0`,
		crate2023 + ", the objective",
	}},
	"SparseRateReductionL1": {{
		`R(Z) - R^c(Z \mid U) - \lambda \lVert Z \rVert_1`,
		crate2023 + ", the objective, relaxed",
	}},
	"SparseRateReductionL1Grad": {{
		`\nabla R(Z) - \nabla R^c(Z \mid U) - \lambda \operatorname{sign}(Z)`,
		"the gradient of the relaxed objective, " + crate2023,
	}},
	"ClassCodingRate": {{
		`R^c(Z \mid \Pi) = \sum_j \frac{N_j}{2N} \log\det\left( I + \frac{d}{N_j\varepsilon^2} Z \operatorname{diag}(\pi_j) Z^\top \right), \quad N_j = \sum_i \pi_{ji}`,
		mcr2020,
	}},
	"ClassCodingRateGrad": {{
		`\nabla R^c = \sum_j \frac{N_j}{N} \alpha_j (I + \alpha_j Y_j Y_j^\top)^{-1} Y_j \operatorname{diag}(\pi_j)^{1/2}, \quad Y_j = Z \operatorname{diag}(\pi_j)^{1/2}, \quad \alpha_j = \frac{d}{N_j\varepsilon^2}`,
		"the gradient of R^c, " + mcr2020,
	}},
	"ClusterByCodingLength": {{
		`L(\Pi) = \sum_j \frac{N_j}{2} \log\det\left( I + \frac{d}{N_j\varepsilon^2} Z_j Z_j^\top \right) + N_j \log\frac{N}{N_j}`,
		"Ma et al., Segmentation of Multivariate Mixed Data via Lossy Data Coding and Compression, 2007",
	}},
	"MCR2": {{
		`\operatorname{loss}(Z \mid \Pi) = R^c(Z \mid \Pi) - \gamma_2 \cdot \tfrac12 \log\det\left( I + \gamma_1 \frac{d}{N\varepsilon^2} Z Z^\top \right)`,
		mcr2020,
	}},
	"SubspaceCoherence": {{
		`\lvert \hat U^\top \hat U \rvert, \quad \hat U = [U_1 \cdots U_K] \text{ with columns scaled to length } 1`,
		crate2023 + ", the figure of its subspaces",
	}, {
		`E\lvert\cos\rvert = \frac{\Gamma(d/2)}{\sqrt{\pi} \, \Gamma((d+1)/2)} \approx \sqrt{\frac{2}{\pi d}}`,
		"what random directions have",
	}},
	"RateStep": {{
		`Z^{\ell+1/2} = Z - \kappa \nabla R^c(Z \mid U_{[K]}), \quad \nabla R^c = \gamma \sum_k U_k O_k, \quad \gamma = \frac{p}{N\varepsilon^2}`,
		crate2023 + ", before (10)",
	}, {
		`O_k = V_k (I + \gamma S_k)^{-1} \approx V_k - \gamma V_k S_k \approx V_k - \gamma V_k \operatorname{softmax}(S_k), \quad V_k = U_k^\top Z, \quad S_k = V_k^\top V_k`,
		crate2023 + ", the steps that lead to (10)",
	}},
	"MSSA": {{
		`\operatorname{SSA}(Z \mid U_k) = (U_k^\top Z) \operatorname{softmax}\left( (U_k^\top Z)^\top (U_k^\top Z) \right)`,
		crate2023 + ", (11)",
	}, {
		`\operatorname{MSSA}(Z \mid U_{[K]}) = \frac{p}{N\varepsilon^2} [U_1 \cdots U_K] \begin{bmatrix} \operatorname{SSA}(Z \mid U_1) \\ \vdots \\ \operatorname{SSA}(Z \mid U_K) \end{bmatrix}`,
		crate2023 + ", (12)",
	}, {
		`\operatorname{MSSA} = W \begin{bmatrix} V_1 A_1 \\ \vdots \\ V_K A_K \end{bmatrix} + b, \quad A_k = \operatorname{softmax}\left( \frac{V_k^\top V_k}{\sqrt{p}} \right), \quad V_k = U_k^\top Z`,
		"as released",
	}},
	"ISTA": {{
		`\min_{Z' \ge 0} \ \tfrac12 \lVert Z - D Z' \rVert^2 + \lambda \lVert Z' \rVert_1`,
		crate2023 + ", (16), with the ½ that its code needs",
	}, {
		`\operatorname{ISTA}(Z \mid D) = \max\left( Z + \eta D^\top (Z - D Z) - \eta\lambda, \, 0 \right)`,
		crate2023 + ", (17)",
	}},
	"FoldedISTA": {{
		`Z + \eta (Z - Z D^\top) D = Z E, \quad E = I + \eta (D - D^\top D)`,
		crate2023 + ", (17) with its products multiplied out; tokens are rows",
	}},
	"ISTA.Fold": {{
		`E = I + \eta (D - D^\top D)`,
		crate2023 + ", (17) with its products multiplied out; tokens are rows",
	}},
	"MM": {{
		`\operatorname{MM}(Z \mid D) = \max\left( \left( 1 + \frac{4}{9(1 + \alpha)} \right) D^\top Z - \frac{4\lambda}{9\alpha}, \, 0 \right), \quad \alpha = \frac{d}{N\varepsilon^2}`,
		crate2023 + ", (92)",
	}},
	"MHSA": {{
		`\operatorname{MHSA} = W \begin{bmatrix} V_1 A_1 \\ \vdots \\ V_K A_K \end{bmatrix} + b, \quad A_k = \operatorname{softmax}\left( \frac{K_k^\top Q_k}{\sqrt{p}} \right)`,
		vit2021,
	}, {
		`Q_k = {W_k^q}^\top Z, \quad K_k = {W_k^k}^\top Z, \quad V_k = {W_k^v}^\top Z`,
		vit2021,
	}},
	"MLP": {{
		`\operatorname{MLP}(Z) = W_2 \operatorname{GELU}(W_1 Z + b_1) + b_2, \quad \operatorname{GELU}(x) = x \cdot \Phi(x)`,
		vit2021,
	}},
	"LayerNorm": {{
		`\operatorname{LN}(z) = g \circ \hat z + b, \quad \hat z = \frac{z - \mu}{\sqrt{\sigma^2 + 10^{-5}}}`,
		"as released",
	}},
	"Layer": {{
		`Z^{\ell+1/2} = Z^\ell + \operatorname{MSSA}(\operatorname{LN}_1(Z^\ell) \mid U^\ell_{[K]})`,
		crate2023 + ", (10) as released",
	}, {
		`Z^{\ell+1} = \operatorname{ISTA}(\operatorname{LN}_2(Z^{\ell+1/2}) \mid D^\ell)`,
		crate2023 + ", (17) as released",
	}},
	"Embed": {{
		`Z^1 = \begin{bmatrix} \text{class token} \\ P \end{bmatrix} + \text{positions}, \quad P = \operatorname{LN}(\operatorname{LN}(X) W^\top + b)`,
		"as released; tokens are rows",
	}},
	"Head": {{
		`y = W \operatorname{LN}(\operatorname{pool}(Z^{L+1})) + b`,
		"as released",
	}},
	"CrossEntropy": {{
		`L = -\frac1B \sum_i \sum_c q_{ic} \log \operatorname{softmax}(y_i)_c, \quad q_{ic} = (1 - s) [c = \text{label}_i] + \frac{s}{M}`,
		crate2023 + ", the recipe of its appendix",
	}, {
		`\frac{\partial L}{\partial y} = \frac{\operatorname{softmax}(y) - q}{B}`,
		"its gradient",
	}},
	"AdamW": {{
		`\begin{aligned} \theta &\leftarrow \theta - \mathrm{lr} \cdot \mathrm{wd} \cdot \theta \\ m &\leftarrow \beta_1 m + (1 - \beta_1) g \\ v &\leftarrow \beta_2 v + (1 - \beta_2) g^2 \\ \theta &\leftarrow \theta - \mathrm{lr} \cdot \frac{\hat m}{\sqrt{\hat v} + \varepsilon} \end{aligned} \qquad \hat m = \frac{m}{1 - \beta_1^t}, \quad \hat v = \frac{v}{1 - \beta_2^t}`,
		"Loshchilov and Hutter, arXiv 1711.05101",
	}},
	"Adam": {{
		`\begin{aligned} g &\leftarrow g + \mathrm{wd} \cdot \theta \\ m &\leftarrow \beta_1 m + (1 - \beta_1) g \\ v &\leftarrow \beta_2 v + (1 - \beta_2) g^2 \\ \theta &\leftarrow \theta - \mathrm{lr} \cdot \frac{\hat m}{\sqrt{\hat v} + \varepsilon} \end{aligned}`,
		"Kingma and Ba, arXiv 1412.6980",
	}},
	"SGD": {{
		`\begin{aligned} g &\leftarrow g + \mathrm{wd} \cdot \theta \\ v &\leftarrow \mu v + g \\ \theta &\leftarrow \theta - \mathrm{lr} \cdot v \end{aligned}`,
		"as PyTorch computes it",
	}},
	"Lion": {{
		`\begin{aligned} \theta &\leftarrow \theta - \mathrm{lr} \cdot \mathrm{wd} \cdot \theta \\ \theta &\leftarrow \theta - \mathrm{lr} \cdot \operatorname{sign}(\beta_1 m + (1 - \beta_1) g) \\ m &\leftarrow \beta_2 m + (1 - \beta_2) g \end{aligned}`,
		"Chen et al., arXiv 2302.06675",
	}},
	"ClipGradient": {{
		`\lVert g \rVert = \sqrt{\sum g^2}, \qquad g \leftarrow g \cdot \min\left( 1, \frac{\text{limit}}{\lVert g \rVert + 10^{-6}} \right)`,
		"as PyTorch computes it",
	}},
	"Schedule": {{
		`\min\left( \frac{e + 1}{\text{warmup}}, \, \tfrac12 \left( 1 + \cos \frac{\pi e}{\text{epochs}} \right) \right)`,
		"as released",
	}},
	"WarmupCosine": {{
		`\begin{cases} \frac{e + 1}{\text{warmup}} & e < \text{warmup} \\ \tfrac12 \left( 1 + \cos \frac{\pi (e - \text{warmup})}{\text{epochs} - \text{warmup}} \right) & \text{after that} \end{cases}`,
		"the usual recipe",
	}},
}

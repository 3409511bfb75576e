/*
Package crate is the white-box transformer CRATE, written to be read beside
the paper:

	Yu, Buchanan, Pai, Chu, Wu, Tong, Haeffele, Ma:
	White-Box Transformers via Sparse Rate Reduction, NeurIPS 2023

Names and layout follow it, so that every line can be held against an
equation; numbers in parentheses such as (12) are that paper's. What is
computed is, unless a [Variant] says otherwise, the released model, which
differs from the equations in a dozen places. Each difference is said where it
occurs and listed in docs/departures.md with the field that selects it.

# Two gradients

CRATE descends on an objective layer by layer while it computes: one layer is
an approximate gradient step on the coding rate of its tokens. That gradient
is ∇_Z, see [CodingRateGrad]. Training descends on a loss by changing U, D and
the rest: that is back-propagation, the methods called Backward. They share no
name because they share no meaning.

# Reading order

	coding_rate.go   R, R^c, ΔR and their gradients     what is to be optimised
	sparsity.go      ‖Z‖₀, ‖Z‖₁, the objective          and
	class_rate.go    R^c given classes; mcr2.go         its ancestor; logdet.go, logdet_gram.go below
	coding_length.go classes found by their rates       its ancestor
	rate_step.go     Z − κ∇R^c, and its approximations  the step that compresses,
	mssa.go          MSSA                               as derived and as used
	ista.go          ISTA; ista_folded.go, the same     the step that sparsifies
	mm.go            another step that sparsifies
	attention.go     MHSA                               what an ordinary transformer
	mlp.go           MLP                                has in the place of the two
	layernorm.go     LN
	layer.go         Z^ℓ → Z^{ℓ+1/2} → Z^{ℓ+1}
	variant.go       which of these a layer has
	embed.go         image → Z¹
	head.go          Z^{L+1} → logits
	config.go, model.go, init.go, forward.go            the whole; prepared.go
	trace.go         all that a forward pass computed
	predict.go       answers, and how good they are
	measure.go, measure_curves.go, protocol.go,
	moments.go                                          what the layers do
	coherence.go, singular_values.go, token_heatmap.go,
	head_consistency.go                                 and what else the figures show
	loss.go, gradient.go, clip.go
	optim.go, optim_others.go, schedule.go, augment.go, mixup.go
	train.go, trainer.go, resume.go
	checkpoint.go, checkpoint_read.go, checkpoint_config.go,
	checkpoint_write.go, checkpoint_optim.go,
	checkpoint_torch.go                                 models in files, PyTorch's too
	matrix.go, parallel.go, images.go, kernels.go       below

# Notation

	symbol      Go                      shape      where
	Z^ℓ         LayerTrace.Z, Trace.Z   d×N        tokens entering layer ℓ
	Z^{ℓ+1/2}   LayerTrace.Half         d×N        after MSSA, (10)
	Z^{ℓ+1}     LayerTrace.Next         d×N        after ISTA, (17)
	d           Config.Dim                         width of a token
	N           Trace.Tokens                       tokens of an image, class token included
	K, p        Config.Heads, HeadDim              number and dimension of subspaces
	L, ℓ        Config.Depth, ℓ                    layers
	U_k         MSSA.U, RateStep.U      d×p        basis of a subspace, (11)
	γ, κ        Config.EpsSq, Kappa                p/(Nε²) and step size, (10)
	V_k         MSSATrace.V             p×N        U_kᵀZ
	A_k         MSSATrace.A             N×N        attention
	W, b        MSSA.W, B               d×Kp, d    output projection
	D           ISTA.D, MM.D            d×d        dictionary, (15)
	η, λ        ISTA.StepSize, Lambda              step size and threshold, (17)
	E           FoldedISTA.E            d×d        I + η(D − DᵀD)
	ε²          epsSq, Protocol.EpsSq              squared precision of the rates; never ε
	Φ, φ        MLP                                normal distribution function and density
	ẑ, μ, σ     NormTrace.Hat           d×N        normalised token, mean, deviation
	θ, β, s     Optimizer, smoothing               parameter, decay of moments, scale of scores
	dX                                             ∂L/∂X, for every X

The official code calls ε² "eps", U "qkv", W "to_out" and D "fn.weight".

# Tokens

The paper writes the tokens of an image as the columns of a d×N matrix. A
[Matrix] stores one token after another, row by row. Its memory is the paper's
matrix read column by column, and the paper's Y = D Z is here Y = Z Dᵀ. This
is also how the reference implementation has it, so weights need no
transposition. Several images lie one below the other; only attention,
embedding and head need to know where one ends. Z.T() gives the paper's
orientation to the measures, which take gonum matrices in float64.

Layers count from 0 in Go and from 1 in text, on axes and in
[Measurement].Layers.

# Numbers

The model computes in float32, measurements in float64. A batch is divided
into a fixed number of parts whose gradients are summed in order, so results
have the same bits on any number of processors. Nothing is printed and no
environment is read. Shapes that do not fit are a mistake in the program and
panic, with both shapes in the message; what depends on data returns an error.
*/
package crate

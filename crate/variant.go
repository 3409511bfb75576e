package crate

import (
	"fmt"
	"strings"
)

// Variant says which form of CRATE a model has: as released, as the paper's
// equations have it, or anything between the two; or which part of it is
// replaced by that of an ordinary vision transformer. The zero Variant is
// [Released]. Like a [Protocol] a Variant is a value: copy one of the named
// ones and change a field, to take one difference at a time.
//
//	cfg := crate.Digits()
//	cfg.Variant = crate.Paper
//	cfg.Variant.Compress = crate.CompressExact
//
// docs/departures.md says what each field does to the model.
type Variant struct {
	Compress Compression // the half of a layer that mixes tokens

	// Of CompressMSSA; the other forms leave no choice.
	Tied         bool // the output matrix is p/(Nε²)[U_1 … U_K], without bias, (12); not learned
	PlainScores  bool // softmax of V_kᵀV_k, (11); not of V_kᵀV_k/√p
	WeightedSkip bool // Z^{ℓ+1/2} = (1 − κγ)Z + κγ·MSSA(Z), γ = p/(Nε²), (10); not Z + MSSA(Z)

	NoNorm     bool // no LayerNorm in layers, patch embedding and head
	SkipNormed bool // the skip connection round the first half begins behind its LayerNorm

	Sparsify Sparsification // the half of a layer that acts on each token alone
	SkipISTA bool           // a skip connection round the second half too, as CRATE-α has it. SparsifyMLP always has one

	Orthonormal bool // U_k starts with orthonormal columns, and all together orthonormal where they fit into Dim; training does not keep them so
}

// Named variants. Released is the official code, Paper the equations as they
// stand, ViT the ordinary transformer in the same shell (embedding and head);
// the last two are the hybrids of the paper on segmentation (Yu et al.,
// Emergence of Segmentation with Minimalistic White-Box Transformers, 2023).
var (
	Released = Variant{}
	Paper    = Variant{Tied: true, PlainScores: true, WeightedSkip: true, NoNorm: true, Orthonormal: true}
	ViT      = Variant{Compress: CompressMHSA, Sparsify: SparsifyMLP}
	MSSAMLP  = Variant{Sparsify: SparsifyMLP}
	MHSAISTA = Variant{Compress: CompressMHSA}
)

// Compression is what the first half of a layer computes.
type Compression int

const (
	CompressMSSA    Compression = iota // attention in subspaces, see [MSSA]
	CompressExact                      // the gradient step on R^c, see [RateStep]
	CompressNeumann                    // the same with [StepNeumann]
	CompressSoftmax                    // the same with [StepSoftmax]
	CompressMHSA                       // ordinary attention, see [MHSA]
)

// Sparsification is what the second half of a layer computes.
type Sparsification int

const (
	SparsifyISTA Sparsification = iota // one step of ISTA over Z ≥ 0, (17), see [ISTA]
	SparsifySoft                       // the same with a soft threshold, over all Z
	SparsifyMM                         // majorisation and minimisation, see [MM]
	SparsifyMLP                        // a perceptron, see [MLP]
)

// String returns the name of v if it has one, and otherwise its fields.
func (v Variant) String() string {
	switch v {
	case Released:
		return "CRATE"
	case Paper:
		return "CRATE (paper)"
	case ViT:
		return "ViT"
	case MSSAMLP:
		return "MSSA + MLP"
	case MHSAISTA:
		return "MHSA + ISTA"
	}
	parts := []string{v.Compress.String(), v.Sparsify.String()}
	for _, f := range []struct {
		set  bool
		name string
	}{
		{v.Tied, "Tied"}, {v.PlainScores, "PlainScores"}, {v.WeightedSkip, "WeightedSkip"}, {v.NoNorm, "NoNorm"},
		{v.SkipNormed, "SkipNormed"}, {v.SkipISTA, "SkipISTA"}, {v.Orthonormal, "Orthonormal"},
	} {
		if f.set {
			parts = append(parts, f.name)
		}
	}
	return "CRATE (" + strings.Join(parts, ", ") + ")"
}

// String returns the name without its prefix, "MSSA" or "Exact" for example.
func (c Compression) String() string {
	return nameOf("Compression", int(c), "MSSA", "Exact", "Neumann", "Softmax", "MHSA")
}

// String returns the name without its prefix, "ISTA" or "Soft" for example.
func (s Sparsification) String() string {
	return nameOf("Sparsification", int(s), "ISTA", "Soft", "MM", "MLP")
}

// nameOf returns names[i], or says that there is none.
func nameOf(kind string, i int, names ...string) string {
	if i < 0 || i >= len(names) {
		return fmt.Sprintf("%s(%d)", kind, i)
	}
	return names[i]
}

// check reports values that are none of the constants.
func (v Variant) check() error {
	if v.Compress < CompressMSSA || v.Compress > CompressMHSA {
		return fmt.Errorf("crate: Config.Variant.Compress is %v; want one of the constants Compress…", v.Compress)
	}
	if v.Sparsify < SparsifyISTA || v.Sparsify > SparsifyMLP {
		return fmt.Errorf("crate: Config.Variant.Sparsify is %v; want one of the constants Sparsify…", v.Sparsify)
	}
	return nil
}

package crate

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Quantity is what a [Protocol] computes from the tokens of one image.
type Quantity int

const (
	QuantityRate         Quantity = iota // R, see [CodingRate]
	QuantitySubspaceRate                 // R^c given the layer's U, see [SubspaceCodingRate]
	QuantityReduction                    // ΔR = R − R^c, see [RateReduction]
	QuantityNonZeros                     // ‖Z‖₀/(dN), see [NonZeroFraction]
	QuantityObjective                    // ΔR − λ‖Z‖₀, see [SparseRateReduction]
)

// Stage is where in a layer a [Protocol] takes the tokens.
type Stage int

const (
	StageInput     Stage = iota // Z^ℓ
	StageProjected              // U_kᵀLN(Z^ℓ) of every head, where MSSA computes its attention; U_kᵀZ^ℓ without LayerNorm
	StageHalf                   // Z^{ℓ+1/2}
	StageOutput                 // Z^{ℓ+1}
)

// Protocol says exactly what is measured layer by layer. The same words, "the
// coding rate of layer ℓ", stand for different numbers in the paper's text
// and in the released script, and they do not even fall and rise together;
// hence the named protocols below. Copy one and change a field for others.
type Protocol struct {
	Name        string
	Quantity    Quantity
	Stage       Stage
	Unit        bool    // scale every token to length 1 first; at StageProjected within each head. Zero tokens stay zero
	Orthonormal bool    // replace each U_k by an orthonormal basis of its span
	EpsSq       float64 // ε², not ε
	Lambda      float64 // λ of QuantityObjective
	Population  bool    // standard deviation over images: divide by their number n, not n − 1
}

// The protocols. All take one image at a time, the class token included.
var (
	// AsPlotted is the released script behind the paper's figure of the
	// coding rate: R^c of U_kᵀLN(Z^ℓ), every token scaled to unit length in
	// every head, ε² = 0.01. The script yields NaN where a token is zero; here
	// zero tokens stay zero.
	AsPlotted = Protocol{Name: "AsPlotted", Quantity: QuantitySubspaceRate, Stage: StageProjected, Unit: true, EpsSq: 0.01}

	// HalfLayer is what the paper's text says is plotted: R^c(Z^{ℓ+1/2} | U^ℓ),
	// tokens as they are. The paper gives no ε for it; ε² = 0.25 here.
	HalfLayer = Protocol{Name: "HalfLayer", Quantity: QuantitySubspaceRate, Stage: StageHalf, EpsSq: 0.25}

	// TotalRate is R(Z^ℓ), the expansion term, tokens as they are, ε² = 0.25.
	TotalRate = Protocol{Name: "TotalRate", Quantity: QuantityRate, Stage: StageInput, EpsSq: 0.25}

	// Reduction is ΔR(Z^{ℓ+1/2} | U^ℓ) with one scaling for both terms (unit
	// tokens, ε² = 0.01) and orthonormalised bases. It may be negative.
	Reduction = Protocol{Name: "Reduction", Quantity: QuantityReduction, Stage: StageHalf, Unit: true, Orthonormal: true, EpsSq: 0.01}

	// Objective is what CRATE is meant to raise from layer to layer, the sparse
	// rate reduction ΔR − λ‖Z‖₀ of Z^{ℓ+1}, with the rates of Reduction and
	// λ = 0.1, that of ISTA. The paper draws no such figure.
	Objective = Protocol{Name: "Objective", Quantity: QuantityObjective, Stage: StageOutput, Unit: true, Orthonormal: true, EpsSq: 0.01, Lambda: 0.1}

	// Sparsity is the paper's figure of sparsity: the share of entries of
	// Z^{ℓ+1} that are not exactly zero. Lower is sparser.
	Sparsity = Protocol{Name: "Sparsity", Quantity: QuantityNonZeros, Stage: StageOutput, Population: true}
)

// Protocols returns the protocols above, in that order. For a model with ordinary
// attention, which has no subspaces, only TotalRate and Sparsity have a meaning.
func Protocols() []Protocol {
	return []Protocol{AsPlotted, HalfLayer, TotalRate, Reduction, Objective, Sparsity}
}

// Measurement is one number per layer, over a set of images.
type Measurement struct {
	Protocol string    // name of the protocol
	What     string    // what exactly was measured, for a caption; formulas in TeX between $
	Images   int       // how many images were measured
	Layers   []int     // 1, 2, …, L
	Mean     []float64 // over the images, one for each layer
	SD       []float64 // standard deviation over the images; 0 for a single image
}

// Measure runs the model on images and returns the mean over images of what p
// computes at each layer. It works in float64 on the float32 tokens, a few
// images at a time. Errors are those of [MeasureAll].
func Measure(ctx context.Context, m *Model, images ImageSource, p Protocol) (Measurement, error) {
	all, err := MeasureAll(ctx, m, images, []Protocol{p}, nil)
	if len(all) == 0 {
		return Measurement{}, err
	}
	return all[0], err
}

// MeasureAll measures by several protocols in one pass: measurement i is that of
// protocol i. Images are read in parts of 128, so that a set may be larger than
// the memory. It calls progress, unless that is nil, after every part with the
// number of images measured and of all, on the calling goroutine. When ctx ends,
// or the images cannot be read, it returns the measurements of the images so far
// and the error. Images that do not fit the model, protocols that mean nothing,
// and those that need subspaces where there are none, are errors too.
func MeasureAll(ctx context.Context, m *Model, images ImageSource, protocols []Protocol, progress func(done, total int)) ([]Measurement, error) {
	c, err := newCurves(m, protocols)
	if err != nil {
		return nil, err
	}
	err = m.eachPart(ctx, "MeasureAll", images, func(first int, t *Trace) {
		c.measure(first, t)
	}, func(done int) {
		c.add(done)
		if progress != nil {
			progress(done, images.Len())
		}
	})
	return c.measurements(), err
}

// measure computes p for one image at layer ℓ, counted from 0.
func (p Protocol) measure(t *Trace, ℓ, image int, U []*mat.Dense) float64 {
	if p.Stage != StageProjected {
		return p.quantity(p.columns(t.at(p.Stage, ℓ, image)), U)
	}
	sum := 0.0
	for k := range t.Heads {
		sum += CodingRate(p.columns(t.Projected(ℓ, image, k)), p.EpsSq)
	}
	return sum
}

func (p Protocol) quantity(Z *mat.Dense, U []*mat.Dense) float64 {
	switch p.Quantity {
	case QuantityRate:
		return CodingRate(Z, p.EpsSq)
	case QuantitySubspaceRate:
		return SubspaceCodingRate(Z, U, p.EpsSq)
	case QuantityReduction:
		return RateReduction(Z, U, p.EpsSq)
	case QuantityObjective:
		return SparseRateReduction(Z, U, p.EpsSq, p.Lambda)
	}
	return NonZeroFraction(Z)
}

// columns returns tokens as columns in float64, scaled as p says.
func (p Protocol) columns(tokens Matrix) *mat.Dense {
	Z := tokens.columns()
	if p.Unit {
		unitColumns(Z)
	}
	return Z
}

// bases returns U^ℓ_[K] of every layer, as p wants them. It fails where p
// needs them and there are none.
func (p Protocol) bases(m *Model) ([][]*mat.Dense, error) {
	U := make([][]*mat.Dense, len(m.Layers))
	for ℓ, l := range m.Layers {
		U[ℓ] = l.Subspaces()
		if U[ℓ] == nil && p.Quantity != QuantityRate && p.Quantity != QuantityNonZeros {
			return nil, fmt.Errorf("crate: Protocol %q: layer %d has ordinary attention and no subspaces U, against which R^c is measured; QuantityRate and QuantityNonZeros need none",
				p.Name, ℓ+1)
		}
		for k := range U[ℓ] {
			if p.Orthonormal {
				U[ℓ][k] = orthonormal(U[ℓ][k])
			}
		}
	}
	return U, nil
}

// check reports combinations that mean nothing.
func (p Protocol) check() error {
	switch {
	case p.Quantity < QuantityRate || p.Quantity > QuantityObjective || p.Stage < StageInput || p.Stage > StageOutput:
		return fmt.Errorf("crate: Protocol %q: Quantity %d or Stage %d is none of the constants", p.Name, p.Quantity, p.Stage)
	case p.Stage == StageProjected && (p.Quantity != QuantitySubspaceRate || p.Orthonormal):
		return fmt.Errorf("crate: Protocol %q: StageProjected goes with QuantitySubspaceRate and without Orthonormal, as its tokens are U_kᵀLN(Z)", p.Name)
	case p.Quantity != QuantityNonZeros && !(p.EpsSq > 0):
		return fmt.Errorf("crate: Protocol %q: EpsSq is %g; a rate needs ε² > 0", p.Name, p.EpsSq)
	}
	return nil
}

// unitColumns scales the columns of Z to length 1; zero columns stay zero.
func unitColumns(Z *mat.Dense) {
	d, N := Z.Dims()
	for j := range N {
		norm := mat.Norm(Z.ColView(j), 2)
		for i := 0; i < d && norm > 0; i++ {
			Z.Set(i, j, Z.At(i, j)/norm)
		}
	}
}

// orthonormal returns an orthonormal basis of the span of the columns of U,
// d×p, which must be independent and p ≤ d.
func orthonormal(U *mat.Dense) *mat.Dense {
	d, p := U.Dims()
	var qr mat.QR
	var Q mat.Dense
	qr.Factorize(U)
	qr.QTo(&Q)
	return mat.DenseCopyOf(Q.Slice(0, d, 0, min(p, d)))
}

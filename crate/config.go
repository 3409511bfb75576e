package crate

import "fmt"

// Config is the shape of a model. A field left at zero takes the value named
// beside it; Classes, Dim, Depth, Heads and the sizes of image and patch have
// no such value and must be given.
type Config struct {
	ImageHeight, ImageWidth int // pixels; ImageWidth 0: as ImageHeight
	PatchHeight, PatchWidth int // pixels; PatchWidth 0: as PatchHeight
	Channels                int // of an image; 0: 3
	Classes                 int // M

	Dim     int // d, width of a token
	Depth   int // L, number of layers
	Heads   int // K, number of subspaces
	HeadDim int // p, dimension of a subspace; 0: Dim/Heads

	Pool     Pool    // zero: the class token
	StepSize float64 // η of ISTA; 0: 0.1
	Lambda   float64 // λ of ISTA and MM; 0: 0.1. For no threshold set ISTA.Lambda of the layers

	Variant Variant // zero: CRATE as released
	EpsSq   float64 // ε² of γ = p/(Nε²) in the paper's forms; 0: 1. The paper names none
	Kappa   float64 // κ, step size against the gradient of R^c in the paper's forms; 0: 0.5
	MLPDim  int     // width of the hidden layer of SparsifyMLP; 0: 4·Dim
}

// Digits returns the model of the first notebook: 8×8 grey digits in 2×2
// patches, 10 classes, 30,402 parameters.
func Digits() Config {
	return Config{ImageHeight: 8, PatchHeight: 2, Channels: 1, Classes: 10, Dim: 48, Depth: 4, Heads: 4, HeadDim: 12}
}

// Tiny returns CRATE-Tiny of the NeurIPS paper for ImageNet-1K: 6.09 M
// parameters. "Tiny" names other sizes in later papers.
func Tiny() Config { return imageNet(384, 12, 6) }

// Small returns CRATE-Small of the NeurIPS paper: 13.12 M parameters.
func Small() Config { return imageNet(576, 12, 12) }

// Base returns CRATE-Base of the NeurIPS paper: 22.80 M parameters.
func Base() Config { return imageNet(768, 12, 12) }

// Large returns CRATE-Large of the NeurIPS paper: 77.64 M parameters.
func Large() Config { return imageNet(1024, 24, 16) }

// imageNet is a model for 224×224 colour images in 16×16 patches.
func imageNet(dim, depth, heads int) Config {
	return Config{ImageHeight: 224, PatchHeight: 16, Channels: 3, Classes: 1000, Dim: dim, Depth: depth, Heads: heads}
}

// Tokens returns N, the tokens of one image: its patches and the class token.
func (c Config) Tokens() int {
	c = c.withDefaults()
	return (c.ImageHeight/c.PatchHeight)*(c.ImageWidth/c.PatchWidth) + 1
}

// Validate reports fields that are missing or do not agree.
func (c Config) Validate() error {
	c = c.withDefaults()
	for _, f := range []struct {
		name  string
		value int
	}{
		{"ImageHeight", c.ImageHeight}, {"ImageWidth", c.ImageWidth}, {"PatchHeight", c.PatchHeight}, {"PatchWidth", c.PatchWidth},
		{"Channels", c.Channels}, {"Classes", c.Classes}, {"Dim", c.Dim}, {"Depth", c.Depth}, {"Heads", c.Heads},
	} {
		if f.value <= 0 {
			return fmt.Errorf("crate: Config.%s is %d; it must be positive", f.name, f.value)
		}
	}
	switch {
	case c.ImageHeight%c.PatchHeight != 0:
		return fmt.Errorf("crate: Config.ImageHeight %d is not a multiple of PatchHeight %d", c.ImageHeight, c.PatchHeight)
	case c.ImageWidth%c.PatchWidth != 0:
		return fmt.Errorf("crate: Config.ImageWidth %d is not a multiple of PatchWidth %d", c.ImageWidth, c.PatchWidth)
	case c.Channels*c.PatchHeight*c.PatchWidth == 1 && !c.Variant.NoNorm:
		return fmt.Errorf("crate: Config.PatchHeight, PatchWidth and Channels are 1: LayerNorm turns a patch of a single number into a constant, so the model would see nothing; use larger patches, or a Variant with NoNorm")
	case c.HeadDim < 0:
		return fmt.Errorf("crate: Config.HeadDim is %d; it must be positive, or 0 for Dim/Heads", c.HeadDim)
	case c.HeadDim == 0:
		return fmt.Errorf("crate: Config.Heads %d does not divide Dim %d; choose Heads so that it does, or set HeadDim", c.Heads, c.Dim)
	case c.Pool != ClassToken && c.Pool != MeanPool:
		return fmt.Errorf("crate: Config.Pool is %v; want ClassToken or MeanPool", c.Pool)
	case c.StepSize < 0 || c.Lambda < 0 || c.EpsSq < 0 || c.Kappa < 0 || c.MLPDim < 0:
		return fmt.Errorf("crate: Config.StepSize %g, Lambda %g, EpsSq %g, Kappa %g and MLPDim %d must not be negative",
			c.StepSize, c.Lambda, c.EpsSq, c.Kappa, c.MLPDim)
	}
	return c.Variant.check()
}

// withDefaults fills in the fields left at zero. HeadDim stays 0 where Heads
// does not divide Dim, for Validate to report.
func (c Config) withDefaults() Config {
	setDefault(&c.ImageWidth, c.ImageHeight)
	setDefault(&c.PatchWidth, c.PatchHeight)
	setDefault(&c.Channels, 3)
	if c.HeadDim == 0 && c.Heads > 0 && c.Dim%c.Heads == 0 {
		c.HeadDim = c.Dim / c.Heads
	}
	setDefault(&c.MLPDim, 4*c.Dim)
	for _, f := range []struct {
		field *float64
		value float64
	}{{&c.StepSize, 0.1}, {&c.Lambda, 0.1}, {&c.EpsSq, 1}, {&c.Kappa, 0.5}} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	return c
}

func setDefault(field *int, value int) {
	if *field == 0 {
		*field = value
	}
}

package crate

import "fmt"

// Model is a CRATE image classifier: patch embedding, L layers, head. Its form
// is [Config].Variant, by default that of the released code. All parameters are exported and may be read and changed at any time
// between calls. The gradient of a model is a Model too, see [Model.Gradient].
type Model struct {
	Config Config
	Embed  *Embed
	Layers []*Layer
	Head   *Head
}

// New returns a model with the official random initialisation. The same
// configuration and seed give the same parameters.
func New(cfg Config, seed uint64) (*Model, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	m := newModel(cfg.withDefaults())
	m.initialize(seed)
	return m, nil
}

// newModel returns a model of zeros.
func newModel(cfg Config) *Model {
	m := &Model{Config: cfg, Embed: newEmbed(cfg), Head: &Head{
		Pool: cfg.Pool,
		Norm: cfg.newNorm(cfg.Dim),
		W:    NewMatrix(cfg.Classes, cfg.Dim),
		B:    make([]float32, cfg.Classes),
	}}
	for range cfg.Depth {
		m.Layers = append(m.Layers, newLayer(cfg))
	}
	return m
}

func newEmbed(cfg Config) *Embed {
	n := cfg.Channels * cfg.PatchHeight * cfg.PatchWidth
	return &Embed{
		Height:    cfg.PatchHeight,
		Width:     cfg.PatchWidth,
		PatchNorm: cfg.newNorm(n),
		W:         NewMatrix(cfg.Dim, n),
		B:         make([]float32, cfg.Dim),
		Norm:      cfg.newNorm(cfg.Dim),
		Class:     make([]float32, cfg.Dim),
		Position:  NewMatrix(cfg.Tokens(), cfg.Dim),
	}
}

func newLayer(cfg Config) *Layer {
	v := cfg.Variant
	l := &Layer{Norm1: cfg.newNorm(cfg.Dim), Norm2: cfg.newNorm(cfg.Dim), SkipNormed: v.SkipNormed, SkipISTA: v.SkipISTA}
	switch v.Compress {
	case CompressMSSA:
		l.MSSA = newMSSA(cfg)
		if v.WeightedSkip {
			l.Kappa = cfg.Kappa
		}
	case CompressMHSA:
		W, b := cfg.newProjection()
		l.MHSA = &MHSA{Heads: cfg.Heads, QKV: NewMatrix(3*cfg.Heads*cfg.HeadDim, cfg.Dim), W: W, B: b}
	default:
		U := NewMatrix(cfg.Heads*cfg.HeadDim, cfg.Dim)
		l.Step = &RateStep{cfg.Heads, U, StepForm(v.Compress - CompressExact), cfg.EpsSq, cfg.Kappa}
	}
	switch v.Sparsify {
	case SparsifyMM:
		l.MM = &MM{NewMatrix(cfg.Dim, cfg.Dim), cfg.Lambda, cfg.EpsSq}
	case SparsifyMLP:
		l.MLP = newMLP(cfg.Dim, cfg.MLPDim)
	default:
		l.ISTA = &ISTA{NewMatrix(cfg.Dim, cfg.Dim), cfg.StepSize, cfg.Lambda, v.Sparsify == SparsifySoft}
	}
	return l
}

func newMSSA(cfg Config) *MSSA {
	v := cfg.Variant
	m := &MSSA{Heads: cfg.Heads, U: NewMatrix(cfg.Heads*cfg.HeadDim, cfg.Dim), Tied: v.Tied, PlainScores: v.PlainScores, EpsSq: cfg.EpsSq}
	if !v.Tied {
		m.W, m.B = cfg.newProjection()
	}
	return m
}

// newProjection returns the output projection of attention: none for a single
// head as wide as the tokens.
func (c Config) newProjection() (W Matrix, b []float32) {
	if c.Heads == 1 && c.HeadDim == c.Dim {
		return Matrix{}, nil
	}
	return NewMatrix(c.Dim, c.Heads*c.HeadDim), make([]float32, c.Dim)
}

func newMLP(d, hidden int) *MLP {
	return &MLP{NewMatrix(hidden, d), make([]float32, hidden), NewMatrix(d, hidden), make([]float32, d)}
}

// newNorm returns a LayerNorm of zeros, or nil if c has none.
func (c Config) newNorm(d int) *LayerNorm {
	if c.Variant.NoNorm {
		return nil
	}
	return newZeroNorm(d)
}

func newZeroNorm(d int) *LayerNorm {
	return &LayerNorm{make([]float32, d), make([]float32, d)}
}

// Param is one named tensor of a model. Data is the model's own memory.
type Param struct {
	Name  string // as in the official state dict
	Shape []int
	Data  []float32
}

// Params returns every parameter under its official state-dict name, in the
// official order.
func (m *Model) Params() []Param {
	e, h := m.Embed, m.Head
	ps := []Param{
		{"pos_embedding", []int{1, e.Position.Rows, e.Position.Cols}, e.Position.Data},
		{"cls_token", []int{1, 1, len(e.Class)}, e.Class},
	}
	ps = append(ps, normParams("to_patch_embedding.1", e.PatchNorm)...)
	ps = append(ps, linearParams("to_patch_embedding.2", e.W, e.B)...)
	ps = append(ps, normParams("to_patch_embedding.3", e.Norm)...)
	for ℓ, l := range m.Layers {
		ps = append(ps, l.params(fmt.Sprintf("transformer.layers.%d.", ℓ))...)
	}
	ps = append(ps, normParams("mlp_head.0", h.Norm)...)
	return append(ps, linearParams("mlp_head.1", h.W, h.B)...)
}

func (l *Layer) params(prefix string) []Param {
	ps := normParams(prefix+"0.norm", l.Norm1)
	switch {
	case l.MHSA != nil:
		ps = append(ps, matrixParam(prefix+"0.fn.to_qkv.weight", l.MHSA.QKV))
		ps = append(ps, linearParams(prefix+"0.fn.to_out.0", l.MHSA.W, l.MHSA.B)...)
	case l.Step != nil:
		ps = append(ps, matrixParam(prefix+"0.fn.qkv.weight", l.Step.U))
	default:
		ps = append(ps, matrixParam(prefix+"0.fn.qkv.weight", l.MSSA.U))
		ps = append(ps, linearParams(prefix+"0.fn.to_out.0", l.MSSA.W, l.MSSA.B)...)
	}
	ps = append(ps, normParams(prefix+"1.norm", l.Norm2)...)
	switch {
	case l.MLP != nil:
		ps = append(ps, linearParams(prefix+"1.fn.net.0", l.MLP.W1, l.MLP.B1)...)
		return append(ps, linearParams(prefix+"1.fn.net.3", l.MLP.W2, l.MLP.B2)...)
	case l.MM != nil:
		return append(ps, matrixParam(prefix+"1.fn.weight", l.MM.D))
	}
	return append(ps, matrixParam(prefix+"1.fn.weight", l.ISTA.D))
}

// normParams returns the parameters of l, none if it is nil.
func normParams(prefix string, l *LayerNorm) []Param {
	if l == nil {
		return nil
	}
	return []Param{vectorParam(prefix+".weight", l.Gain), vectorParam(prefix+".bias", l.Bias)}
}

// linearParams returns those of a linear map, none if it is the identity.
func linearParams(prefix string, W Matrix, b []float32) []Param {
	if W.Rows == 0 {
		return nil
	}
	return []Param{matrixParam(prefix+".weight", W), vectorParam(prefix+".bias", b)}
}

func matrixParam(name string, m Matrix) Param {
	return Param{name, []int{m.Rows, m.Cols}, m.Data}
}

func vectorParam(name string, v []float32) Param {
	return Param{name, []int{len(v)}, v}
}

// NumParams returns the number of parameters.
func (m *Model) NumParams() int {
	n := 0
	for _, p := range m.Params() {
		n += len(p.Data)
	}
	return n
}

// Clone returns a copy of m that shares no memory with it.
func (m *Model) Clone() *Model {
	c := newModel(m.Config)
	from := m.Params()
	for i, p := range c.Params() {
		copy(p.Data, from[i].Data)
	}
	for ℓ, l := range m.Layers {
		c.Layers[ℓ].copyConstants(l)
	}
	return c
}

// copyConstants gives l the constants of from, which are no parameters and may
// have been changed since the model was made.
func (l *Layer) copyConstants(from *Layer) {
	l.Kappa, l.SkipNormed, l.SkipISTA = from.Kappa, from.SkipNormed, from.SkipISTA
	switch {
	case l.MSSA != nil:
		U, W, b := l.MSSA.U, l.MSSA.W, l.MSSA.B
		*l.MSSA = *from.MSSA
		l.MSSA.U, l.MSSA.W, l.MSSA.B = U, W, b
	case l.Step != nil:
		U := l.Step.U
		*l.Step = *from.Step
		l.Step.U = U
	}
	switch {
	case l.ISTA != nil:
		D := l.ISTA.D
		*l.ISTA = *from.ISTA
		l.ISTA.D = D
	case l.MM != nil:
		l.MM.Lambda, l.MM.EpsSq = from.MM.Lambda, from.MM.EpsSq
	}
}

// String says what m is, in one line.
func (m *Model) String() string {
	c := m.Config
	return fmt.Sprintf("%v: %d layers, %d channels, %d heads of %d, %d tokens, %d classes, %d parameters",
		c.Variant, c.Depth, c.Dim, c.Heads, c.HeadDim, c.Tokens(), c.Classes, m.NumParams())
}

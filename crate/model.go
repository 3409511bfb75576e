package crate

import "fmt"

// Model is a CRATE image classifier as released: patch embedding, L layers,
// head. All parameters are exported and may be read and changed at any time
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
		Norm: newZeroNorm(cfg.Dim),
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
		PatchNorm: newZeroNorm(n),
		W:         NewMatrix(cfg.Dim, n),
		B:         make([]float32, cfg.Dim),
		Norm:      newZeroNorm(cfg.Dim),
		Class:     make([]float32, cfg.Dim),
		Position:  NewMatrix(cfg.Tokens(), cfg.Dim),
	}
}

func newLayer(cfg Config) *Layer {
	d, inner := cfg.Dim, cfg.Heads*cfg.HeadDim
	mssa := &MSSA{Heads: cfg.Heads, U: NewMatrix(inner, d)}
	if cfg.Heads > 1 || inner != d {
		mssa.W = NewMatrix(d, inner)
		mssa.B = make([]float32, d)
	}
	return &Layer{
		Norm1: newZeroNorm(d),
		MSSA:  mssa,
		Norm2: newZeroNorm(d),
		ISTA:  &ISTA{NewMatrix(d, d), cfg.StepSize, cfg.Lambda},
	}
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
	ps = append(ps, matrixParam("to_patch_embedding.2.weight", e.W), vectorParam("to_patch_embedding.2.bias", e.B))
	ps = append(ps, normParams("to_patch_embedding.3", e.Norm)...)
	for ℓ, l := range m.Layers {
		ps = append(ps, l.params(fmt.Sprintf("transformer.layers.%d.", ℓ))...)
	}
	ps = append(ps, normParams("mlp_head.0", h.Norm)...)
	return append(ps, matrixParam("mlp_head.1.weight", h.W), vectorParam("mlp_head.1.bias", h.B))
}

func (l *Layer) params(prefix string) []Param {
	ps := normParams(prefix+"0.norm", l.Norm1)
	ps = append(ps, matrixParam(prefix+"0.fn.qkv.weight", l.MSSA.U))
	if l.MSSA.W.Rows != 0 {
		ps = append(ps, matrixParam(prefix+"0.fn.to_out.0.weight", l.MSSA.W), vectorParam(prefix+"0.fn.to_out.0.bias", l.MSSA.B))
	}
	ps = append(ps, normParams(prefix+"1.norm", l.Norm2)...)
	return append(ps, matrixParam(prefix+"1.fn.weight", l.ISTA.D))
}

func normParams(prefix string, l *LayerNorm) []Param {
	return []Param{vectorParam(prefix+".weight", l.Gain), vectorParam(prefix+".bias", l.Bias)}
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
		c.Layers[ℓ].ISTA.StepSize, c.Layers[ℓ].ISTA.Lambda = l.ISTA.StepSize, l.ISTA.Lambda
	}
	return c
}

// String says what m is, in one line.
func (m *Model) String() string {
	c := m.Config
	return fmt.Sprintf("CRATE: %d layers, %d channels, %d heads of %d, %d tokens, %d classes, %d parameters",
		c.Depth, c.Dim, c.Heads, c.HeadDim, c.Tokens(), c.Classes, m.NumParams())
}

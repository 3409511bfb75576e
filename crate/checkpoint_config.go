package crate

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
)

// configuration returns the model's shape: what the file says, or else what is
// known and what the shapes of the parameters tell.
func (s *stored) configuration(known Config) (Config, error) {
	var cfg Config
	var err error
	if s.config == "" {
		cfg, err = s.inferred(known)
	} else if err = decode(s.config, &cfg); err == nil {
		err = known.contradicts(cfg)
	}
	if err == nil {
		err = cfg.Validate()
	}
	if err != nil {
		return Config{}, err
	}
	cfg = cfg.withDefaults()
	return cfg, s.holds(cfg)
}

// contradicts reports a field of c, zero ones apart, that cfg has otherwise.
func (c Config) contradicts(cfg Config) error {
	have, want := reflect.ValueOf(cfg), reflect.ValueOf(c)
	for i := range want.NumField() {
		if w, h := want.Field(i), have.Field(i); !w.IsZero() && w.Interface() != h.Interface() {
			return fmt.Errorf("Config.%s is %v; the file has %v", want.Type().Field(i).Name, w, h)
		}
	}
	return nil
}

// holds reports a configuration with more layers or parameters than are in the
// file, before any memory is taken for them.
func (s *stored) holds(cfg Config) error {
	if n := s.depth(); n != cfg.Depth {
		return fmt.Errorf("the configuration has %d layers, the file the parameters of %d", cfg.Depth, n)
	}
	have := 0.0
	for _, t := range s.tensors {
		have += float64(len(t.Data)) // at least one byte each
	}
	d, inner := float64(cfg.Dim), float64(cfg.Heads)*float64(cfg.HeadDim)
	second := d * d
	if cfg.Variant.Sparsify == SparsifyMLP {
		second = 2 * d * float64(cfg.MLPDim)
	}
	patch := float64(cfg.Channels) * float64(cfg.PatchHeight) * float64(cfg.PatchWidth)
	patches := float64(cfg.ImageHeight/cfg.PatchHeight) * float64(cfg.ImageWidth/cfg.PatchWidth)
	want := float64(cfg.Depth)*(inner*d+second) + d*(patches+float64(cfg.Classes)+patch) // in float64, which has no overflow
	if want > have {
		return fmt.Errorf("a model of %d layers, %d channels and %d heads of %d has more parameters than the file", cfg.Depth, cfg.Dim, cfg.Heads, cfg.HeadDim)
	}
	return nil
}

// inferred completes known by the shapes of the parameters.
func (s *stored) inferred(known Config) (Config, error) {
	found, err := s.widths()
	if err != nil {
		return Config{}, err
	}
	if known.Variant != Released {
		found.cfg.Variant = known.Variant
	}
	switch named, ok := officialArchs[s.beside.Arch]; {
	case known.Heads != 0:
	case s.shape("transformer.layers.0.0.fn.to_out.0.weight", 2) == nil && known.Variant == Released:
		found.cfg.Heads = 1 // without a projection the official code has one head
	case ok && named.Dim == found.cfg.Dim && named.Depth == found.cfg.Depth:
		found.cfg.Heads = named.Heads
	}
	if known.Heads == 0 && found.cfg.Heads == 0 {
		return Config{}, fmt.Errorf("the file does not say how many heads the model has; give them: crate.LoadAs(path, crate.Config{Heads: …}). CRATE-Tiny has 6, Small and Base 12, Large 16")
	}
	if known.Heads < 0 {
		return Config{}, fmt.Errorf("Config.Heads is %d; it must be positive", known.Heads)
	}
	if err := known.contradicts(merge(found.cfg, known)); err != nil {
		return Config{}, err
	}
	cfg := merge(known, found.cfg)
	if cfg.HeadDim = found.inner / cfg.Heads; cfg.HeadDim*cfg.Heads != found.inner {
		return Config{}, fmt.Errorf("Config.Heads is %d, which does not divide the %d rows of transformer.layers.0.0.fn.qkv.weight", cfg.Heads, found.inner)
	}
	if known.HeadDim != 0 && known.HeadDim != cfg.HeadDim {
		return Config{}, fmt.Errorf("Config.HeadDim is %d; the file has %d", known.HeadDim, cfg.HeadDim)
	}
	return cfg, cfg.inferImages(found.patch, found.patches)
}

// officialArchs are the models that the official script makes, by the names
// that it keeps in its files.
var officialArchs = map[string]Config{"CRATE_tiny": Tiny(), "CRATE_small": Small(), "CRATE_base": Base(), "CRATE_large": Large()}

// merge fills the zero fields of c from other.
func merge(c, other Config) Config {
	into, from := reflect.ValueOf(&c).Elem(), reflect.ValueOf(other)
	for i := range into.NumField() {
		if into.Field(i).IsZero() {
			into.Field(i).Set(from.Field(i))
		}
	}
	return c
}

// widths is what shapes say without further knowledge.
type widths struct {
	cfg                   Config // Dim, Depth, Classes, Variant, MLPDim
	inner, patch, patches int    // K·p, numbers in a patch, patches in an image
}

func (s *stored) widths() (w widths, err error) {
	const layer = "transformer.layers.0."
	head, patch, position := s.shape("mlp_head.1.weight", 2), s.shape("to_patch_embedding.2.weight", 2), s.shape("pos_embedding", 3)
	qkv, parts := s.shape(layer+"0.fn.qkv.weight", 2), 1
	if qkv == nil {
		qkv, parts = s.shape(layer+"0.fn.to_qkv.weight", 2), 3
		w.cfg.Variant.Compress = CompressMHSA
	}
	if head == nil || patch == nil || position == nil || qkv == nil {
		return w, fmt.Errorf("the file has no CRATE classifier: of pos_embedding, to_patch_embedding.2.weight, %s0.fn.qkv.weight and mlp_head.1.weight not all are there with as many dimensions as they should have. Its tensors are %s",
			layer, some(slices.Sorted(maps.Keys(s.tensors))))
	}
	if hidden := s.shape(layer+"1.fn.net.0.weight", 2); hidden != nil {
		w.cfg.Variant.Sparsify, w.cfg.MLPDim = SparsifyMLP, hidden[0]
	}
	w.cfg.Variant.NoNorm = s.shape(layer+"0.norm.weight", 1) == nil
	w.cfg.Dim, w.cfg.Classes, w.cfg.Depth = head[1], head[0], s.depth()
	w.inner, w.patch, w.patches = qkv[0]/parts, patch[1], position[1]-1
	return w, nil
}

// shape returns the shape of a tensor with the given number of dimensions, nil
// if there is none.
func (s *stored) shape(name string, dims int) []int {
	if t, ok := s.tensors[name]; ok && len(t.Shape) == dims {
		return t.Shape
	}
	return nil
}

// depth is the number of layers that have a name.
func (s *stored) depth() int {
	layers := map[string]bool{}
	for name := range s.tensors {
		if rest, ok := strings.CutPrefix(name, "transformer.layers."); ok {
			number, _, _ := strings.Cut(rest, ".")
			layers[number] = true
		}
	}
	return len(layers)
}

// inferImages sets the sizes of image and patch that are not known, as squares,
// from the numbers in a patch and the patches in an image.
func (c *Config) inferImages(patch, patches int) error {
	if c.PatchHeight == 0 {
		setDefault(&c.Channels, channelsOf(patch))
		c.PatchHeight = root(patch / c.Channels)
		c.PatchWidth = c.PatchHeight
	}
	setDefault(&c.PatchWidth, c.PatchHeight)
	if area := c.PatchHeight * c.PatchWidth; area > 0 {
		setDefault(&c.Channels, patch/area)
	}
	if c.Channels*c.PatchHeight*c.PatchWidth != patch {
		return fmt.Errorf("a patch has %d numbers, which are not %d×%d of %d channels; give Config.PatchHeight, PatchWidth and Channels", patch, c.PatchHeight, c.PatchWidth, c.Channels)
	}
	if c.ImageHeight == 0 {
		c.ImageHeight, c.ImageWidth = root(patches)*c.PatchHeight, root(patches)*c.PatchWidth
	}
	if c.PatchHeight <= 0 || c.PatchWidth <= 0 || c.Tokens() != patches+1 {
		return fmt.Errorf("an image has %d patches of %d×%d, which do not make %d×%d pixels; give Config.ImageHeight and ImageWidth", patches, c.PatchHeight, c.PatchWidth, c.ImageHeight, c.ImageWidth)
	}
	return nil
}

// channelsOf is 3 if a square patch of n numbers can have 3 channels, and 1
// otherwise.
func channelsOf(n int) int {
	if r := root(n / 3); 3*r*r == n {
		return 3
	}
	return 1
}

// root is the integer part of √n.
func root(n int) int { return int(math.Sqrt(float64(max(n, 0)))) }

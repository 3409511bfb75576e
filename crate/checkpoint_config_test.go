package crate

import (
	"strings"
	"testing"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// Without the configuration a file tells all but Heads, Pool and constants.
func TestConfigIsInferredFromShapes(t *testing.T) {
	for name, c := range map[string]struct{ cfg, known Config }{
		"digits":  {Digits(), Config{Heads: 4}},
		"colour":  {Config{ImageHeight: 8, PatchHeight: 4, Classes: 3, Dim: 12, Depth: 1, Heads: 3, HeadDim: 5}, Config{Heads: 3}},
		"onehead": {Config{ImageHeight: 4, PatchHeight: 2, Channels: 1, Classes: 2, Dim: 6, Depth: 1, Heads: 1}, Config{}},
		"rect": {Config{ImageHeight: 4, ImageWidth: 12, PatchHeight: 2, PatchWidth: 3, Channels: 2, Classes: 2, Dim: 6, Depth: 1, Heads: 2},
			Config{Heads: 2, ImageHeight: 4, ImageWidth: 12, PatchHeight: 2, PatchWidth: 3}},
		"ViT":   {Config{ImageHeight: 4, PatchHeight: 2, Channels: 1, Classes: 2, Dim: 6, Depth: 2, Heads: 2, Variant: ViT, MLPDim: 7}, Config{Heads: 2}},
		"paper": {Config{ImageHeight: 4, PatchHeight: 2, Channels: 1, Classes: 2, Dim: 6, Depth: 2, Heads: 2, Variant: Paper}, Config{Heads: 2, Variant: Paper}},
	} {
		m, err := New(c.cfg, 1)
		if err != nil {
			t.Fatal(err)
		}
		s := storedOf(m)
		got, err := s.configuration(c.known)
		if err != nil || got != m.Config {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, m.Config)
		}
	}
}

// A file of the official script says which model it is, if it is one of theirs.
func TestHeadsOfOfficialModels(t *testing.T) {
	named := Tiny()
	m := newModel(named.withDefaults())
	s := storedOf(m)
	s.beside.Arch = "CRATE_tiny"
	if got, err := s.configuration(Config{}); err != nil || got != m.Config {
		t.Errorf("%+v, %v; want %+v", got, err, m.Config)
	}
	s.beside.Arch = "CRATE_small" // says the name, but has not its width
	if _, err := s.configuration(Config{}); err == nil || !strings.Contains(err.Error(), "does not say how many heads") {
		t.Errorf("a CRATE-Small of the width of CRATE-Tiny: error %v", err)
	}
}

// storedOf is what a file with the parameters of m alone holds.
func storedOf(m *Model) *stored {
	s := &stored{tensors: map[string]safetensors.Tensor{}}
	for _, p := range m.Params() {
		s.tensors[p.Name] = safetensors.FromFloat32s(p.Shape, p.Data)
	}
	return s
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	scalar := safetensors.FromFloat32s(nil, []float32{1})
	for _, c := range []struct {
		name   string
		change func(s *stored)
		known  Config
		want   string
	}{
		{"no heads", func(*stored) {}, Config{}, "does not say how many heads"},
		{"heads that do not divide", func(*stored) {}, Config{Heads: 7}, "Heads is 7, which does not divide the 48 rows"},
		{"negative heads", func(*stored) {}, Config{Heads: -1}, "Heads is -1"},
		{"another width", func(*stored) {}, Config{Heads: 4, Dim: 96}, "Config.Dim is 96; the file has 48"},
		{"another head width", func(*stored) {}, Config{Heads: 4, HeadDim: 16}, "HeadDim is 16; the file has 12"},
		{"three channels", func(*stored) {}, Config{Heads: 4, Channels: 3}, "4 numbers, which are not 1×1 of 3 channels"},
		{"another image", func(*stored) {}, Config{Heads: 4, ImageHeight: 12}, "16 patches of 2×2, which do not make 12"},
		{"a parameter missing", func(s *stored) { delete(s.tensors, "cls_token") }, Config{Heads: 4}, "missing: cls_token; left over: nothing"},
		{"a parameter too many", func(s *stored) { s.tensors["head.weight"] = scalar }, Config{Heads: 4}, "missing: nothing; left over: head.weight"},
		{"another shape", func(s *stored) { s.tensors["cls_token"] = scalar }, Config{Heads: 4}, "cls_token has shape []; want [1 1 48]"},
		{"integers", func(s *stored) {
			s.tensors["mlp_head.1.bias"] = safetensors.Tensor{DType: "U8", Shape: []int{10}, Data: make([]byte, 10)}
		}, Config{Heads: 4}, "mlp_head.1.bias has dtype U8"},
		{"no CRATE", func(s *stored) {
			s.tensors = map[string]safetensors.Tensor{"conv1.weight": scalar}
		}, Config{Heads: 4}, "no CRATE classifier"},
		{"a layer of a name alone", func(s *stored) { s.tensors["transformer.layers.9.x"] = scalar }, Config{Heads: 4}, "missing: transformer.layers.4.0.norm.weight"},
		{"a newer configuration", func(s *stored) { s.config = `{"Dim":48,"Novelty":1}` }, Config{}, `unknown field "Novelty"`},
		{"a configuration of no model", func(s *stored) { s.config = `{"Dim":48}` }, Config{}, "ImageHeight is 0"},
		{"a configuration of a huge model", func(s *stored) {
			s.config = `{"ImageHeight":4611686018427387904,"PatchHeight":1,"Classes":10,"Dim":1000000,"Depth":4,"Heads":1}`
		}, Config{}, "more parameters than the file"},
		{"a configuration of a deep model", func(s *stored) {
			s.config = `{"ImageHeight":1,"PatchHeight":1,"Classes":1,"Dim":1,"Depth":10000,"Heads":1}`
		}, Config{}, "10000 layers, the file the parameters of 4"},
		{"something known that is not so", func(s *stored) { s.config = string(mustJSON(Digits())) }, Config{Heads: 3}, "Config.Heads is 3; the file has 4"},
	} {
		m, err := New(Digits(), 1)
		if err != nil {
			t.Fatal(err)
		}
		s := storedOf(m)
		c.change(s)
		if _, err := s.checkpoint(c.known, true); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one that says %q", c.name, err, c.want)
		}
	}
}

// The constants are stored by their numbers, so those must stay.
func TestStoredConstantsKeepTheirNumbers(t *testing.T) {
	for i, c := range []Compression{CompressMSSA, CompressExact, CompressNeumann, CompressSoftmax, CompressMHSA} {
		if int(c) != i {
			t.Errorf("%v is %d, and %d in files", c, c, i)
		}
	}
	for i, s := range []Sparsification{SparsifyISTA, SparsifySoft, SparsifyMM, SparsifyMLP} {
		if int(s) != i {
			t.Errorf("%v is %d, and %d in files", s, s, i)
		}
	}
	for i, p := range []Pool{ClassToken, MeanPool} {
		if int(p) != i {
			t.Errorf("%v is %d, and %d in files", p, p, i)
		}
	}
}

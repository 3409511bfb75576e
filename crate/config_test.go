package crate

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestValidateNamesTheFieldsThatDisagree(t *testing.T) {
	for _, c := range []struct {
		change func(c *Config)
		want   []string
	}{
		{func(c *Config) { c.ImageHeight = 9 }, []string{"ImageHeight 9", "PatchHeight 2"}},
		{func(c *Config) { c.ImageWidth = 7 }, []string{"ImageWidth 7", "PatchWidth 2"}},
		{func(c *Config) { c.Heads, c.HeadDim = 5, 0 }, []string{"Heads 5", "Dim 48"}},
		{func(c *Config) { c.Classes = 0 }, []string{"Classes is 0"}},
		{func(c *Config) { c.Depth = -1 }, []string{"Depth is -1"}},
		{func(c *Config) { c.PatchHeight = 0 }, []string{"PatchHeight is 0"}},
		{func(c *Config) { c.HeadDim = -2 }, []string{"HeadDim is -2"}},
		{func(c *Config) { c.PatchHeight, c.PatchWidth = 1, 1 }, []string{"PatchHeight", "PatchWidth", "single number"}},
		{func(c *Config) { c.Pool = 7 }, []string{"Pool(7)"}},
		{func(c *Config) { c.StepSize = -1 }, []string{"StepSize -1"}},
	} {
		cfg := Digits()
		c.change(&cfg)
		_, err := New(cfg, 0)
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v; want one that says %q", err, want)
			}
		}
	}
}

func TestOfficialSizes(t *testing.T) {
	var golden struct {
		Models map[string]struct {
			Parameters int
			State_dict [][]any
		}
	}
	readJSON(t, "model_sizes", &golden)
	for name, cfg := range map[string]Config{"CRATE_tiny": Tiny(), "CRATE_small": Small(), "CRATE_base": Base(), "CRATE_large": Large()} {
		want := golden.Models[name]
		if n := cfg.formula(); n != want.Parameters {
			t.Errorf("%s: %d parameters by the formula, want %d", name, n, want.Parameters)
		}
		checkStateDict(t, cfg, want.Parameters, want.State_dict)
	}
}

func checkStateDict(t *testing.T, cfg Config, parameters int, want [][]any) {
	t.Helper()
	m := newModel(cfg.withDefaults())
	if m.NumParams() != parameters {
		t.Errorf("%v: want %d parameters", m, parameters)
	}
	params := m.Params()
	if len(params) != len(want) {
		t.Fatalf("%d parameter tensors, want %d", len(params), len(want))
	}
	for i, w := range want {
		var shape []int
		for _, n := range w[1].([]any) {
			shape = append(shape, int(n.(float64)))
		}
		if params[i].Name != w[0] || !slices.Equal(params[i].Shape, shape) {
			t.Errorf("parameter %d is %s %v, officially %v %v", i, params[i].Name, params[i].Shape, w[0], shape)
		}
	}
}

// formula is the number of parameters by hand, for K·p = d and an output
// projection.
func (c Config) formula() int {
	n := c.Tokens()
	c = c.withDefaults()
	patch, d := c.Channels*c.PatchHeight*c.PatchWidth, c.Dim
	return 2*patch + (patch*d + d) + 2*d + n*d + d + c.Depth*(3*d*d+5*d) + 2*d + (d*c.Classes + c.Classes)
}

func TestInitialisationFollowsPyTorchDefaults(t *testing.T) {
	cfg := Tiny()
	cfg.Depth = 1
	m, err := New(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	uniform := func(bound float64) (sd, limit float64) { return bound / math.Sqrt(3), bound }
	for _, c := range []struct {
		name      string
		x         []float32
		sd, limit float64
	}{
		{name: "positions", x: m.Embed.Position.Data, sd: 1, limit: 6},
		{name: "class token", x: m.Embed.Class, sd: 1, limit: 6},
		{name: "U", x: m.Layers[0].MSSA.U.Data},
		{name: "W", x: m.Layers[0].MSSA.W.Data},
		{name: "D", x: m.Layers[0].ISTA.D.Data},
		{name: "patches", x: m.Embed.W.Data},
	} {
		switch c.name {
		case "U", "W":
			c.sd, c.limit = uniform(1 / math.Sqrt(384))
		case "D":
			c.sd, c.limit = uniform(0.125)
		case "patches":
			c.sd, c.limit = uniform(1 / math.Sqrt(768))
		}
		var x []float64
		for _, v := range c.x {
			x = append(x, float64(v))
		}
		mean, sd := meanSD(x, true)
		slack := 5 * c.sd / math.Sqrt(float64(len(x)))
		if !near(mean, 0, slack) || !near(sd, c.sd, slack) || math.Abs(slices.Max(x)) > c.limit || math.Abs(slices.Min(x)) > c.limit {
			t.Errorf("%s: mean %g, deviation %g, range %g…%g; want 0, %g, within ±%g", c.name, mean, sd, slices.Min(x), slices.Max(x), c.sd, c.limit)
		}
	}
	if n := m.Layers[0].Norm2; n.Gain[3] != 1 || n.Bias[3] != 0 {
		t.Errorf("LayerNorm starts with gain %g and bias %g", n.Gain[3], n.Bias[3])
	}
}

func TestCloneSharesNothing(t *testing.T) {
	m, _, _ := littleTask(t)
	m.Layers[0].ISTA.Lambda = 0
	c := m.Clone()
	for i, p := range m.Params() {
		if q := c.Params()[i]; !slices.Equal(p.Data, q.Data) || &p.Data[0] == &q.Data[0] {
			t.Errorf("%s of the clone differs or is shared", p.Name)
		}
	}
	if c.Layers[0].ISTA.Lambda != 0 {
		t.Error("the clone has another λ")
	}
}

func TestImagesValidate(t *testing.T) {
	good := Images{Pixels: make([]float32, 24), Labels: []int{0, 1}, Channels: 3, Height: 2, Width: 2, Classes: 2}
	if err := good.Validate(); err != nil || good.Len() != 2 || good.Slice(1, 2).Labels[0] != 1 {
		t.Errorf("%d good images: %v", good.Len(), err)
	}
	for _, c := range []struct {
		change func(x *Images)
		want   string
	}{
		{func(x *Images) { x.Width = 0 }, "Width 0"},
		{func(x *Images) { x.Pixels = x.Pixels[1:] }, "23 pixels"},
		{func(x *Images) { x.Labels = x.Labels[1:] }, "1 labels for 2 images"},
		{func(x *Images) { x.Classes = 1 }, "label 1 of image 1"},
	} {
		x := good
		c.change(&x)
		if err := x.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v; want one that says %q", err, c.want)
		}
	}
	if msg := panicOf(func() { good.Slice(1, 3) }); !strings.Contains(msg, "Slice(1, 3) of 2") {
		t.Errorf("panic %q", msg)
	}
}

func TestMatrixOfKeepsOrientation(t *testing.T) {
	Z := Matrix{3, 2, []float32{1, 2, 3, 4, 5, 6}}
	T := MatrixOf(Z.T())
	if T.Rows != 2 || T.Cols != 3 || !slices.Equal(T.Data, []float32{1, 3, 5, 2, 4, 6}) {
		t.Errorf("the transpose of %v is %v", Z, T)
	}
	if c := Z.columns(); c.At(1, 2) != 6 || c.At(0, 1) != T.At(0, 1) {
		t.Errorf("columns differ from the transpose: %v", c)
	}
	if msg := panicOf(func() { CrossEntropy(Z, []int{0}, 0) }); !strings.Contains(msg, "1 labels for 3 rows") {
		t.Errorf("panic %q", msg)
	}
}

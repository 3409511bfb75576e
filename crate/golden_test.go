package crate

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// golden is one file of reference tensors, computed by the official code. It
// comes with the difference between the official code in float32 and in
// float64, which sets the tolerance.
type golden struct {
	t       *testing.T
	tensors map[string]safetensors.Tensor
	about   struct {
		Seed         int
		Filler_check map[string]struct {
			First []float64
			Sum   float64
		}
		Config map[string]any
		Cases  map[string]struct {
			Heads, Dim_head int
			Step, Lambd     float64

			Eps2, Kappa, Eta float64 // of the paper's forms
		}
		Losses_f64 []float64
		F32_vs_f64 map[string]struct {
			Max_abs, Ref_max float64
		}
	}
}

func readGolden(t *testing.T, name string) *golden {
	t.Helper()
	g := &golden{t: t}
	var err error
	if g.tensors, err = safetensors.ReadFile("testdata/" + name + ".safetensors"); err != nil {
		t.Fatal(err)
	}
	readJSON(t, name, &g.about)
	return g
}

func readJSON(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("%s.json: %v", name, err)
	}
}

// cases returns the names of the cases for which there are tensors.
func (g *golden) cases() []string {
	var names []string
	for key := range g.tensors {
		if name, ok := strings.CutPrefix(key, "in/"); ok {
			names = append(names, strings.Split(name, "/")[0])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (g *golden) tensor(key string) safetensors.Tensor {
	g.t.Helper()
	x, ok := g.tensors[key]
	if !ok {
		g.t.Fatalf("there is no tensor %q", key)
	}
	return x
}

// floats returns a tensor as float32, matrix with all but the last dimension
// as rows.
func (g *golden) floats(key string) []float32 { g.t.Helper(); return g.tensor(key).Float32s() }

func (g *golden) matrix(key string) Matrix {
	g.t.Helper()
	x := g.tensor(key)
	cols := 1
	if len(x.Shape) > 0 {
		cols = x.Shape[len(x.Shape)-1]
	}
	data := x.Float32s()
	return Matrix{len(data) / cols, cols, data}
}

func (g *golden) labels(key string) []int {
	g.t.Helper()
	var labels []int
	for _, v := range g.tensor(key).Int64s() {
		labels = append(labels, int(v))
	}
	return labels
}

// check compares x with f64/name, in some files rounded to float32 or only
// there as float32: |x − f64| ≤ 16·max_abs + 4e-6·ref_max, what another float32
// implementation can keep.
func (g *golden) check(name string, x []float32) {
	g.t.Helper()
	key := "f64/" + name
	for _, other := range []string{"f64as32/" + name, "f32/" + name} {
		if _, ok := g.tensors[key]; !ok {
			key = other
		}
	}
	want := g.tensor(key).Float64s()
	noise, ok := g.about.F32_vs_f64[name]
	if !ok || len(want) != len(x) {
		g.t.Fatalf("%s: %d values, the reference has %d; tolerance known: %t", name, len(x), len(want), ok)
	}
	tol := 16*noise.Max_abs + 4e-6*noise.Ref_max
	for i, w := range want {
		if d := math.Abs(float64(x[i]) - w); !(d <= tol) {
			g.t.Errorf("%s: element %d is %.8g, want %.8g ± %.2g", name, i, x[i], w, tol)
			return
		}
	}
}

// setParams gives m the parameters prefix+name of the file and fails if names,
// shapes or order differ from the official ones that are stored.
func (g *golden) setParams(m *Model, prefix string) {
	g.t.Helper()
	n := 0
	for _, p := range m.Params() {
		x := g.tensor(prefix + p.Name)
		if !slices.Equal(x.Shape, p.Shape) {
			g.t.Fatalf("%s has shape %v, officially %v", p.Name, p.Shape, x.Shape)
		}
		copy(p.Data, x.Float32s())
		n++
	}
	for key := range g.tensors {
		if strings.HasPrefix(key, prefix) {
			n--
		}
	}
	if n != 0 {
		g.t.Fatalf("the model has %d parameters more than the file", n)
	}
}

// config translates the official constructor's arguments.
func (g *golden) config() Config {
	c := g.about.Config
	num := func(key string) int { return int(c[key].(float64)) }
	pair := func(key string) (int, int) {
		if p, ok := c[key].([]any); ok {
			return int(p[0].(float64)), int(p[1].(float64))
		}
		return num(key), num(key)
	}
	cfg := Config{Channels: num("channels"), Classes: num("num_classes"), Dim: num("dim"), Depth: num("depth"), Heads: num("heads"), HeadDim: num("dim_head")}
	cfg.ImageHeight, cfg.ImageWidth = pair("image_size")
	cfg.PatchHeight, cfg.PatchWidth = pair("patch_size")
	if c["pool"] == "mean" {
		cfg.Pool = MeanPool
	}
	if step, ok := c["ista"].(float64); ok {
		cfg.StepSize = step
	}
	return cfg
}

// model returns the model of the file with its parameters.
func (g *golden) model(prefix string) *Model {
	g.t.Helper()
	m, err := New(g.config(), 0)
	if err != nil {
		g.t.Fatal(err)
	}
	g.setParams(m, prefix)
	return m
}

// cotangent is the fixed cotangent of the operator files.
func cotangent(rows, cols int) Matrix {
	c := NewMatrix(rows, cols)
	fillUnit(c.Data, 7, "cotangent", 1, 0)
	return c
}

// fillUnit sets x to scale·u + offset, u uniform in [−1, 1): splitmix64 started
// at a hash of seed and key. Every operation is rounded to float32.
func fillUnit(x []float32, seed int, key string, scale, offset float32) {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d:%s", seed, key)
	start := h.Sum64()
	for i := range x {
		z := start + uint64(i+1)*0x9E3779B97F4A7C15
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
		u := float32(z>>40)/(1<<23) - 1
		x[i] = float32(u*scale) + offset
	}
}

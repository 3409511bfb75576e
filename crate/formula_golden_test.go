package crate

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// The models of true size have weights made by a formula, so that no file
// needs to hold them.

// formulaModel returns a model with those weights, held against the first
// values and the sums that the file has.
func (g *golden) formulaModel(cfg Config) *Model {
	g.t.Helper()
	m := newModel(cfg.withDefaults())
	for _, p := range m.Params() {
		scale, offset := formulaScale(p)
		fillUnit(p.Data, g.about.Seed, p.Name, scale, offset)
		want, ok := g.about.Filler_check[p.Name]
		if !ok {
			continue // large files check some
		}
		sum := 0.0
		for _, v := range p.Data {
			sum += float64(v)
		}
		for i, first := range want.First {
			if float64(p.Data[i]) != first || math.Abs(sum-want.Sum) > 1e-8*math.Abs(want.Sum)+1e-9 {
				g.t.Fatalf("%s by the formula is %g… with sum %.15g; want %g… and %.15g", p.Name, p.Data[i], sum, first, want.Sum)
			}
		}
	}
	if len(g.about.Filler_check) == 0 {
		g.t.Fatal("the file checks no weights")
	}
	return m
}

func formulaScale(p Param) (scale, offset float32) {
	isNorm := strings.Contains(p.Name, "norm.") || strings.HasPrefix(p.Name, "to_patch_embedding.1.") ||
		strings.HasPrefix(p.Name, "to_patch_embedding.3.") || strings.HasPrefix(p.Name, "mlp_head.0.")
	isWeight := strings.HasSuffix(p.Name, ".weight")
	switch {
	case isNorm && isWeight:
		return 0.1, 1
	case isNorm:
		return 0.1, 0
	case p.Name == "pos_embedding" || p.Name == "cls_token":
		return float32(math.Sqrt(3)), 0
	case !isWeight:
		return 0.05, 0
	case strings.HasSuffix(p.Name, ".1.fn.weight"):
		return float32(math.Sqrt(6 / float64(p.Shape[1]))), 0
	}
	return float32(1 / math.Sqrt(float64(p.Shape[1]))), 0
}

// imageNetImages returns n images of 224×224 by the formula.
func (g *golden) imageNetImages(n int) Images {
	x := Images{Pixels: make([]float32, n*3*224*224), Channels: 3, Height: 224, Width: 224}
	fillUnit(x.Pixels, g.about.Seed, "input", 2, 0)
	return x
}

func TestWidth384EqualsOfficialCode(t *testing.T) {
	g := readGolden(t, "crate_w384")
	m, x := g.formulaModel(g.config()), g.images("in/img")
	tr := m.Trace(x)
	g.check("tokens", tr.Embed.Tokens.Data)
	g.check("layer0.half", tr.Layers[0].Half.Data)
	g.check("layer0.out", tr.Layers[0].Next.Data)
	checkLayerTrace(g, "layer1.", &tr.Layers[1])
	g.check("pooled", tr.Head.Pooled.Data)
	g.check("logits", tr.Logits().Data)

	plain, _ := CrossEntropy(tr.Logits(), x.Labels, 0)
	g.check("loss_plain", []float32{float32(plain)})
	loss, grad, _ := m.Gradient(x, 0.1)
	g.check("loss_ls0.1", []float32{float32(loss)})
	g.check("loss_ls0.1_torch", []float32{float32(loss)})

	var about struct {
		Grad_norms_f64 map[string]struct{ L2, Absmax float64 }
	}
	readJSON(t, "crate_w384", &about)
	for _, p := range grad.Params() {
		if key := "f64as32/grad/" + p.Name; g.tensors[key].Shape != nil { // of large ones the first rows
			g.check("grad/"+p.Name, p.Data[:g.tensors[key].Len()])
		}
		want, noise := about.Grad_norms_f64[p.Name], g.about.F32_vs_f64["grad/"+p.Name]
		l2, top := size(p.Data)
		if tol := 16*noise.Max_abs + 4e-6*want.Absmax; !near(top, want.Absmax, tol) || !near(l2, want.L2, 2e-6*want.L2) {
			t.Errorf("gradient of %s: length %.9g, largest entry %.9g; want %.9g and %.9g", p.Name, l2, top, want.L2, want.Absmax)
		}
	}
}

// size returns the Euclidean length of x and its largest absolute entry.
func size(x []float32) (l2, top float64) {
	for _, v := range x {
		l2 += float64(v) * float64(v)
		top = max(top, math.Abs(float64(v)))
	}
	return math.Sqrt(l2), top
}

func TestTinyAndBaseEqualOfficialCode(t *testing.T) {
	for name, c := range map[string]struct {
		cfg    Config
		images int
	}{"crate_tiny_224": {Tiny(), 2}, "crate_base_224": {Base(), 1}} {
		t.Run(name, func(t *testing.T) {
			g := readGolden(t, name)
			m, x := g.formulaModel(c.cfg), g.imageNetImages(c.images)
			tr := m.Trace(x)
			g.check("logits", tr.Logits().Data)
			g.check("pooled", tr.Head.Pooled.Data)
			g.checkSlices(tr)
			if name == "crate_tiny_224" {
				g.checkLayerStatistics(m, tr)
			}
		})
	}
}

// checkSlices compares the first two rows and eight columns of some arrays with
// the official float32 run. Where the file says how far that is from float64,
// both runs may be twice as far, else 2e-5 of the largest value.
func (g *golden) checkSlices(tr *Trace) {
	g.t.Helper()
	first, last := &tr.Layers[0], &tr.Layers[11]
	for name, Z := range map[string]Matrix{
		"embed.patch_embed": tr.Embed.Norm.Y, "tokens": tr.Embed.Tokens, "layer0.attn": rowPerQuery(first.MSSA.A), "layer0.mssa": first.MSSA.Y,
		"layer0.half": first.Half, "layer0.out": first.Next, "layer11.half": last.Half, "layer11.out": last.Next,
	} {
		want := g.floats("f32/slice/" + name)
		got := slices.Concat(Z.Row(0)[:8], Z.Row(1)[:8])
		_, top := size(want)
		tol := 2e-5 * top
		if noise, ok := g.about.F32_vs_f64[name]; ok {
			tol = 4 * noise.Max_abs
		}
		if !closeTo(got, want, tol) {
			g.t.Errorf("%s differs", name)
		}
	}
}

// checkLayerStatistics compares what the figures of the paper are made of.
func (g *golden) checkLayerStatistics(m *Model, tr *Trace) {
	g.t.Helper()
	var about struct {
		Layers_f64 []map[string]any
	}
	readJSON(g.t, "crate_tiny_224", &about)
	halfRate := TotalRate
	halfRate.Stage = StageHalf
	for ℓ, want := range about.Layers_f64 {
		check := func(what string, got, want, tol float64) {
			if !near(got, want, tol) {
				g.t.Errorf("layer %d: %s is %.10g, want %.10g ± %.1g", ℓ+1, what, got, want, tol)
			}
		}
		num := func(key string) float64 { return want[key].(float64) }
		plotted, zeros := make([]float64, tr.Images), make([]float64, tr.Images)
		for i := range tr.Images {
			U := m.Layers[ℓ].Subspaces()
			plotted[i], zeros[i] = AsPlotted.measure(tr, ℓ, i, U), 1-Sparsity.measure(tr, ℓ, i, U)
			Rc, R := want["Rc_half_subspaces_eps2_0p25"].([]any)[i].(float64), want["R_half_eps2_0p25"].([]any)[i].(float64)
			check(fmt.Sprintf("R^c of image %d", i), HalfLayer.measure(tr, ℓ, i, U), Rc, 2e-6*Rc)
			check(fmt.Sprintf("R of image %d", i), halfRate.measure(tr, ℓ, i, U), R, 2e-6*R)
		}
		mean, sd := meanSD(plotted, AsPlotted.Population)
		check("rate as plotted", mean, num("official_coding_rate_mean"), 2e-6*num("official_coding_rate_mean"))
		check("its deviation", sd, num("official_coding_rate_std"), 1e-3)
		// A few of the 151,296 entries are on the other side of zero in float32.
		mean, sd = meanSD(zeros, Sparsity.Population)
		check("share of zeros", mean, num("zero_fraction_mean"), 5e-5)
		check("its deviation", sd, num("zero_fraction_std"), 5e-5)
		l2, top := size(tr.Layers[ℓ].Next.Data)
		check("length of the output", l2, num("out_l2"), 4e-6*num("out_l2"))
		check("largest entry of the output", top, num("out_max"), 2e-5*num("out_max"))
		l2, top = size(tr.Layers[ℓ].Half.Data)
		check("length of the half layer", l2, num("half_l2"), 4e-6*num("half_l2"))
		check("largest entry of the half layer", top, num("half_absmax"), 2e-5*num("half_absmax"))
	}
}

package crate

import (
	"fmt"
	"testing"
)

var modelGoldens = []string{"crate_s", "crate_mean_rect", "crate_onehead"}

func (g *golden) images(key string) Images {
	shape := g.tensor(key).Shape
	return Images{Pixels: g.floats(key), Labels: g.labels("in/target"), Channels: shape[1], Height: shape[2], Width: shape[3],
		Classes: int(g.about.Config["num_classes"].(float64))}
}

func TestForwardEqualsOfficialCode(t *testing.T) {
	for _, name := range modelGoldens {
		t.Run(name, func(t *testing.T) {
			g := readGolden(t, name)
			tr := g.model("param/").Trace(g.images("in/img"))
			g.check("embed.patches", tr.Embed.Patches.Data)
			g.check("embed.patch_norm", tr.Embed.PatchNorm.Y.Data)
			g.check("embed.patch_linear", tr.Embed.Linear.Data)
			g.check("embed.patch_embed", tr.Embed.Norm.Y.Data)
			g.check("tokens", tr.Embed.Tokens.Data)
			for ℓ := range tr.Layers {
				checkLayerTrace(g, fmt.Sprintf("layer%d.", ℓ), &tr.Layers[ℓ])
			}
			g.check("pooled", tr.Head.Pooled.Data)
			g.check("head_norm", tr.Head.Norm.Y.Data)
			g.check("logits", tr.Logits().Data)
		})
	}
}

func checkLayerTrace(g *golden, prefix string, l *LayerTrace) {
	g.t.Helper()
	mssa := l.MSSA.Y
	if mssa.Cols == 0 || mssa.Rows == 0 { // without an output projection
		mssa = l.MSSA.O
	}
	g.check(prefix+"mssa_norm", l.Norm1.Y.Data)
	g.check(prefix+"qkv", l.MSSA.V.Data)
	g.check(prefix+"attn", rowPerQuery(l.MSSA.A).Data)
	g.check(prefix+"mssa", mssa.Data)
	g.check(prefix+"half", l.Half.Data)
	g.check(prefix+"ista_norm", l.Norm2.Y.Data)
	g.check(prefix+"out", l.Next.Data)
}

// rowPerQuery transposes the N×N blocks of A: the official code has a row for
// each query.
func rowPerQuery(A Matrix) Matrix {
	T := NewMatrix(A.Rows, A.Cols)
	for i := 0; i < A.Rows; i += A.Cols {
		copy(T.Data[i*A.Cols:], A.Slice(i, i+A.Cols).transposed().Data)
	}
	return T
}

func TestLossAndGradientsEqualOfficialCode(t *testing.T) {
	for _, name := range modelGoldens {
		t.Run(name, func(t *testing.T) {
			g := readGolden(t, name)
			m, x := g.model("param/"), g.images("in/img")
			plain, _ := CrossEntropy(m.Forward(x), x.Labels, 0)
			g.check("loss_plain", []float32{float32(plain)})

			loss, grad, pixels := m.Gradient(x, 0.1)
			g.check("loss_ls0.1", []float32{float32(loss)})
			g.check("loss_ls0.1_torch", []float32{float32(loss)})
			for _, p := range grad.Params() {
				g.check("grad/"+p.Name, p.Data)
			}
			g.check("grad_img", pixels)
		})
	}
}

func TestSmallerImageUsesFirstPositions(t *testing.T) {
	g := readGolden(t, "crate_s")
	g.check("logits_small", g.model("param/").Forward(g.images("in/img_small")).Data)
}

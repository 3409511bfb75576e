package segment_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/datasets"
	"github.com/gocrate/gocrate/segment"
)

// shapesModel is a little model for the drawn shapes, as it is drawn.
func shapesModel(t *testing.T, v crate.Variant) *crate.Model {
	m, err := crate.New(crate.Config{ImageHeight: 32, PatchHeight: 4, Classes: 6, Dim: 32, Depth: 2, Heads: 2, Variant: v}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The scores of heads, by their definition.
func TestEvaluateHeads(t *testing.T) {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 70, Seed: 4})
	for _, v := range []crate.Variant{crate.Released, crate.ViT} {
		m, truth := shapesModel(t, v), shapes.Objects()
		truth[3] = nil
		rule := segment.Threshold{Rule: segment.ShareOfMass, Share: 0.3}
		last := 0
		s, err := segment.EvaluateHeads(context.Background(), m, shapes.Images, truth, rule, func(done, total int) { last = done })
		if err != nil {
			t.Fatal(err)
		}
		if s.Images != 69 || last != 70 {
			t.Errorf("%d images, progress up to %d", s.Images, last)
		}
		tr := m.Trace(shapes.Images)
		var best float64
		var mean [2]float64
		for i := range 70 {
			if i == 3 {
				continue
			}
			var iou [2]float64
			for k := range 2 {
				iou[k] = segment.IoU(rule.Mask(tr.AttentionMap(1, i, k)).Resize(32, 32), truth[i][0])
				mean[k] += iou[k] / 69
			}
			best += max(iou[0], iou[1]) / 69
		}
		if math.Abs(s.Best[1]-best) > 1e-12 || math.Abs(s.IoU.At(1, 0)-mean[0]) > 1e-12 || math.Abs(s.IoU.At(1, 1)-mean[1]) > 1e-12 {
			t.Errorf("%v: %v and %v; want %v and %v", v, s.Best[1], s.IoU.RawRowView(1), best, mean)
		}
	}
}

func TestEvaluateHeadsRefuses(t *testing.T) {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 3})
	m := shapesModel(t, crate.Released)
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := segment.EvaluateHeads(ctx, m, shapes.Images, shapes.Objects()[:2], segment.Threshold{}, nil); err == nil {
		t.Error("two of three images have masks")
	}
	cancel()
	if _, err := segment.EvaluateHeads(ctx, m, shapes.Images, shapes.Objects(), segment.Threshold{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// The precision of MaskCut, by its parts.
func TestEvaluateMaskCut(t *testing.T) {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 70, Seed: 4})
	m, objects := shapesModel(t, crate.Released), shapes.Objects()
	objects[3] = nil // an image without objects, in which whatever is found is wrong
	last := 0
	got, err := segment.EvaluateMaskCut(context.Background(), m, shapes.Images, objects, 1, segment.MaskCutConfig{}, func(done, total int) { last = done })
	if err != nil || last != 70 {
		t.Fatalf("error %v, progress up to %d", err, last)
	}
	var truth, found []segment.Object
	tr := m.Trace(shapes.Images)
	for i := range 70 {
		for _, object := range objects[i] {
			truth = append(truth, segment.Object{Image: i, Mask: object})
		}
		for n, mask := range segment.MaskCut(tr.Features(1, i), 8, 8, segment.MaskCutConfig{}) {
			found = append(found, segment.Object{Image: i, Mask: mask.Resize(32, 32), Score: -float64(n)})
		}
	}
	want, err := segment.AveragePrecision(truth, found, segment.PrecisionConfig{})
	if err != nil || got != want {
		t.Errorf("got %v, want %v (%v)", got, want, err)
	}
	if got.Objects != 69 || got.Images != 70 || !(got.AR100 > 0) {
		t.Errorf("%+v", got)
	}
	if _, err := segment.EvaluateMaskCut(context.Background(), m, shapes.Images, objects, 2, segment.MaskCutConfig{}, nil); err == nil {
		t.Error("there is no layer 2 of 2")
	}
	if _, err := segment.EvaluateMaskCut(context.Background(), m, shapes.Images, objects[:2], 1, segment.MaskCutConfig{}, nil); err == nil {
		t.Error("two of 70 images have masks")
	}
}

func TestAffinityIsASumOverHeads(t *testing.T) {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 1})
	tr := shapesModel(t, crate.Released).Trace(shapes.Images)
	M := segment.Affinity(tr.Features(1, 0), false)
	C := segment.Affinity(tr.Features(1, 0), true)
	for i := range tr.Tokens - 1 {
		for j := range tr.Tokens - 1 {
			want := 0.0
			for k := range tr.Heads {
				V := tr.Projected(1, 0, k)
				for c := range V.Cols {
					want += V.At(i+1, c) * V.At(j+1, c)
				}
			}
			if math.Abs(M.At(i, j)-want) > 1e-5 || math.Abs(C.At(i, j)-want/math.Sqrt(M.At(i, i)*M.At(j, j))) > 1e-5 {
				t.Fatalf("patches %d and %d: %g and %g, want %g", i, j, M.At(i, j), C.At(i, j), want)
			}
		}
	}
}

// colours are features of patches, as simple as can be: by how much the mean colour
// of each differs from grey.
func colours(x crate.Images, patch int) crate.Matrix {
	rows, cols := x.Height/patch, x.Width/patch
	F := crate.NewMatrix(rows*cols, 3)
	for y := range rows * patch {
		for c := range cols * patch {
			for ch := range 3 {
				F.Row(y/patch*cols + c/patch)[ch] += (x.Pixels[(ch*x.Height+y)*x.Width+c] - 0.5) / float32(patch*patch)
			}
		}
	}
	return F
}

// On photographs there is no truth: masks hang together, are disjoint, and boxes
// enclose them.
func TestMaskCutOnPhotographs(t *testing.T) {
	x := datasets.PhotographImages(datasets.Recipe{Size: 96})
	for i := range x.Len() {
		var before segment.Mask
		for n, m := range segment.MaskCut(colours(x.Slice(i, i+1), 8), 12, 12, segment.MaskCutConfig{}) {
			if len(m.Components()) != 1 {
				t.Errorf("%s: mask %d is in %d parts", x.Names[i], n, len(m.Components()))
			}
			if b := m.Box(); b.Area() < float64(m.Area()) || b.X+b.Width > 12 || b.Y+b.Height > 12 {
				t.Errorf("%s: box %v around %d patches", x.Names[i], b, m.Area())
			}
			if n > 0 && segment.IoU(m, before) > 0.5 {
				t.Errorf("%s: masks %d and %d are the same", x.Names[i], n-1, n)
			}
			before = m
		}
	}
}

package crate

import (
	"slices"
	"strings"
	"testing"
)

// A trace of many images shows of each what a trace of it alone shows.
func TestTraceOfEachImage(t *testing.T) {
	m, x, _ := littleTask(t)
	all := m.Trace(x.Slice(0, 20))
	for _, i := range []int{0, 7, 19} {
		one := m.Trace(x.Slice(i, i+1))
		for ℓ := range m.Layers {
			for what, pair := range map[string][2]Matrix{
				"Z":         {all.Z(ℓ, i), one.Z(ℓ, 0)},
				"Half":      {all.Half(ℓ, i), one.Half(ℓ, 0)},
				"Next":      {all.Next(ℓ, i), one.Next(ℓ, 0)},
				"Projected": {all.Projected(ℓ, i, 3), one.Projected(ℓ, 0, 3)},
				"Attention": {all.Attention(ℓ, i, 2), one.Attention(ℓ, 0, 2)},
			} {
				if !closeTo(pair[0].Data, pair[1].Data, 1e-6) {
					t.Errorf("%s of image %d, layer %d differs", what, i, ℓ)
				}
			}
		}
		if !closeTo(all.Logits().Row(i), one.Logits().Data, 1e-6) {
			t.Errorf("logits of image %d differ", i)
		}
	}
}

func TestTraceDefinitions(t *testing.T) {
	m, x, _ := littleTask(t)
	tr := m.Trace(x.Slice(0, 2))
	if !slices.Equal(tr.Next(0, 1).Data, tr.Z(1, 1).Data) {
		t.Error("what leaves layer 1 is not what enters layer 2")
	}
	// Projected is U_kᵀ LN(Z), the columns of U being rows of the weight.
	l := m.Layers[1]
	LN := l.Norm1.Forward(tr.Z(1, 1), nil)
	want := NewMatrix(17, 12)
	mulNT(want, LN, l.MSSA.U.Slice(24, 36))
	if !closeTo(tr.Projected(1, 1, 2).Data, want.Data, 1e-5) {
		t.Error("Projected is not U_kᵀLN(Z)")
	}
	for n := range 17 {
		sum := float32(0)
		for _, a := range tr.Attention(1, 0, 0).Row(n) {
			sum += a
		}
		if sum < 0.9999 || sum > 1.0001 {
			t.Errorf("attention of token %d sums to %g", n, sum)
		}
	}
}

func TestTraceNamesWhatIsOutOfRange(t *testing.T) {
	m, x, _ := littleTask(t)
	tr := m.Trace(x.Slice(0, 2))
	for want, f := range map[string]func(){
		"layer 2 of 2":  func() { tr.Z(2, 0) },
		"image 2 of 2":  func() { tr.Half(0, 2) },
		"image -1 of 2": func() { tr.Attention(0, -1, 0) },
		"head 4 of 4":   func() { tr.Projected(0, 0, 4) },
		"do not tile":   func() { m.Trace(Images{Channels: 1, Height: 3, Width: 8, Pixels: make([]float32, 24)}) },
	} {
		if msg := panicOf(f); !strings.Contains(msg, want) {
			t.Errorf("panic %q; want one that says %q", msg, want)
		}
	}
}

func TestForwardInBatchesEqualsOneByOne(t *testing.T) {
	m, x, _ := littleTask(t)
	logits := m.Forward(x) // 90 images: several batches on several goroutines
	for _, i := range []int{0, 15, 16, 47, 89} {
		if !closeTo(logits.Row(i), m.Forward(x.Slice(i, i+1)).Data, 1e-6) {
			t.Errorf("logits of image %d depend on its neighbours", i)
		}
	}
	if empty := m.Forward(x.Slice(0, 0)); empty.Rows != 0 || m.Accuracy(x.Slice(0, 0)) != 0 {
		t.Error("no images give logits")
	}
	if msg := panicOf(func() { m.Accuracy(Images{Channels: 1, Height: 8, Width: 8, Pixels: make([]float32, 64)}) }); !strings.Contains(msg, "no labels") {
		t.Errorf("accuracy without labels: panic %q", msg)
	}
}

func TestParallelHandsOnPanics(t *testing.T) {
	msg := panicOf(func() {
		parallel(100, func(_, i int) {
			if i == 50 {
				panic("at fifty")
			}
		})
	})
	if msg != "at fifty" {
		t.Errorf("panic %q, want that of the call", msg)
	}
}

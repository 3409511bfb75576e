package crate

import (
	"context"
	"fmt"
	"sync"
)

// Forward returns the logits of x: one image a row, one class a column. The
// class with the largest logit is the model's answer. It panics if the images
// do not fit the model.
func (m *Model) Forward(x Images) Matrix {
	m.mustFit(x)
	logits, _ := m.logits(context.Background(), x) // without a cancel there is no error
	return logits
}

// logits is Forward until ctx ends.
func (m *Model) logits(ctx context.Context, x Images) (Matrix, error) {
	logits := NewMatrix(x.Len(), m.Config.Classes)
	err := m.eachBatch(ctx, x, func(first int, t *Trace) {
		copy(logits.Data[first*logits.Cols:], t.Logits().Data)
	})
	return logits, err
}

// Predict returns the class the model gives each image.
func (m *Model) Predict(x Images) []int {
	return argMaxRows(m.Forward(x))
}

// argMaxRows returns the index of the largest element of every row.
func argMaxRows(logits Matrix) []int {
	classes := make([]int, logits.Rows)
	for i := range classes {
		classes[i] = argMax(logits.Row(i))
	}
	return classes
}

// Accuracy returns the share of images whose label the model predicts, 0 for
// no images. It panics if x has no labels.
func (m *Model) Accuracy(x Images) float64 {
	if x.Len() == 0 {
		return 0
	}
	if x.Labels == nil {
		panic("crate: Model.Accuracy: the images have no labels; set Images.Labels")
	}
	m.mustFit(x)
	share, _ := m.accuracy(context.Background(), x) // without a cancel there is no error
	return share
}

// accuracy is Accuracy until ctx ends.
func (m *Model) accuracy(ctx context.Context, x Images) (float64, error) {
	logits, err := m.logits(ctx, x)
	if err != nil {
		return 0, err
	}
	right := 0
	for i, class := range argMaxRows(logits) {
		if class == x.Labels[i] {
			right++
		}
	}
	return float64(right) / float64(x.Len()), nil
}

// check reports why x cannot be given to the model.
func (m *Model) check(x Images) error {
	if err := x.Validate(); err != nil {
		return err
	}
	_, err := m.Embed.Patches(x)
	return err
}

func (m *Model) mustFit(x Images) {
	if err := m.check(x); err != nil {
		panic(err.Error())
	}
}

// checkLabels reports why x cannot be learned from or scored against.
func (m *Model) checkLabels(x Images) error {
	switch err := m.check(x); {
	case err != nil:
		return err
	case x.Len() == 0:
		return fmt.Errorf("crate: there are no images")
	case x.Labels == nil:
		return fmt.Errorf("crate: the images have no labels; set Images.Labels")
	case x.Classes > m.Config.Classes:
		return fmt.Errorf("crate: Images.Classes is %d, but Config.Classes is %d", x.Classes, m.Config.Classes)
	}
	return nil
}

// forward runs the model on the calling goroutine:
//
//	Z¹ = embed(x)    Z^{ℓ+1} = layer_ℓ(Z^ℓ), ℓ = 1…L    logits = head(Z^{L+1})
func (m *Model) forward(x Images, p []prepared, t *Trace) {
	t.reset(m, x)
	Z := m.Embed.Forward(x, &t.Embed)
	for ℓ, l := range m.Layers {
		Z = l.forward(Z, &p[ℓ], &t.Layers[ℓ])
	}
	m.Head.Forward(Z, &t.Head)
}

// backward inverts forward: it adds to grad, the dictionaries excepted, whose
// folded gradients are added to dE, and returns the gradient of the patches.
func (m *Model) backward(dLogits Matrix, p []prepared, t *Trace, grad *Model, dE []*FoldedISTA) Matrix {
	dZ := m.Head.Backward(dLogits, &t.Head, grad.Head)
	for ℓ := len(m.Layers) - 1; ℓ >= 0; ℓ-- {
		dZ = m.Layers[ℓ].backward(dZ, &p[ℓ], &t.Layers[ℓ], grad.Layers[ℓ], dE[ℓ])
		if ℓ > 0 {
			t.Layers[ℓ].lend(&t.Layers[ℓ-1])
		}
	}
	return m.Embed.Backward(dZ, &t.Embed, grad.Embed)
}

// traces is memory for passes whose traces nobody keeps.
var traces = sync.Pool{New: func() any { return new(Trace) }}

// eachBatch runs the model over x in small batches, several at a time, and
// calls f with the trace of each and the index of its first image. f is
// called from several goroutines and must not keep the trace. It returns
// ctx's error if ctx ends first.
func (m *Model) eachBatch(ctx context.Context, x Images, f func(first int, t *Trace)) error {
	size := m.microBatch(x, forwardNumbers)
	prepared := m.prepare(make([]prepared, len(m.Layers)), false)
	batches := (x.Len() + size - 1) / size
	parallel(batches, func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		t, first := traces.Get().(*Trace), i*size
		defer traces.Put(t)
		m.forward(x.Slice(first, min(first+size, x.Len())), prepared, t)
		f(first, t)
	})
	return ctx.Err()
}

// partSize is the number of images that are read from a source at once.
const partSize = 128

// eachPart reads images part by part and calls f as eachBatch does, with the
// index of a trace's first image among all. Behind every part it calls after
// with the number of images done, on the calling goroutine. Its errors, which
// name the function on behalf of which it works, are that there are no images,
// or such as do not fit the model, that they cannot be read, and that of ctx.
func (m *Model) eachPart(ctx context.Context, name string, images ImageSource, f func(first int, t *Trace), after func(done int)) error {
	if images.Len() == 0 {
		return fmt.Errorf("crate: %s: there are no images", name)
	}
	for i := 0; i < images.Len(); i += partSize {
		j := min(i+partSize, images.Len())
		x, err := images.Read(ctx, i, j)
		if err != nil {
			return err
		}
		if err := m.check(x); err != nil {
			return err
		}
		if err := m.eachBatch(ctx, x, func(first int, t *Trace) { f(i+first, t) }); err != nil {
			return err
		}
		after(j)
	}
	return nil
}

// forwardNumbers and trainingNumbers are arguments of microBatch.
const forwardNumbers, trainingNumbers = 40_000, 200_000

// microBatch is the number of images that go through the layers together, so
// many that their tokens have about as many numbers as given, but at most 16.
// A forward pass wants its tokens in the second cache; training wants sums over
// many tokens, as each visits the whole gradient.
func (m *Model) microBatch(x Images, numbers int) int {
	tokens := x.imageSize()/(x.Channels*m.Embed.Height*m.Embed.Width) + 1
	return max(1, min(16, numbers/(tokens*m.Config.Dim)))
}

// argMax returns the index of the first largest element.
func argMax(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

package crate

import "context"

// shards is the number of parts a batch is divided into. Each part has its
// own gradient, and the parts are summed in order, so the result has the same
// bits on any number of processors up to and beyond this one.
const shards = 8

// Gradient returns the mean cross-entropy of the model on x, its gradient and
// its gradient with respect to x.Pixels. The gradient has the type of the
// model: grad.Layers[0].ISTA.D is ∂L/∂D of the first layer. See [CrossEntropy]
// for the smoothing of the labels.
func (m *Model) Gradient(x Images, smoothing float64) (loss float64, grad *Model, pixels []float32) {
	if err := m.checkLabels(x); err != nil {
		panic(err.Error())
	}
	b := newBackprop(m)
	b.pixels = make([]float32, len(x.Pixels))
	loss, _, _ = b.run(context.Background(), x, newTargets(x.Labels, smoothing)) // without a cancel there is no error
	return loss, b.grad(), b.pixels
}

// backprop computes gradients of batches, reusing its memory.
type backprop struct {
	model  *Model
	shards []*shard  // at most the constant shards
	traces []*Trace  // one for each worker
	pixels []float32 // if not nil, receives the gradient of the pixels
}

// shard is the part of a batch that is summed in one place.
type shard struct {
	grad  *Model        // without the dictionaries
	dE    []*FoldedISTA // gradients of the folded dictionaries; nil in layers without
	loss  float64       // summed over images
	right int           // images classified as labelled
}

func newBackprop(m *Model) *backprop { return &backprop{model: m} }

// run computes loss and gradient of the mean loss over x, which grad returns,
// and how many images were classified as labelled by q. It stops between
// micro-batches when ctx ends and returns its error; the gradient is then
// worthless.
func (b *backprop) run(ctx context.Context, x Images, q targets) (loss float64, right int, err error) {
	n := min(shards, x.Len())
	b.reserve(n)
	folded := b.model.fold()
	parallel(n, func(worker, i int) {
		lo, hi := i*x.Len()/n, (i+1)*x.Len()/n
		b.runShard(ctx, b.shards[i], b.traces[worker], x, q, lo, hi, folded)
	})
	if err := ctx.Err(); err != nil {
		return 0, 0, err
	}
	for _, s := range b.shards[:n] {
		loss += s.loss
		right += s.right
	}
	b.reduce(n)
	return loss / float64(x.Len()), right, nil
}

// grad is the gradient the last run computed; the next one overwrites it.
func (b *backprop) grad() *Model { return b.shards[0].grad }

// runShard adds up images lo…hi−1 of x in s.
func (b *backprop) runShard(ctx context.Context, s *shard, t *Trace, x Images, q targets, lo, hi int, folded []*FoldedISTA) {
	s.reset()
	size := b.model.microBatch(x)
	for ; lo < hi && ctx.Err() == nil; lo += size {
		end := min(lo+size, hi)
		part, q := x.Slice(lo, end), q.slice(lo, end)
		b.model.forward(part, folded, t)
		logits := t.Logits()
		d := NewMatrix(logits.Rows, logits.Cols)
		s.loss += crossEntropy(d, logits, q, x.Len())
		for i, label := range q.labels {
			if argMax(logits.Row(i)) == label {
				s.right++
			}
		}
		dX := b.model.backward(d, folded, t, s.grad, s.dE)
		if b.pixels != nil {
			copy(b.pixels[lo*x.imageSize():], b.model.Embed.paste(dX, part))
		}
	}
}

// reduce sums n shards into the first and turns the gradients of the folded
// dictionaries into gradients of the dictionaries.
func (b *backprop) reduce(n int) {
	sum := b.shards[0]
	into := sum.grad.Params()
	for _, s := range b.shards[1:n] {
		for i, p := range s.grad.Params() {
			add(into[i].Data, p.Data)
		}
		for ℓ, dE := range s.dE {
			if dE != nil {
				add(sum.dE[ℓ].E.Data, dE.E.Data)
			}
		}
	}
	for ℓ, dE := range sum.dE {
		if dE != nil {
			b.model.Layers[ℓ].ISTA.Unfold(dE, sum.grad.Layers[ℓ].ISTA)
		}
	}
}

// reserve makes room for n shards and their workers.
func (b *backprop) reserve(n int) {
	for len(b.shards) < n {
		b.shards = append(b.shards, newShard(b.model.Config))
	}
	for len(b.traces) < workers(n) {
		b.traces = append(b.traces, new(Trace))
	}
}

func newShard(cfg Config) *shard {
	s := &shard{grad: newModel(cfg), dE: make([]*FoldedISTA, cfg.Depth)}
	for ℓ, l := range s.grad.Layers {
		if l.ISTA != nil {
			s.dE[ℓ] = &FoldedISTA{E: NewMatrix(cfg.Dim, cfg.Dim)}
		}
	}
	return s
}

func (s *shard) reset() {
	s.loss, s.right = 0, 0
	for _, p := range s.grad.Params() {
		clear(p.Data)
	}
	for _, dE := range s.dE {
		if dE != nil {
			clear(dE.E.Data)
		}
	}
}

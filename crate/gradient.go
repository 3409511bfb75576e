package crate

import "context"

// shards is the most parts a batch is divided into. Each part has its own
// gradient, and the parts are summed in order. Their number depends on the
// batch alone, so the result has the same bits on any number of processors up
// to and beyond this one.
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
	layers []prepared
	shards []*shard    // at most the constant shards
	traces []*Trace    // one for each worker
	unfold []ISTATrace // one for each worker
	pixels []float32   // if not nil, receives the gradient of the pixels
}

// shard is the part of a batch that is summed in one place.
type shard struct {
	grad   *Model        // with the gradients of folded dictionaries in place of those of dictionaries
	dE     []*FoldedISTA // the former, in the memory of grad; nil in layers without
	params []Param       // of grad
	size   int           // numbers in them
	loss   float64       // summed over images
	right  int           // images classified as labelled
}

func newBackprop(m *Model) *backprop {
	return &backprop{model: m, layers: make([]prepared, len(m.Layers))}
}

// run computes loss and gradient of the mean loss over x, which grad returns,
// and how many images were classified as labelled by q. It stops between
// micro-batches when ctx ends and returns its error; the gradient is then
// worthless.
func (b *backprop) run(ctx context.Context, x Images, q targets) (loss float64, right int, err error) {
	size := b.model.microBatch(x, trainingNumbers)
	n := min(shards, (x.Len()+size-1)/size)
	b.reserve(n)
	b.model.prepare(b.layers, true)
	parallel(n, func(worker, i int) {
		lo, hi := i*x.Len()/n, (i+1)*x.Len()/n
		b.runShard(ctx, b.shards[i], b.traces[worker], x, q, lo, hi)
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

// gradParams are its parameters.
func (b *backprop) gradParams() []Param { return b.shards[0].params }

// runShard adds up images lo…hi−1 of x in s.
func (b *backprop) runShard(ctx context.Context, s *shard, t *Trace, x Images, q targets, lo, hi int) {
	s.reset()
	size := b.model.microBatch(x, trainingNumbers)
	for ; lo < hi && ctx.Err() == nil; lo += size {
		end := min(lo+size, hi)
		part, q := x.Slice(lo, end), q.slice(lo, end)
		b.model.forward(part, b.layers, t)
		logits := t.Logits()
		t.dLogits.resize(logits.Rows, logits.Cols)
		s.loss += crossEntropy(t.dLogits, logits, q, x.Len())
		for i, label := range q.labels {
			if argMax(logits.Row(i)) == label {
				s.right++
			}
		}
		dX := b.model.backward(t.dLogits, b.layers, t, s.grad, s.dE)
		if b.pixels != nil {
			copy(b.pixels[lo*x.imageSize():], b.model.Embed.paste(dX, part))
		}
	}
}

// reduce sums n shards into the first and turns the gradients of the folded
// dictionaries into gradients of the dictionaries.
func (b *backprop) reduce(n int) {
	sum := b.shards[0]
	parallelIfLong(n*sum.size/4, len(sum.params), func(_, i int) {
		for _, s := range b.shards[1:n] {
			add(sum.params[i].Data, s.params[i].Data)
		}
	})
	d := b.model.Config.Dim
	parallelIfLong(len(sum.dE)*d*d*d/125, len(sum.dE), func(worker, ℓ int) {
		if sum.dE[ℓ] != nil {
			b.model.Layers[ℓ].ISTA.unfold(sum.dE[ℓ].E, &b.unfold[worker])
		}
	})
}

// reserve makes room for n shards and their workers.
func (b *backprop) reserve(n int) {
	for len(b.shards) < n {
		b.shards = append(b.shards, newShard(b.model.Config))
	}
	for len(b.traces) < workers(n) {
		b.traces = append(b.traces, new(Trace))
	}
	for len(b.unfold) < workers(len(b.layers)) {
		b.unfold = append(b.unfold, ISTATrace{})
	}
}

func newShard(cfg Config) *shard {
	s := &shard{grad: newModel(cfg), dE: make([]*FoldedISTA, cfg.Depth)}
	s.params, s.size = s.grad.Params(), s.grad.NumParams()
	for ℓ, l := range s.grad.Layers {
		if l.ISTA != nil {
			s.dE[ℓ] = &FoldedISTA{E: l.ISTA.D}
		}
	}
	return s
}

func (s *shard) reset() {
	s.loss, s.right = 0, 0
	for _, p := range s.params {
		clear(p.Data)
	}
}

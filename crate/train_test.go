package crate

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// digits returns the digits data of the golden file: 1,347 images to train on
// and 450 to test.
func (g *golden) digits() (train, test Images) {
	pixels := g.floats("data/images_u8")
	for i := range pixels {
		pixels[i] /= 16
	}
	x := Images{Pixels: pixels, Labels: g.labels("data/labels_u8"), Channels: 1, Height: 8, Width: 8, Classes: 10}
	return x.Slice(0, 1347), x.Slice(1347, x.Len())
}

// After some tens of steps any two float32 implementations part ways; the
// reference in float32 and in float64 agrees to 1e-6 for 33 steps.
func TestDigitsLossesEqualPyTorch(t *testing.T) {
	g := readGolden(t, "digits")
	m := g.model("init/")
	train, test := g.digits()
	if logits := m.Forward(test); !closeTo(logits.Data, g.floats("f32/test_logits_init"), 1e-5) {
		t.Error("the untrained model has other logits")
	}
	tr := newTrainer(m, train, TrainConfig{}.withDefaults())
	perms, want := g.labels("in/perms"), g.tensor("f64/losses").Float64s()
	for step := range 25 {
		epoch, first := step/11, step%11*128
		order := perms[epoch*1347 : (epoch+1)*1347]
		lr := 4e-3 * Schedule(epoch, 30, 3)
		if _, err := tr.step(context.Background(), order[first:min(first+128, 1347)], lr); err != nil {
			t.Fatal(err)
		}
		if d := math.Abs(tr.state.Loss - want[step]); d > 5e-6 {
			t.Errorf("step %d: loss %.8f, want %.8f", step, tr.state.Loss, want[step])
		}
	}
}

func TestTrainedDigitsLogitsEqualPyTorch(t *testing.T) {
	g := readGolden(t, "digits")
	m := g.model("final/")
	train, test := g.digits()
	if logits := m.Forward(test); !closeTo(logits.Data, g.floats("f32/test_logits"), 2e-5) {
		t.Error("the trained model has other logits")
	}
	if a := m.Accuracy(test); math.Abs(a-0.897777) > 1e-5 {
		t.Errorf("test accuracy %g, want 0.897777", a)
	}
	if a := m.Accuracy(train); math.Abs(a-0.997772) > 1e-5 {
		t.Errorf("training accuracy %g, want 0.997772", a)
	}
}

// littleTask is a model and data small enough to train in milliseconds; the
// last batch is half as large as the others.
func littleTask(t *testing.T) (*Model, Images, TrainConfig) {
	t.Helper()
	g := readGolden(t, "digits")
	train, _ := g.digits()
	cfg := Digits()
	cfg.Depth = 2
	m, err := New(cfg, 5)
	if err != nil {
		t.Fatal(err)
	}
	return m, train.Slice(0, 90), TrainConfig{Epochs: 2, BatchSize: 20, Seed: 3}
}

func TestSameBitsOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want *Model
	for _, procs := range []int{1, 2, 8, 8} { // 8 twice: two runs of one seed
		runtime.GOMAXPROCS(procs)
		m, x, cfg := littleTask(t)
		cfg.BatchSize = 85 // in six parts of unequal size, then 5 in one
		if _, err := Train(context.Background(), m, x, cfg); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = m
		}
		for i, p := range m.Params() {
			if !slices.Equal(p.Data, want.Params()[i].Data) {
				t.Errorf("GOMAXPROCS %d: %s differs from that of one processor", procs, p.Name)
			}
		}
	}
	_, x, cfg := littleTask(t)
	cfg.Seed++
	other, _, _ := littleTask(t)
	if _, err := Train(context.Background(), other, x, cfg); err != nil {
		t.Fatal(err)
	}
	if slices.Equal(other.Head.W.Data, want.Head.W.Data) {
		t.Error("another seed gives the same parameters")
	}
}

func TestTrainReports(t *testing.T) {
	m, x, cfg := littleTask(t)
	var steps []Step
	cfg.Observe = func(s Step) { steps = append(steps, s) }
	cfg.Validation = x.Slice(0, 7)
	h, err := Train(context.Background(), m, x, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != 10 || len(h.Loss) != 10 || len(h.LearningRate) != 10 || len(h.Accuracy) != 2 || len(h.Validation) != 2 {
		t.Fatalf("%d steps observed, history of %d losses, %d rates, %d and %d accuracies; want 10, 10, 10, 2, 2",
			len(steps), len(h.Loss), len(h.LearningRate), len(h.Accuracy), len(h.Validation))
	}
	for i, s := range steps {
		if s.Step != i+1 || s.Steps != 10 || s.Epoch != i/5+1 || s.Epochs != 2 || s.EpochEnd != (i%5 == 4) || s.Loss != h.Loss[i] {
			t.Errorf("step %d observed as %+v", i+1, s)
		}
	}
	last := steps[9]
	if last.Accuracy != h.Accuracy[1] || last.Validation != h.Validation[1] || last.Validation != m.Accuracy(cfg.Validation) {
		t.Errorf("last step %+v does not agree with history %+v and the model", last, h)
	}
	if !(h.Loss[9] < h.Loss[0]) {
		t.Errorf("the loss did not fall: %v", h.Loss)
	}
}

func TestCancelStopsTraining(t *testing.T) {
	m, x, cfg := littleTask(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var atCancel *Model
	cfg.Observe = func(s Step) {
		if s.Step == 3 {
			cancel()
			atCancel = m.Clone()
		}
	}
	h, err := Train(ctx, m, x, cfg)
	if !errors.Is(err, context.Canceled) || len(h.Loss) != 3 {
		t.Fatalf("after cancelling at step 3: error %v, %d steps", err, len(h.Loss))
	}
	if !slices.Equal(m.Head.W.Data, atCancel.Head.W.Data) {
		t.Error("the model changed after the cancel")
	}
}

// endingContext ends when its error has been asked for a number of times.
type endingContext struct {
	context.Context
	left, after atomic.Int64
}

func (c *endingContext) Err() error {
	if c.left.Add(-1) >= 0 {
		return nil
	}
	c.after.Add(1)
	return context.Canceled
}

// Whenever the context ends, no goroutine begins another micro-batch: each of
// the parts asks once more, and Train once.
func TestCancelStopsWithinOneMicroBatch(t *testing.T) {
	finished := false
	for asked := int64(0); !finished; asked++ {
		m, x, cfg := littleTask(t)
		cfg.Epochs, cfg.Validation = 1, x
		ctx := &endingContext{Context: context.Background()}
		ctx.left.Store(asked)
		_, err := Train(ctx, m, x, cfg)
		finished = err == nil
		if !finished && !errors.Is(err, context.Canceled) || finished && asked < 10 {
			t.Fatalf("asked %d times: error %v", asked, err)
		}
		if n := ctx.after.Load(); n > shards+1 {
			t.Errorf("asked %d times: the end of the context was noticed %d times; want at most %d", asked, n, shards+1)
		}
	}
}

func TestTrainStopsAtInfiniteLoss(t *testing.T) {
	m, x, cfg := littleTask(t)
	m.Head.B[0] = float32(math.NaN())
	if _, err := Train(context.Background(), m, x, cfg); err == nil || !strings.Contains(err.Error(), "step 1") {
		t.Errorf("a NaN in the parameters: error %v", err)
	}
}

func TestTrainRefuses(t *testing.T) {
	m, x, _ := littleTask(t)
	unlabelled, wide, many := x, x, x
	unlabelled.Labels = nil
	wide.Height, wide.Width = 4, 16
	many.Classes = 11
	for _, c := range []struct {
		x    Images
		cfg  TrainConfig
		want string
	}{
		{x.Slice(0, 0), TrainConfig{}, "no images"},
		{unlabelled, TrainConfig{}, "Images.Labels"},
		{many, TrainConfig{}, "Config.Classes is 10"},
		{Images{Channels: 3, Height: 8, Width: 8, Classes: 10, Pixels: make([]float32, 192), Labels: []int{0}}, TrainConfig{}, "3 channels"},
		{x, TrainConfig{BatchSize: -1}, "BatchSize -1"},
		{x, TrainConfig{Validation: unlabelled}, "validation images"},
	} {
		if _, err := Train(context.Background(), m, c.x, c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v; want one that says %q", err, c.want)
		}
	}
	if _, err := Train(context.Background(), m, wide.Slice(0, 20), TrainConfig{Epochs: 1}); err != nil {
		t.Errorf("4×16 images have as many patches as 8×8 ones: %v", err)
	}
}

// closeTo reports whether a and b differ by at most tol everywhere.
func closeTo(a, b []float32, tol float64) bool {
	for i := range a {
		if d := math.Abs(float64(a[i]) - float64(b[i])); !(d <= tol) {
			return false
		}
	}
	return len(a) == len(b)
}

func BenchmarkDigitsEpoch(b *testing.B) {
	x := Images{Channels: 1, Height: 8, Width: 8, Classes: 10, Pixels: make([]float32, 1347*64), Labels: make([]int, 1347)}
	for i := range x.Pixels {
		x.Pixels[i] = float32(i%17) / 16
	}
	m, err := New(Digits(), 1)
	if err != nil {
		b.Fatal(err)
	}
	t := newTrainer(m, x, TrainConfig{}.withDefaults())
	for b.Loop() {
		if err := t.epoch(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// Package bench measures gocrate against itself and against the numbers of
// the reference implementation. Run it with
//
//	go test -run '^$' -bench Digits ./bench
package bench

import (
	"context"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/datasets"
)

// BenchmarkDigitsEpoch times one epoch of the first notebook: forward,
// backward and AdamW over 1,347 images of 17 tokens, 32 a batch.
func BenchmarkDigitsEpoch(b *testing.B) {
	train, _ := datasets.Digits()
	m := newDigits(b, 0)
	fastest := time.Hour
	for b.Loop() {
		start := time.Now()
		if _, err := crate.Train(context.Background(), m, train, crate.TrainConfig{Epochs: 1}); err != nil {
			b.Fatal(err)
		}
		fastest = min(fastest, time.Since(start))
	}
	b.ReportMetric(float64(b.N*train.Len())/b.Elapsed().Seconds(), "images/s")
	b.ReportMetric(fastest.Seconds(), "fastest-s")
}

// BenchmarkDigitsAccuracy trains with the default recipe from five seeds. The
// reference code reached 0.899 ± 0.004 on the 450 test images, the mean and
// sample standard deviation over five seeds of its own; a mean below that
// fails. Over more seeds its recipe, batches of 128, has 0.896 ± 0.012 in
// PyTorch (16 seeds) and 0.897 ± 0.012 here (20). The default of 32 was chosen
// by the accuracy on the last fifth of the training images: 0.899 with 128,
// 0.910 with 64, 0.914 with 32, means over 16 to 40 seeds.
func BenchmarkDigitsAccuracy(b *testing.B) {
	train, test := datasets.Digits()
	for b.Loop() {
		var accuracies []float64
		for seed := range uint64(5) {
			start := time.Now()
			m := newDigits(b, seed)
			h, err := crate.Train(context.Background(), m, train, crate.TrainConfig{Seed: seed})
			if err != nil {
				b.Fatal(err)
			}
			accuracies = append(accuracies, m.Accuracy(test))
			b.Logf("seed %d: test accuracy %.4f, training accuracy %.4f, last loss %.4f, %.1f s",
				seed, accuracies[seed], h.Accuracy[len(h.Accuracy)-1], h.Loss[len(h.Loss)-1], time.Since(start).Seconds())
		}
		mean, sd := stat.MeanStdDev(accuracies, nil)
		b.Logf("test accuracy %.4f ± %.4f over 5 seeds; the reference code: 0.8987 ± 0.0040", mean, sd)
		b.ReportMetric(mean, "accuracy")
		if mean < 0.8987 {
			b.Errorf("mean test accuracy %.4f; want at least 0.8987", mean)
		}
	}
}

func newDigits(b *testing.B, seed uint64) *crate.Model {
	b.Helper()
	m, err := crate.New(crate.Digits(), seed)
	if err != nil {
		b.Fatal(err)
	}
	return m
}

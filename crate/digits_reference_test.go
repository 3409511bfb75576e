package crate

import (
	"context"
	"testing"
)

// Training on the digits learns as fast as in PyTorch: the test accuracy after
// some epochs against the mean of five reference runs, whose seeds differ by
// about half the tolerance.
func TestDigitsAccuracyFollowsReference(t *testing.T) {
	var golden struct {
		Runs map[string]struct{ Test_acc_per_epoch_mean []float64 }
	}
	readJSON(t, "digits_reference", &golden)
	train, test := readGolden(t, "digits").digits()
	for _, c := range []struct {
		run     string
		variant Variant
		epochs  int
		tol     float64
	}{{"crate_tuned", Released, 10, 0.03}, {"vit_shell_lr4e-3", ViT, 3, 0.06}} {
		cfg := Digits()
		cfg.Variant = c.variant
		m, err := New(cfg, 1)
		if err != nil {
			t.Fatal(err)
		}
		tr := newTrainer(m, train, TrainConfig{BatchSize: 128}.withDefaults())
		for range c.epochs {
			if err := tr.epoch(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := m.Accuracy(test), golden.Runs[c.run].Test_acc_per_epoch_mean[c.epochs-1]; !near(got, want, c.tol) {
			t.Errorf("%v: accuracy %.3f after %d epochs, want %.3f ± %g", c.variant, got, c.epochs, want, c.tol)
		}
	}
}

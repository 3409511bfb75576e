package crate

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/gocrate/gocrate/crate/internal/kern"
)

// The tests run with the fastest kernels of the processor; here its others
// meet the same references.
func TestEveryKernelSetEqualsOfficialCode(t *testing.T) {
	for _, set := range kern.Sets()[1:] {
		t.Run(set, func(t *testing.T) {
			defer kern.Use(set)()
			t.Run("MSSA", TestMSSAEqualsOfficialCode)
			t.Run("ISTA", TestISTAEqualsOfficialCode)
			t.Run("layer", TestLayerEqualsOfficialCode)
			t.Run("forward", TestForwardEqualsOfficialCode)
			t.Run("gradients", TestLossAndGradientsEqualOfficialCode)
			t.Run("AdamW", TestFiveStepsEqualPyTorch)
			t.Run("processors", TestSameBitsOnAnyNumberOfProcessors)
		})
	}
}

// After the first step everything has its memory.
func TestTrainingStepsAllocateNextToNothing(t *testing.T) {
	m, x, cfg := littleTask(t)
	tr := newTrainer(m, x, cfg.withDefaults())
	order := rand.Perm(x.Len())
	n := testing.AllocsPerRun(10, func() {
		if _, err := tr.step(context.Background(), order, 1e-3); err != nil {
			t.Fatal(err)
		}
	})
	if n > 10 {
		t.Errorf("%g allocations a step; want at most 10", n)
	}
}

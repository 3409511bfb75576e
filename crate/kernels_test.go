package crate

import (
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

package crate

import "github.com/gocrate/gocrate/crate/internal/kern"

// Kernels names the arithmetic of this processor: "AVX-512", "AVX2" or "Go". The
// same seed gives the same bits wherever it is the same, and others in the last
// digits elsewhere, which training makes grow: what is made once and kept should
// say on which it was.
func Kernels() string { return kern.Sets()[0] }

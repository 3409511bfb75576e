package crate

import "math"

// Schedule returns the factor by which the released training script scales
// the learning rate during an epoch, counted from 0: a linear warm-up under a
// cosine,
//
//	min( (e+1)/warmup, ½(1 + cos(πe/epochs)) )
//
// with the official 1e-8 added to warmup. The cosine starts at once, so after
// the warm-up the rate is already a little below its maximum. Without warm-up
// it is the cosine alone.
func Schedule(epoch, epochs, warmup int) float64 {
	e := float64(epoch)
	cosine := 0.5 * (math.Cos(math.Pi*e/float64(epochs)) + 1)
	if warmup <= 0 {
		return cosine
	}
	return min((e+1)/(float64(warmup)+1e-8), cosine)
}

// WarmupCosine returns the factor of the usual recipe, which reaches the
// whole learning rate: a linear warm-up, and then a cosine over the epochs
// that are left,
//
//	(e+1)/warmup                                  for e < warmup
//	½(1 + cos(π(e − warmup)/(epochs − warmup)))   after that
func WarmupCosine(epoch, epochs, warmup int) float64 {
	warmup = max(warmup, 0)
	if epoch < warmup {
		return float64(epoch+1) / float64(warmup)
	}
	return 0.5 * (math.Cos(math.Pi*float64(epoch-warmup)/float64(epochs-warmup)) + 1)
}

// Constant returns the factor 1 after a linear warm-up, (e+1)/warmup.
func Constant(epoch, _, warmup int) float64 {
	return min(1, float64(epoch+1)/float64(max(warmup, 1)))
}

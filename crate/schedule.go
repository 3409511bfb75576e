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
// it is the cosine alone. The factor is constant within an epoch.
func Schedule(epoch, epochs, warmup int) float64 {
	e := float64(epoch)
	cosine := 0.5 * (math.Cos(math.Pi*e/float64(epochs)) + 1)
	if warmup <= 0 {
		return cosine
	}
	return min((e+1)/(float64(warmup)+1e-8), cosine)
}

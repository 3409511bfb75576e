package crate

import (
	"fmt"
	"math"
)

// CrossEntropy returns the mean cross-entropy of the softmax of the logits,
// one image a row, against the labels, and its gradient ∂L/∂logits.
//
//	L = −(1/B) Σ_i Σ_c q_ic log softmax(y_i)_c        B images, M classes
//	q_ic = (1 − s) [c = label_i] + s/M                s = smoothing
//	∂L/∂y = (softmax(y) − q)/B
//
// Label smoothing s = 0.1 is the recipe of the paper; 0 is the plain loss.
// Sums are taken in float64.
func CrossEntropy(logits Matrix, labels []int, smoothing float64) (loss float64, dLogits Matrix) {
	if len(labels) != logits.Rows {
		panic(fmt.Sprintf("crate: CrossEntropy: %d labels for %d rows of logits", len(labels), logits.Rows))
	}
	dLogits = NewMatrix(logits.Rows, logits.Cols)
	sum := crossEntropy(dLogits, logits, labels, smoothing, logits.Rows)
	return sum / float64(logits.Rows), dLogits
}

// crossEntropy returns the sum of the losses of the rows and sets dLogits to
// the gradient of that sum divided by batch.
func crossEntropy(dLogits, logits Matrix, labels []int, smoothing float64, batch int) (sum float64) {
	for i, label := range labels {
		sum += crossEntropyRow(dLogits.Row(i), logits.Row(i), label, smoothing, float64(batch))
	}
	return sum
}

// crossEntropyRow is crossEntropy for one image.
func crossEntropyRow(d, y []float32, label int, s, batch float64) (loss float64) {
	logZ := logSumExp(y)
	M := float64(len(y))
	for c, v := range y {
		logP := float64(v) - logZ
		q := s / M
		if c == label {
			q += 1 - s
		}
		loss -= q * logP
		d[c] = float32((math.Exp(logP) - q) / batch)
	}
	return loss
}

// logSumExp returns log Σ exp(y), without overflow.
func logSumExp(y []float32) float64 {
	top, sum := float64(y[argMax(y)]), 0.0
	for _, v := range y {
		sum += math.Exp(float64(v) - top)
	}
	return top + math.Log(sum)
}

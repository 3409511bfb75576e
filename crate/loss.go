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
// Sums are taken in float64. It panics if there is not one label a row.
func CrossEntropy(logits Matrix, labels []int, smoothing float64) (loss float64, dLogits Matrix) {
	if len(labels) != logits.Rows {
		panic(fmt.Sprintf("crate: CrossEntropy: %d labels for %d rows of logits", len(labels), logits.Rows))
	}
	dLogits = NewMatrix(logits.Rows, logits.Cols)
	sum := crossEntropy(dLogits, logits, newTargets(labels, smoothing), logits.Rows)
	return sum / float64(logits.Rows), dLogits
}

// targets are the distributions q that the logits of some images shall have:
//
//	q_ic = (1 − s) (λ [c = label_i] + (1 − λ) [c = mixed_i]) + s/M
//
// Without mixup mixed is labels, and λ is 1.
type targets struct {
	labels, mixed []int
	share         float64 // λ
	smoothing     float64 // s
}

func newTargets(labels []int, smoothing float64) targets {
	return targets{labels, labels, 1, smoothing}
}

// slice are the targets of images i, i+1, …, j−1.
func (q targets) slice(i, j int) targets {
	q.labels, q.mixed = q.labels[i:j], q.mixed[i:j]
	return q
}

// crossEntropy returns the sum of the losses of the rows and sets dLogits to
// the gradient of that sum divided by batch.
func crossEntropy(dLogits, logits Matrix, q targets, batch int) (sum float64) {
	for i := range q.labels {
		sum += q.crossEntropyRow(dLogits.Row(i), logits.Row(i), i, float64(batch))
	}
	return sum
}

// crossEntropyRow is crossEntropy for image i, whose logits are y.
func (q targets) crossEntropyRow(d, y []float32, i int, batch float64) (loss float64) {
	logZ := logSumExp(y)
	M := float64(len(y))
	for c, v := range y {
		logP := float64(v) - logZ
		qc := q.smoothing / M
		if c == q.labels[i] {
			qc += (1 - q.smoothing) * q.share
		}
		if c == q.mixed[i] {
			qc += (1 - q.smoothing) * (1 - q.share)
		}
		loss -= qc * logP
		d[c] = float32((math.Exp(logP) - qc) / batch)
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

package crate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Prediction is a class that a model considers for an image.
type Prediction struct {
	Class       int
	Name        string  // of the class; empty if the images do not name their classes
	Probability float64 // softmax of the logits
}

// String returns the name, or the number of the class, and the probability in
// per cent.
func (p Prediction) String() string {
	if p.Name == "" {
		return fmt.Sprintf("class %d %.1f%%", p.Class, 100*p.Probability)
	}
	return fmt.Sprintf("%s %.1f%%", p.Name, 100*p.Probability)
}

// TopK returns for each image of x the k classes that the model considers most
// probable, the most probable first; all of them if there are fewer. Their
// names are x.Names. It panics if the images do not fit the model.
func (m *Model) TopK(x Images, k int) [][]Prediction {
	P := m.Probabilities(x)
	top := make([][]Prediction, P.Rows)
	for i := range top {
		for c, p := range P.Row(i) {
			prediction := Prediction{Class: c, Probability: float64(p)}
			if c < len(x.Names) {
				prediction.Name = x.Names[c]
			}
			top[i] = append(top[i], prediction)
		}
		slices.SortStableFunc(top[i], func(a, b Prediction) int { return cmp.Compare(b.Probability, a.Probability) })
		top[i] = slices.Clip(top[i][:max(0, min(k, len(top[i])))])
	}
	return top
}

// Probabilities returns the softmax of the logits: one image a row, one class a
// column. It panics if the images do not fit the model.
func (m *Model) Probabilities(x Images) Matrix {
	P := m.Forward(x)
	for i := range P.Rows {
		row := P.Row(i)
		logZ := logSumExp(row)
		for c, y := range row {
			row[c] = float32(math.Exp(float64(y) - logZ))
		}
	}
	return P
}

// Evaluation says how well a model classifies labelled images.
type Evaluation struct {
	Images, Total int     // images seen, and to be seen
	Top1          float64 // share whose label is the most probable class
	Top5          float64 // share whose label is among the five most probable
	Loss          float64 // mean cross-entropy, without smoothing

	Confusion *mat.Dense // number of images: a label a row, an answer a column
	Names     []string   // of the classes, if the images name them
}

// String says the numbers in one line.
func (e Evaluation) String() string {
	return fmt.Sprintf("top-1 %.2f%%, top-5 %.2f%%, loss %.4f over %d of %d images", 100*e.Top1, 100*e.Top5, e.Loss, e.Images, e.Total)
}

// Evaluate classifies all images of a source, which is read in parts of 128: a
// folder of pictures need not fit in memory. It calls observe, unless that is
// nil, after every part with the evaluation so far; that is the place for a
// progress bar. When ctx ends, or the source fails, it returns the evaluation so
// far and the error. Images without labels, and such as do not fit the model,
// are an error.
func Evaluate(ctx context.Context, m *Model, source ImageSource, observe func(Evaluation)) (Evaluation, error) {
	e := Evaluation{Total: source.Len(), Confusion: mat.NewDense(m.Config.Classes, m.Config.Classes, nil)}
	if e.Total == 0 {
		return e, fmt.Errorf("crate: Evaluate: there are no images")
	}
	var sums evaluationSums
	for i := 0; i < e.Total; i += partSize {
		x, err := source.Read(ctx, i, min(i+partSize, e.Total))
		if err != nil {
			return e, err
		}
		if err := m.checkLabels(x); err != nil {
			return e, err
		}
		logits, err := m.logits(ctx, x)
		if err != nil {
			return e, err
		}
		sums.add(&e, logits, x)
		if observe != nil {
			observe(e)
		}
	}
	return e, nil
}

// evaluationSums are what the means of an Evaluation are made of.
type evaluationSums struct {
	top1, top5 int
	loss       float64
}

// add counts the images x, whose logits are given, in e. The confusion that an
// earlier observer got stays as it was.
func (s *evaluationSums) add(e *Evaluation, logits Matrix, x Images) {
	e.Confusion = mat.DenseCopyOf(e.Confusion)
	for i, label := range x.Labels {
		y := logits.Row(i)
		switch place := rank(y, label); {
		case place == 0:
			s.top1++
			fallthrough
		case place < 5:
			s.top5++
		}
		s.loss += logSumExp(y) - float64(y[label])
		answer := argMax(y)
		e.Confusion.Set(label, answer, e.Confusion.At(label, answer)+1)
	}
	e.Images += x.Len()
	n := float64(e.Images)
	e.Top1, e.Top5, e.Loss, e.Names = float64(s.top1)/n, float64(s.top5)/n, s.loss/n, x.Names
}

// rank returns how many classes are before a class in the order of the logits
// y, the first of equal ones counting as larger.
func rank(y []float32, class int) int {
	before := 0
	for c, v := range y {
		if v > y[class] || v == y[class] && c < class {
			before++
		}
	}
	return before
}

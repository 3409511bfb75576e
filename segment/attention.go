package segment

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/gocrate/gocrate/crate"
)

// Threshold says which patches of a saliency map are taken for the object.
type Threshold struct {
	Rule  Rule
	Share float64 // of entries or of mass, 0 to 1; TwoMeans needs none

	// Pixels resizes the map to the pixels of the object's mask before the rule
	// is applied, bilinearly; otherwise patches are chosen and then drawn large.
	Pixels bool
}

// Rule is a way to choose the salient part of a map.
type Rule int

const (
	// ShareOfEntries takes the Share of the entries that are the largest. The
	// paper on segmentation says that it takes the top 60 %.
	ShareOfEntries Rule = iota

	// ShareOfMass takes as few entries as hold the Share of the sum of all: 60 %
	// in the code of DINO, which the paper says it follows.
	ShareOfMass

	// TwoMeans takes the larger of the two groups of values that differ least in
	// themselves, and needs no number.
	TwoMeans
)

// String names the rule as a caption does: "top 60 % of the entries".
func (t Threshold) String() string {
	s := "two means"
	switch t.Rule {
	case ShareOfEntries:
		s = fmt.Sprintf("top %g %% of the entries", 100*t.Share)
	case ShareOfMass:
		s = fmt.Sprintf("top %g %% of the mass", 100*t.Share)
	}
	if t.Pixels {
		return s + ", over pixels"
	}
	return s
}

// Mask returns the entries of a map that the rule takes, which may be an
// attention map of crate.Trace or any other saliency. Of equal entries the first
// are taken. Negative entries have no mass. It panics if Share is not between 0
// and 1 where it is needed.
func (t Threshold) Mask(saliency crate.Matrix) Mask {
	t.check()
	order := make([]int, len(saliency.Data))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(saliency.Data[j], saliency.Data[i]) })
	values := make([]float64, len(order)) // the largest first
	for k, i := range order {
		values[k] = float64(saliency.Data[i])
	}
	mask := NewMask(saliency.Rows, saliency.Cols)
	for _, i := range order[:t.count(values)] {
		mask.Bits[i] = true
	}
	return mask
}

// count returns how many of the values, the largest first, the rule takes.
func (t Threshold) count(values []float64) int {
	switch t.Rule {
	case ShareOfMass:
		return countMass(values, t.Share)
	case TwoMeans:
		return countTwoMeans(values)
	}
	return int(math.Round(t.Share * float64(len(values))))
}

func countMass(values []float64, share float64) int {
	var total, sum float64
	for _, v := range values {
		total += max(v, 0)
	}
	for n, v := range values {
		if sum >= share*total*(1-1e-12) { // sums differ in their last digits
			return n
		}
		sum += max(v, 0)
	}
	return len(values)
}

// countTwoMeans returns n such that the first n values and the rest differ least
// from their means:
//
//	min Σ_{i<n} (v_i − mean)² + Σ_{i≥n} (v_i − mean')²  =  Σv² − max (s²/n + s'²/n'),    s = Σ_{i<n} v_i
func countTwoMeans(values []float64) int {
	var total, sum float64
	for _, v := range values {
		total += v
	}
	best, count := math.Inf(-1), len(values)
	for i, v := range values[:max(len(values)-1, 0)] {
		sum += v
		n, rest := float64(i+1), float64(len(values)-i-1)
		if between := sum*sum/n + (total-sum)*(total-sum)/rest; between > best {
			best, count = between, i+1
		}
	}
	return count
}

// check panics if the rule or its share means nothing.
func (t Threshold) check() {
	if t.Rule < ShareOfEntries || t.Rule > TwoMeans || t.Rule != TwoMeans && !(t.Share >= 0 && t.Share <= 1) {
		panic(fmt.Sprintf("segment: Threshold{Rule: %d, Share: %g}; want one of the rules, and a share from 0 to 1", t.Rule, t.Share))
	}
}

// Bilinear returns a map at another size: a pixel is interpolated between the
// four entries whose centres surround its own. Beyond the outermost centres the
// map goes on as it is there.
func Bilinear(saliency crate.Matrix, height, width int) crate.Matrix {
	out := crate.NewMatrix(height, width)
	for y := range height {
		y0, y1, b := between(y, height, saliency.Rows)
		for x := range width {
			x0, x1, a := between(x, width, saliency.Cols)
			top := (1-a)*saliency.At(y0, x0) + a*saliency.At(y0, x1)
			bottom := (1-a)*saliency.At(y1, x0) + a*saliency.At(y1, x1)
			out.Data[y*width+x] = float32((1-b)*top + b*bottom)
		}
	}
	return out
}

// between returns the entries of a line of n on both sides of the centre of pixel
// i of a line as long, but of `length` pixels, and the weight of the second.
func between(i, length, n int) (before, after int, weight float64) {
	at := (float64(i)+0.5)*float64(n)/float64(length) - 0.5
	at = min(max(at, 0), float64(n-1))
	before = int(at)
	return before, min(before+1, n-1), at - float64(before)
}

package segment

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
)

// Components are the principal components of tokens. See [PCA].
type Components struct {
	Mean     []float64      // of the features, d
	Vectors  *mat.Dense     // d×n, orthonormal: a component a column
	Variance []float64      // of the scores of each component, the largest first, by n − 1
	Total    float64        // variance of all directions
	Scores   []crate.Matrix // of each image: a patch a row, a component a column
}

// PCA returns the first n principal components of the features of the patches of
// some images together, one patch a row: Features of crate.Trace. Scores are what
// is left of the features after their mean is subtracted, along the components.
// The sign of a component is such that its scores have the longer tail, Σ score³,
// on the positive side: where objects are smaller than their background, they are
// positive. It panics if n is larger than the number of features.
func PCA(features []crate.Matrix, n int) Components {
	d, tokens := checkFeatures("PCA", features)
	if n < 1 || n > d {
		panic(fmt.Sprintf("segment: PCA: %d components of %d features; want 1 to %[2]d", n, d))
	}
	c := Components{Mean: make([]float64, d), Vectors: mat.NewDense(d, n, nil), Variance: make([]float64, n)}
	centred := c.centre(features, tokens)
	var cov mat.SymDense
	cov.SymOuterK(1/float64(max(tokens-1, 1)), centred.T())
	var eigen mat.EigenSym
	if !eigen.Factorize(&cov, true) {
		panic("segment: PCA: the features are not finite")
	}
	var vectors, scores mat.Dense
	eigen.VectorsTo(&vectors) // in the order of growing variance
	for k := range n {
		c.Vectors.SetCol(k, mat.Col(nil, d-1-k, &vectors))
		c.Variance[k] = max(eigen.Values(nil)[d-1-k], 0)
	}
	c.Total = mat.Trace(&cov)
	scores.Mul(centred, c.Vectors)
	c.orient(&scores)
	first := 0
	for _, F := range features {
		S := crate.NewMatrix(F.Rows, n) // without rows where an image has no object
		if F.Rows > 0 {
			S = crate.MatrixOf(scores.Slice(first, first+F.Rows, 0, n))
		}
		c.Scores, first = append(c.Scores, S), first+F.Rows
	}
	return c
}

// centre sets the mean and returns the features of all images less it.
func (c *Components) centre(features []crate.Matrix, tokens int) *mat.Dense {
	all := mat.NewDense(tokens, len(c.Mean), nil)
	i := 0
	for _, F := range features {
		for n := range F.Rows {
			for j, v := range F.Row(n) {
				all.Set(i, j, float64(v))
				c.Mean[j] += float64(v) / float64(tokens)
			}
			i++
		}
	}
	all.Apply(func(_, j int, v float64) float64 { return v - c.Mean[j] }, all)
	return all
}

// orient sets the signs of the components.
func (c *Components) orient(scores *mat.Dense) {
	rows, n := scores.Dims()
	for k := range n {
		skew := 0.0
		for i := range rows {
			skew += math.Pow(scores.At(i, k), 3)
		}
		if skew < 0 {
			for _, m := range []*mat.Dense{scores, c.Vectors} {
				column := m.ColView(k).(*mat.VecDense)
				column.ScaleVec(-1, column)
			}
		}
	}
}

// Segmentation is what [PCASegment] finds.
type Segmentation struct {
	Cutoff     float64      // least score of an object's patch on the first component
	Foreground []Mask       // of each image, over its patches
	Colours    crate.Images // of each image, patches as pixels: the three components of the objects as red, green, blue; black behind them
}

// PCASegment separates objects from their background in some images of one class,
// rows×cols patches each, and shows which parts of the objects are alike: the
// patches whose score on the first principal component of all is at least cutoff
// are the objects; the first three components of these patches alone, each
// stretched to 0 … 1 over all images, are their colours. The paper on segmentation
// has 12 for cutoff, which depends on the size of the features of its models; 0
// stands for a split of the scores by [TwoMeans]. Fewer than four patches of
// objects have no colours. For the sign of the first component see [PCA]; the
// papers leave it to chance.
//
// Source: the paper on segmentation, its figures of PCA.
func PCASegment(features []crate.Matrix, rows, cols int, cutoff float64) Segmentation {
	for _, F := range features {
		if F.Rows != rows*cols {
			panic(fmt.Sprintf("segment: PCASegment: features of %d patches; want %d×%d, without the class token", F.Rows, rows, cols))
		}
	}
	first := PCA(features, 1).Scores
	if cutoff == 0 {
		cutoff = splitScores(first)
	}
	s := Segmentation{Cutoff: cutoff, Colours: crate.Images{Channels: 3, Height: rows, Width: cols}}
	s.Colours.Pixels = make([]float32, len(features)*3*rows*cols)
	var objects []crate.Matrix // the features of every image's objects
	for i, F := range features {
		mask, object := NewMask(rows, cols), crate.Matrix{Cols: F.Cols}
		for n, score := range first[i].Data {
			if mask.Bits[n] = float64(score) >= cutoff; mask.Bits[n] {
				object.Rows++
				object.Data = append(object.Data, F.Row(n)...)
			}
		}
		s.Foreground, objects = append(s.Foreground, mask), append(objects, object)
	}
	s.colour(objects)
	return s
}

// splitScores returns the least score above the split by two means.
func splitScores(scores []crate.Matrix) float64 {
	var values []float64
	for _, S := range scores {
		for _, v := range S.Data {
			values = append(values, float64(v))
		}
	}
	slices.Sort(values)
	slices.Reverse(values)
	return values[countTwoMeans(values)-1]
}

// colour sets the pixels of the objects.
func (s *Segmentation) colour(objects []crate.Matrix) {
	patches := 0
	for _, F := range objects {
		patches += F.Rows
	}
	if patches < 4 || objects[0].Cols < 3 {
		return
	}
	scores := PCA(objects, 3).Scores
	for c := range 3 {
		lo, hi := float32(math.Inf(1)), float32(math.Inf(-1))
		for _, S := range scores {
			for n := range S.Rows {
				lo, hi = min(lo, S.Row(n)[c]), max(hi, S.Row(n)[c])
			}
		}
		for i, mask := range s.Foreground {
			plane, n := s.Colours.Image(i)[c*len(mask.Bits):], 0
			for at, b := range mask.Bits {
				if b && hi > lo {
					plane[at] = (scores[i].Row(n)[c] - lo) / (hi - lo)
				}
				if b {
					n++
				}
			}
		}
	}
}

// checkFeatures returns the number of features and of all patches, and panics
// unless there are patches, all with as many features.
func checkFeatures(name string, features []crate.Matrix) (d, tokens int) {
	for _, F := range features {
		d = max(d, F.Cols)
		tokens += F.Rows
	}
	for i, F := range features {
		if F.Cols != d {
			panic(fmt.Sprintf("segment: %s: image %d has %d features, others have %d; want one layer of one model", name, i, F.Cols, d))
		}
	}
	if tokens == 0 {
		panic(fmt.Sprintf("segment: %s: there are no patches", name))
	}
	return d, tokens
}

package segment

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
)

// MaskCutConfig says how [MaskCut] cuts. The zero value is that of the paper on
// segmentation, but for the refinement of the masks by a conditional random field,
// which its tables do without and which is not here.
type MaskCutConfig struct {
	Tau     float64 // τ: patches are connected if their affinity is above; 0: 0.15
	Masks   int     // masks looked for; 0: 3
	Product bool    // affinities are the inner products of the formula, not cosines as in the code
}

// MaskCut finds objects in the features of an image, rows×cols patches, one a row:
// Features of crate.Trace. It cuts the patches in two by [NormalizedCut], with
// weight 1 for affinities above τ and 1e-5 for others; takes one side for the
// object; and does so again without the patches found.
//
// The sides are the patches above and below the mean of the vector. The object is
// the side with the largest absolute value, the seed, unless three corners of the
// image or more lie in it: then it is the other one, whose most extreme patch is
// the seed. What hangs together with the seed is the mask. A further mask is
// dropped if it overlaps the one before by an IoU of more than one half, or is not
// larger than 1 % of the image. Masks are of patches, in the order in which they
// were found; there may be fewer than were looked for. In the original code the
// side also depends on the sign of the vector, which is left to chance; here it
// does not.
//
// Source: Wang et al., Cut and Learn for Unsupervised Object Detection and
// Instance Segmentation (2023), and its code.
func MaskCut(features crate.Matrix, rows, cols int, cfg MaskCutConfig) []Mask {
	cfg = cfg.withDefaults()
	if features.Rows != rows*cols {
		panic(fmt.Sprintf("segment: MaskCut: features of %d patches; want %d×%d, without the class token", features.Rows, rows, cols))
	}
	F := crate.MatrixOf(features)
	var last Mask
	var masks []Mask
	for range cfg.Masks {
		mask := cfg.object(F, rows, cols)
		if len(masks) > 0 && (IoU(mask, last) > 0.5 || 100*mask.Area() <= rows*cols) {
			break // the same patches would be cut in the same way again
		}
		masks, last = append(masks, mask), mask
		for i, b := range mask.Bits {
			if b {
				clear(F.Row(i))
			}
		}
	}
	return masks
}

// object cuts the patches once and returns the object.
func (c MaskCutConfig) object(F crate.Matrix, rows, cols int) Mask {
	x := NormalizedCut(c.weights(F)).Vector
	mean := 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	side := NewMask(rows, cols) // the side of the largest absolute value, which is positive
	for i, v := range x {
		side.Bits[i] = v > mean
	}
	if corners(side) >= 3 {
		side = side.Not()
		for i := range x {
			x[i] = -x[i]
		}
	}
	seed := 0
	for i, v := range x {
		if v > x[seed] {
			seed = i
		}
	}
	return side.Component(seed/cols, seed%cols)
}

// weights returns 1 for affinities above τ and 1e-5 for others.
func (c MaskCutConfig) weights(F crate.Matrix) *mat.SymDense {
	W := Affinity(F, !c.Product)
	n := W.SymmetricDim()
	for i := range n {
		for j := i; j < n; j++ {
			weight := 1e-5
			if W.At(i, j) > c.Tau {
				weight = 1
			}
			W.SetSym(i, j, weight)
		}
	}
	return W
}

// corners returns how many corners of the image are in the mask.
func corners(m Mask) (n int) {
	for _, y := range []int{0, m.Height - 1} {
		for _, x := range []int{0, m.Width - 1} {
			if m.At(y, x) {
				n++
			}
		}
	}
	return n
}

func (c MaskCutConfig) withDefaults() MaskCutConfig {
	if c.Tau == 0 {
		c.Tau = 0.15
	}
	if c.Masks == 0 {
		c.Masks = 3
	}
	return c
}

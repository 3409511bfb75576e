package segment

import "fmt"

// IoU returns the Jaccard index of two masks of one size, intersection over
// union:
//
//	|A ∩ B| / |A ∪ B|
//
// It is 1 for equal masks, empty ones included, and 0 for masks that share
// nothing.
func IoU(a, b Mask) float64 {
	a.mustFit("IoU", b)
	both, either := overlap(a, b)
	if either == 0 {
		return 1
	}
	return float64(both) / float64(either)
}

// MeanJaccard returns the mean of [IoU] over pairs of masks, such as the object
// and the mask found for it in every image. It panics if there are not as many of
// both, or none.
func MeanJaccard(truth, found []Mask) float64 {
	if len(truth) != len(found) || len(truth) == 0 {
		panic(fmt.Sprintf("segment: MeanJaccard: %d masks found for %d; want one for each, and at least one", len(found), len(truth)))
	}
	sum := 0.0
	for i := range truth {
		sum += IoU(truth[i], found[i])
	}
	return sum / float64(len(truth))
}

// MeanIoU returns the mIoU of semantic segmentation: the IoU of every class over
// all pixels of all images together, and its mean over the classes that occur in
// truth or among what was found. Both have the class of each pixel, below classes;
// pixels whose true class is negative count nowhere. It panics if they are not
// equally many, or a class is too large.
func MeanIoU(truth, found []int, classes int) (mean float64, perClass []float64) {
	if len(truth) != len(found) {
		panic(fmt.Sprintf("segment: MeanIoU: classes of %d pixels found, of %d true; want as many", len(found), len(truth)))
	}
	both, either := make([]int, classes), make([]int, classes)
	for i, t := range truth {
		switch f := found[i]; {
		case t >= classes || t >= 0 && (f < 0 || f >= classes):
			panic(fmt.Sprintf("segment: MeanIoU: pixel %d has class %d and was given %d; want 0 to %d", i, t, f, classes-1))
		case t < 0:
		case t == f:
			both[t]++
			either[t]++
		default:
			either[t]++
			either[f]++
		}
	}
	perClass = make([]float64, classes)
	occurring := 0
	for c := range perClass {
		if either[c] > 0 {
			perClass[c] = float64(both[c]) / float64(either[c])
			mean += perClass[c]
			occurring++
		}
	}
	return mean / float64(max(occurring, 1)), perClass
}

// overlap returns the areas of the intersection and the union of two masks.
func overlap(a, b Mask) (both, either int) {
	for i, x := range a.Bits {
		if x && b.Bits[i] {
			both++
		}
		if x || b.Bits[i] {
			either++
		}
	}
	return both, either
}

package segment

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
)

// HeadScores says how well the attention of every head covers the objects of
// images. See [EvaluateHeads].
type HeadScores struct {
	What   string // what exactly was measured, for a caption
	Images int    // how many images were measured
	Layers []int  // 1, 2, …, L

	IoU  *mat.Dense // L×K: of a layer's head, the mean over images
	Best []float64  // of each layer: the mean over images of the head that is best in the image
}

// EvaluateHeads compares what the class token attends to, through every head of
// every layer, with the true masks of images: truth[i] are those of the objects, or
// the classes, in image i, over its pixels or of any other size. In image i, with
// S_k the mask of head k by a rule,
//
//	IoU_k = mean over the objects A of |S_k ∩ A| / |S_k ∪ A|
//	Best  = mean over the objects A of max_k |S_k ∩ A| / |S_k ∪ A|
//
// Best is the paper's mIoU of coarse segmentation. It takes for each object the
// head that does best on it, which needs the true mask; the largest IoU of a
// single head is what one gets from a head chosen once. Images without objects
// count nowhere. Progress is called, unless it is nil, on the calling goroutine.
// When ctx ends, it returns its error; images that do not fit the model, or are not
// as many as truth, are errors too.
func EvaluateHeads(ctx context.Context, m *crate.Model, images crate.ImageSource, truth [][]Mask, t Threshold, progress func(done, total int)) (HeadScores, error) {
	t.check()
	L, K := m.Config.Depth, m.Config.Heads
	s := HeadScores{IoU: mat.NewDense(L, K, nil), Best: make([]float64, L)}
	err := eachPart(ctx, "EvaluateHeads", m, images, truth, progress, func(first int, x crate.Images) error {
		scores := make([]*imageScores, x.Len())
		err := eachImage(ctx, m, x, func(i int, trace *crate.Trace) {
			if objects := truth[first+i]; len(objects) > 0 {
				scores[i] = scoreImage(trace, objects, t)
			}
		})
		s.add(scores)
		return err
	})
	if err != nil {
		return HeadScores{}, err
	}
	s.finish(t)
	return s, nil
}

// imageScores are the scores of one image; nil without objects.
type imageScores struct {
	iou  [][]float64 // of layer and head
	best []float64   // of layer
}

// scoreImage scores the only image of a trace.
func scoreImage(trace *crate.Trace, objects []Mask, t Threshold) *imageScores {
	s := &imageScores{}
	for ℓ := range trace.Layers {
		iou, best := make([]float64, trace.Heads), 0.0
		maps := trace.AttentionMaps(ℓ, 0)
		for _, object := range objects {
			largest := 0.0
			for k, saliency := range maps {
				v := IoU(t.over(saliency, object.Height, object.Width), object)
				iou[k] += v / float64(len(objects))
				largest = max(largest, v)
			}
			best += largest / float64(len(objects))
		}
		s.iou, s.best = append(s.iou, iou), append(s.best, best)
	}
	return s
}

// over returns the mask of a map at the size of an object's mask.
func (t Threshold) over(saliency crate.Matrix, height, width int) Mask {
	if t.Pixels {
		return t.Mask(Bilinear(saliency, height, width))
	}
	return t.Mask(saliency).Resize(height, width)
}

func (s *HeadScores) add(scores []*imageScores) {
	for _, image := range scores {
		if image == nil {
			continue
		}
		s.Images++
		for ℓ, heads := range image.iou {
			s.Best[ℓ] += image.best[ℓ]
			for k, v := range heads {
				s.IoU.Set(ℓ, k, s.IoU.At(ℓ, k)+v)
			}
		}
	}
}

// finish turns sums into means.
func (s *HeadScores) finish(t Threshold) {
	s.What = fmt.Sprintf("IoU of the attention of the class token, %v, mean over %d images", t, s.Images)
	s.IoU.Scale(1/float64(max(s.Images, 1)), s.IoU)
	for ℓ := range s.Best {
		s.Layers = append(s.Layers, ℓ+1)
		s.Best[ℓ] /= float64(max(s.Images, 1))
	}
}

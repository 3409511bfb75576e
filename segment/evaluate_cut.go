package segment

import (
	"context"
	"fmt"

	"github.com/gocrate/gocrate/crate"
)

// EvaluateMaskCut finds objects in images by [MaskCut] on the features of a layer,
// counted from 0, and compares them with those that are there by
// [AveragePrecision]: truth[i] are the masks of the objects in image i, over its
// pixels or of any other size, which is the size that they are compared at. The
// categories of objects do not matter; of the masks found in an image the earlier
// are the surer. Progress and errors are those of [EvaluateHeads], or that there is
// no such layer.
//
// Source: the paper on segmentation, its table 1, and its figures 6 and 10 of every
// layer and every epoch.
func EvaluateMaskCut(ctx context.Context, m *crate.Model, images crate.ImageSource, truth [][]Mask, layer int, cfg MaskCutConfig, progress func(done, total int)) (Precision, error) {
	if layer < 0 || layer >= m.Config.Depth {
		return Precision{}, fmt.Errorf("segment: EvaluateMaskCut: layer %d of %d; layers count from 0", layer, m.Config.Depth)
	}
	var e Evaluation
	err := eachPart(ctx, "EvaluateMaskCut", m, images, truth, progress, func(first int, x crate.Images) error {
		masks := make([][]Mask, x.Len())
		if err := eachImage(ctx, m, x, func(i int, trace *crate.Trace) {
			masks[i] = MaskCut(trace.Features(layer, 0), trace.PatchRows, trace.PatchCols, cfg)
		}); err != nil {
			return err
		}
		var there, found []Object
		for i, cut := range masks {
			height, width := x.Height, x.Width
			for _, mask := range truth[first+i] {
				there = append(there, Object{Image: first + i, Mask: mask})
				height, width = mask.Height, mask.Width
			}
			for n, mask := range cut {
				found = append(found, Object{Image: first + i, Mask: mask.Resize(height, width), Score: 1 / float64(n+1)})
			}
		}
		return e.Add(there, found)
	})
	if err != nil {
		return Precision{}, err
	}
	return e.Precision(), nil
}

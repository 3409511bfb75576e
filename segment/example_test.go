package segment_test

import (
	"context"
	"fmt"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/datasets"
	"github.com/gocrate/gocrate/segment"
)

func model() *crate.Model {
	m, err := crate.New(crate.Config{ImageHeight: 32, PatchHeight: 4, Classes: 6, Dim: 32, Depth: 2, Heads: 2}, 1)
	if err != nil {
		panic(err)
	}
	return m
}

// What a head of the penultimate layer looks at, as a mask over the pixels.
func ExampleThreshold() {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 1})
	t := model().Trace(shapes.Images)
	rule := segment.Threshold{Rule: segment.ShareOfEntries, Share: 0.25}
	mask := rule.Mask(t.AttentionMap(0, 0, 1))
	fmt.Println(rule, "are", mask.Area(), "patches and", mask.Resize(32, 32).Area(), "pixels")
	// Output: top 25 % of the entries are 16 patches and 256 pixels
}

func ExampleEvaluateHeads() {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 20})
	rule := segment.Threshold{Rule: segment.ShareOfMass, Share: 0.2, Pixels: true}
	s, err := segment.EvaluateHeads(context.Background(), model(), shapes.Images, shapes.Objects(), rule, nil)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(s.What)
	fmt.Println(s.Layers, len(s.Best))
	// Output:
	// IoU of the attention of the class token, top 20 % of the mass, over pixels, mean over 20 images
	// [1 2] 2
}

// Objects in an image, from the features of a layer, and their boxes in pixels.
func ExampleMaskCut() {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 1})
	t := model().Trace(shapes.Images)
	for _, mask := range segment.MaskCut(t.Features(0, 0), t.PatchRows, t.PatchCols, segment.MaskCutConfig{Masks: 1}) {
		box := mask.Resize(32, 32).Box()
		fmt.Println(mask.Area() > 0, box.Width <= 32)
	}
	// Output: true true
}

// How good the objects found in the features of a layer are, by the rules of COCO.
func ExampleEvaluateMaskCut() {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 20})
	p, err := segment.EvaluateMaskCut(context.Background(), model(), shapes.Images, shapes.Objects(), 0, segment.MaskCutConfig{}, nil)
	fmt.Println(p.Objects, "objects", p.AP < 0.1, err)
	// Output: 20 objects true <nil>
}

func ExamplePCASegment() {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 4})
	t := model().Trace(shapes.Images)
	var features []crate.Matrix
	for i := range t.Images {
		features = append(features, t.Features(0, i))
	}
	s := segment.PCASegment(features, t.PatchRows, t.PatchCols, 0)
	fmt.Println(len(s.Foreground), "masks;", s.Colours)
	fmt.Println(segment.PCA(features, 3).Scores[0].Dims())
	// Output:
	// 4 masks; 4 images of 3×8×8 pixels
	// 64 3
}

// Two objects, of which one is found.
func ExampleAveragePrecision() {
	truth := []segment.Object{{Image: 1, Box: segment.Box{X: 2, Y: 3, Width: 10, Height: 8}}, {Image: 1, Box: segment.Box{X: 40, Y: 9, Width: 5, Height: 5}}}
	found := []segment.Object{{Image: 1, Score: 0.9, Box: segment.Box{X: 2, Y: 3, Width: 10, Height: 9}}}
	p, err := segment.AveragePrecision(truth, found, segment.PrecisionConfig{Boxes: true})
	fmt.Println(p, err)
	// Output: AP 0.404, AP50 0.505, AP75 0.505, AR100 0.400 over 2 objects in 1 images <nil>
}

func ExampleMask_Runs() {
	mask := segment.Mask{Height: 2, Width: 3, Bits: []bool{false, true, true, false, false, true}}
	runs := mask.Runs()
	fmt.Println(runs, segment.CompressRuns(runs))
	// Output: [2 1 1 2] 2111
}

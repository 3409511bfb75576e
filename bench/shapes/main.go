// Shapes asks whether attention that was only trained to classify segments, in
// CRATE and in a ViT of equal width: it measures the models of
// notebooks/checkpoints on drawn shapes and prints the table of
// docs/segmentation.md.
package main

import (
	"context"
	"fmt"
	"log"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/datasets"
	"github.com/gocrate/gocrate/segment"
)

// The models that are measured: checkpoints/shapes-crate-0.safetensors and so on.
// Layers count from 0.
const (
	seeds       = 3
	depth       = 4
	penultimate = depth - 2
)

var kinds = []string{"crate", "vit"}

// rules are how attention becomes a mask. The shapes cover 11 % of the images, the
// objects for which the paper takes 60 % far more.
var rules = []segment.Threshold{
	{Rule: segment.ShareOfEntries, Share: 0.2, Pixels: true},
	{Rule: segment.ShareOfMass, Share: 0.2, Pixels: true},
	{Rule: segment.TwoMeans, Pixels: true},
	{Rule: segment.ShareOfEntries, Share: 0.6, Pixels: true},
}

func main() {
	log.SetFlags(0)
	data := drawn{
		train: datasets.DrawShapes(datasets.Drawing{Count: 500, Seed: 1}),
		test:  datasets.DrawShapes(datasets.Drawing{Count: 1000, Seed: 2}),
	}
	results := make([][][]float64, len(kinds)) // of kind and seed
	var names []string
	for i, kind := range kinds {
		for seed := range seeds {
			m, err := crate.Load(fmt.Sprintf("notebooks/checkpoints/shapes-%s-%d.safetensors", kind, seed))
			if err != nil {
				log.Fatal(err)
			}
			var numbers []float64
			if names, numbers, err = data.measure(m); err != nil {
				log.Fatal(err)
			}
			log.Printf("%s, seed %d: %.3f", kind, seed, numbers)
			results[i] = append(results[i], numbers)
		}
	}
	printTable(names, results)
}

// drawn are images to choose heads by and images to measure with.
type drawn struct{ train, test datasets.Segmented }

// measure returns the rows of the table for a model.
func (d drawn) measure(m *crate.Model) (names []string, numbers []float64, err error) {
	row := func(value float64, format string, of ...any) {
		names, numbers = append(names, fmt.Sprintf(format, of...)), append(numbers, value)
	}
	row(m.Accuracy(d.test.Images), "test accuracy")
	for _, rule := range rules {
		chosen, err := heads(m, d.train, rule)
		if err != nil {
			return nil, nil, err
		}
		s, err := heads(m, d.test, rule)
		if err != nil {
			return nil, nil, err
		}
		ℓ, k := largest(chosen.IoU, 0, depth)
		row(s.IoU.At(ℓ, k), "%v: best head", rule)
		ℓ, k = largest(chosen.IoU, penultimate, penultimate+1)
		row(s.IoU.At(ℓ, k), "%v: best head of layer %d", rule, ℓ+1)
		row(s.Best[penultimate], "%v: best of layer %d in each image, as in the paper", rule, ℓ+1)
	}
	iou, ap := d.cut(m)
	row(iou, "MaskCut, layer %d: first mask", penultimate+1)
	row(ap, "MaskCut, layer %d: AP50", penultimate+1)
	return names, numbers, nil
}

func heads(m *crate.Model, s datasets.Segmented, rule segment.Threshold) (segment.HeadScores, error) {
	return segment.EvaluateHeads(context.Background(), m, s.Images, s.Objects(), rule, nil)
}

// largest returns the place of the largest entry of some rows.
func largest(iou *mat.Dense, from, to int) (row, column int) {
	_, heads := iou.Dims()
	row = from
	for ℓ := from; ℓ < to; ℓ++ {
		for k := range heads {
			if iou.At(ℓ, k) > iou.At(row, column) {
				row, column = ℓ, k
			}
		}
	}
	return row, column
}

// cut returns the mean IoU of the first mask of MaskCut with the object, and AP50
// of all of them, surer the earlier they are found.
func (d drawn) cut(m *crate.Model) (iou, ap50 float64) {
	const images = 500
	var e segment.Evaluation
	objects := d.test.Objects()
	for i := range images {
		t := m.Trace(d.test.Images.Slice(i, i+1))
		object := objects[i][0]
		var found []segment.Object
		for n, mask := range segment.MaskCut(t.Features(penultimate, 0), t.PatchRows, t.PatchCols, segment.MaskCutConfig{}) {
			mask = mask.Resize(object.Height, object.Width)
			if n == 0 {
				iou += segment.IoU(mask, object) / images
			}
			found = append(found, segment.Object{Image: i, Mask: mask, Score: 1 / float64(n+1)})
		}
		if err := e.Add([]segment.Object{{Image: i, Mask: object}}, found); err != nil {
			log.Fatal(err)
		}
	}
	return iou, e.Precision().AP50
}

func printTable(names []string, results [][][]float64) {
	fmt.Println("| | CRATE | ViT |\n| --- | --- | --- |")
	for row, name := range names {
		fmt.Printf("| %s |", name)
		for _, seeds := range results {
			mean, sd := 0.0, 0.0
			for _, numbers := range seeds {
				mean += numbers[row] / float64(len(seeds))
			}
			for _, numbers := range seeds {
				sd += math.Pow(numbers[row]-mean, 2) / float64(max(len(seeds)-1, 1))
			}
			fmt.Printf(" %.3f ± %.3f |", mean, math.Sqrt(sd))
		}
		fmt.Println()
	}
}

package crate_test

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/datasets"
)

// Two lines and a plane in space: three classes at a precision between their
// noise and their size.
func ExampleClusterByCodingLength() {
	lines, _, _ := datasets.Subspaces(datasets.Mixture{Classes: 2, Points: 60, Noise: 0.01, Seed: 3})
	plane, _, _ := datasets.Subspaces(datasets.Mixture{Classes: 1, Rank: 2, Points: 60, Noise: 0.01, Seed: 5})
	var Z mat.Dense
	Z.Augment(lines, plane)
	for _, epsilon := range []float64{0.02, 2} {
		labels, _ := crate.ClusterByCodingLength(&Z, epsilon*epsilon, true)
		fmt.Println(epsilon, slices.Max(labels)+1)
	}
	// Output:
	// 0.02 3
	// 2 1
}

package crate

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// TokenHeatmap returns some entries of the d×N matrix of the tokens of one image,
// to be drawn: channels and tokens are drawn at random, and left in their order.
// Rows are channels, columns tokens, as in the paper, whose figures have 50 of
// each and colours from 0 to 2. Z has one token a row, as [Trace.Next] returns
// it. Equal seeds draw the same rows and columns for every Z of the same shape, so
// that layers can be compared. It panics unless there are that many of both.
//
// Source: Yu et al. (2023), the heat maps of Z^ℓ.
func TokenHeatmap(Z Matrix, channels, tokens int, seed uint64) *mat.Dense {
	if channels < 1 || channels > Z.Cols || tokens < 1 || tokens > Z.Rows {
		panic(fmt.Sprintf("crate: TokenHeatmap of %d channels and %d tokens: Z has %d and %d", channels, tokens, Z.Cols, Z.Rows))
	}
	rng := rand.New(rand.NewPCG(seed, 0x68656174))
	rows, cols := rng.Perm(Z.Cols)[:channels], rng.Perm(Z.Rows)[:tokens]
	slices.Sort(rows)
	slices.Sort(cols)
	return pick(Z.T(), rows, cols)
}

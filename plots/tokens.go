package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/gonum/mat"
)

// TokenPCA draws images and, below each, its patches coloured by their scores on
// three principal components, as red, green and blue. scores[i] has a row for
// each patch of image i and three columns; each component runs over the whole
// range of a colour, jointly for all images. Patches for which keep[i] is false
// are background and left light; a nil keep keeps all.
// (arXiv 2308.16271, figures 3, 6, 9 and 10.)
func TokenPCA(images []Image, scores []mat.Matrix, keep [][]bool) *Figure {
	if len(scores) != len(images) || keep != nil && len(keep) != len(images) {
		panic(fmt.Sprintf("plots: TokenPCA: %d images, scores of %d and keep of %d; want as many, or a nil keep", len(images), len(scores), len(keep)))
	}
	s := &sheet{columns: max(1, len(images)), what: "images and their patches coloured by principal components"}
	s.picture("TokenPCA", images)
	kept := func(i, n int) bool { return keep == nil || keep[i][n] }
	channels := channelScales(scores, kept)
	for i, m := range images {
		n, three := scores[i].Dims()
		if three != 3 || keep != nil && len(keep[i]) != n {
			panic(fmt.Sprintf("plots: TokenPCA: the scores of image %d are %d × %d; want 3 columns, and a keep for each row", i, n, three))
		}
		rows, cols := patchGrid("TokenPCA", n, m.Height, m.Width)
		s.tiles = append(s.tiles, tile{height: rows, width: cols, at: func(r, c int) color.RGBA {
			p := r*cols + c
			if !kept(i, p) {
				return color.RGBA{0xF0, 0xF0, 0xF0, 0xFF}
			}
			channel := func(k int) uint8 { return channels[k].at(scores[i].At(p, k)).R }
			return color.RGBA{channel(0), channel(1), channel(2), 0xFF}
		}})
	}
	return s.figure(.95)
}

// channelScales are the ranges of the three components over the kept patches.
func channelScales(scores []mat.Matrix, kept func(i, n int) bool) (channels [3]scale) {
	for k := range channels {
		channels[k] = scale{math.Inf(1), math.Inf(-1), greys}
		for i, m := range scores {
			n, cols := m.Dims()
			for p := 0; p < n && k < cols; p++ {
				if v := m.At(p, k); kept(i, p) && finite(v) {
					channels[k].lo, channels[k].hi = math.Min(channels[k].lo, v), math.Max(channels[k].hi, v)
				}
			}
		}
	}
	return channels
}

// Reconstructions draws a row for each image: what a masked autoencoder saw,
// what it made of that, and the original. (arXiv 2404.02446, figure 6.)
func Reconstructions(masked, reconstructed, original []Image) *Figure {
	if len(masked) != len(original) || len(reconstructed) != len(original) {
		panic(fmt.Sprintf("plots: Reconstructions: %d masked, %d reconstructed and %d original images; want as many of each",
			len(masked), len(reconstructed), len(original)))
	}
	var all []Image
	for i := range original {
		all = append(all, masked[i], reconstructed[i], original[i])
	}
	for i := range all {
		all[i].Title = ""
	}
	fig := Images(3, all...)
	for k, title := range []string{"masked", "reconstruction", "original"} {
		if k < len(all) {
			fig.content.(*sheet).tiles[k].title = title
		}
	}
	return fig.content.(*sheet).figure(1.05)
}

package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
)

// AttentionMaps draws how much the class token attends to each patch: a row for
// each image, the image first and then a map for each head. maps[i][k] are the
// weights of head k on image i, patch by patch and row by row, without the class
// token. Titles of images become the labels of their rows.
//
// Each map has a scale of its own, from 0 to its largest weight, as the published
// maps do; [Figure.WithRange] gives all of them one scale.
// (arXiv 2308.16271, figures 1, 2, 7, 8 and 11–14.)
func AttentionMaps(images []Image, maps [][][]float64) *Figure {
	return attentionSheet("AttentionMaps", images, maps, func(s *sheet, m Image, weights []float64) tile {
		rows, cols := patchGrid("AttentionMaps", len(weights), m.Height, m.Width)
		return tile{height: rows, width: cols, at: s.attention(weights, cols),
			value: func(i, j int) float64 { return weights[i*cols+j] }}
	})
}

// AttentionOverlays is [AttentionMaps] with each map laid over a grey copy of
// its image, the more opaque the larger the weight.
func AttentionOverlays(images []Image, maps [][][]float64) *Figure {
	return attentionSheet("AttentionOverlays", images, maps, func(s *sheet, m Image, weights []float64) tile {
		rows, cols := patchGrid("AttentionOverlays", len(weights), m.Height, m.Width)
		grays := greyScale([]Image{m})
		below, above := m.colors(&grays), s.attention(weights, cols)
		return tile{height: m.Height, width: m.Width, at: func(i, j int) color.RGBA {
			row, col := i*rows/m.Height, j*cols/m.Width
			return blend(grey(below(i, j)), above(row, col), .15+.65*s.share(weights, weights[row*cols+col]))
		}}
	})
}

// AttentionPerLayer draws the attention of the class token on one image, a row
// for each layer and a column for each head; maps[l][k] are the weights of head
// k in layer l+1. See [AttentionMaps] for their scale.
func AttentionPerLayer(image Image, maps [][][]float64) *Figure {
	image.Title = ""
	fig := AttentionMaps(slices.Repeat([]Image{image}, len(maps)), maps)
	s := fig.content.(*sheet)
	for l := range maps {
		s.rows = append(s.rows, fmt.Sprintf(`$\ell = %d$`, l+1))
	}
	return s.figure(.85)
}

func attentionSheet(function string, images []Image, maps [][][]float64, draw func(*sheet, Image, []float64) tile) *Figure {
	checkImages(function, images)
	if len(maps) != len(images) || len(maps) == 0 {
		panic(fmt.Sprintf("plots: %s: maps for %d images and %d images; want as many, and at least one", function, len(maps), len(images)))
	}
	s := &sheet{columns: 1 + len(maps[0]), what: "images and attention maps", scale: scale{0, math.NaN(), sequential}}
	for i, m := range images {
		if len(maps[i]) != len(maps[0]) {
			panic(fmt.Sprintf("plots: %s: %d heads for image %d and %d for the first; want as many", function, len(maps[i]), i, len(maps[0])))
		}
		s.addRow(m, maps[i], func(weights []float64) tile { return draw(s, m, weights) })
	}
	for k := range maps[0] {
		s.tiles[1+k].title = fmt.Sprintf(`$k = %d$`, k+1)
	}
	return s.figure(.95)
}

// addRow adds m in its own colours and a tile for each map.
func (s *sheet) addRow(m Image, maps [][]float64, draw func([]float64) tile) {
	grays := greyScale([]Image{m})
	s.tiles = append(s.tiles, tile{height: m.Height, width: m.Width, at: m.colors(&grays)})
	for _, weights := range maps {
		s.tiles = append(s.tiles, draw(weights))
	}
	if m.Title != "" {
		s.rows = append(s.rows, m.Title)
	}
}

// attention colours weights from 0 to the largest, or on the scale of the sheet
// once that has been set.
func (s *sheet) attention(weights []float64, cols int) func(i, j int) color.RGBA {
	return func(i, j int) color.RGBA {
		w := weights[i*cols+j]
		if !finite(w) {
			return missing
		}
		return s.scale.colors.at(s.share(weights, w))
	}
}

// share is where w is on the scale, from 0 to 1.
func (s *sheet) share(weights []float64, w float64) float64 {
	lo, hi := s.scale.lo, s.scale.hi
	if math.IsNaN(hi) {
		hi = 0
		for _, other := range weights {
			if finite(other) {
				hi = math.Max(hi, other)
			}
		}
	}
	if !finite(w) || hi <= lo {
		return 0
	}
	return math.Min(math.Max((w-lo)/(hi-lo), 0), 1)
}

package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Masks is one segmentation of every image: Of[i][p] is the segment, 1, 2, …, of
// pixel p of image i, or 0 for its background. A segmentation of patches is as
// good; it is enlarged.
type Masks struct {
	Label string // such as "truth" or "CRATE"
	Of    [][]int
}

// Segmentations draws a column for each image, with the image at the top and
// below it a row for each segmentation, laid over a grey copy.
// (arXiv 2308.16271, figures 4 and 5.)
func Segmentations(images []Image, masks ...Masks) *Figure {
	checkImages("Segmentations", images)
	s := &sheet{columns: max(1, len(images)), rows: []string{""}, what: "images and segmentations"}
	s.picture("Segmentations", images)
	for _, m := range masks {
		if len(m.Of) != len(images) {
			panic(fmt.Sprintf("plots: Segmentations: masks %q are of %d images, and there are %d; want as many", m.Label, len(m.Of), len(images)))
		}
		s.rows = append(s.rows, m.Label)
		for i, image := range images {
			s.tiles = append(s.tiles, s.segmented(image, m.Of[i]))
		}
	}
	return s.figure(.95)
}

// segmented is a grey image whose segments are tinted and outlined.
func (s *sheet) segmented(m Image, mask []int) tile {
	rows, cols := patchGrid("Segmentations", len(mask), m.Height, m.Width)
	below := m.colors(&s.scale)
	segment := func(i, j int) int {
		if i < 0 || j < 0 || i >= m.Height || j >= m.Width {
			return 0
		}
		return mask[i*rows/m.Height*cols+j*cols/m.Width]
	}
	palette := OkabeIto()
	return tile{height: m.Height, width: m.Width, at: func(i, j int) color.RGBA {
		k := segment(i, j)
		if k <= 0 {
			return grey(below(i, j))
		}
		share := .55
		if segment(i-1, j) != k || segment(i+1, j) != k || segment(i, j-1) != k || segment(i, j+1) != k {
			share = .95
		}
		return blend(grey(below(i, j)), opaque(palette[k%len(palette)]), share)
	}}
}

// Box is a rectangle on an image, in pixels from its upper left corner, in the
// order of COCO's annotations.
type Box struct {
	X, Y, Width, Height float64
	Label               string // written above the box; may be empty
}

// Detections draws images with boxes on them, in rows of the given number of
// columns; boxes[i] are those of image i. (arXiv 2308.16271, figure 5.)
func Detections(columns int, images []Image, boxes [][]Box) *Figure {
	if len(boxes) != len(images) {
		panic(fmt.Sprintf("plots: Detections: boxes of %d images and %d images; want as many", len(boxes), len(images)))
	}
	fig := Images(columns, images...)
	s := fig.content.(*sheet)
	for i := range boxes {
		s.tiles[i].boxes = boxes[i]
	}
	s.what = "images with boxes"
	return s.figure(1.3)
}

// drawBoxes draws the boxes of t, whose picture fills at.
func (t tile) drawBoxes(c draw.Canvas, at vg.Rectangle, s Style) {
	unit := at.Size().X / vg.Length(t.width)
	for k, b := range t.boxes {
		r := vg.Rectangle{
			Min: vg.Point{X: at.Min.X + vg.Length(b.X)*unit, Y: at.Max.Y - vg.Length(b.Y+b.Height)*unit},
			Max: vg.Point{X: at.Min.X + vg.Length(b.X+b.Width)*unit, Y: at.Max.Y - vg.Length(b.Y)*unit},
		}
		tint := s.color(k + 1)
		strokeFrame(c, draw.LineStyle{Color: color.White, Width: 2.6}, r)
		strokeFrame(c, draw.LineStyle{Color: tint, Width: 1.3}, r)
		if b.Label != "" { // no later box may cross it
			defer drawTag(c, at, r, b.Label, tint, s)
		}
	}
}

// drawTag writes label on a ground of the box's colour: above the box, or within
// it where the picture ends.
func drawTag(c draw.Canvas, at, r vg.Rectangle, label string, tint color.Color, s Style) {
	sty := s.textAt(s.FontSize - 2)
	sty.Color = color.White
	width, height := sty.Width(label)+4, sty.Height(label)+3
	y := min(r.Max.Y, at.Max.Y-height)
	x := max(at.Min.X, min(r.Min.X, at.Max.X-width))
	c.SetColor(tint)
	c.Fill(vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + width, Y: y + height}}.Path())
	fillBaseline(c, sty, x+2, y+2, label)
}

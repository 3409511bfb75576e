package plots

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawRaster fills r with rows × cols cells, the first row at the top. The
// cells are enlarged here, to whole pixels, because the back-ends would blur
// them; one drawn image also has no seams, as thousands of rectangles have.
func drawRaster(c draw.Canvas, r vg.Rectangle, rows, cols int, at func(i, j int) color.RGBA) {
	r = vg.Rectangle{
		Min: vg.Point{X: snap(r.Min.X), Y: snap(r.Min.Y)},
		Max: vg.Point{X: snap(r.Max.X), Y: snap(r.Max.Y)},
	}
	width, height := int(math.Round(float64(r.Size().X/pixel))), int(math.Round(float64(r.Size().Y/pixel)))
	if width <= 0 || height <= 0 || rows <= 0 || cols <= 0 {
		return
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		i0, i1 := cells(y, height, rows)
		for x := range width {
			j0, j1 := cells(x, width, cols)
			img.SetRGBA(x, y, mean(i0, i1, j0, j1, at))
		}
	}
	c.DrawImage(r, img)
}

// cells is the range of the n cells that pixel x of width covers: one cell
// where cells are larger than pixels, several where they are smaller.
func cells(x, width, n int) (first, last int) {
	first = x * n / width
	return first, max(first+1, (x+1)*n/width)
}

func mean(i0, i1, j0, j1 int, at func(i, j int) color.RGBA) color.RGBA {
	if i1-i0 == 1 && j1-j0 == 1 {
		return at(i0, j0)
	}
	var r, g, b, n int
	for i := i0; i < i1; i++ {
		for j := j0; j < j1; j++ {
			c := at(i, j)
			r, g, b, n = r+int(c.R), g+int(c.G), b+int(c.B), n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 0xFF}
}

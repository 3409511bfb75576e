package plots

import (
	"fmt"
	"image/color"
	"math"
)

// patchGrid is the grid of n patches, row by row, that cut an image of the given
// height and width.
func patchGrid(function string, n, height, width int) (rows, cols int) {
	rows = int(math.Round(math.Sqrt(float64(n) * float64(height) / float64(width))))
	if rows > 0 && n%rows == 0 && n > 0 {
		return rows, n / rows
	}
	panic(fmt.Sprintf("plots: %s: %d values do not make a grid of the shape of an image of %d × %d; want one for each patch, row by row, without the class token",
		function, n, height, width))
}

// blend mixes share of top into bottom.
func blend(bottom, top color.RGBA, share float64) color.RGBA {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + share*(float64(b)-float64(a)))) }
	return color.RGBA{mix(bottom.R, top.R), mix(bottom.G, top.G), mix(bottom.B, top.B), 0xFF}
}

func grey(c color.RGBA) color.RGBA {
	y := color.GrayModel.Convert(c).(color.Gray).Y
	return color.RGBA{y, y, y, 0xFF}
}

func opaque(c color.Color) color.RGBA {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return color.RGBA{n.R, n.G, n.B, 0xFF}
}

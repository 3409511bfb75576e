package plots

import (
	"image"
	"image/color"

	"gonum.org/v1/plot/vg"
)

// pdfCanvas corrects two things that gonum's PDF canvas does otherwise than its
// PNG and SVG canvases: it draws images upside down, and it takes the
// premultiplied components of a translucent colour for the colour itself, which
// comes out too dark.
type pdfCanvas struct{ vg.Canvas }

func (p pdfCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	b := img.Bounds()
	flipped := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			flipped.Set(x, b.Dy()-1-y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	p.Canvas.DrawImage(rect, flipped)
}

func (p pdfCanvas) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	p.Canvas.SetColor(straight{color.NRGBAModel.Convert(c).(color.NRGBA)})
}

// straight gives its components as they are, not multiplied by its alpha.
type straight struct{ color.NRGBA }

func (c straight) RGBA() (r, g, b, a uint32) {
	return uint32(c.R) * 0x101, uint32(c.G) * 0x101, uint32(c.B) * 0x101, uint32(c.A) * 0x101
}

package plots

import (
	"image"
	"image/color"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"
)

func TestPDFCanvas(t *testing.T) {
	img := image.NewRGBA(image.Rect(2, 3, 4, 6))
	top, bottom := color.RGBA{0xFF, 0, 0, 0xFF}, color.RGBA{0, 0, 0xFF, 0xFF}
	img.SetRGBA(2, 3, top)
	img.SetRGBA(2, 5, bottom)
	var inner recorder.Canvas
	c := pdfCanvas{&inner}
	c.DrawImage(vg.Rectangle{}, img)
	c.SetColor(color.NRGBA{200, 100, 50, 128})

	drawn := inner.Actions[0].(*recorder.DrawImage).Image
	if got := color.RGBAModel.Convert(drawn.At(0, 2)); got != top {
		t.Errorf("the first row came out as %v at the bottom, want %v: gonum turns images over", got, top)
	}
	if got := color.RGBAModel.Convert(drawn.At(0, 0)); got != bottom {
		t.Errorf("the last row came out as %v at the top, want %v", got, bottom)
	}
	r, g, b, a := inner.Actions[1].(*recorder.SetColor).Color.RGBA()
	if r>>8 != 200 || g>>8 != 100 || b>>8 != 50 || a>>8 != 128 {
		t.Errorf("the colour reached the PDF as %d %d %d at %d, want 200 100 50 at 128", r>>8, g>>8, b>>8, a>>8)
	}
}

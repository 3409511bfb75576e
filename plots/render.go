package plots

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// dpi is twice the 96 dots that a CSS inch has: sharp on dense screens.
const dpi = 192

// pixel is the side of a pixel of a PNG.
const pixel = 72. / dpi * vg.Length(1)

// PNG returns the figure at 192 dots per inch.
func (f *Figure) PNG() []byte {
	w, h := f.extent()
	c := vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(dpi))
	f.drawTo(draw.NewCanvas(c, w, h))
	return annotatePNG(written(vgimg.PngCanvas{Canvas: c}), f.facts())
}

// SVG returns the figure as an SVG document. Its letters are outlines: it needs
// no font, and looks everywhere as it does here.
//
// The result is not a string because a notebook would then put an SVG beside
// the PNG of every figure, which readers who do not trust the notebook may not
// see. To show one all the same, use display.SVG(string(fig.SVG())).
func (f *Figure) SVG() []byte {
	w, h := f.extent()
	c := vgsvg.New(w, h)
	f.drawTo(draw.NewCanvas(c, w, h))
	return annotateSVG(written(c), f.String(), f.facts())
}

// PDF returns the figure as a one-page PDF document of its size.
func (f *Figure) PDF() []byte {
	w, h := f.extent()
	c := vgpdf.New(w, h)
	f.drawTo(draw.NewCanvas(pdfCanvas{c}, w, h))
	return annotatePDF(written(c), f.facts())
}

// Save writes the figure to a file in the format that its extension names:
// .png, .svg or .pdf.
func (f *Figure) Save(path string) error {
	var data []byte
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".png":
		data = f.PNG()
	case ".svg":
		data = f.SVG()
	case ".pdf":
		data = f.PDF()
	default:
		return fmt.Errorf("plots: cannot save a figure as %q: want a name that ends in .png, .svg or .pdf", path)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		return fmt.Errorf("plots: saving a figure: %w", err)
	}
	return nil
}

// MIMEBundle returns the figure as a notebook shows it.
func (f *Figure) MIMEBundle() map[string]any {
	return map[string]any{"image/png": f.PNG(), "text/plain": f.String()}
}

// MIMEMetadata returns the size at which a notebook shows it, in CSS pixels.
func (f *Figure) MIMEMetadata() map[string]any {
	w, h := f.extent()
	css := func(l vg.Length) int { return int(math.Round(float64(l) / 72 * 96)) }
	return map[string]any{"image/png": map[string]any{"width": css(w), "height": css(h)}}
}

// extent is the size with the caption, in whole CSS pixels.
func (f *Figure) extent() (w, h vg.Length) {
	w, h = vg.Length(f.Width)*vg.Inch, vg.Length(f.height())*vg.Inch
	h += f.captionHeight(w)
	whole := func(l vg.Length) vg.Length { return vg.Length(math.Round(float64(l)/.75)) * .75 }
	return whole(w), whole(h)
}

// height is Height, or what the content asks for, in inches.
func (f *Figure) height() float64 {
	a, ok := f.content.(*axes)
	if f.Height > 0 || !ok {
		return f.Height
	}
	const most = 4.
	width := vg.Length(f.Width)*vg.Inch - 2*margin
	h := a.natural(width, f.style) + f.header("") + 2*margin
	return min(float64(h/vg.Inch), most)
}

// drawTo draws the figure and its caption over all of c.
func (f *Figure) drawTo(c draw.Canvas) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	f.drawCaption(c)
	c = draw.Crop(c, 0, 0, f.captionHeight(c.Max.X-c.Min.X), 0)
	f.drawPanel(draw.Crop(c, margin, -margin, margin, -margin), "", f.header(""))
}

const (
	margin   = 4 * vg.Length(1) // the white around a figure
	titleGap = 4 * vg.Length(1) // between a title and what is below it
)

// header is the height that the title and the panel's letter need.
func (f *Figure) header(tag string) vg.Length {
	if f.title() == "" && tag == "" {
		return 0
	}
	return f.style.text().Height(f.title()+tag) + titleGap
}

// drawPanel draws the figure without its caption in c, the topmost part of
// which, header high, is for the title and the panel's letter.
func (f *Figure) drawPanel(c draw.Canvas, tag string, header vg.Length) {
	body := draw.Crop(c, 0, 0, 0, -header)
	area := f.content.area(body, f.style)
	f.content.draw(body, f.style)
	sty := f.style.text()
	_, height, _ := sty.Handler.Box(f.title()+tag, sty.Font)
	baseline := c.Max.Y - height
	if tag != "" {
		fillBaseline(c, bold(sty), area.Min.X, baseline, tag)
	}
	if title := f.title(); title != "" {
		room := area.Size().X - 2.2*sty.Width(tag)
		sty = fitted(sty, title, max(room, area.Size().X/2))
		sty.XAlign = draw.XCenter
		fillBaseline(c, sty, (area.Min.X+area.Max.X)/2, baseline, title)
	}
}

func written(w io.WriterTo) []byte {
	var b bytes.Buffer
	if _, err := w.WriteTo(&b); err != nil {
		panic("plots: writing a figure to memory: " + err.Error())
	}
	return b.Bytes()
}

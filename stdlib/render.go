package stdlib

import (
	"bytes"
	"fmt"
	"sync"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/gocrate/gocrate/stdlib/display"
)

// RegisterRenderers makes package display show gonum's plots as pictures and
// gonum's matrices as tables. Further calls do nothing.
func RegisterRenderers() { registerRenderers() }

var registerRenderers = sync.OnceFunc(func() {
	display.Register(renderMatrix)
	display.Register(renderPlot)
})

// The size of a plot that does not say any, and its resolution: two pixels for
// each of CSS, so that it is sharp on today's screens.
const (
	plotWidth  = 4.5 * vg.Inch
	plotHeight = 3 * vg.Inch
	cssPixels  = 96 // an inch
	plotDPI    = 2 * cssPixels
)

func renderPlot(v any) (display.Bundle, bool) {
	p, ok := v.(*plot.Plot)
	if !ok || p == nil {
		return display.Bundle{}, false
	}
	canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(plotDPI))}
	p.Draw(draw.New(canvas))
	var buf bytes.Buffer
	if _, err := canvas.WriteTo(&buf); err != nil {
		return display.Text(fmt.Sprintf("plot that cannot be drawn: %v", err)), true
	}
	text := "plot"
	if p.Title.Text != "" {
		text += ": " + p.Title.Text
	}
	return display.Bundle{
		Data: map[string]any{"image/png": buf.Bytes(), "text/plain": text},
		Metadata: map[string]any{"image/png": map[string]any{
			"width":  int(plotWidth.Dots(cssPixels)),
			"height": int(plotHeight.Dots(cssPixels)),
		}},
	}, true
}

func renderMatrix(v any) (display.Bundle, bool) {
	m, ok := v.(mat.Matrix)
	if !ok {
		return display.Bundle{}, false
	}
	t := newTable(m)
	return display.Bundle{Data: map[string]any{"text/plain": t.text(), "text/html": t.html()}}, true
}

package plots

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Image is a small picture, given as numbers.
type Image struct {
	Title string
	// Pixels holds Height × Width grey values row by row, or three such planes
	// (red, green, blue) one after another.
	Pixels        []float32
	Height, Width int
}

// Images draws pictures in rows of the given number of columns, each under its
// title. The smallest value of all is black and the largest white, unless
// [Figure.WithRange] says otherwise.
func Images(columns int, images ...Image) *Figure {
	for i, m := range images {
		if n := m.Height * m.Width; m.Height <= 0 || m.Width <= 0 || len(m.Pixels) != n && len(m.Pixels) != 3*n {
			panic(fmt.Sprintf("plots: Images: image %d has %d pixels but is %d × %d; want %d grey values, or three planes of as many",
				i, len(m.Pixels), m.Height, m.Width, n))
		}
	}
	if columns <= 0 {
		panic(fmt.Sprintf("plots: Images: %d columns; want at least 1", columns))
	}
	s := &sheet{images: images, columns: min(columns, max(1, len(images))), scale: greyScale(images)}
	rows := (len(images) + s.columns - 1) / s.columns
	cell := math.Min(.85, PageWidth/float64(s.columns))
	height := float64(rows) * cell * s.shape()
	if s.titled() {
		height += float64(rows) * .19
	}
	return newFigure(math.Max(1.2, cell*float64(s.columns)), math.Max(.8, height), s)
}

// sheet is the content of a figure of images.
type sheet struct {
	images  []Image
	columns int
	scale   scale
	note    string
}

func greyScale(images []Image) scale {
	s := scale{math.Inf(1), math.Inf(-1), greys}
	for _, m := range images {
		for _, pixel := range m.Pixels {
			if v := float64(pixel); finite(v) {
				s.lo, s.hi = math.Min(s.lo, v), math.Max(s.hi, v)
			}
		}
	}
	return s
}

// shape is the height of the tallest image at width 1.
func (s *sheet) shape() float64 {
	tallest := 0.
	for _, m := range s.images {
		tallest = math.Max(tallest, float64(m.Height)/float64(m.Width))
	}
	return math.Max(tallest, .1)
}

func (s *sheet) titled() bool {
	for _, m := range s.images {
		if m.Title != "" {
			return true
		}
	}
	return false
}

func (s *sheet) restyle(Style)           {}
func (s *sheet) setRange(lo, hi float64) { s.scale.lo, s.scale.hi = lo, hi }
func (s *sheet) setLabels(x, y string)   {}
func (s *sheet) setNote(note string)     { s.note = note }

func (s *sheet) area(c draw.Canvas, _ Style) vg.Rectangle { return c.Rectangle }

func (s *sheet) draw(c draw.Canvas, style Style) {
	rows := (len(s.images) + s.columns - 1) / s.columns
	header := vg.Length(0)
	if s.titled() {
		header = style.small().Height("0") + 4
	}
	gap := vg.Length(5)
	tiles := draw.Tiles{Rows: rows, Cols: s.columns, PadX: gap, PadY: gap}
	for i, m := range s.images {
		cell := tiles.At(c, i%s.columns, i/s.columns)
		r := largest(draw.Crop(cell, 0, 0, 0, -header).Rectangle, float64(m.Width)/float64(m.Height))
		drawRaster(cell, r, m.Height, m.Width, s.pixels(m))
		strokeFrame(cell, draw.LineStyle{Color: edgeGrey, Width: frameWidth}, r)
		sty := fitted(style.small(), m.Title, cell.Max.X-cell.Min.X+gap)
		sty.XAlign = draw.XCenter
		fillBaseline(cell, sty, (r.Min.X+r.Max.X)/2, r.Max.Y+.35*sty.Font.Size, m.Title)
	}
	if len(s.images) == 0 {
		sty := style.small()
		sty.XAlign, sty.YAlign, sty.Color = draw.XCenter, draw.YCenter, quietGrey
		c.FillText(sty, c.Center(), "no images")
	}
}

// pixels colours an image: greys, or its three planes.
func (s *sheet) pixels(m Image) func(i, j int) color.RGBA {
	n := m.Height * m.Width
	if len(m.Pixels) == n {
		return func(i, j int) color.RGBA { return s.scale.at(float64(m.Pixels[i*m.Width+j])) }
	}
	return func(i, j int) color.RGBA {
		plane := func(k int) uint8 { return s.scale.at(float64(m.Pixels[k*n+i*m.Width+j])).R }
		return color.RGBA{plane(0), plane(1), plane(2), 0xFF}
	}
}

// largest is the largest rectangle of the given aspect at the top of r.
func largest(r vg.Rectangle, aspect float64) vg.Rectangle {
	width, height := r.Size().X, r.Size().Y
	if w := height * vg.Length(aspect); w < width {
		r.Min.X += (width - w) / 2
		r.Max.X = r.Min.X + w
	} else {
		r.Min.Y = r.Max.Y - width/vg.Length(aspect)
	}
	return r
}

func (s *sheet) describe() string {
	var titles []string
	for _, m := range s.images {
		if m.Title != "" {
			titles = append(titles, mathtext.Plain(m.Title))
		}
	}
	text := fmt.Sprintf("%d images", len(s.images))
	if len(titles) > 0 {
		text += " titled " + strings.Join(titles, ", ")
	}
	return text + "."
}

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

// tile is one picture of a sheet.
type tile struct {
	title         string
	height, width int // in cells
	at            func(i, j int) color.RGBA
	value         func(i, j int) float64 // what the colour means; nil for a photograph
	boxes         []Box
}

// sheet is the content of a figure of pictures in rows and columns.
type sheet struct {
	tiles   []tile
	columns int
	rows    []string // what is written at the left of each row; may be nil
	scale   scale    // of those tiles that WithRange is for
	what    string   // the tiles are, for those who cannot see them
}

const tileGap = 5 * vg.Length(1)

// figure makes a figure of s with tiles about side inches wide.
func (s *sheet) figure(side float64) *Figure {
	side = math.Min(side, PageWidth/float64(s.columns))
	tallest := .1
	for _, t := range s.tiles {
		tallest = math.Max(tallest, float64(t.height)/float64(t.width))
	}
	width, height := side*float64(s.columns), 0.
	for r := range s.count() {
		height += side * tallest
		if s.titled(r) {
			height += .19
		}
	}
	if s.rows != nil {
		width += .22
	}
	return newFigure(math.Max(1.2, width), math.Max(.8, height), s)
}

// count is how many rows there are.
func (s *sheet) count() int { return (len(s.tiles) + s.columns - 1) / s.columns }

func (s *sheet) row(r int) []tile {
	return s.tiles[r*s.columns : min((r+1)*s.columns, len(s.tiles))]
}

func (s *sheet) titled(r int) bool {
	for _, t := range s.row(r) {
		if t.title != "" {
			return true
		}
	}
	return false
}

func (s *sheet) restyle(Style)           {}
func (s *sheet) setRange(lo, hi float64) { s.scale.lo, s.scale.hi = lo, hi }
func (s *sheet) setLabels(x, y string)   {}
func (s *sheet) setNote(note string)     {}

func (s *sheet) area(c draw.Canvas, _ Style) vg.Rectangle { return c.Rectangle }

func (s *sheet) draw(c draw.Canvas, style Style) {
	if len(s.tiles) == 0 {
		sty := style.small()
		sty.XAlign, sty.YAlign, sty.Color = draw.XCenter, draw.YCenter, quietGrey
		c.FillText(sty, c.Center(), "no images")
	}
	head := style.small().Height("0") + 4
	body := s.besideLabels(c, style)
	high := c.Max.Y - c.Min.Y - vg.Length(s.count()-1)*tileGap
	for r := range s.count() {
		if s.titled(r) {
			high -= head
		}
	}
	high /= vg.Length(max(1, s.count()))
	top := c.Max.Y
	for r := range s.count() {
		if s.titled(r) {
			top -= head
		}
		cell := draw.Crop(body, 0, 0, top-high-c.Min.Y, top-c.Max.Y)
		s.drawRow(cell, r, style)
		if r < len(s.rows) {
			s.drawLabel(draw.Crop(cell, body.Min.X-c.Min.X, 0, 0, 0), c.Min.X, s.rows[r], style)
		}
		top -= high + tileGap
	}
}

// besideLabels is c without the room for the labels of the rows.
func (s *sheet) besideLabels(c draw.Canvas, style Style) draw.Canvas {
	if s.rows == nil {
		return c
	}
	return draw.Crop(c, style.small().Height("0")+6, 0, 0, 0)
}

func (s *sheet) drawLabel(cell draw.Canvas, x vg.Length, label string, style Style) {
	sty := fitted(style.small(), label, cell.Max.Y-cell.Min.Y+tileGap)
	sty.Rotation = math.Pi / 2
	sty.XAlign = draw.XCenter
	at := vg.Point{X: x + sty.Height(label) - sty.FontExtents().Descent, Y: (cell.Min.Y + cell.Max.Y) / 2}
	cell.FillText(sty, at, label)
}

func (s *sheet) drawRow(c draw.Canvas, r int, style Style) {
	wide := (c.Max.X - c.Min.X - vg.Length(s.columns-1)*tileGap) / vg.Length(s.columns)
	for k, t := range s.row(r) {
		left := vg.Length(k) * (wide + tileGap)
		cell := draw.Crop(c, left, left+wide-(c.Max.X-c.Min.X), 0, 0)
		at := largest(cell.Rectangle, float64(t.width)/float64(t.height))
		drawRaster(cell, at, t.height, t.width, t.at)
		strokeFrame(cell, draw.LineStyle{Color: edgeGrey, Width: frameWidth}, at)
		t.drawBoxes(cell, at, style)
		sty := fitted(style.small(), t.title, wide+tileGap)
		sty.XAlign = draw.XCenter
		fillBaseline(cell, sty, (at.Min.X+at.Max.X)/2, at.Max.Y+.35*sty.Font.Size, t.title)
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
	text := fmt.Sprintf("%d %s", len(s.tiles), s.what)
	for _, list := range [][]string{s.titles(), s.rows} {
		if len(list) > 0 {
			text += " titled " + mathtext.Plain(strings.Join(list, ", "))
			break
		}
	}
	return text + "."
}

func (s *sheet) titles() (titles []string) {
	for _, t := range s.tiles {
		if t.title != "" {
			titles = append(titles, t.title)
		}
	}
	return titles
}

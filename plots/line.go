package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// line is the plotter of a [Series].
type line struct {
	Series
	index   int // chooses colour and marker
	markers bool
	style   Style
}

func (l *line) setStyle(s Style)         { l.style = s }
func (l *line) thumbWidth() float64      { return 1.9 }
func (l *line) values() (x, y []float64) { return l.X, l.reach() }

func (l *line) tint() color.Color {
	if l.Color != nil {
		return l.Color
	}
	return l.style.color(l.index)
}

func (l *line) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for i := range l.Mean {
		x, _, lo, hi, ok := l.at(i)
		if ok {
			xmin, xmax = math.Min(xmin, x), math.Max(xmax, x)
			ymin, ymax = math.Min(ymin, lo), math.Max(ymax, hi)
		}
	}
	return xmin, xmax, ymin, ymax
}

// band is the plotter of what a series spreads. All bands are drawn before the
// first line, or the later ones would dull the earlier lines.
type band struct{ *line }

func (b band) Plot(c draw.Canvas, p *plot.Plot) {
	for _, s := range b.segments(c, p) {
		c.FillPolygon(translucent(b.tint(), 0x30), c.ClipPolygonXY(s.band()))
		edge := draw.LineStyle{Color: translucent(b.tint(), 0x70), Width: .5}
		c.StrokeLines(edge, c.ClipLinesXY(s.low, s.high)...)
	}
}

func (l *line) Plot(c draw.Canvas, p *plot.Plot) {
	sty := draw.LineStyle{Color: l.tint(), Width: vg.Points(l.style.LineWidth)}
	for _, s := range l.segments(c, p) {
		c.StrokeLines(sty, c.ClipLinesXY(s.mean)...)
		for _, pt := range s.mean {
			if (l.markers || len(s.mean) == 1) && c.Contains(pt) {
				drawMarker(c, l.index, pt, vg.Points(l.style.MarkerSize)/2, l.tint())
			}
		}
	}
}

// segment is a piece of the curve without a gap.
type segment struct{ mean, low, high []vg.Point }

func (s segment) band() []vg.Point {
	band := append([]vg.Point(nil), s.high...)
	for i := len(s.low) - 1; i >= 0; i-- {
		band = append(band, s.low[i])
	}
	return band
}

// segments places the curve on c; what has no place, such as a negative number
// on a logarithmic axis, leaves a gap.
func (l *line) segments(c draw.Canvas, p *plot.Plot) (out []segment) {
	gap := true
	for i := range l.Mean {
		x, mean, lo, hi, ok := l.at(i)
		at := vg.Point{X: c.X(p.X.Norm(x)), Y: c.Y(p.Y.Norm(mean))}
		if !ok || !finite(float64(at.X)) || !finite(float64(at.Y)) {
			gap = true
			continue
		}
		if gap {
			out = append(out, segment{})
			gap = false
		}
		s := &out[len(out)-1]
		s.mean = append(s.mean, at)
		if l.SD != nil {
			s.low = append(s.low, vg.Point{X: at.X, Y: floor(c, p, lo)})
			s.high = append(s.high, vg.Point{X: at.X, Y: c.Y(p.Y.Norm(hi))})
		}
	}
	return out
}

// floor places the lower edge of a band, which on a logarithmic axis may have
// left the positive numbers.
func floor(c draw.Canvas, p *plot.Plot, lo float64) vg.Length {
	if y := c.Y(p.Y.Norm(lo)); finite(float64(y)) {
		return y
	}
	return c.Min.Y
}

// Thumbnail draws the sample of the curve in a legend.
func (l *line) Thumbnail(c *draw.Canvas) {
	tint := l.tint()
	y := c.Center().Y
	if l.SD != nil {
		half := (c.Max.Y - c.Min.Y) * .36
		c.FillPolygon(translucent(tint, 0x30), []vg.Point{
			{X: c.Min.X, Y: y - half}, {X: c.Max.X, Y: y - half}, {X: c.Max.X, Y: y + half}, {X: c.Min.X, Y: y + half}})
	}
	c.StrokeLine2(draw.LineStyle{Color: tint, Width: vg.Points(l.style.LineWidth)}, c.Min.X, y, c.Max.X, y)
	if l.markers {
		drawMarker(*c, l.index, c.Center(), vg.Points(l.style.MarkerSize)/2, tint)
	}
}

func translucent(c color.Color, alpha uint8) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = alpha
	return n
}

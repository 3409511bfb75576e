package plots

import (
	"image"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// placed is a legend or a note with its place.
type placed struct {
	vg.Rectangle
	paint func(draw.Canvas, vg.Rectangle)
}

// inset is the distance of legends and notes from the frame.
const inset = 5 * vg.Length(1)

// places finds room for the legend and the note within p drawn on c. Where
// every corner is taken it raises the upper end of the vertical axis, unless
// that has been set by hand.
func (a *axes) places(c draw.Canvas, p *plot.Plot, s Style) (out []placed) {
	if a.message != "" {
		return nil
	}
	l := a.shownLegend(s)
	if len(l.entries) == 0 && a.note == "" {
		return nil
	}
	d := sketchOf(c, p)
	if len(l.entries) > 0 {
		r, free := d.place(l.size())
		if !free && a.plot.Y.Max == a.auto {
			l, d = a.raise(l, d, c, p, s)
			r, _ = d.place(l.size())
		}
		out = append(out, placed{r, l.paint})
		d.occupy(r)
	}
	if a.note != "" {
		n := note{a.note, s}
		r, _ := d.place(n.size())
		out = append(out, placed{r, n.paint})
	}
	return out
}

// shownLegend has the entries that are labelled.
func (a *axes) shownLegend(s Style) legend {
	l := legend{columns: 1, style: s}
	for _, e := range a.legend {
		if e.label != "" && !s.NoLegend && !a.unkeyed {
			l.entries = append(l.entries, e)
		}
	}
	return l
}

// raise makes room above the data for l, which becomes as flat as fits.
func (a *axes) raise(l legend, d sketch, c draw.Canvas, p *plot.Plot, s Style) (legend, sketch) {
	flat := l.flattened(d.data.Size().X - 2*inset)
	_, height := flat.size()
	share := float64((height + 2*inset) / d.data.Size().Y)
	if share > .45 {
		return l, d // it would cost more than it is worth
	}
	p.Y.Max += (p.Y.Max - p.Y.Min) * share / (1 - share)
	a.settle(p, c, s)
	return flat, sketchOf(c, p)
}

// sketch is a coarse picture of the data alone, one pixel a point, from which
// it is seen where there is room. Looking at the picture rather than at the
// numbers makes it true for any plotter.
type sketch struct {
	data  vg.Rectangle
	image image.Image
	taken []vg.Rectangle
}

func sketchOf(c draw.Canvas, p *plot.Plot) sketch {
	img := vgimg.NewWith(vgimg.UseWH(c.Max.X, c.Max.Y), vgimg.UseDPI(72))
	sketched := draw.Canvas{Canvas: img, Rectangle: c.Rectangle}
	p.Draw(sketched)
	return sketch{data: p.DataCanvas(c).Rectangle, image: img.Image()}
}

func (d *sketch) occupy(r vg.Rectangle) { d.taken = append(d.taken, r) }

// place returns the emptiest of eight places at the frame for a box, and
// whether it is quite empty. Earlier places win among equals.
func (d sketch) place(width, height vg.Length) (best vg.Rectangle, free bool) {
	const left, middle, right = 0, .5, 1
	least := math.Inf(1)
	for _, at := range [][2]vg.Length{
		{right, right}, {left, right}, {left, left}, {right, left},
		{right, middle}, {left, middle}, {middle, right}, {middle, left},
	} {
		spare := vg.Point{X: d.data.Size().X - width - 2*inset, Y: d.data.Size().Y - height - 2*inset}
		corner := vg.Point{X: snap(d.data.Min.X + inset + at[0]*spare.X), Y: snap(d.data.Min.Y + inset + at[1]*spare.Y)}
		r := vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: snap(width), Y: snap(height)})}
		if n := d.ink(r); n < least {
			best, least = r, n
		}
	}
	return best, least == 0
}

// ink is how much is drawn within r: 1 for each black pixel.
func (d sketch) ink(r vg.Rectangle) (sum float64) {
	for _, t := range d.taken {
		if r.Min.X < t.Max.X && t.Min.X < r.Max.X && r.Min.Y < t.Max.Y && t.Min.Y < r.Max.Y {
			sum += 1e6
		}
	}
	const near = 2 // points of white to keep around the box
	high := d.image.Bounds().Max.Y
	for y := int(r.Min.Y) - near; y < int(r.Max.Y)+near; y++ {
		for x := int(r.Min.X) - near; x < int(r.Max.X)+near; x++ {
			red, green, blue, _ := d.image.At(x, high-1-y).RGBA()
			if dark := 0xFFFF - min(red, green, blue); dark > 0x400 && image.Pt(x, high-1-y).In(d.image.Bounds()) {
				sum += float64(dark) / 0xFFFF
			}
		}
	}
	return sum
}

// note is a few words in a frame.
type note struct {
	text  string
	style Style
}

func (n note) size() (width, height vg.Length) {
	sty := n.style.small()
	return sty.Width(n.text) + 10, sty.Height(n.text) + 8
}

func (n note) paint(c draw.Canvas, r vg.Rectangle) {
	paintFrame(c, r)
	sty := n.style.small()
	sty.YAlign = draw.YCenter
	c.FillText(sty, vg.Point{X: r.Min.X + 5, Y: (r.Min.Y+r.Max.Y)/2 + sty.FontExtents().Descent}, n.text)
}

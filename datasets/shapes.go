package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/segment"
	"golang.org/x/sync/errgroup"
)

// Drawing says what [DrawShapes] draws. The zero value of a field stands for its
// default.
type Drawing struct {
	Count int     // images; 0: 1000
	Size  int     // height and width in pixels; 0: 32
	Noise float64 // standard deviation of the noise of each pixel; 0: 0.05, negative: none
	Seed  uint64  // equal seeds draw equal images; a greater Count adds images to them
}

// Segmented are images whose pixels are known to belong to an object or not.
type Segmented struct {
	Images crate.Images
	Masks  []bool // image, row, column: whether the pixel belongs to the object
}

// String says what the images are.
func (s Segmented) String() string { return s.Images.String() + ", with masks" }

// Mask returns which pixels of image i belong to the object: row, column. It
// shares its memory with s.
func (s Segmented) Mask(i int) []bool { return s.Slice(i, i+1).Masks }

// Objects returns the masks of the objects in every image, one each, as package
// segment takes them. They share their memory with s.
func (s Segmented) Objects() [][]segment.Mask {
	objects := make([][]segment.Mask, s.Images.Len())
	for i := range objects {
		objects[i] = []segment.Mask{{Height: s.Images.Height, Width: s.Images.Width, Bits: s.Mask(i)}}
	}
	return objects
}

// Slice returns images i, i+1, …, j−1 with their masks. The result shares its
// memory with s.
func (s Segmented) Slice(i, j int) Segmented {
	plane := s.Images.Height * s.Images.Width
	return Segmented{Images: s.Images.Slice(i, j), Masks: s.Masks[i*plane : j*plane]}
}

// shapes are the classes of [DrawShapes]. A shape is a set of points (u, v) in
// the disc of radius 1.
var shapes = []struct {
	name   string
	inside func(u, v float64) bool
}{
	{"disc", func(u, v float64) bool { return math.Hypot(u, v) <= 1 }},
	{"square", func(u, v float64) bool { return max(math.Abs(u), math.Abs(v)) <= math.Sqrt2/2 }},
	{"triangle", func(u, v float64) bool { return v >= -0.5 && v <= 1-math.Sqrt(3)*math.Abs(u) }},
	{"star", func(u, v float64) bool { return math.Hypot(u, v) <= 0.6+0.4*math.Cos(5*math.Atan2(v, u)) }},
	{"cross", func(u, v float64) bool {
		u, v = math.Abs(u), math.Abs(v)
		return min(u, v) <= 0.28 && max(u, v) <= 0.96
	}},
	{"ring", func(u, v float64) bool { r := math.Hypot(u, v); return r >= 0.55 && r <= 1 }},
}

// The radius of a shape is uniform between these shares of an image's size, so
// that about 11 % of all pixels belong to shapes.
const minRadius, maxRadius = 0.16, 0.31

// DrawShapes draws colour images of one shape each: a disc, a square, a triangle,
// a star of five petals, a cross or a ring, of random colour, size, place and
// turn, whole in the image, before waves of two random colours, with noise on
// everything. The shape is the class: image i has label i mod 6. Masks are exact:
// a pixel has the colour of the shape if its centre is inside, else that of the
// background. Pixels are between 0 and 1.
//
// It is a set on which classification alone makes attention segment: there are
// labels to train with and masks to measure by. About 11 % of the pixels belong
// to shapes, which a measure of overlap has to be held against.
func DrawShapes(d Drawing) Segmented {
	d = d.withDefaults()
	s := Segmented{
		Images: crate.Images{Channels: 3, Height: d.Size, Width: d.Size, Classes: len(shapes)},
		Masks:  make([]bool, d.Count*d.Size*d.Size),
	}
	s.Images.Pixels = make([]float32, 3*len(s.Masks))
	for _, shape := range shapes {
		s.Images.Names = append(s.Images.Names, shape.name)
	}
	for i := range d.Count {
		s.Images.Labels = append(s.Images.Labels, i%len(shapes))
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range d.Count {
		g.Go(func() error {
			d.draw(s.Slice(i, i+1), rand.New(rand.NewPCG(d.Seed, uint64(i))))
			return nil
		})
	}
	g.Wait()
	return s
}

// draw draws one image.
func (d Drawing) draw(s Segmented, rng *rand.Rand) {
	inside := d.place(shapes[s.Images.Labels[0]].inside, rng)
	background := waves(rng)
	shape := colour(rng)
	plane := d.Size * d.Size
	for y := range d.Size {
		for x := range d.Size {
			u, v := (float64(x)+0.5)/float64(d.Size), (float64(y)+0.5)/float64(d.Size)
			rgb := shape
			if s.Masks[y*d.Size+x] = inside(u, v); !s.Masks[y*d.Size+x] {
				rgb = background(u, v)
			}
			for c := range rgb {
				p := rgb[c] + max(d.Noise, 0)*rng.NormFloat64()
				s.Images.Pixels[c*plane+y*d.Size+x] = float32(min(max(p, 0), 1))
			}
		}
	}
}

// place gives a shape its place, size and turn in the image, which is the unit
// square.
func (d Drawing) place(inside func(u, v float64) bool, rng *rand.Rand) func(x, y float64) bool {
	r := minRadius + (maxRadius-minRadius)*rng.Float64()
	cx, cy := r+(1-2*r)*rng.Float64(), r+(1-2*r)*rng.Float64()
	sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
	return func(x, y float64) bool {
		x, y = (x-cx)/r, (y-cy)/r
		return inside(cos*x+sin*y, cos*y-sin*x)
	}
}

// waves returns a background of two colours that pass into each other two to six
// times across the image, in a random direction.
func waves(rng *rand.Rand) func(x, y float64) [3]float64 {
	a, b := colour(rng), colour(rng)
	sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
	frequency, phase := 2+4*rng.Float64(), rng.Float64()
	return func(x, y float64) (rgb [3]float64) {
		t := 0.5 + 0.5*math.Sin(2*math.Pi*(frequency*(cos*x+sin*y)+phase))
		for c := range rgb {
			rgb[c] = t*a[c] + (1-t)*b[c]
		}
		return rgb
	}
}

func colour(rng *rand.Rand) [3]float64 {
	return [3]float64{rng.Float64(), rng.Float64(), rng.Float64()}
}

func (d Drawing) withDefaults() Drawing {
	setDefault(&d.Count, 1000)
	setDefault(&d.Size, 32)
	if d.Noise == 0 {
		d.Noise = 0.05
	}
	if d.Count < 0 || d.Size < 0 || d.Size > maxSize || int64(d.Count) > maxFloats/(3*int64(d.Size)*int64(d.Size)) {
		panic(fmt.Sprintf("datasets: Drawing: Count %d, Size %d; want neither negative, Size at most %d, and at most 8 GB of pixels", d.Count, d.Size, maxSize))
	}
	return d
}

package datasets

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// The areas of the shapes by integration over a fine grid and by formula.
func TestShapesHaveTheirAreas(t *testing.T) {
	want := map[string]float64{
		"disc":     math.Pi,
		"square":   2,
		"triangle": 3 * math.Sqrt(3) / 4,
		"star":     math.Pi * (0.6*0.6 + 0.4*0.4/2),
		"cross":    4*2*0.28*0.96 - 4*0.28*0.28,
		"ring":     math.Pi * (1 - 0.55*0.55),
	}
	const n = 1000
	for _, shape := range shapes {
		count := 0
		for i := range n {
			for k := range n {
				u, v := 2.2*(float64(i)+0.5)/n-1.1, 2.2*(float64(k)+0.5)/n-1.1
				if in := shape.inside(u, v); in {
					count++
					if math.Hypot(u, v) > 1+1e-9 {
						t.Fatalf("%s reaches out of its disc at %v, %v", shape.name, u, v)
					}
				}
			}
		}
		if area := float64(count) * 2.2 * 2.2 / (n * n); math.Abs(area-want[shape.name]) > 0.01 {
			t.Errorf("area of the %s is %v, want %v", shape.name, area, want[shape.name])
		}
	}
}

func TestDrawShapes(t *testing.T) {
	s := DrawShapes(Drawing{Count: 3000, Seed: 1})
	x := s.Images
	if err := x.Validate(); err != nil || x.Len() != 3000 || x.Channels != 3 || x.Height != 32 || x.Width != 32 || x.Classes != 6 || len(x.Names) != 6 {
		t.Fatal(x.Len(), x.Channels, x.Height, x.Width, x.Names, err)
	}
	if lo, hi := slices.Min(x.Pixels), slices.Max(x.Pixels); lo < 0 || hi > 1 {
		t.Errorf("pixels from %v to %v", lo, hi)
	}
	object := 0
	for _, in := range s.Masks {
		if in {
			object++
		}
	}
	if share := float64(object) / float64(len(s.Masks)); math.Abs(share-0.113) > 0.004 {
		t.Errorf("%.4f of the pixels belong to shapes, want about 0.113", share)
	}
}

// Without noise a mask is where the image has the one colour of the shape.
func TestMasksAreExact(t *testing.T) {
	s := DrawShapes(Drawing{Count: 60, Size: 40, Noise: -1, Seed: 2})
	for i := range s.Images.Len() {
		mask, p := s.Mask(i), s.Images.Image(i)
		at := slices.Index(mask, true)
		for k, in := range mask {
			same := p[k] == p[at] && p[1600+k] == p[1600+at] && p[3200+k] == p[3200+at]
			if same != in {
				t.Fatalf("image %d, %s, pixel %d: colour of the shape %v, mask %v", i, s.Images.Names[s.Images.Labels[i]], k, same, in)
			}
		}
	}
}

// What is drawn depends on the seed and the number of the image alone.
func TestDrawShapesFollowsTheSeed(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	few := DrawShapes(Drawing{Count: 10, Size: 12, Seed: 3})
	runtime.GOMAXPROCS(8)
	many := DrawShapes(Drawing{Count: 30, Size: 12, Seed: 3}).Slice(0, 10)
	if !slices.Equal(few.Images.Pixels, many.Images.Pixels) || !slices.Equal(few.Masks, many.Masks) {
		t.Error("the first ten images of thirty are others")
	}
	other := DrawShapes(Drawing{Count: 10, Size: 12, Seed: 4})
	if slices.Equal(few.Images.Pixels, other.Images.Pixels) {
		t.Error("another seed draws the same")
	}
}

func TestDrawingMisuse(t *testing.T) {
	for _, d := range []Drawing{{Count: -1}, {Size: -1}, {Size: 1 << 20}, {Count: 1 << 40}} {
		if msg := panicText(func() { DrawShapes(d) }); !strings.Contains(msg, "datasets: Drawing: Count") {
			t.Errorf("%+v: the panic says %q", d, msg)
		}
	}
}

package plots

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// legendPlace lays out fig and returns its legend, its data area, and how much
// of the data the legend covers.
func legendPlace(t *testing.T, fig *Figure) (legend, data vg.Rectangle, covered float64) {
	t.Helper()
	a := fig.content.(*axes)
	w, h := fig.extent()
	c, p := a.layout(draw.NewCanvas(&recorder.Canvas{}, w, h), fig.style)
	places := a.places(c, p, fig.style)
	if len(places) == 0 {
		t.Fatal("there is no legend")
	}
	d := sketchOf(c, p)
	return places[0].Rectangle, d.data, d.ink(places[0].Rectangle)
}

func TestLegendGoesToTheFreeCorner(t *testing.T) {
	up, down := []float64{0, 1, 2, 3, 4, 5, 6}, []float64{6, 5, 4, 3, 2, 1, 0}
	dip, late := []float64{5, 6, 5, 6, 5, 6, 5, 0, 6}, []float64{0, 0, 0, 0, 0, 3, 6}
	for _, test := range []struct {
		name      string
		mean      []float64
		right, up bool
	}{
		{"rising", up, false, true},
		{"falling", down, true, true},
		{"high with a dip at the right", dip, false, false},
		{"rising late", late, false, true},
	} {
		legend, data, covered := legendPlace(t, PerLayer("", Series{Label: "curve", Mean: test.mean}))
		if covered > 0 {
			t.Errorf("%s: the legend covers %.1f pixels of the curve", test.name, covered)
		}
		middle := data.Min.Add(data.Max).Scale(.5)
		if at := legend.Min.Add(legend.Max).Scale(.5); (at.X > middle.X) != test.right || (at.Y > middle.Y) != test.up {
			t.Errorf("%s: the legend is at %.0f in an area of %.0f", test.name, legend, data)
		}
	}
}

// Whatever the curves are, the legend lies within the frame and off the data:
// in a free place, or above it.
func TestLegendIsNeverOverTheData(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 40 {
		series := make([]Series, 1+r.IntN(5))
		for i := range series {
			series[i] = Series{Label: "series", Mean: make([]float64, 2+r.IntN(20))}
			for j := range series[i].Mean {
				series[i].Mean[j] = math.Sin(float64(j)*r.Float64()) + r.NormFloat64()
			}
		}
		legend, data, covered := legendPlace(t, PerLayer("", series...))
		if covered > 0 {
			t.Errorf("%d series: the legend covers %.1f pixels of data", len(series), covered)
		}
		if legend.Min.X < data.Min.X || legend.Max.X > data.Max.X || legend.Min.Y < data.Min.Y || legend.Max.Y > data.Max.Y {
			t.Errorf("%d series: the legend %.0f leaves the frame %.0f", len(series), legend, data)
		}
	}
}

// A range set by hand is kept, even if the legend then has no free place.
func TestLegendKeepsARangeSetByHand(t *testing.T) {
	fig := PerLayer("", Series{Label: "a", Mean: []float64{0, 1, 0, 1, 0, 1, 0, 1}}, Series{Label: "b", Mean: []float64{1, 0, 1, 0, 1, 0, 1, 0}})
	upper := func() float64 {
		a := fig.content.(*axes)
		c, p := a.layout(draw.NewCanvas(&recorder.Canvas{}, 300, 200), fig.style)
		a.places(c, p, fig.style)
		return p.Y.Max
	}
	if before := fig.Plot.Y.Max; upper() <= before {
		t.Errorf("no room was made above %g for the legend", before)
	}
	fig.Plot.Y.Max = 1.1
	if got := upper(); got != 1.1 {
		t.Errorf("Y.Max was set to 1.1 and became %g", got)
	}
	if got := fig.WithRange(-1, 2); got.Plot.Y.Min != -1 || upper() != 2 {
		t.Errorf("the range −1 to 2 became %g to %g", fig.Plot.Y.Min, upper())
	}
}

func TestNoteAvoidsTheLegend(t *testing.T) {
	fig := PerLayer("", Series{Label: "flat", Mean: []float64{1, 1, 1}}).WithNote("note")
	a := fig.content.(*axes)
	w, h := fig.extent()
	c, p := a.layout(draw.NewCanvas(&recorder.Canvas{}, w, h), fig.style)
	places := a.places(c, p, fig.style)
	if len(places) != 2 {
		t.Fatalf("%d boxes; want a legend and a note", len(places))
	}
	d := sketch{data: p.DataCanvas(c).Rectangle, image: sketchOf(c, p).image}
	d.occupy(places[0].Rectangle)
	if d.ink(places[1].Rectangle) > 0 {
		t.Errorf("the note %.0f is on the legend %.0f or the data", places[1].Rectangle, places[0].Rectangle)
	}
}

func TestFlattenedLegend(t *testing.T) {
	l := legend{style: Style{}.filled(), columns: 1}
	for range 7 {
		l.entries = append(l.entries, entry{"label", &line{style: l.style}})
	}
	for _, room := range []vg.Length{60, 120, 180, 300, 1000} {
		flat := l.flattened(room)
		if w, _ := flat.size(); w > room && flat.columns > 1 {
			t.Errorf("room %g: %d columns take %g", room, flat.columns, w)
		}
		if flat.columns*flat.rows() < 7 || (flat.columns-1)*flat.rows() >= 7 {
			t.Errorf("room %g: 7 entries in %d columns of %d", room, flat.columns, flat.rows())
		}
	}
	if flat := l.flattened(1000); flat.rows() != 1 {
		t.Errorf("in ample room: %d rows, want 1", flat.rows())
	}
}

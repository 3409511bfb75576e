package plots

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// A value that cannot be drawn interrupts the line; it is not bridged.
func TestGapsInALine(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		mean []float64
		logY bool
		want []int // points in each unbroken piece
	}{
		{[]float64{1, 2, 3}, false, []int{3}},
		{[]float64{1, nan, 3, 4}, false, []int{1, 2}},
		{[]float64{nan, nan, 3, math.Inf(1), 4, 5, nan}, false, []int{1, 2}},
		{[]float64{1, 0, 3, -1, 5, 6}, true, []int{1, 1, 2}},
		{[]float64{nan}, false, nil},
	} {
		fig := PerLayer("", Series{Mean: test.mean, SD: make([]float64, len(test.mean))})
		if test.logY {
			fig.WithLogY()
		}
		c := draw.NewCanvas(&recorder.Canvas{}, 100, 100)
		l := fig.content.(*axes).legend[0].drawing.(*line)
		var got []int
		for _, s := range l.segments(c, fig.Plot) {
			got = append(got, len(s.mean))
			if len(s.low) != len(s.mean) || len(s.high) != len(s.mean) {
				t.Errorf("%v: a piece of %d points has a band of %d and %d", test.mean, len(s.mean), len(s.low), len(s.high))
			}
		}
		if len(got) != len(test.want) {
			t.Fatalf("%v: pieces of %v points, want %v", test.mean, got, test.want)
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%v: pieces of %v points, want %v", test.mean, got, test.want)
			}
		}
	}
}

// The band of mean ± sd encloses the line, at the heights that were given.
func TestBand(t *testing.T) {
	fig := PerLayer("", Series{Mean: []float64{1, 2}, SD: []float64{.5, 1}})
	c := draw.NewCanvas(&recorder.Canvas{}, 100, 100)
	s := fig.content.(*axes).legend[0].drawing.(*line).segments(c, fig.Plot)[0]
	y := func(v float64) vg.Length { return c.Y(fig.Plot.Y.Norm(v)) }
	if s.low[0].Y != y(.5) || s.high[0].Y != y(1.5) || s.low[1].Y != y(1) || s.high[1].Y != y(3) {
		t.Errorf("band from %v to %v", s.low, s.high)
	}
	if fig.Plot.Y.Max < 3 || fig.Plot.Y.Min > .5 {
		t.Errorf("the axis from %g to %g cuts the band off", fig.Plot.Y.Min, fig.Plot.Y.Max)
	}
}

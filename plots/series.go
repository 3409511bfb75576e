package plots

import (
	"fmt"
	"image/color"
	"math"

	"github.com/gocrate/gocrate/internal/mathtext"
)

// Series is one curve: the means of a quantity, and optionally how far it
// spreads about them.
type Series struct {
	Label string
	X     []float64 // nil stands for 1, 2, …, len(Mean)
	Mean  []float64
	SD    []float64   // standard deviations, drawn as a band of Mean ± SD; may be nil
	Color color.Color // nil for the next of the style's palette

	// What says how the numbers were measured, as a crate.Measurement does. It is
	// not drawn: the figure's files have it as the protocol, see [Provenance].
	What string
}

// check returns the series with its X filled in.
func (s Series) check(function string) Series {
	if s.X == nil {
		s.X = make([]float64, len(s.Mean))
		for i := range s.X {
			s.X[i] = float64(i + 1)
		}
	}
	if len(s.X) != len(s.Mean) {
		panic(fmt.Sprintf("plots: %s: series %q has %d values of X and %d of Mean; want as many", function, s.Label, len(s.X), len(s.Mean)))
	}
	if s.SD != nil && len(s.SD) != len(s.Mean) {
		panic(fmt.Sprintf("plots: %s: series %q has %d values of SD and %d of Mean; want as many, or a nil SD", function, s.Label, len(s.SD), len(s.Mean)))
	}
	return s
}

// at returns point i with its band, and whether it can be drawn.
func (s Series) at(i int) (x, mean, lo, hi float64, ok bool) {
	x, mean = s.X[i], s.Mean[i]
	lo, hi = mean, mean
	if s.SD != nil && finite(s.SD[i]) {
		lo, hi = mean-s.SD[i], mean+s.SD[i]
	}
	return x, mean, lo, hi, finite(x) && finite(mean)
}

// drawable counts the points that can be drawn.
func (s Series) drawable() (n int) {
	for i := range s.Mean {
		if _, _, _, _, ok := s.at(i); ok {
			n++
		}
	}
	return n
}

// reach is every value of the curve and of its band.
func (s Series) reach() (values []float64) {
	for i := range s.Mean {
		if _, mean, lo, hi, ok := s.at(i); ok {
			values = append(values, mean, lo, hi)
		}
	}
	return values
}

// tell describes the course of the curve in words.
func (s Series) tell() string {
	name := mathtext.Plain(s.Label)
	if name == "" {
		name = "one curve"
	}
	first, last := -1, -1
	low, high := math.Inf(1), math.Inf(-1)
	for i := range s.Mean {
		if _, mean, _, _, ok := s.at(i); ok {
			if first < 0 {
				first = i
			}
			last = i
			low, high = math.Min(low, mean), math.Max(high, mean)
		}
	}
	if first < 0 {
		return name + " has no values"
	}
	text := fmt.Sprintf("%s from %.4g at %.4g to %.4g at %.4g", name, s.Mean[first], s.X[first], s.Mean[last], s.X[last])
	ends := []float64{s.Mean[first], s.Mean[last]}
	if low < math.Min(ends[0], ends[1]) {
		text += fmt.Sprintf(", lowest %.4g", low)
	}
	if high > math.Max(ends[0], ends[1]) {
		text += fmt.Sprintf(", highest %.4g", high)
	}
	return text
}

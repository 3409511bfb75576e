package plots

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// Ticks is a [plot.Ticker] whose marks are multiples of 1, 2, 2.5 or 5 times a
// power of ten, labelled with no more decimals than tell them apart. Very large
// and very small numbers are labelled as in $2 \times 10^{-4}$.
type Ticks struct {
	Integer bool // whole numbers only: layers, epochs, classes
	Max     int  // most marks; 0 lets the figure decide by the room there is

	by     float64 // the step, where it is prescribed
	hidden bool    // labels are blanks
}

var _ plot.Ticker = Ticks{}

// Ticks returns the marks in [lo, hi].
func (t Ticks) Ticks(lo, hi float64) []plot.Tick {
	if lo > hi {
		lo, hi = hi, lo
	}
	if !finite(lo) || !finite(hi) || hi-lo <= math.Abs(hi)*1e-12+1e-290 {
		return []plot.Tick{{Value: lo, Label: label(lo, 6)}}
	}
	step := t.step(lo, hi)
	first, last := multiples(lo, hi, step)
	var values []float64
	for k := first; k <= last; k++ {
		values = append(values, k*step)
	}
	labels := labels(values, step)
	if t.hidden {
		labels = slices.Repeat([]string{" "}, len(values))
	}
	ticks := make([]plot.Tick, len(values))
	for i, v := range values {
		ticks[i] = plot.Tick{Value: v, Label: labels[i]}
	}
	return ticks
}

// step is the smallest nice step that gives at most Max marks.
func (t Ticks) step(lo, hi float64) float64 {
	if t.by > 0 && (hi-lo)/t.by < 50 {
		return t.by
	}
	most := t.Max
	if most < 2 {
		most = 6
	}
	exponent := int(math.Floor(math.Log10((hi-lo)/float64(most)))) - 1
	for ; ; exponent++ {
		for _, nice := range []float64{1, 2, 2.5, 5} {
			step := nice * math.Pow(10, float64(exponent))
			if t.Integer && step != math.Trunc(step) {
				continue
			}
			if first, last := multiples(lo, hi, step); last-first < float64(most) {
				return step
			}
		}
	}
}

// multiples returns the first and the last k for which k·step is in [lo, hi],
// or so little outside that it is the fault of rounding.
func multiples(lo, hi, step float64) (first, last float64) {
	return math.Ceil(lo/step - 1e-9), math.Floor(hi/step + 1e-9)
}

// labels writes values with the fewest decimals that step needs.
func labels(values []float64, step float64) []string {
	largest := 0.
	for _, v := range values {
		largest = math.Max(largest, math.Abs(v))
	}
	power := 0
	if largest >= 1e5 || largest < 1e-3 && largest > 0 {
		power = int(math.Floor(math.Log10(largest) + 1e-9))
	}
	scale := math.Pow(10, float64(power))
	decimals := decimalsOf(step / scale)
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = label(v/scale, decimals)
		if power != 0 && v != 0 {
			out[i] = powerLabel(out[i], power)
		}
	}
	return out
}

// decimalsOf is how many decimals write step exactly, as far as it is nice.
func decimalsOf(step float64) int {
	for n := range 12 {
		scaled := step * math.Pow(10, float64(n))
		if math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			return n
		}
	}
	return 12
}

// label writes a number with a true minus sign.
func label(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return strings.Replace(s, "-", "−", 1)
}

func powerLabel(mantissa string, power int) string {
	exponent := "10^{" + strconv.Itoa(power) + "}"
	switch mantissa {
	case "1":
		return "$" + exponent + "$"
	case "−1":
		return "$-" + exponent + "$"
	}
	return "$" + mantissa + `\times ` + exponent + "$"
}

// logTicks marks powers of ten, and with small marks their multiples.
type logTicks struct {
	integer bool // whole numbers only, where there is hardly a decade
	hidden  bool // labels are blanks
}

func (t logTicks) Ticks(lo, hi float64) []plot.Tick {
	first, last := math.Floor(math.Log10(lo)+1e-9), math.Ceil(math.Log10(hi)-1e-9)
	if last-first <= 1 || hi < 10*lo { // hardly a decade: ordinary labels read better
		return Ticks{Integer: t.integer, Max: 5, hidden: t.hidden}.Ticks(lo, hi)
	}
	every := math.Ceil((last - first) / 8)
	few := math.Floor(math.Log10(hi)+1e-9)-math.Ceil(math.Log10(lo)-1e-9) < 1 // one power of ten alone gives no scale
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		for m := 1.; m < 10; m++ {
			named := m == 1 && math.Mod(e-first, every) == 0 || few && (m == 2 || m == 5)
			if v := m * math.Pow(10, e); v >= lo*(1-1e-9) && v <= hi*(1+1e-9) {
				ticks = append(ticks, plot.Tick{Value: v, Label: t.name(named, m, int(e))})
			}
		}
	}
	return ticks
}

func (t logTicks) name(named bool, m float64, e int) string {
	switch {
	case !named:
		return ""
	case t.hidden:
		return " "
	}
	return powerLabel(label(m, 0), e)
}

// logScale is gonum's, except that a number that has no logarithm is nowhere
// instead of a panic.
type logScale struct{}

func (logScale) Normalize(lo, hi, x float64) float64 {
	return math.Log(x/lo) / math.Log(hi/lo)
}

// finite reports whether x can be drawn. Numbers at the edge of the range of
// float64 cannot, because the width of an axis around them overflows.
func finite(x float64) bool { return math.Abs(x) < 1e300 }

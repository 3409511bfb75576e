package plots

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		ticks  Ticks
		lo, hi float64
		want   string
	}{
		{Ticks{Max: 5}, 0, 1, "0.00 0.25 0.50 0.75 1.00"},
		{Ticks{Max: 6}, 0, 1, "0.0 0.2 0.4 0.6 0.8 1.0"},
		{Ticks{Max: 5}, 0, 10, "0.0 2.5 5.0 7.5 10.0"},
		{Ticks{Max: 6}, 0, 10, "0 2 4 6 8 10"},
		{Ticks{Max: 3}, 0, 10, "0 5 10"},
		{Ticks{Max: 6}, .17, .51, "0.2 0.3 0.4 0.5"},
		{Ticks{Max: 8}, 490, 1180, "500 600 700 800 900 1000 1100"},
		{Ticks{Max: 6}, -1, 1, "−1.0 −0.5 0.0 0.5 1.0"},
		{Ticks{Max: 12, Integer: true}, .67, 12.33, "1 2 3 4 5 6 7 8 9 10 11 12"},
		{Ticks{Max: 8, Integer: true}, .67, 12.33, "2 4 6 8 10 12"},
		{Ticks{Max: 9, Integer: true}, .9, 2.1, "1 2"},  // no 1.25
		{Ticks{Max: 5, Integer: true}, 0, 10, "0 5 10"}, // no 2.5
		{Ticks{}, 0, 400, "0 100 200 300 400"},
		{Ticks{Max: 4}, 0, 2e5, `0 $10^{5}$ $2\times 10^{5}$`},
		{Ticks{Max: 5}, 0, 2e-4, `0.0 $0.5\times 10^{-4}$ $1.0\times 10^{-4}$ $1.5\times 10^{-4}$ $2.0\times 10^{-4}$`},
		{Ticks{Max: 3}, 1e6, 3e6, `$10^{6}$ $2\times 10^{6}$ $3\times 10^{6}$`},
		{Ticks{}, 3, 3, "3.000000"}, // an axis is never so narrow; nothing breaks
		{Ticks{Max: 5}, 1, 0, "0.00 0.25 0.50 0.75 1.00"},
	} {
		if got := strings.Join(texts(test.ticks.Ticks(test.lo, test.hi)), " "); got != test.want {
			t.Errorf("%+v in [%g, %g]:\n got %s\nwant %s", test.ticks, test.lo, test.hi, got, test.want)
		}
	}
}

func texts(ticks []plot.Tick) (out []string) {
	for _, t := range ticks {
		if t.Label != "" {
			out = append(out, t.Label)
		}
	}
	return out
}

func TestLogTicks(t *testing.T) {
	for _, test := range []struct {
		lo, hi float64
		want   string
	}{
		{.05, 3, "$10^{-1}$ $10^{0}$"},
		{1, 1000, "$10^{0}$ $10^{1}$ $10^{2}$ $10^{3}$"},
		{1e-20, 1, "$10^{-20}$ $10^{-17}$ $10^{-14}$ $10^{-11}$ $10^{-8}$ $10^{-5}$ $10^{-2}$"},
		{3000, 53000, `$5\times 10^{3}$ $10^{4}$ $2\times 10^{4}$ $5\times 10^{4}$`},
		{1, 10, "2 4 6 8 10"},
	} {
		ticks := logTicks{}.Ticks(test.lo, test.hi)
		if got := strings.Join(texts(ticks), " "); got != test.want {
			t.Errorf("[%g, %g]: got %s, want %s", test.lo, test.hi, got, test.want)
		}
		for _, tick := range ticks {
			if tick.Value < test.lo*(1-1e-6) || tick.Value > test.hi*(1+1e-6) {
				t.Errorf("[%g, %g]: mark at %g", test.lo, test.hi, tick.Value)
			}
		}
	}
}

// Clusters are counted in whole numbers, on however short an axis.
func TestIntegerLogTicks(t *testing.T) {
	for hi, want := range map[float64]string{3.2: "1 2 3", 1.05: "1", 358: "$10^{0}$ $10^{1}$ $10^{2}$"} {
		if got := strings.Join(texts(logTicks{integer: true}.Ticks(.95, hi)), " "); got != want {
			t.Errorf("up to %g: got %s, want %s", hi, got, want)
		}
	}
}

// FuzzTicks: on any axis there are at most Max marks, evenly spaced, within the
// axis, and no two with one label.
func FuzzTicks(f *testing.F) {
	f.Add(0., 1., 6, false)
	f.Add(-1e-9, 1e9, 3, true)
	f.Add(1e299, -1e299, 9, false)
	f.Add(1., 1+1e-9, 5, false)
	f.Add(math.Inf(-1), math.NaN(), 0, false)
	f.Add(5e-324, 1e-320, 4, false)
	f.Fuzz(func(t *testing.T, lo, hi float64, most int, integer bool) {
		ticks := Ticks{Max: most, Integer: integer}.Ticks(lo, hi)
		if lo > hi {
			lo, hi = hi, lo
		}
		if most < 2 {
			most = 6
		}
		if len(ticks) > most {
			t.Errorf("%d marks, want at most %d", len(ticks), most)
		}
		seen := map[string]bool{}
		for i, tick := range ticks {
			if slack := (hi-lo)*1e-6 + math.Abs(tick.Value)*1e-15; finite(hi) && finite(lo) && (tick.Value < lo-slack || tick.Value > hi+slack) {
				t.Errorf("mark %g outside [%g, %g]", tick.Value, lo, hi)
			}
			if seen[tick.Label] {
				t.Errorf("[%g, %g]: two marks are labelled %s", lo, hi, tick.Label)
			}
			seen[tick.Label] = true
			if i > 1 {
				first, this := ticks[1].Value-ticks[0].Value, tick.Value-ticks[i-1].Value
				if math.Abs(first-this) > 1e-3*math.Abs(first)+math.Abs(tick.Value)*1e-15 {
					t.Errorf("steps of %g and %g", first, this)
				}
			}
		}
	})
}

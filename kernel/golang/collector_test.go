package golang

import (
	"runtime/debug"
	"testing"
)

// What the user has set stays, before and during the cell.
func TestRelaxCollector(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, tt := range []struct{ before, during, set, after int }{
		{100, relaxedPercent, 0, 100},
		{-1, -1, 0, -1},
		{1000, 1000, 0, 1000},
		{100, relaxedPercent, 50, 50},
	} {
		debug.SetGCPercent(tt.before)
		restore := relaxCollector()
		during := debug.SetGCPercent(100)
		debug.SetGCPercent(during)
		if tt.set != 0 {
			debug.SetGCPercent(tt.set)
		}
		restore()
		if after := debug.SetGCPercent(100); during != tt.during || after != tt.after {
			t.Errorf("%+v: %d, then %d", tt, during, after)
		}
	}
}

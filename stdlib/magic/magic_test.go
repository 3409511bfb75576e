package magic

import (
	"testing"
	"time"
)

func TestRound(t *testing.T) {
	for d, want := range map[time.Duration]string{
		1234567 * time.Nanosecond:  "1.23ms",
		999 * time.Nanosecond:      "999ns",
		83456 * time.Millisecond:   "1m23.5s",
		2 * time.Hour:              "2h0m0s",
		1500500 * time.Microsecond: "1.5s",
	} {
		if got := round(d).String(); got != want {
			t.Errorf("%v is rounded to %s, want %s", d, got, want)
		}
	}
}

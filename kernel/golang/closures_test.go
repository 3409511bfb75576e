package golang_test

import (
	"regexp"
	"testing"

	"github.com/gocrate/gocrate/kernel/golang/internal/gogen"
)

// TestClosures demands that the functions of which the random programs are to
// show that closures mean what Go means are made of closures.
func TestClosures(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^func (s_(?:arithmetic|records)_\w+)`)
	seen := 0
	for seed := int64(1); seed <= 40 && seen < 5; seed++ {
		p := gogen.New(seed, "s_")
		funcs := declared.FindAllStringSubmatch(p.Decls, -1)
		if len(funcs) == 0 {
			continue
		}
		seen++
		s := newSession(t)
		execute(t, s, 1, gogen.Imports(p.Decls)+p.Decls)
		for _, f := range funcs {
			if !s.HasClosures(f[1]) {
				t.Errorf("seed %d: %s is interpreted", seed, f[1])
			}
		}
	}
	if seen == 0 {
		t.Error("no random program has arithmetic or records")
	}
}

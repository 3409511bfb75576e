package kern

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// A processor with AVX2 alone has no Z registers, no mask registers, and 16
// of the others.
func TestAVX2KernelsKeepToAVX2(t *testing.T) {
	text, err := os.ReadFile("kern_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	wider := regexp.MustCompile(`\b(Z\d+|K[0-7]|[XY](1[6-9]|[23]\d))\b`)
	kernels := 0
	for _, kernel := range strings.Split(string(text), "\nTEXT ")[1:] {
		if name, body, _ := strings.Cut(kernel, "(SB)"); strings.HasSuffix(name, "AVX2") {
			kernels++
			if reg := wider.FindString(body); reg != "" {
				t.Errorf("%s uses %s", name, reg)
			}
		}
	}
	if kernels == 0 {
		t.Error("no AVX2 kernels found")
	}
}

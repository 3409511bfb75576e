package cell

import (
	"slices"
	"strings"
	"testing"
)

func TestMagicAt(t *testing.T) {
	for code, want := range map[string]string{
		"%cd| x": "Cd", "%c|d": "Cd", "  %|who": "Who", "x := 1\n%time| f()": "Start", "%%bash|\nls": "Shell", "\n%%html|": "HTML",
		"x := 1\n%%bash|": "", "7 %cd|": "", "cd|": "", "%nothing|": "", "%|": "", "|": "", "%cd x|": "",
	} {
		before, after, _ := strings.Cut(code, "|")
		if got := MagicAt(before+after, len(before)); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

func TestMagics(t *testing.T) {
	if names, ok := Magics("x := 1\n\t%"); !ok || !slices.Contains(names, "cd") || !slices.Contains(names, "time") || slices.Contains(names, "bash") {
		t.Errorf("after %%: %v, %v", names, ok)
	}
	if names, ok := Magics("%%"); !ok || !slices.Contains(names, "bash") || slices.Contains(names, "cd") {
		t.Errorf("after %%%%: %v, %v", names, ok)
	}
	if names, ok := Magics("x\n%%"); !ok || names != nil {
		t.Errorf("after a misplaced %%%%: %v, %v", names, ok)
	}
	if names, ok := Magics("7 %"); ok {
		t.Errorf("after an operator: %v", names)
	}
}

package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScriptCells(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		want         []string
	}{
		{"one cell", "x := 1\nx", []string{"x := 1\nx"}},
		{"lines keep their numbers", "a\n// %%\nb\n// %% title\n\nc\n", []string{"a\n", "\n\nb\n", "\n\n\n\n\nc\n"}},
		{"nothing before the first separator", "// %%\na", []string{"\na"}},
		{"separators inside a line are text", "s := \"// %%\"", []string{"s := \"// %%\""}},
		{"nothing", " \n", nil},
	} {
		got := scriptCells(tt.source)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		for i, c := range got {
			if first := strings.TrimSpace(c); !sameLine(tt.source, c, first) {
				t.Errorf("%s: cell %d stands at another line than in the file", tt.name, i+1)
			}
		}
	}
}

// sameLine reports whether text begins at the same line of both sources.
func sameLine(file, cell, text string) bool {
	line := func(s string) int { return strings.Count(s[:strings.Index(s, text)], "\n") }
	return line(file) == line(cell)
}

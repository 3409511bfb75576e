package golang_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestMistakes holds what common mistakes are answered with: the compiler's
// words, the place, and where a remedy is known, the remedy.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes/*.txtar")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runScript(t, file) })
	}
}

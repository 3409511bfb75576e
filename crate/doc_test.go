package crate

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The reading order names every file, and no other.
func TestReadingOrderNamesEveryFile(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{"doc.go": true}
	for _, file := range regexp.MustCompile(`\w+\.go\b`).FindAllString(string(text), -1) {
		named[file] = true
		if _, err := os.Stat(file); err != nil {
			t.Errorf("doc.go names %s, which is not here", file)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") && !named[file] {
			t.Errorf("%s is not in the reading order of doc.go", file)
		}
	}
}

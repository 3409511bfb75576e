package archtest

import (
	"bytes"
	"go/ast"
	"os"
	"testing"
)

// TestFileSize checks that a file holds no more than one concept: under 400
// lines, and under 250 in crate, which is read beside the paper.
func TestFileSize(t *testing.T) {
	for _, p := range everything(t) {
		limit := 400
		if p.PkgPath == module+"/crate" {
			limit = 250
		}
		for i, file := range p.Syntax {
			if ast.IsGenerated(file) {
				continue
			}
			data, err := os.ReadFile(p.GoFiles[i])
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(data, []byte("\n")); n > limit {
				t.Errorf("%s has %d lines, at most %d are wanted: which two concepts does it hold?", p.GoFiles[i], n, limit)
			}
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/internal/notebook"
)

// A notebook that has run becomes text with its pictures beside it.
func TestPage(t *testing.T) {
	nb, err := notebook.FromMarkdown("# All\n\n## Rate per layer (1)\n\nWords.\n\n```go folded\nx := 1\n```\n\n```go\nfig\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	picture := func(text string) *notebook.Output {
		return &notebook.Output{Data: map[string]any{"image/png": "UA==", "text/plain": text},
			Metadata: map[string]any{"image/png": map[string]any{"width": 312}}}
	}
	last := nb.Cells[len(nb.Cells)-1]
	last.Outputs = []*notebook.Output{{Text: "R = 1\n"}, picture("from 1\nto \"2\""), picture("again")}
	p := pageOf(nb, "gallery")
	want := "# All\n\n## Rate per layer (1)\n\nWords.\n\n" +
		"<details>\n<summary>Code</summary>\n\n```go\nx := 1\n```\n\n</details>\n\n" +
		"```go\nfig\n```\n\n```text\nR = 1\n```\n\n" +
		"<img src=\"gallery/rate-per-layer-1.png\" width=\"312\" alt=\"from 1 to &#34;2&#34;\">\n\n" +
		"<img src=\"gallery/rate-per-layer-1-2.png\" width=\"312\" alt=\"again\">\n\n"
	if got := p.text.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "gallery.md")
	for range 2 { // the second time over the first
		if err := write(p, path); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "gallery", "rate-per-layer-1-2.png")); string(data) != "P" {
		t.Errorf("the picture is %q (%v)", data, err)
	}
}

// The page that is stored was made from the source that is stored: it has every
// cell of it, the pictures it shows are there, and there are no others.
func TestPageIsMadeFromItsSource(t *testing.T) {
	const stored = "../../docs/gallery.md"
	nb, err := notebook.ReadMarkdown("source.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(stored)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range nb.Cells {
		if !strings.Contains(string(text), strings.TrimSpace(c.Source)) {
			t.Errorf("the page lacks this cell of its source; run make gallery:\n%s", c.Source)
		}
	}
	shown := map[string]bool{}
	for _, m := range regexp.MustCompile(`src="gallery/([^"]+)"[^>]* alt="[^"]{20,}"`).FindAllStringSubmatch(string(text), -1) {
		shown[m[1]] = true
	}
	if n := strings.Count(string(text), "<img "); n != len(shown) {
		t.Errorf("%d pictures, of which %d have a name and a description of their own", n, len(shown))
	}
	files, err := os.ReadDir("../../docs/gallery")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !shown[f.Name()] {
			t.Errorf("docs/gallery/%s is not shown", f.Name())
		}
		delete(shown, f.Name())
	}
	for name := range shown {
		t.Errorf("docs/gallery/%s is missing", name)
	}
}

// A figure is made by at most six lines.
func TestFiguresTakeSixLines(t *testing.T) {
	nb, err := notebook.ReadMarkdown("source.md")
	if err != nil {
		t.Fatal(err)
	}
	figures := 0
	for _, c := range nb.Cells {
		if c.Type != notebook.Code || c.HasTag("folded") {
			continue
		}
		figures++
		if n := strings.Count(strings.TrimSpace(c.Source), "\n") + 1; n > 6 {
			t.Errorf("a cell of %d lines, want at most 6:\n%s", n, c.Source)
		}
	}
	if figures < 30 {
		t.Errorf("%d figures", figures)
	}
}

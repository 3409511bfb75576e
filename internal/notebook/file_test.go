package notebook

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rich.ipynb was written by Python's nbformat; fields of no known meaning and
// numbers that a float64 cannot hold were put in.
func TestRoundTrip(t *testing.T) {
	want, err := os.ReadFile("testdata/rich.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	nb, err := Read(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := nb.Write(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("Write(Read(x)) differs from x (-want +got):\n%s", diff)
	}
}

func TestRead(t *testing.T) {
	nb, err := ReadFile("testdata/rich.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if got := nb.Language(); got != "go" {
		t.Errorf("Language() = %q, want go", got)
	}
	code := nb.Cells[1]
	if code.Type != Code || code.ID != "code-1" || code.Count != 3 || !code.HasTag("parameters") || code.HasTag("other") {
		t.Errorf("code cell read as %+v", code)
	}
	if want := "x := 1\nfmt.Println(\"<&>\", x)\n"; code.Source != want {
		t.Errorf("Source = %q, want %q", code.Source, want)
	}
	if got, want := code.Outputs[0].Text, "<&> 1\nno newline"; got != want {
		t.Errorf("stream text = %q, want %q", got, want)
	}
	if got, want := code.Outputs[1].Data["image/svg+xml"], "<svg>\n</svg>"; got != want {
		t.Errorf("SVG = %q, want %q", got, want)
	}
	if got := code.Outputs[3].Err; got.Name != "E" || len(got.Traceback) != 2 {
		t.Errorf("error = %+v", got)
	}
	if nb.Cells[0].Attachments["x.png"]["image/png"] == "" {
		t.Error("the attachment is lost")
	}
}

func TestReadGivesIDs(t *testing.T) {
	ids := func() (ids []string) {
		nb, err := ReadFile("testdata/old.ipynb")
		if err != nil {
			t.Fatal(err)
		}
		if nb.Minor != 5 {
			t.Errorf("Minor = %d, want 5", nb.Minor)
		}
		seen := map[string]bool{}
		for _, c := range nb.Cells {
			if c.ID == "" || seen[c.ID] {
				t.Errorf("id %q is empty or not unique", c.ID)
			}
			seen[c.ID] = true
			ids = append(ids, c.ID)
		}
		return ids
	}
	first := ids()
	if first[2] != "own" {
		t.Errorf("id own became %q", first[2])
	}
	if diff := cmp.Diff(first, ids()); diff != "" {
		t.Errorf("reading twice gives other ids:\n%s", diff)
	}
}

func TestReadErrors(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		{"", "unexpected end"},
		{"null", "expected a JSON object"},
		{"[]", "cannot unmarshal array"},
		{`{"nbformat": 3, "worksheets": []}`, "nbformat is 3, expected 4"},
		{`{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}`, "cell 1: source: "},
		{`{"nbformat": 4, "cells": [{"cell_type": "code", "outputs": [{"output_type": "stream", "text": {}}]}]}`, "cell 1: output 1: text: "},
	} {
		_, err := Read(strings.NewReader(tt.file))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Read(%s): error %v, want one with %q", tt.file, err, tt.want)
		}
	}
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "x.ipynb")
	nb := &Notebook{Cells: []*Cell{{Type: Code, Source: "a\nb"}}}
	for range 2 { // the second replaces the first
		if err := nb.WriteFile(path); err != nil {
			t.Fatal(err)
		}
	}
	back, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := back.Cells[0].Source; got != "a\nb" {
		t.Errorf("source came back as %q", got)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the notebook stand %v (%v), want nothing", entries, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"rich", "old"} {
		data, err := os.ReadFile("testdata/" + name + ".ipynb")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		nb, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := nb.Write(&once); err != nil {
			t.Fatal(err)
		}
		again, err := Read(bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		if err := again.Write(&twice); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(once.String(), twice.String()); diff != "" {
			t.Errorf("writing again differs:\n%s", diff)
		}
	})
}

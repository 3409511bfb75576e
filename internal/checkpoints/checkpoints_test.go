package main

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gocrate/gocrate/crate"
)

const shipped = "../../notebooks/checkpoints"

// The files are those the manifest speaks of, of the models that the recipes make.
func TestShippedFiles(t *testing.T) {
	entries := manifest(t)
	var want []string
	for _, r := range recipes {
		want = append(want, r.name()+".safetensors")
		at := slices.IndexFunc(entries, func(e Entry) bool { return e.Name == r.name() })
		if at < 0 {
			t.Errorf("%s is not in the manifest: make checkpoints", r.name())
			continue
		}
		e := entries[at]
		path := checkpointFile(shipped, e.Name)
		if hash, err := hashOf(path); err != nil || hash != e.SHA256 {
			t.Errorf("%s has SHA-256 %s (%v), the manifest says %s", path, hash, err, e.SHA256)
		}
		m, err := crate.New(r.config(), r.seed)
		if err != nil {
			t.Fatal(err)
		}
		if e.Seed != r.seed || e.Model != m.String() || e.Kernels == "" || e.Seconds == 0 {
			t.Errorf("the manifest says of %s: %+v", r.name(), e)
		}
	}
	files, err := filepath.Glob(filepath.Join(shipped, "*.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	slices.Sort(want)
	if !slices.Equal(files, want) || len(entries) != len(want) {
		t.Errorf("there are %v and %d entries; want %v", files, len(entries), want)
	}
}

// A checkpoint is worth what the manifest says. Another processor may see one
// image, and a few entries of a map near the limit, otherwise.
func TestShippedModels(t *testing.T) {
	for _, e := range manifest(t) {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			m, err := crate.Load(checkpointFile(shipped, e.Name))
			if err != nil {
				t.Fatal(err)
			}
			accuracy, meanIoU := e.onTestImages(m)
			if math.Abs(accuracy-e.Accuracy) > 1.5/float64(testDrawing.Count) || math.Abs(meanIoU-e.MeanIoU) > 1e-3 {
				t.Errorf("accuracy %.4f, IoU %.4f; the manifest says %.4f, %.4f", accuracy, meanIoU, e.Accuracy, e.MeanIoU)
			}
		})
	}
}

func manifest(t *testing.T) []Entry {
	entries, err := readManifest(shipped)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d entries (%v)", len(entries), err)
	}
	return entries
}

// Whoever makes a checkpoint again is told whether it is the same one.
func TestComparisonWithTheEntryBefore(t *testing.T) {
	dir := t.TempDir()
	say := func(hash, kernels string) string {
		e := Entry{Name: "x", SHA256: hash, Kernels: kernels}
		before, err := replaceEntry(dir, e)
		if err != nil {
			t.Fatal(err)
		}
		return e.against(before)
	}
	if _, err := replaceEntry(dir, Entry{Name: "y", SHA256: "1"}); err != nil {
		t.Fatal(err)
	}
	got := []string{say("1", "Go"), say("1", "Go"), say("2", "Go"), say("3", "AVX2")}
	want := []string{"new", "the same bits as before", "OTHER BITS than before, on the same kernels", "other bits than before, as the kernels were Go and are AVX2"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if entries, err := readManifest(dir); err != nil || len(entries) != 2 || entries[0].SHA256 != "1" || entries[1].SHA256 != "3" {
		t.Errorf("%+v (%v)", entries, err)
	}
}

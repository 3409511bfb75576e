package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Entry is what the manifest says of a checkpoint.
type Entry struct {
	Name    string `json:"name"` // of the file, without .safetensors
	SHA256  string `json:"sha256"`
	Command string `json:"command"`
	Model   string `json:"model"`
	Seed    uint64 `json:"seed"`
	Train   string `json:"trainingImages"`
	Test    string `json:"testImages"`
	Recipe  string `json:"recipe"`

	Kernels string `json:"kernels"` // of the processor, which decide the last bits
	Seconds int    `json:"seconds"` // of training

	Accuracy float64 `json:"accuracy"` // on the test images
	Head     [2]int  `json:"head"`     // layer and head, from 0, whose attention covers the training images' objects best
	MeanIoU  float64 `json:"meanIoU"`  // its IoU with the test images' objects
}

// against says how a checkpoint compares with one made before.
func (e Entry) against(before Entry) string {
	switch {
	case before.SHA256 == "":
		return "new"
	case e.SHA256 == before.SHA256:
		return "the same bits as before"
	case e.Model != before.Model || e.Train != before.Train || e.Recipe != before.Recipe:
		return "made by another recipe than before"
	case e.Kernels != before.Kernels:
		return fmt.Sprintf("other bits than before, as the kernels were %s and are %s", before.Kernels, e.Kernels)
	}
	return "OTHER BITS than before, on the same kernels"
}

func manifestFile(dir string) string { return filepath.Join(dir, "manifest.json") }

func checkpointFile(dir, name string) string { return filepath.Join(dir, name+".safetensors") }

// readManifest returns the entries of a directory; none if there is no manifest.
func readManifest(dir string) (entries []Entry, err error) {
	text, err := os.ReadFile(manifestFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return entries, json.Unmarshal(text, &entries)
}

// replaceEntry writes an entry into the manifest and returns the one that was
// there under its name.
func replaceEntry(dir string, e Entry) (before Entry, err error) {
	entries, err := readManifest(dir)
	if err != nil {
		return Entry{}, err
	}
	at := slices.IndexFunc(entries, func(o Entry) bool { return o.Name == e.Name })
	if at < 0 {
		entries = append(entries, e)
	} else {
		before, entries[at] = entries[at], e
	}
	text, err := json.MarshalIndent(entries, "", "  ")
	if err != nil {
		return Entry{}, err
	}
	return before, os.WriteFile(manifestFile(dir), append(text, '\n'), 0o644)
}

// hashOf returns the SHA-256 of a file.
func hashOf(path string) (string, error) {
	data, err := os.ReadFile(path)
	return fmt.Sprintf("%x", sha256.Sum256(data)), err
}

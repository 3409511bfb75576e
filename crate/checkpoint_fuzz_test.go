package crate

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad checks that a file is a model or an error, and that what is loaded
// as a model can be saved and loaded again, to the same parameters.
func FuzzLoad(f *testing.F) {
	m, err := New(Config{ImageHeight: 2, PatchHeight: 1, PatchWidth: 2, Channels: 1, Classes: 2, Dim: 2, Depth: 1, Heads: 2}, 1)
	if err != nil {
		f.Fatal(err)
	}
	opt := NewLion(0.1)
	opt.Step(m, m, 0.1)
	for _, name := range []string{"m.safetensors", "m.pth", "m.pth.tar"} {
		path := filepath.Join(f.TempDir(), name)
		c := &Checkpoint{Model: m}
		if name != "m.pth" {
			c.Optimizer = opt
		}
		if err := c.Save(path); err != nil {
			f.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, 0)
		f.Add(b, 2)
	}
	path := filepath.Join(f.TempDir(), "x.safetensors")
	f.Fuzz(func(t *testing.T, b []byte, heads int) {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := LoadCheckpoint(path, Config{Heads: heads})
		if err != nil {
			return
		}
		if err := c.Save(path); err != nil {
			t.Fatalf("what was loaded cannot be saved: %v", err)
		}
		again, err := Load(path)
		if err != nil {
			t.Fatalf("what was saved cannot be loaded: %v", err)
		}
		if again.Config != c.Model.Config {
			t.Errorf("configuration %+v became %+v", c.Model.Config, again.Config)
		}
	})
}

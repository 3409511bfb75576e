package safetensors

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := []Named{
		{"bytes", Tensor{"U8", []int{3}, []byte{1, 2, 3}}},
		{"w", FromFloat32s([]int{2, 1}, []float32{1.5, -2})},
		{"empty", FromFloat32s([]int{0, 4}, nil)},
		{"scalar", FromFloat64s(nil, []float64{3.25})},
	}
	metadata := map[string]string{"config": `{"Dim":48}`, "ε": "é"}
	path := filepath.Join(t.TempDir(), "x.safetensors")
	var b bytes.Buffer
	if err := Write(&b, want, metadata); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	copied, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	err = View(path, func(f *File) error {
		for _, w := range want {
			for _, got := range []Tensor{f.Tensors[w.Name], copied[w.Name]} {
				if got.DType != w.DType || !slices.Equal(got.Shape, w.Shape) || !bytes.Equal(got.Data, w.Data) {
					t.Errorf("%s: read %v, written %v", w.Name, got, w.Tensor)
				}
			}
		}
		if len(f.Tensors) != len(want) || !maps.Equal(f.Metadata, metadata) {
			t.Errorf("%d tensors and metadata %v", len(f.Tensors), f.Metadata)
		}
		return io.EOF
	})
	if err != io.EOF {
		t.Errorf("error %v; want the function's own", err)
	}
}

// A mapped file that is cut short must not end the process.
func TestFileCutShortWhileViewed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.safetensors")
	var b bytes.Buffer
	if err := Write(&b, []Named{{"w", FromFloat32s([]int{1 << 16}, make([]float32, 1<<16))}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	read := false
	err := View(path, func(f *File) error {
		if err := os.Truncate(path, 100); err != nil {
			t.Fatal(err)
		}
		f.Tensors["w"].Float32s()
		read = true // where files are not mapped
		return nil
	})
	if !read && (err == nil || !strings.Contains(err.Error(), "cut short while it was read")) {
		t.Errorf("error %v", err)
	}
}

// The values of every tensor begin at a multiple of their size.
func TestValuesAreAligned(t *testing.T) {
	var b bytes.Buffer
	tensors := []Named{{"a", Tensor{"U8", []int{1}, []byte{7}}}, {"b", FromFloat64s(nil, []float64{1})}, {"c", FromFloat32s(nil, []float32{1})}}
	if err := Write(&b, tensors, nil); err != nil {
		t.Fatal(err)
	}
	n := little.Uint64(b.Bytes())
	entries, _, err := parseHeader(b.Bytes()[8:8+n], 13)
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range entries {
		if start := 8 + int64(n) + e.Offsets[0]; start%int64(Size(e.DType)) != 0 {
			t.Errorf("%s of %s starts at byte %d", name, e.DType, start)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	for want, tensors := range map[string][]Named{
		"two tensors":   {{"a", FromFloat32s(nil, []float32{1})}, {"a", FromFloat32s(nil, []float32{2})}},
		"does not fill": {{"a", FromFloat32s([]int{3}, []float32{1})}},
		`dtype "F8"`:    {{"a", Tensor{"F8", nil, []byte{1}}}},
	} {
		if err := Write(&bytes.Buffer{}, tensors, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that contains %q", err, want)
		}
	}
}

// View reports what ReadFile reports.
func TestViewRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.safetensors")
	for _, tt := range refused {
		if err := os.WriteFile(path, tt.file, 0o644); err != nil {
			t.Fatal(err)
		}
		err := View(path, func(*File) error { return nil })
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that contains %q and the path", tt.name, err, tt.want)
		}
	}
	if err := View(path+".missing", nil); !os.IsNotExist(err) {
		t.Errorf("a missing file gives %v, want a not-exist error", err)
	}
}

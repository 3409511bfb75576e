package torchfile

import (
	"archive/zip"
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// checkpoint is a tree with every type that can be written.
func checkpoint() *Dict {
	weights := &Dict{Attributes: &Dict{}}
	weights.Set("w", NewTensor(safetensors.FromFloat32s([]int{2, 3}, []float32{1, 2, 3, 4, 5, 6})))
	weights.Set("empty", NewTensor(safetensors.FromFloat64s([]int{0, 2}, nil)))
	weights.Set("scalar", NewTensor(safetensors.FromFloat64s(nil, []float64{-0.5})))
	weights.Attributes.Set("_metadata", &Dict{Attributes: &Dict{}, Entries: []Entry{{"", &Dict{Entries: []Entry{{"version", 1}}}}}})
	d := &Dict{}
	d.Set("state_dict", weights)
	d.Set("epoch", 3)
	d.Set("big", -1<<40)
	d.Set("acc", 12.5)
	d.Set("none", nil)
	d.Set("flags", List{true, false})
	d.Set("betas", Tuple{0.9, 0.999})
	d.Set("text", "grüße ✓")
	return d
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := checkpoint()
	var b bytes.Buffer
	if err := Write(&b, want); err != nil {
		t.Fatal(err)
	}
	f, err := Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	tensors, wanted := map[string]*Tensor{}, map[string]*Tensor{}
	flatten(tensors, "", f.Root)
	flatten(wanted, "", want)
	for name, w := range wanted {
		got, err := f.Read(tensors[name])
		if err != nil {
			t.Fatal(err)
		}
		if got.DType != w.DType || len(got.Shape) != len(w.Shape) || !bytes.Equal(got.Data, w.storage.data) {
			t.Errorf("%s: read %v, written %v", name, got, w)
		}
	}
	root := f.Root.(*Dict)
	for _, e := range want.Entries[1:] {
		if got := root.Get(e.Key); !reflect.DeepEqual(got, e.Value) {
			t.Errorf("%v: read %v, written %v", e.Key, got, e.Value)
		}
	}
	metadata := root.Get("state_dict").(*Dict).Attributes.Get("_metadata").(*Dict)
	if v := metadata.Get("").(*Dict).Get("version"); v != 1 {
		t.Errorf("_metadata has version %v", v)
	}
}

// The bytes of a record start at a multiple of 64, as PyTorch has it, and
// are not compressed.
func TestRecordsAreAligned(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, checkpoint()); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		if at, err := f.DataOffset(); err != nil || at%alignment != 0 || f.Method != zip.Store {
			t.Errorf("%s starts at byte %d with method %d, %v", f.Name, at, f.Method, err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	cycle := List{nil}
	cycle[0] = cycle
	wrong := safetensors.FromFloat32s([]int{3}, []float32{1})
	for want, v := range map[string]any{
		"int8 cannot be written":   int8(1),
		"nested deeper":            cycle,
		"is not one of NewTensor":  NewTensor(wrong),
		"complex128 cannot be wri": List{1i},
	} {
		if err := Write(&bytes.Buffer{}, v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that contains %q", err, want)
		}
	}
}

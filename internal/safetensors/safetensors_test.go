package safetensors

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// file puts a header and values together as the format prescribes.
func file(header string, values ...byte) []byte {
	b := little.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), values...)
}

func TestReadFile(t *testing.T) {
	header := `{"__metadata__":{"format":"pt"},
		"w":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},
		"b":{"dtype":"I16","shape":[2],"data_offsets":[0,4]},
		"empty":{"dtype":"F64","shape":[0,3],"data_offsets":[12,12]},
		"scalar":{"dtype":"U8","shape":[],"data_offsets":[12,13]}}`
	path := filepath.Join(t.TempDir(), "x.safetensors")
	content := file(header, 1, 0, 0xff, 0xff, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 {
		t.Errorf("got %d tensors, want 4", len(got))
	}
	if w := got["w"]; !slices.Equal(w.Shape, []int{2, 1}) || !slices.Equal(w.Float32s(), []float32{1, -2}) {
		t.Errorf("w = %v of shape %v, want [1 -2] of shape [2 1]", w.Float32s(), w.Shape)
	}
	if b := got["b"].Int64s(); !slices.Equal(b, []int64{1, -1}) {
		t.Errorf("b = %v, want [1 -1]", b)
	}
	if e := got["empty"]; e.Len() != 0 || len(e.Float64s()) != 0 {
		t.Errorf("empty has %d elements, want none", e.Len())
	}
	if s := got["scalar"]; s.Len() != 1 || !slices.Equal(s.Int64s(), []int64{7}) {
		t.Errorf("scalar = %v, want [7]", s.Int64s())
	}
}

func TestReadFileErrorNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("this is not a checkpoint"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), "notes.txt") {
		t.Errorf("error %v does not name the file", err)
	}
	if _, err := ReadFile(path + ".missing"); !os.IsNotExist(err) {
		t.Errorf("a missing file gives %v, want a not-exist error", err)
	}
}

func tensor(dtype, shape, offsets string) string {
	return fmt.Sprintf(`{"a":{"dtype":%q,"shape":%s,"data_offsets":%s}}`, dtype, shape, offsets)
}

// refused lists files that must not be read, and what the error says.
var refused = []struct {
	name string
	file []byte
	want string
}{
	{"empty file", nil, "0 bytes"},
	{"header beyond the file", []byte{9, 0, 0, 0, 0, 0, 0, 0, '{', '}'}, "claims 9 bytes"},
	{"header of 2^64-1 bytes", bytes.Repeat([]byte{0xff}, 16), "claims 18446744073709551615"},
	{"not JSON", file("no JSON"), "not a JSON object"},
	{"unknown dtype", file(tensor("F8", "[1]", "[0,1]"), 0), `dtype "F8"`},
	{"negative size", file(tensor("U8", "[-1]", "[0,1]"), 0), "does not fill"},
	{"shape too small", file(tensor("U8", "[1]", "[0,2]"), 0, 0), "does not fill"},
	{"product overflows", file(tensor("U8", "[4294967296,4294967296]", "[0,0]")), "does not fill"},
	{"size overflows int", file(tensor("U8", "[18446744073709551616]", "[0,0]")), "cannot unmarshal"},
	{"fraction of an element", file(tensor("F32", "[1]", "[0,5]"), 0, 0, 0, 0, 0), "does not fill"},
	{"range runs backwards", file(tensor("U8", "[1]", "[1,0]"), 0), "backwards"},
	{"negative offset", file(tensor("U8", "[1]", "[-1,0]"), 0), "backwards"},
	{"gap before", file(tensor("U8", "[1]", "[1,2]"), 0, 0), "starts at byte 1"},
	{"range beyond the file", file(tensor("U8", "[2]", "[0,2]"), 0), "cut short"},
	{"hidden bytes", file(tensor("U8", "[1]", "[0,1]"), 0, 0), "fill 1 bytes but the file holds 2"},
	{"overlap", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 0, 0, 0), "starts at byte 1"},
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range refused {
		_, err := Read(bytes.NewReader(tt.file), int64(len(tt.file)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that contains %q", tt.name, err, tt.want)
		}
	}
}

// The size is what the caller says; a reader that ends before is an error.
func TestReadFileThatShrinks(t *testing.T) {
	b := file(`{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}`, 1, 2, 3, 4)
	for cut := range b {
		if _, err := Read(bytes.NewReader(b[:cut]), int64(len(b))); err == nil {
			t.Errorf("no error when only %d of %d bytes can be read", cut, len(b))
		}
	}
}

func TestConversions(t *testing.T) {
	inf := math.Inf(1)
	tests := []struct {
		dtype string
		data  []byte
		want  []float64
	}{
		{"F64", little.AppendUint64(nil, math.Float64bits(math.Pi)), []float64{math.Pi}},
		{"F32", little.AppendUint32(nil, math.Float32bits(math.Pi)), []float64{float64(float32(math.Pi))}},
		{"BF16", []byte{0x80, 0x3f, 0x49, 0xc0, 0x80, 0x7f}, []float64{1, -3.140625, inf}},
		{"I64", little.AppendUint64(nil, 1<<63), []float64{math.MinInt64}},
		{"I32", []byte{0xfe, 0xff, 0xff, 0xff}, []float64{-2}},
		{"I16", []byte{0x00, 0x80}, []float64{math.MinInt16}},
		{"I8", []byte{0x80, 0x7f}, []float64{-128, 127}},
		{"U8", []byte{0x80, 0xff}, []float64{128, 255}},
		{"BOOL", []byte{0, 1, 2}, []float64{0, 1, 1}},
	}
	for _, tt := range tests {
		x := Tensor{DType: tt.dtype, Shape: []int{len(tt.want)}, Data: tt.data}
		if got := x.Float64s(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: Float64s = %v, want %v", tt.dtype, got, tt.want)
		}
		for i, got := range x.Float32s() {
			if got != float32(tt.want[i]) {
				t.Errorf("%s: Float32s[%d] = %v, want %v", tt.dtype, i, got, float32(tt.want[i]))
			}
		}
	}
}

// Every half-precision number is checked against the definition
// (-1)^s · 2^(e-15) · (1 + f/1024), and 2^-14 · f/1024 where e = 0.
func TestFloat16(t *testing.T) {
	for h := range 1 << 16 {
		e, f := float64(h>>10&31), float64(h&1023)
		want := math.Pow(2, e-15) * (1 + f/1024)
		switch {
		case e == 0:
			want = math.Pow(2, -14) * f / 1024
		case e == 31 && f == 0:
			want = math.Inf(1)
		case e == 31:
			want = math.NaN()
		}
		if h>>15 == 1 {
			want = math.Copysign(want, -1)
		}
		got := float16(uint16(h))
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != math.Signbit(want) {
			t.Fatalf("float16(%#04x) = %v, want %v", h, got, want)
		}
	}
}

func TestMisuse(t *testing.T) {
	misuse := func(want string, f func()) {
		t.Helper()
		defer func() {
			if text := fmt.Sprint(recover()); !strings.Contains(text, want) {
				t.Errorf("panic says %q, want %q in it", text, want)
			}
		}()
		f()
	}
	misuse("is its name in the file?", func() { Tensor{}.Float64s() })
	misuse("Int64s of a tensor of dtype F32", func() { Tensor{DType: "F32"}.Int64s() })
}

// FuzzRead checks that whatever is accepted is consistent: each tensor holds
// as many bytes as its shape and dtype say, and together they hold the file.
func FuzzRead(f *testing.F) {
	f.Add(file(`{}`))
	f.Add(file(`{"__metadata__":{"a":"b"},"x":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]}}  `, 1, 2, 3, 4))
	f.Add(file(`{"x":{"dtype":"U8","shape":[0,9223372036854775807],"data_offsets":[0,0]}}`))
	f.Add(file(`{"x":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"y":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}`, 1, 2, 3, 4, 5, 6, 7, 8, 1))
	for _, tt := range refused {
		f.Add(tt.file)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tensors, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		total := 0
		for name, x := range tensors {
			if n := x.Len(); n*dtypes[x.DType].size != len(x.Data) || len(x.Float64s()) != n || len(x.Float32s()) != n {
				t.Errorf("%s: %s of shape %v holds %d bytes", name, x.DType, x.Shape, len(x.Data))
			}
			total += len(x.Data)
		}
		if header := little.Uint64(b); 8+int(header)+total != len(b) {
			t.Errorf("header of %d and values of %d bytes do not make the %d of the file", header, total, len(b))
		}
	})
}

package torchfile

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/internal/safetensors"
)

func open(t *testing.T, name string) *File {
	t.Helper()
	f, err := Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// flatten adds every tensor under v to into, its name the keys on the way.
func flatten(into map[string]*Tensor, name string, v any) {
	switch v := v.(type) {
	case *Dict:
		for _, e := range v.Entries {
			flatten(into, strings.TrimPrefix(fmt.Sprintf("%s.%v", name, e.Key), "."), e.Value)
		}
	case List:
		for i, item := range v {
			flatten(into, fmt.Sprintf("%s.%d", name, i), item)
		}
	case *Tensor:
		into[name] = v
	}
}

// Each file holds what PyTorch says it holds, bit by bit. The tensors are
// found under the root given.
func TestFilesOfPyTorch(t *testing.T) {
	for _, c := range []struct {
		file, want string
		root       func(*Dict) any
		rename     string // prefix of a file's names that the reference has not
	}{
		{"main_adamw.pth.tar", "main_adamw.expected", whole, "state_dict."},
		{"main_adamw_legacy.pth.tar", "main_adamw.expected", whole, "state_dict."},
		{"main_adamw_oldzip.pth.tar", "main_adamw.expected", whole, "state_dict."},
		{"main_adamw_cuda_tag.pth.tar", "main_adamw.expected", whole, "state_dict."},
		{"main_lion.pth.tar", "main_lion.expected", whole, "state_dict."},
		{"finetune.t7", "main_adamw.expected", whole, "model."},
		{"bare_f32.pth", "bare_f32", whole, ""},
		{"bare_f16.pth", "bare_f16", whole, ""},
		{"bare_bf16.pth", "bare_bf16", whole, ""},
		{"bare_bf16_legacy.pth", "bare_bf16", whole, ""},
		{"bare_f64.pth", "bare_f64", whole, ""},
		{"parameters.pth", "bare_f32", whole, ""},
		{"odd.pth", "odd.expected", func(d *Dict) any { return d.Get("tensors") }, ""},
		{"odd_legacy.pth", "odd.expected", func(d *Dict) any { return d.Get("tensors") }, ""},
	} {
		t.Run(c.file, func(t *testing.T) {
			f := open(t, c.file)
			tensors := map[string]*Tensor{}
			flatten(tensors, "", c.root(f.Root.(*Dict)))
			want, err := safetensors.ReadFile("testdata/" + c.want + ".safetensors")
			if err != nil {
				t.Fatal(err)
			}
			compared := 0
			for name, tensor := range tensors {
				name = strings.TrimPrefix(name, c.rename)
				w, ok := want[name]
				if !ok {
					w, ok = want["module."+name]
				}
				if !ok {
					if !strings.HasSuffix(name, ".step") {
						t.Errorf("%s is not in the reference", name)
					}
					continue
				}
				got, err := f.Read(tensor)
				if err != nil {
					t.Fatal(err)
				}
				if got.DType != w.DType || !slices.Equal(got.Shape, w.Shape) || !bytes.Equal(got.Data, w.Data) {
					t.Errorf("%s: %s %v %.40x, want %s %v %.40x", name, got.DType, got.Shape, got.Data, w.DType, w.Shape, w.Data)
				}
				compared++
			}
			if min := map[string]int{"parameters.pth": 6, "odd.pth": 21, "odd_legacy.pth": 21}[c.file]; compared < 36 && compared != min {
				t.Errorf("only %d tensors were compared", compared)
			}
		})
	}
}

func whole(d *Dict) any { return d }

// The values that are no tensors, against the description of the files.
func TestOtherValuesOfPyTorch(t *testing.T) {
	var about struct {
		Files map[string]struct{ Meta map[string]any }
	}
	text, err := os.ReadFile("testdata/checkpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &about); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"odd.pth", "odd_legacy.pth"} {
		meta := open(t, name).Root.(*Dict).Get("meta").(*Dict)
		want := about.Files[name].Meta
		huge, _ := new(big.Int).SetString(want["huge"].(string), 10)
		data, _ := hex.DecodeString(want["bytes_hex"].(string))
		for key, w := range map[string]any{
			"none": nil, "flag": true, "big": 1 << 40, "neg": -129, "pi": want["pi"], "text": want["text"],
			"huge": huge, "bytes": data, "tuple": Tuple{1, 2.5, "x"},
			"nested": List{&Dict{Entries: []Entry{{"a", List{1, List{2}}}}}},
		} {
			if got := meta.Get(key); fmt.Sprintf("%#v", normal(got)) != fmt.Sprintf("%#v", normal(w)) {
				t.Errorf("%s: %s is %#v, want %#v", name, key, got, w)
			}
		}
	}
	f := open(t, "main_adamw.pth.tar").Root.(*Dict)
	if f.Get("epoch") != 3 || f.Get("arch") != "CRATE_tiny" {
		t.Errorf("epoch %v, arch %v", f.Get("epoch"), f.Get("arch"))
	}
	group := f.Get("optimizer").(*Dict).Get("param_groups").(List)[0].(*Dict)
	if fmt.Sprint(group.Get("betas"), group.Get("weight_decay"), group.Get("fused")) != "[0.9 0.999] 0.1 <nil>" {
		t.Errorf("param group %v", group)
	}
	if metadata, ok := f.Get("state_dict").(*Dict).Attributes.Get("_metadata").(*Dict); !ok || len(metadata.Entries) == 0 {
		t.Error("the state_dict has no _metadata")
	}
}

// normal makes pointers comparable as text.
func normal(v any) any {
	switch v := v.(type) {
	case *big.Int:
		return v.String()
	case List:
		out := make(List, len(v))
		for i := range v {
			out[i] = normal(v[i])
		}
		return out
	case *Dict:
		return v.Entries[0].Key.(string) + fmt.Sprintf("%#v", normal(v.Entries[0].Value))
	}
	return v
}

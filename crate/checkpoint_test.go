package crate

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/internal/safetensors"
	"github.com/gocrate/gocrate/internal/torchfile"
)

const checkpoints = "../internal/torchfile/testdata/"

func expected(t *testing.T, name string) map[string]safetensors.Tensor {
	t.Helper()
	want, err := safetensors.ReadFile(checkpoints + name + ".safetensors")
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// expectedImages are the images whose logits are known.
func expectedImages(want map[string]safetensors.Tensor) Images {
	img := want["expect.img"]
	return Images{Pixels: img.Float32s(), Channels: img.Shape[1], Height: img.Shape[2], Width: img.Shape[3]}
}

// The files of the official scripts give the official logits, the optimiser
// with its moments, and the rest.
func TestOfficialCheckpoints(t *testing.T) {
	for file, want := range map[string]string{
		"main_adamw.pth.tar": "adamw", "main_adamw_legacy.pth.tar": "adamw", "main_adamw_oldzip.pth.tar": "adamw",
		"main_adamw_cuda_tag.pth.tar": "adamw", "finetune.t7": "adamw", "main_lion.pth.tar": "lion",
	} {
		t.Run(file, func(t *testing.T) {
			tensors := expected(t, "main_"+want+".expected")
			c, err := LoadCheckpoint(checkpoints+file, Config{Heads: 3})
			if err != nil {
				t.Fatal(err)
			}
			logits := c.Model.Forward(expectedImages(tensors))
			if !closeTo(logits.Data, tensors["expect.logits"].Float32s(), 5e-6) {
				t.Error("the model has other logits")
			}
			if file != "finetune.t7" && (c.Epoch != 3 || c.Arch != "CRATE_tiny" || float32(c.BestAcc1) != tensors["best_acc1"].Float32s()[0]) {
				t.Errorf("epoch %d, arch %q, best accuracy %g", c.Epoch, c.Arch, c.BestAcc1)
			}
			base := map[string]float64{"adamw": 4e-4, "lion": 2e-4}[want] // and the official schedule for epoch 3 of 200
			if name := c.training().Optimizer; name != want || c.BaseRate != base || c.LearningRate != base*Schedule(3, 200, 20) {
				t.Fatalf("the optimiser is %q with rate %g of %g, want %q with %g", name, c.LearningRate, c.BaseRate, want, base)
			}
			checkOfficialMoments(t, c, tensors)
		})
	}
}

func checkOfficialMoments(t *testing.T, c *Checkpoint, want map[string]safetensors.Tensor) {
	t.Helper()
	for _, moment := range c.Optimizer.moments() {
		for i, p := range (*moment.value).Params() {
			w, ok := want["optimizer.state."+itoa(i)+"."+moment.name]
			if !ok || !slices.Equal(p.Data, w.Float32s()) {
				t.Errorf("%s of %s differs, or is not in the reference: %t", moment.name, p.Name, !ok)
			}
		}
	}
	switch o := c.Optimizer.(type) {
	case *AdamW:
		if o.Steps != 3 || o.Beta1 != 0.9 || o.Beta2 != 0.999 || o.Eps != 1e-8 || o.WeightDecay != 0.1 {
			t.Errorf("AdamW has steps %d, β %g and %g, ε %g, decay %g", o.Steps, o.Beta1, o.Beta2, o.Eps, o.WeightDecay)
		}
	case *Lion:
		if o.Steps == 0 || o.Beta1 != 0.9 || o.Beta2 != 0.99 || o.WeightDecay != 0.05 {
			t.Errorf("Lion has steps %d, β %g and %g, decay %g", o.Steps, o.Beta1, o.Beta2, o.WeightDecay)
		}
	}
}

func itoa(i int) string { b, _ := json.Marshal(i); return string(b) }

// A state_dict alone, in every floating-point type and both formats. Half
// precision becomes float32 exactly, so the logits are those of the rounded
// weights.
func TestStateDictsOfEveryType(t *testing.T) {
	var about struct {
		Files map[string]struct{ Logits_f32_of_rounded_weights [][]float32 }
	}
	text, err := os.ReadFile(checkpoints + "checkpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &about); err != nil {
		t.Fatal(err)
	}
	x := expectedImages(expected(t, "main_adamw.expected"))
	for file, reference := range map[string]string{
		"bare_f32.pth": "bare_f32", "bare_f64.pth": "bare_f64", "bare_f16.pth": "bare_f16", "bare_bf16.pth": "bare_bf16", "bare_bf16_legacy.pth": "bare_bf16",
		"bare_f32.safetensors": "bare_f32", "bare_f64.safetensors": "bare_f64", "bare_f16.safetensors": "bare_f16", "bare_bf16.safetensors": "bare_bf16",
	} {
		m, err := LoadAs(checkpoints+file, Config{Heads: 3})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		want := expected(t, reference)
		for _, p := range m.Params() {
			if !slices.Equal(p.Data, want[p.Name].Float32s()) {
				t.Errorf("%s: %s differs", file, p.Name)
			}
		}
		if rows := about.Files[reference+".pth"].Logits_f32_of_rounded_weights; rows != nil {
			if !closeTo(m.Forward(x).Data, slices.Concat(rows...), 5e-6) {
				t.Errorf("%s: other logits", file)
			}
		}
	}
}

// trained is a checkpoint with all its parts filled.
func trained(t *testing.T, optimizer string, variant Variant) *Checkpoint {
	t.Helper()
	cfg := Digits()
	cfg.Depth, cfg.Variant, cfg.Pool, cfg.StepSize = 2, variant, MeanPool, 0.07
	m, err := New(cfg, 4)
	if err != nil {
		t.Fatal(err)
	}
	opt, err := NewOptimizer(optimizer, 0.03)
	if err != nil {
		t.Fatal(err)
	}
	_, grad, _ := m.Gradient(Images{Pixels: make([]float32, 64), Labels: []int{3}, Channels: 1, Height: 8, Width: 8, Classes: 10}, 0)
	opt.Step(m, grad, 0.01)
	opt.Step(m, grad, 0.02)
	return &Checkpoint{Model: m, Optimizer: opt, Epoch: 7, Arch: "CRATE_digits", BestAcc1: 90.5, LearningRate: 0.02, BaseRate: 0.04}
}

// What is saved is loaded, bit by bit and without being told anything, in
// every format, with every optimiser and variant.
func TestSavedCheckpointsAreLoaded(t *testing.T) {
	for _, ext := range []string{".safetensors", ".pth.tar"} {
		for _, optimizer := range []string{"adamw", "adam", "sgd", "lion"} {
			for _, variant := range []Variant{Released, Paper, ViT} {
				want := trained(t, optimizer, variant)
				path := filepath.Join(t.TempDir(), "x"+ext)
				if err := want.Save(path); err != nil {
					t.Fatal(err)
				}
				got, err := LoadCheckpoint(path, Config{})
				if err != nil {
					t.Fatal(err)
				}
				sameModel(t, got.Model, want.Model)
				for i, moment := range got.Optimizer.moments() {
					sameModel(t, *moment.value, *want.Optimizer.moments()[i].value)
				}
				a, b := got.training(), want.training()
				if optimizer == "lion" && ext == ".pth.tar" {
					b.Steps = 1 // lion_pytorch does not count
				}
				if a != b {
					t.Errorf("%s, %s: %+v, saved %+v", ext, optimizer, a, b)
				}
			}
		}
	}
}

func sameModel(t *testing.T, got, want *Model) {
	t.Helper()
	if got.Config != want.Config {
		t.Errorf("configuration %+v, want %+v", got.Config, want.Config)
	}
	params := want.Params()
	for i, p := range got.Params() {
		if !slices.Equal(p.Data, params[i].Data) {
			t.Errorf("%s differs", p.Name)
		}
	}
}

func TestSavedModelsAreLoaded(t *testing.T) {
	for _, ext := range []string{".safetensors", ".pth", ".PT", ".tar"} {
		want := trained(t, "sgd", Paper).Model
		path := filepath.Join(t.TempDir(), "x"+ext)
		if err := want.Save(path); err != nil {
			t.Fatal(err)
		}
		got, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		sameModel(t, got, want)
		if _, err := os.Stat(path + ".tmp"); !os.IsNotExist(err) {
			t.Errorf("there is a temporary file left: %v", err)
		}
	}
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// Errors about files name them.
func TestFilesThatAreNoModels(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "missing.pth"):     "missing.pth",
		write("empty.pth", ""):                "0 bytes",
		write("text.safetensors", "a text"):   "6 bytes",
		write("hostile.pth", "\x80\x02cos\n"): "ends within",
		checkpoints + "odd.pth":               "want a tensor",
		checkpoints + "parameters.pth":        "no CRATE classifier",
	} {
		_, err := LoadAs(path, Config{Heads: 3})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: error %v; want one that names the file and says %q", path, err, want)
		}
	}
}

func TestSaveRefuses(t *testing.T) {
	dir := t.TempDir()
	changed := trained(t, "sgd", Released)
	changed.Model.Layers[1].ISTA.Lambda = 0
	for name, c := range map[string]struct {
		checkpoint *Checkpoint
		file, want string
	}{
		"format":    {trained(t, "sgd", Released), "x.onnx", `".onnx" is not known`},
		"optimiser": {trained(t, "sgd", Released), "x.pth", "name it .pth.tar"},
		"constants": {changed, "x.pth.tar", "layer 2 has the constants"},
		"directory": {trained(t, "sgd", Released), "missing/x.tar", "no such file"},
	} {
		err := c.checkpoint.Save(filepath.Join(dir, c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one that says %q", name, err, c.want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("refused files leave %v", entries)
	}
}

// A failure while a file is written leaves the one that was there.
func TestFailedSaveKeepsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.safetensors")
	c := trained(t, "sgd", Released)
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path+".tmp", 0o755); err != nil {
		t.Fatal(err)
	}
	c.Epoch = 8
	if err := c.Save(path); err == nil {
		t.Fatal("a file was written through a directory")
	}
	if got, err := LoadCheckpoint(path, Config{}); err != nil || got.Epoch != 7 {
		t.Errorf("epoch %v, %v; want 7", got, err)
	}
}

// Every optimiser of PyTorch that cannot be continued here is refused.
func TestForeignOptimizersAreErrors(t *testing.T) {
	group := func(entries ...torchfile.Entry) torchfile.List {
		return torchfile.List{&torchfile.Dict{Entries: entries}}
	}
	betas := torchfile.Entry{Key: "betas", Value: torchfile.Tuple{0.9, 0.99}}
	for want, groups := range map[string]torchfile.List{
		"0 groups":      {},
		"2 groups":      append(group(betas), group(betas)...),
		"none of AdamW": group(torchfile.Entry{Key: "rho", Value: 0.9}),
		"Nesterov":      group(torchfile.Entry{Key: "momentum", Value: 0.9}, torchfile.Entry{Key: "nesterov", Value: true}),
		"amsgrad":       group(betas, torchfile.Entry{Key: "amsgrad", Value: true}),
	} {
		c := trained(t, "sgd", Released)
		o := &torchfile.Dict{Entries: []torchfile.Entry{{Key: "param_groups", Value: groups}}}
		if err := readTorchOptimizer(c, nil, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want one that says %q", err, want)
		}
	}
}

// training has a field for every constant of every optimiser.
func TestNoConstantOfAnOptimizerIsForgotten(t *testing.T) {
	known := map[string]bool{"Steps": true, "Mean": true, "Square": true, "Velocity": true, "AdamW": true}
	fields := reflect.TypeFor[training]()
	for i := range fields.NumField() {
		known[fields.Field(i).Name] = true
	}
	for _, o := range []any{AdamW{}, Adam{}, SGD{}, Lion{}} {
		typ := reflect.TypeOf(o)
		for i := range typ.NumField() {
			if f := typ.Field(i); f.IsExported() && !known[f.Name] {
				t.Errorf("%v.%s is not stored", typ, f.Name)
			}
		}
	}
}

package crate

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gocrate/gocrate/internal/safetensors"
	"github.com/gocrate/gocrate/internal/torchfile"
)

// Keys of the texts in a safetensors header; configKey also of one in the
// _metadata of a state_dict.
const (
	configKey   = "gocrate.config"
	trainingKey = "gocrate.training"
)

// stored is what a file of any format holds.
type stored struct {
	tensors map[string]safetensors.Tensor // parameters by official name
	config  string                        // Config as JSON; empty if the file does not say
	beside  Checkpoint                    // without Model
	optim   func(c *Checkpoint) error     // reads the optimiser's state into c; nil: there is none
}

// load reads a file, with the optimiser's state if that is wanted.
func load(path string, known Config, optim bool) (*Checkpoint, error) {
	isTorch, err := startsLikeTorch(path)
	if err != nil {
		return nil, err
	}
	read := loadSafetensors
	if isTorch {
		read = loadTorch
	}
	var c *Checkpoint
	err = read(path, func(s *stored) (err error) {
		c, err = s.checkpoint(known, optim)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("crate: loading %s: %w", path, err)
	}
	return c, nil
}

// startsLikeTorch reports whether a file begins as a zip archive or a pickle.
func startsLikeTorch(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var magic [2]byte
	f.Read(magic[:]) // a shorter file is told by its reader
	return magic == [2]byte{'P', 'K'} || magic == [2]byte{0x80, 2}, nil
}

// loadSafetensors calls f with what a safetensors file holds, while it is
// mapped into memory.
func loadSafetensors(path string, f func(*stored) error) error {
	return safetensors.View(path, func(file *safetensors.File) error {
		s, err := readSafetensors(file)
		if err != nil {
			return err
		}
		return f(s)
	})
}

func readSafetensors(file *safetensors.File) (*stored, error) {
	s := &stored{tensors: map[string]safetensors.Tensor{}, config: file.Metadata[configKey]}
	moments := map[string]safetensors.Tensor{}
	for name, t := range file.Tensors {
		switch rest, isMoment := strings.CutPrefix(name, "optimizer."); {
		case isMoment:
			moments[rest] = t
		case !strings.HasPrefix(name, "history."):
			s.tensors[strings.TrimPrefix(name, "module.")] = t
		}
	}
	if text := file.Metadata[trainingKey]; text != "" {
		if err := s.readTraining(text, moments); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// loadTorch calls f with what a file of PyTorch's holds.
func loadTorch(path string, f func(*stored) error) error {
	file, err := torchfile.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	root, ok := file.Root.(*torchfile.Dict)
	if !ok {
		return fmt.Errorf("the file holds a %T; want a dict", file.Root)
	}
	s := &stored{tensors: map[string]safetensors.Tensor{}}
	state := root
	for _, key := range []string{"state_dict", "model"} {
		if d, ok := root.Get(key).(*torchfile.Dict); ok {
			state = d
			s.readTorchRoot(file, root)
			break
		}
	}
	for _, e := range state.Entries {
		name, _ := e.Key.(string)
		t, ok := e.Value.(*torchfile.Tensor)
		if !ok {
			return fmt.Errorf("%v is a %T; want a tensor. Is the model under another key than state_dict or model?", e.Key, e.Value)
		}
		if s.tensors[strings.TrimPrefix(name, "module.")], err = file.Read(t); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	metadata, _ := state.Attributes.Get("_metadata").(*torchfile.Dict)
	own, _ := metadata.Get("").(*torchfile.Dict)
	s.config, _ = own.Get(configKey).(string)
	return f(s)
}

// checkpoint makes the model, and what is beside it.
func (s *stored) checkpoint(known Config, optim bool) (*Checkpoint, error) {
	cfg, err := s.configuration(known)
	if err != nil {
		return nil, err
	}
	c := s.beside
	c.Model = newModel(cfg)
	if err := setParams(c.Model, s.tensors); err != nil {
		return nil, err
	}
	if optim && s.optim != nil {
		if err := s.optim(&c); err != nil {
			return nil, fmt.Errorf("the optimiser: %w", err)
		}
	}
	return &c, nil
}

// setParams gives m the parameters by name, all of them and no others.
func setParams(m *Model, tensors map[string]safetensors.Tensor) error {
	var missing []string
	left := len(tensors)
	for _, p := range m.Params() {
		t, ok := tensors[p.Name]
		if !ok {
			missing = append(missing, p.Name)
			continue
		}
		left--
		if err := setParam(p, t); err != nil {
			return err
		}
	}
	if len(missing) > 0 || left > 0 {
		return fmt.Errorf("the file is of another model than\n%v:\nmissing: %s; left over: %s", m, some(missing), some(m.notIn(tensors)))
	}
	return nil
}

func setParam(p Param, t safetensors.Tensor) error {
	if !slices.Equal(p.Shape, t.Shape) {
		return fmt.Errorf("%s has shape %v; want %v", p.Name, t.Shape, p.Shape)
	}
	switch t.DType {
	case "F64", "F32", "F16", "BF16":
		copy(p.Data, t.Float32s())
		return nil
	}
	return fmt.Errorf("%s has dtype %s; want one of floating point", p.Name, t.DType)
}

// notIn returns the names of tensors that are no parameters of m, sorted.
func (m *Model) notIn(tensors map[string]safetensors.Tensor) []string {
	known := map[string]bool{}
	for _, p := range m.Params() {
		known[p.Name] = true
	}
	var names []string
	for name := range tensors {
		if !known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// some lists up to four names.
func some(names []string) string {
	switch n := len(names); {
	case n == 0:
		return "nothing"
	case n > 4:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:4], ", "), n-4)
	}
	return strings.Join(names, ", ")
}

// decode reads JSON and refuses fields that v has not, which a newer version
// may have written.
func decode(text string, v any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

package crate

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gocrate/gocrate/internal/safetensors"
	"github.com/gocrate/gocrate/internal/torchfile"
)

func (c *Checkpoint) saveSafetensors(path string) error {
	tensors, metadata, err := c.safetensors()
	if err != nil {
		return err
	}
	return replaceFile(path, func(w io.Writer) error { return safetensors.Write(w, tensors, metadata) })
}

// safetensors returns what a safetensors file of c holds: parameters by
// official name, moments as optimizer.MOMENT.NAME, the rest as JSON.
func (c *Checkpoint) safetensors() ([]safetensors.Named, map[string]string, error) {
	config, err := json.Marshal(c.Model.Config)
	if err != nil {
		return nil, nil, err
	}
	training, err := json.Marshal(c.training())
	if err != nil {
		return nil, nil, err
	}
	tensors := appendParams(nil, "", c.Model)
	if c.Optimizer != nil {
		for _, moment := range c.Optimizer.moments() {
			if *moment.value != nil {
				tensors = appendParams(tensors, "optimizer."+moment.name+".", *moment.value)
			}
		}
	}
	return tensors, map[string]string{"format": "pt", configKey: string(config), trainingKey: string(training)}, nil
}

func appendParams(to []safetensors.Named, prefix string, m *Model) []safetensors.Named {
	for _, p := range m.Params() {
		to = append(to, safetensors.Named{Name: prefix + p.Name, Tensor: safetensors.FromFloat32s(p.Shape, p.Data)})
	}
	return to
}

func (c *Checkpoint) saveTorch(path string, root *torchfile.Dict) error {
	return replaceFile(path, func(w io.Writer) error { return torchfile.Write(w, root) })
}

// stateDict is the OrderedDict that PyTorch's state_dict() returns, with the
// configuration in the _metadata, where PyTorch does not look at it.
func (m *Model) stateDict(prefix string) *torchfile.Dict {
	state, root, own := &torchfile.Dict{Attributes: &torchfile.Dict{}}, &torchfile.Dict{Attributes: &torchfile.Dict{}}, &torchfile.Dict{}
	for _, p := range m.Params() {
		state.Set(prefix+p.Name, torchfile.NewTensor(safetensors.FromFloat32s(p.Shape, p.Data)))
	}
	own.Set("version", 1)
	if config, err := json.Marshal(m.Config); err == nil { // always: the fields are numbers
		own.Set(configKey, string(config))
	}
	root.Set("", own)
	state.Attributes.Set("_metadata", root)
	return state
}

// torchRoot is the dict that the official script saves.
func (c *Checkpoint) torchRoot() *torchfile.Dict {
	d := &torchfile.Dict{}
	d.Set("epoch", c.Epoch)
	d.Set("arch", c.Arch)
	d.Set("state_dict", c.Model.stateDict("module."))
	d.Set("best_acc1", c.BestAcc1)
	if c.Optimizer != nil {
		d.Set("optimizer", c.torchOptimizer())
		d.Set("scheduler", c.torchScheduler())
	}
	return d
}

// replaceFile writes a file under another name, brings it to the disk, and
// gives it its name: whenever the process is killed or the machine stops,
// there is the old file or the new one, whole.
func replaceFile(path string, write func(w io.Writer) error) (err error) {
	temporary := path + ".tmp"
	f, err := os.Create(temporary)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(temporary)
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

// syncDirectory brings the names in a directory to the disk. Windows does
// that by itself, and does not let a directory be opened for it.
func syncDirectory(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

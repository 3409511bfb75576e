package crate

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"reflect"
	"slices"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// progressKey is the text in the header of a checkpoint that Train continues
// from: a safetensors file with a [Checkpoint], the History as tensors
// history.…, and progress as JSON.
const progressKey = "gocrate.progress"

// progress is where a run is. With model, moments and history it is all that
// the steps to come depend on.
type progress struct {
	Run         run
	State       Step
	Done, Right int    // images of the epoch that were visited, and those classified right
	Order       []byte // state of the generator that drew the order of the epoch, before it did
}

// run is what must be the same for a run to be continued.
type run struct {
	Model                     Config
	Epochs, BatchSize         int
	Seed                      uint64
	Optimizer                 string
	LearningRate, WeightDecay float64
	DecayMatricesOnly         bool
	Beta1, Beta2, ClipNorm    float64
	Warmup                    int
	PerStep                   bool
	LabelSmoothing, Mixup     float64
	Schedule                  uint32 // checksum of its factors
	Augmentations             int    // how many: functions cannot be compared
	Images, Validation        uint32 // checksums
}

// identity is what makes the run this one.
func (t *trainer) identity() run {
	c := t.cfg
	return run{
		Model: t.model.Config, Epochs: c.Epochs, BatchSize: c.BatchSize, Seed: c.Seed,
		Optimizer: c.Optimizer, LearningRate: c.LearningRate, WeightDecay: c.WeightDecay, DecayMatricesOnly: c.DecayMatricesOnly,
		Beta1: c.Beta1, Beta2: c.Beta2, ClipNorm: c.ClipNorm, Warmup: c.Warmup, PerStep: c.PerStep,
		Schedule: c.scheduleChecksum(), LabelSmoothing: c.LabelSmoothing, Mixup: c.Mixup, Augmentations: len(c.Augment),
		Images: t.images.checksum(), Validation: c.Validation.checksum(),
	}
}

// parts are the History's slices with their names in a checkpoint.
func (h *History) parts() map[string]*[]float64 {
	return map[string]*[]float64{
		"history.loss": &h.Loss, "history.learning_rate": &h.LearningRate,
		"history.accuracy": &h.Accuracy, "history.validation": &h.Validation,
	}
}

// save writes the state of the run to cfg.Checkpoint.
func (t *trainer) save() error {
	c := Checkpoint{Model: t.model, Optimizer: t.optim, Epoch: len(t.history.Accuracy), LearningRate: t.learningRate(), BaseRate: t.cfg.LearningRate}
	for _, a := range t.history.Validation {
		c.BestAcc1 = max(c.BestAcc1, 100*a)
	}
	tensors, metadata, err := c.safetensors()
	if err != nil {
		return err
	}
	text, err := json.Marshal(progress{t.run, t.state, t.done, t.right, t.begun})
	if err != nil {
		return err
	}
	metadata[progressKey] = string(text)
	for name, values := range t.history.parts() {
		tensors = append(tensors, safetensors.Named{Name: name, Tensor: safetensors.FromFloat64s([]int{len(*values)}, *values)})
	}
	slices.SortFunc(tensors[len(tensors)-4:], func(a, b safetensors.Named) int { return cmp.Compare(a.Name, b.Name) })
	return replaceFile(t.cfg.Checkpoint, func(w io.Writer) error { return safetensors.Write(w, tensors, metadata) })
}

// resume continues from cfg.Checkpoint if there is such a file. On an error
// nothing has changed.
func (t *trainer) resume() error {
	err := safetensors.View(t.cfg.Checkpoint, t.restore)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// restore takes over the state of a run that a file holds.
func (t *trainer) restore(file *safetensors.File) error {
	var p progress
	if err := decode(file.Metadata[progressKey], &p); err != nil {
		return fmt.Errorf("%s is not a checkpoint of Train: %w; choose another name", t.cfg.Checkpoint, err)
	}
	if err := p.Run.mustBe(t.run); err != nil {
		return fmt.Errorf("%s: %w; train with the configuration it was made with, or remove the file to start anew", t.cfg.Checkpoint, err)
	}
	if err := t.takeOver(file, p); err != nil {
		return fmt.Errorf("%s: %w", t.cfg.Checkpoint, err)
	}
	return nil
}

func (t *trainer) takeOver(file *safetensors.File, p progress) error {
	s, err := readSafetensors(file)
	if err != nil {
		return err
	}
	c, err := s.checkpoint(Config{}, true)
	if err != nil {
		return err
	}
	var history History
	for name, values := range history.parts() {
		x, ok := file.Tensors[name]
		if !ok || x.DType != "F64" {
			return fmt.Errorf("there is no %s of dtype F64", name)
		}
		if len(x.Data) > 0 {
			*values = x.Float64s()
		}
	}
	if n := len(history.Loss); c.Optimizer == nil || p.State.Step != n || p.Done < 0 || p.Done >= t.images.Len() || p.State.Steps != t.state.Steps {
		return fmt.Errorf("step %d of %d with %d losses, after %d images: this is no state of the run", p.State.Step, p.State.Steps, n, p.Done)
	}
	if err := t.order.UnmarshalBinary(p.Order); err != nil {
		return err
	}
	for i, q := range c.Model.Params() {
		copy(t.params[i].Data, q.Data)
	}
	t.optim, t.history, t.state, t.done, t.right = c.Optimizer, history, p.State, p.Done, p.Right
	return nil
}

// mustBe reports the first field that differs.
func (r run) mustBe(want run) error {
	have, now := reflect.ValueOf(r), reflect.ValueOf(want)
	for i := range have.NumField() {
		if h, n := have.Field(i), now.Field(i); h.Interface() != n.Interface() {
			return fmt.Errorf("the checkpoint was made with %s %+v, now it is %+v", have.Type().Field(i).Name, h, n)
		}
	}
	return nil
}

// scheduleChecksum tells schedules apart by their factors.
func (c TrainConfig) scheduleChecksum() uint32 {
	var b []byte
	for epoch := range c.Epochs {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.Schedule(epoch, c.Epochs, c.Warmup)))
	}
	return crc32.ChecksumIEEE(b)
}

// checksum tells sets of images apart.
func (x Images) checksum() uint32 {
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	var b []byte
	for part := range slices.Chunk(x.Pixels, 1<<14) {
		b = b[:0]
		for _, p := range part {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(p))
		}
		h.Write(b)
	}
	fmt.Fprint(h, x.Labels, x.Channels, x.Height, x.Width, x.Classes)
	return h.Sum32()
}

package crate

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Checkpoint is a model with what a training script keeps beside it. The
// official scripts write such files after every epoch.
type Checkpoint struct {
	Model     *Model
	Optimizer Optimizer // with its moments; nil: none

	Epoch        int     // epochs completed
	Arch         string  // name of the architecture, such as "CRATE_tiny"
	BestAcc1     float64 // best accuracy on the validation images, in per cent
	LearningRate float64 // of the optimiser's next step
	BaseRate     float64 // before the schedule, PyTorch's initial_lr; 0: LearningRate
}

// Load reads a model from a file that [Model.Save] or [Checkpoint.Save] has
// written, or that the official script has, of CRATE-Tiny, Small, Base or
// Large. Other files of PyTorch's do not say all that a [Config] needs: see
// [LoadAs].
func Load(path string) (*Model, error) { return LoadAs(path, Config{}) }

// LoadAs reads a model from a file in one of the formats
//
//	.safetensors          parameters by their official names
//	.pth, .pt             a state_dict of PyTorch, alone
//	.pth.tar, .t7, …      one among other things, under "state_dict" or "model"
//
// which is told from its content, not from its name. Numbers of any
// floating-point type become float32; names may begin with "module.".
//
// What the file does not say must be in known: the number of Heads, which
// PyTorch's files say only by the name of an official model under "arch", and
// the sizes of image and patch where they are not square or Channels is not 3.
// Dim, Depth, Classes, HeadDim, the number of tokens and the halves of an
// ordinary transformer are told from the shapes. Pool, StepSize, Lambda and the
// other variants of CRATE leave no trace in a file of PyTorch's, and are the
// usual ones if known is silent.
//
// It is an error if something known contradicts the file, and if parameters
// are missing, left over or of another shape. No file can make Load execute
// anything or use more memory than a few times its size.
func LoadAs(path string, known Config) (*Model, error) {
	c, err := load(path, known, false)
	if err != nil {
		return nil, err
	}
	return c.Model, nil
}

// LoadCheckpoint is [LoadAs] that returns what else is in the file too. A file
// with a model alone gives a Checkpoint without the rest.
func LoadCheckpoint(path string, known Config) (*Checkpoint, error) { return load(path, known, true) }

// Save writes the parameters and the configuration of m to a file that
// [Load] reads without further ado. The format is that of the name:
//
//	.safetensors       with the configuration as JSON in the header
//	.pth, .pt          a state_dict; in PyTorch model.load_state_dict(torch.load(path))
//	.tar, .pth.tar     the official script's: {"state_dict": …, "epoch": …, …}, names beginning with "module."
//
// A file of that name is replaced at once or, should anything fail, not at
// all. It is an error if a constant of a layer, such as ISTA.Lambda, is no
// longer that of m.Config, as no format has a place for it.
func (m *Model) Save(path string) error { return (&Checkpoint{Model: m}).Save(path) }

// Save is [Model.Save] with the rest of c. A state_dict alone, in .pth or .pt,
// has no place for an optimiser or an epoch: with these the name must end in
// .pth.tar, .tar or .safetensors.
func (c *Checkpoint) Save(path string) error {
	err := c.Model.checkConstants()
	if err != nil {
		return fmt.Errorf("crate: saving %s: %w", path, err)
	}
	switch ext := filepath.Ext(path); strings.ToLower(ext) {
	case ".safetensors":
		err = c.saveSafetensors(path)
	case ".tar":
		err = c.saveTorch(path, c.torchRoot())
	case ".pth", ".pt":
		if c.Optimizer != nil || c.Epoch != 0 {
			err = fmt.Errorf("a file %s holds a model alone; name it .pth.tar to keep optimiser and epoch", ext)
			break
		}
		err = c.saveTorch(path, c.Model.stateDict(""))
	default:
		err = fmt.Errorf("the format of a file %q is not known; want .safetensors, .pth, .pt, .tar or .pth.tar", ext)
	}
	if err != nil {
		return fmt.Errorf("crate: saving %s: %w", path, err)
	}
	return nil
}

// checkConstants reports constants of the layers that Config does not have.
func (m *Model) checkConstants() error {
	want := newLayer(m.Config).constants()
	for ℓ, l := range m.Layers {
		if got := l.constants(); got != want {
			return fmt.Errorf("layer %d has the constants %s; by Config it has %s, and only Config is stored", ℓ+1, got, want)
		}
	}
	if m.Head.Pool != m.Config.Pool {
		return fmt.Errorf("Head.Pool is %v; by Config it is %v, and only Config is stored", m.Head.Pool, m.Config.Pool)
	}
	return nil
}

// constants are all that a layer computes with besides its parameters.
func (l *Layer) constants() string {
	s := fmt.Sprintf("κ=%g skip=%t,%t", l.Kappa, l.SkipNormed, l.SkipISTA)
	switch {
	case l.MSSA != nil:
		s += fmt.Sprintf(" K=%d tied=%t plain=%t ε²=%g", l.MSSA.Heads, l.MSSA.Tied, l.MSSA.PlainScores, l.MSSA.EpsSq)
	case l.Step != nil:
		s += fmt.Sprintf(" K=%d %v ε²=%g κ=%g", l.Step.Heads, l.Step.Form, l.Step.EpsSq, l.Step.Kappa)
	}
	switch {
	case l.ISTA != nil:
		s += fmt.Sprintf(" η=%g λ=%g soft=%t", l.ISTA.StepSize, l.ISTA.Lambda, l.ISTA.Soft)
	case l.MM != nil:
		s += fmt.Sprintf(" λ=%g ε²=%g", l.MM.Lambda, l.MM.EpsSq)
	}
	return s
}

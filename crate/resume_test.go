package crate

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// fullTask is a run in which everything random and everything remembered takes
// part: 5 steps an epoch, 3 epochs.
func fullTask(t *testing.T, optimizer, checkpoint string) (*Model, Images, TrainConfig) {
	t.Helper()
	m, x, cfg := littleTask(t)
	cfg.Optimizer, cfg.Epochs, cfg.Mixup, cfg.ClipNorm, cfg.Validation = optimizer, 3, 0.3, 1, x.Slice(0, 9)
	cfg.Augment = []Augmentation{func(image Images, rng *rand.Rand) { image.Pixels[rng.IntN(64)] += rng.Float32() }}
	cfg.Checkpoint, cfg.CheckpointSteps = checkpoint, 2
	return m, x, cfg
}

// Wherever a run is interrupted, it goes on to the same bits: parameters,
// moments, history and all else that its last checkpoint holds, and on any
// number of processors.
func TestResumedRunEqualsUninterrupted(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, optimizer := range []string{"adamw", "sgd", "lion"} {
		dir := t.TempDir()
		whole := filepath.Join(dir, "whole")
		m, x, cfg := fullTask(t, optimizer, whole)
		want, err := Train(context.Background(), m, x, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for stop := 1; stop <= 14; stop++ {
			path := filepath.Join(dir, fmt.Sprint(stop))
			interrupted(t, optimizer, path, stop)
			runtime.GOMAXPROCS(1 + stop%3)
			again, _, cfg := fullTask(t, optimizer, path)
			first := 0
			cfg.Observe = func(s Step) {
				if first == 0 {
					first = s.Step
				}
			}
			history, err := Train(context.Background(), again, x, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if first != stop+1 {
				t.Errorf("interrupted after step %d, the run went on with step %d", stop, first)
			}
			sameModel(t, again, m)
			if !slices.Equal(history.Loss, want.Loss) || !slices.Equal(history.Validation, want.Validation) {
				t.Errorf("interrupted after step %d: another history", stop)
			}
			sameFile(t, path, whole)
		}
	}
}

// interrupted trains until a step has been made.
func interrupted(t *testing.T, optimizer, path string, stop int) {
	t.Helper()
	m, x, cfg := fullTask(t, optimizer, path)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cfg.Observe = func(s Step) {
		if s.Step == stop {
			cancel()
		}
	}
	if _, err := Train(ctx, m, x, cfg); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func sameFile(t *testing.T, path, want string) {
	t.Helper()
	a, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("%s is not %s", path, want)
	}
}

// A finished run is not repeated, and its checkpoint is a model's file too.
func TestFinishedRunIsLoaded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.safetensors")
	m, x, cfg := fullTask(t, "adamw", path)
	want, err := Train(context.Background(), m, x, cfg)
	if err != nil {
		t.Fatal(err)
	}
	again, _, cfg := fullTask(t, "adamw", path)
	cfg.Observe = func(s Step) { t.Errorf("step %d was made again", s.Step) }
	history, err := Train(context.Background(), again, x, cfg)
	if err != nil || !slices.Equal(history.Accuracy, want.Accuracy) {
		t.Errorf("history %v, %v; want %v", history.Accuracy, err, want.Accuracy)
	}
	sameModel(t, again, m)
	c, err := LoadCheckpoint(path, Config{})
	if err != nil {
		t.Fatal(err)
	}
	sameModel(t, c.Model, m)
	if c.BaseRate != 4e-3 || c.LearningRate != 4e-3*Schedule(3, 3, 3) {
		t.Errorf("rate %g of %g; want that of the epoch to come", c.LearningRate, c.BaseRate)
	}
	if c.Epoch != 3 || c.BestAcc1 != 100*slices.Max(want.Validation) || c.Optimizer.(*AdamW).Steps != 15 {
		t.Errorf("checkpoint %+v", c)
	}
}

// A run is continued only by the same configuration, on the same images.
func TestAnotherRunIsNotContinued(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run")
	interrupted(t, "adamw", path, 3)
	for want, change := range map[string]func(m *Model, x *Images, cfg *TrainConfig){
		"BatchSize 20, now it is 30":      func(_ *Model, _ *Images, cfg *TrainConfig) { cfg.BatchSize = 30 },
		"Optimizer adamw, now it is adam": func(_ *Model, _ *Images, cfg *TrainConfig) { cfg.Optimizer, cfg.WeightDecay = "adam", 0.1 },
		"Augmentations 1, now it is 0":    func(_ *Model, _ *Images, cfg *TrainConfig) { cfg.Augment = nil },
		"with Schedule":                   func(_ *Model, _ *Images, cfg *TrainConfig) { cfg.Schedule = WarmupCosine },
		"with Images":                     func(_ *Model, x *Images, _ *TrainConfig) { x.Labels = slices.Clone(x.Labels); x.Labels[5]++ },
		"with Validation":                 func(_ *Model, _ *Images, cfg *TrainConfig) { cfg.Validation = Images{} },
		"with Model": func(m *Model, _ *Images, _ *TrainConfig) {
			m.Config.StepSize = 0.2
			m.Layers[0].ISTA.StepSize = 0.2
			m.Layers[1].ISTA.StepSize = 0.2
		},
		"layer 1 has the constants": func(m *Model, _ *Images, _ *TrainConfig) { m.Layers[0].ISTA.Lambda = 0 },
		"CheckpointSteps -1":        func(_ *Model, _ *Images, cfg *TrainConfig) { cfg.CheckpointSteps = -1 },
		"not a checkpoint of Train": func(m *Model, _ *Images, cfg *TrainConfig) {
			cfg.Checkpoint += ".model.safetensors"
			m.Save(cfg.Checkpoint)
		},
		"claims": func(_ *Model, _ *Images, cfg *TrainConfig) {
			cfg.Checkpoint += ".text"
			os.WriteFile(cfg.Checkpoint, []byte("no checkpoint"), 0o644)
		},
		"missing: cls_token; left over: nothing": func(_ *Model, _ *Images, cfg *TrainConfig) { damage(t, cfg, "cls_token", "") },
		"no history.loss":                        func(_ *Model, _ *Images, cfg *TrainConfig) { damage(t, cfg, "history.loss", "") },
		"exp_avg of":                             func(_ *Model, _ *Images, cfg *TrainConfig) { damage(t, cfg, "optimizer.exp_avg.cls_token", "") },
		"no state of the run":                    func(_ *Model, _ *Images, cfg *TrainConfig) { damage(t, cfg, "", `"Done":-1`) },
	} {
		m, x, cfg := fullTask(t, "adamw", path)
		change(m, &x, &cfg)
		before := m.Clone()
		if _, err := Train(context.Background(), m, x, cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want one that says %q", err, want)
		}
		sameModel(t, m, before)
	}
}

// damage makes cfg.Checkpoint a copy without one tensor, or with other text
// for the number of images that were visited.
func damage(t *testing.T, cfg *TrainConfig, drop, done string) {
	t.Helper()
	var b bytes.Buffer
	err := safetensors.View(cfg.Checkpoint, func(f *safetensors.File) error {
		var tensors []safetensors.Named
		for name, x := range f.Tensors {
			if name != drop {
				tensors = append(tensors, safetensors.Named{Name: name, Tensor: x})
			}
		}
		if done != "" {
			f.Metadata[progressKey] = strings.Replace(f.Metadata[progressKey], `"Done":60`, done, 1)
		}
		return safetensors.Write(&b, tensors, f.Metadata)
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Checkpoint += ".damaged"
	if err := os.WriteFile(cfg.Checkpoint, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

const killedEnv = "GOCRATE_TEST_CHECKPOINT"

// Killed at random moments, again and again, a run still ends in the same
// bits. The process that is killed is this test, started again.
func TestKilledRunEqualsUninterrupted(t *testing.T) {
	if path := os.Getenv(killedEnv); path != "" {
		trainToBeKilled(t, path)
		return
	}
	dir := t.TempDir()
	m, x, cfg := killedTask(t, filepath.Join(dir, "whole"))
	if _, err := Train(context.Background(), m, x, cfg); err != nil {
		t.Fatal(err)
	}
	path, kills := filepath.Join(dir, "killed"), 0
	for !runAndKill(t, path) {
		if kills++; kills > 200 {
			t.Fatal("the run makes no progress")
		}
	}
	if kills == 0 {
		t.Error("the run was never killed")
	}
	sameFile(t, path, cfg.Checkpoint)
}

func killedTask(t *testing.T, path string) (*Model, Images, TrainConfig) {
	m, x, cfg := fullTask(t, "adamw", path)
	cfg.Epochs, cfg.CheckpointSteps = 6, 1
	return m, x, cfg
}

func trainToBeKilled(t *testing.T, path string) {
	m, x, cfg := killedTask(t, path)
	cfg.Observe = func(s Step) { fmt.Println("step", s.Step) }
	if _, err := Train(context.Background(), m, x, cfg); err != nil {
		t.Fatal(err)
	}
	fmt.Println("finished")
}

// runAndKill starts the run and kills it some moments after one of its next
// steps. It reports whether the run came to its end before that.
func runAndKill(t *testing.T, path string) (finished bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledRunEqualsUninterrupted$")
	cmd.Env = append(os.Environ(), killedEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 1 + rand.IntN(6); lines.Scan(); {
		switch text := lines.Text(); {
		case text == "finished":
			finished = true
		case strings.HasPrefix(text, "--- FAIL"):
			t.Fatal("the run failed: ", text)
		case strings.HasPrefix(text, "step"):
			if n--; n == 0 {
				// Not to wait for anything: to kill at any point of a step.
				time.AfterFunc(time.Duration(rand.IntN(5000))*time.Microsecond, func() { cmd.Process.Kill() })
			}
		}
	}
	cmd.Wait()
	return finished
}

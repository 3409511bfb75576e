// Step times training and forward passes of gocrate for bench/torch. It
// reads commands from standard input and answers each with one line of JSON:
//
//	init FILE    write the initial parameters, the images and their labels
//	losses N     the losses and learning rates of N steps from the initial parameters
//	step N       the times of N training steps, in milliseconds
//	forward N    the times of N forward passes over a batch; infer N: the same
//	measure N    the times of N measurements of the coding rate and sparsity of every layer
//	curves       the means and deviations of the rate and of the sparsity, each by layer
//	allocs N     the mean number of allocations of N steps
//	memory       the largest resident size so far, in MiB
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/gocrate/gocrate/crate"
)

// tasks are the models and batches that are compared.
var tasks = map[string]struct {
	cfg   crate.Config
	batch int
}{
	"digits": {crate.Config{ImageHeight: 8, PatchHeight: 2, Channels: 1, Classes: 10, Dim: 64, Depth: 4, Heads: 4}, 128},
	"cifar":  {crate.Config{ImageHeight: 32, PatchHeight: 4, Channels: 3, Classes: 10, Dim: 192, Depth: 6, Heads: 3}, 64},
	"tiny":   {crate.Tiny(), 4},

	"tiny-100": {crate.Tiny(), 100}, // for measure and curves
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 || tasks[os.Args[1]].batch == 0 {
		log.Fatalf("usage: step digits|cifar|tiny|tiny-100, with commands on standard input")
	}
	w := newWorker(os.Args[1])
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		answer, err := w.run(strings.Fields(commands.Text()))
		if err != nil {
			log.Fatal(err)
		}
		line, err := json.Marshal(answer)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n", line)
	}
}

// worker holds the model, which keeps training from command to command.
type worker struct {
	cfg   crate.Config
	model *crate.Model
	batch crate.Images
}

func newWorker(task string) *worker {
	w := &worker{cfg: tasks[task].cfg, batch: randomImages(tasks[task].cfg, tasks[task].batch)}
	w.model = w.fresh()
	return w
}

func (w *worker) fresh() *crate.Model {
	m, err := crate.New(w.cfg, 1)
	if err != nil {
		log.Fatal(err)
	}
	return m
}

func (w *worker) run(command []string) (any, error) {
	if len(command) == 0 {
		return nil, fmt.Errorf("an empty command; want one of init, losses, step, forward, measure, curves, allocs, memory")
	}
	n := 0
	if len(command) > 1 {
		fmt.Sscan(command[1], &n)
	}
	switch command[0] {
	case "init":
		return true, w.write(command[1])
	case "losses":
		return w.train(w.fresh(), n).steps, nil
	case "step":
		return w.train(w.model, n+warm).times[warm:], nil
	case "forward", "infer":
		return w.forward(n), nil
	case "measure":
		return w.measure(n).times, nil
	case "curves":
		return w.measure(1).curves, nil
	case "allocs":
		return w.allocations(n), nil
	case "memory":
		return peakMemory()
	}
	return nil, fmt.Errorf("no command %q", command[0])
}

// warm is the number of steps before anything is counted.
const warm = 3

// course is what was seen of a training run, step by step.
type course struct {
	steps []lossAtRate
	times []float64 // ms
}

type lossAtRate struct{ Loss, Rate float64 }

// train makes steps of AdamW, each on the whole batch, which makes it an epoch.
// The learning rates are those of the schedule; the losses carry them along.
func (w *worker) train(m *crate.Model, steps int) course {
	var c course
	last := time.Now()
	w.observe(m, steps, func(s crate.Step) {
		now := time.Now()
		c.times = append(c.times, now.Sub(last).Seconds()*1e3)
		c.steps = append(c.steps, lossAtRate{s.Loss, s.LearningRate})
		last = time.Now()
	})
	return c
}

func (w *worker) observe(m *crate.Model, steps int, f func(crate.Step)) {
	cfg := crate.TrainConfig{Epochs: steps, BatchSize: w.batch.Len(), LearningRate: 1e-3, WeightDecay: 0.1, LabelSmoothing: 0.1, Warmup: -1, Observe: f}
	if _, err := crate.Train(context.Background(), m, w.batch, cfg); err != nil {
		log.Fatal(err)
	}
}

// allocations returns the mean number of allocations of n steps.
func (w *worker) allocations(n int) float64 {
	var first, last runtime.MemStats
	w.observe(w.model, n+warm, func(s crate.Step) {
		switch s.Step {
		case warm:
			runtime.ReadMemStats(&first)
		case warm + n:
			runtime.ReadMemStats(&last)
		}
	})
	return float64(last.Mallocs-first.Mallocs) / float64(n)
}

// forward returns the times of n forward passes, in milliseconds.
func (w *worker) forward(n int) []float64 {
	var times []float64
	for range n + warm {
		start := time.Now()
		w.model.Forward(w.batch)
		times = append(times, time.Since(start).Seconds()*1e3)
	}
	return times[warm:]
}

// measured is what was seen of measurements.
type measured struct {
	times  []float64      // ms
	curves [][2][]float64 // means and deviations by layer, of the rate and of the sparsity
}

// measure measures n times what the released script measures, after a time that
// does not count.
func (w *worker) measure(n int) (out measured) {
	for i := range n + 1 {
		start := time.Now()
		all, err := crate.MeasureAll(context.Background(), w.model, w.batch, []crate.Protocol{crate.AsPlotted, crate.Sparsity}, nil)
		if err != nil {
			log.Fatal(err)
		}
		if i == 0 {
			continue
		}
		out.times = append(out.times, time.Since(start).Seconds()*1e3)
		out.curves = [][2][]float64{{all[0].Mean, all[0].SD}, {all[1].Mean, all[1].SD}}
	}
	return out
}

// write stores what another implementation needs to start from the same
// place, as a line of JSON and the numbers one after another, float32 in little-endian
// order: the parameters, then the pixels.
func (w *worker) write(path string) error {
	type tensor struct {
		Name  string
		Shape []int
	}
	header := struct {
		Config crate.Config
		Labels []int
		Params []tensor
	}{w.cfg, w.batch.Labels, nil}
	var numbers []float32
	for _, p := range w.fresh().Params() {
		header.Params = append(header.Params, tensor{p.Name, p.Shape})
		numbers = append(numbers, p.Data...)
	}
	line, err := json.Marshal(header)
	if err != nil {
		return err
	}
	out := bytes.NewBuffer(append(line, '\n'))
	if err := binary.Write(out, binary.LittleEndian, append(numbers, w.batch.Pixels...)); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

// randomImages returns n images of noise with random labels.
func randomImages(cfg crate.Config, n int) crate.Images {
	rng := rand.New(rand.NewPCG(1, 2))
	x := crate.Images{Channels: cfg.Channels, Height: cfg.ImageHeight, Width: cfg.ImageHeight, Classes: cfg.Classes}
	for range n {
		x.Labels = append(x.Labels, rng.IntN(cfg.Classes))
		for range cfg.Channels * cfg.ImageHeight * cfg.ImageHeight {
			x.Pixels = append(x.Pixels, float32(rng.NormFloat64()))
		}
	}
	return x
}

// peakMemory returns the largest resident size of this process, in MiB, as
// Linux counts it.
func peakMemory() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	var kB float64
	_, err = fmt.Sscan(line, &kB)
	return kB / 1024, err
}

package crate

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// Every visit of an image has its own random numbers, and which they are does
// not depend on the number of processors.
func TestAugmentationsOfAVisitAreItsOwn(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	visits := func(procs int) map[float32][]uint64 {
		runtime.GOMAXPROCS(procs)
		m, x, cfg := littleTask(t)
		cfg.BatchSize = 7
		x.Pixels = slices.Clone(x.Pixels)
		for i := range x.Len() {
			x.Image(i)[0] = float32(i) // names the image
		}
		seen := map[float32][]uint64{}
		var mu sync.Mutex
		cfg.Augment = []Augmentation{func(image Images, rng *rand.Rand) {
			mu.Lock()
			defer mu.Unlock()
			seen[image.Pixels[0]] = append(seen[image.Pixels[0]], rng.Uint64())
		}}
		if _, err := Train(context.Background(), m, x, cfg); err != nil {
			t.Fatal(err)
		}
		return seen
	}
	one, eight := visits(1), visits(8)
	all := map[uint64]bool{}
	for image, numbers := range one {
		if len(numbers) != 2 || !slices.Equal(numbers, eight[image]) {
			t.Errorf("image %g: %v on one processor, %v on eight; want the same two", image, numbers, eight[image])
		}
		for _, n := range numbers {
			all[n] = true
		}
	}
	if len(all) != 180 {
		t.Errorf("%d different numbers in 2 epochs over 90 images", len(all))
	}
}

func TestAugmentationsAreAppliedInOrderToTheBatchAlone(t *testing.T) {
	m, x, cfg := littleTask(t)
	before := slices.Clone(x.Pixels)
	set := func(v float32) Augmentation {
		return func(image Images, _ *rand.Rand) {
			for i := range image.Pixels {
				image.Pixels[i] += v
				image.Pixels[i] *= v
			}
		}
	}
	cfg.Augment = []Augmentation{set(0), set(3)} // (0·x + 3)·3 = 9, whatever x
	tr := newTrainer(m, x, cfg.withDefaults())
	if _, err := tr.step(context.Background(), []int{4, 2}, 1e-3); err != nil {
		t.Fatal(err)
	}
	for _, p := range tr.batch.Pixels {
		if p != 9 {
			t.Fatalf("an augmented pixel is %g, want 9", p)
		}
	}
	if !slices.Equal(x.Pixels, before) {
		t.Error("the training images themselves changed")
	}
}

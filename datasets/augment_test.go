package datasets

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/crate"
)

// imageOf makes a picture an image of its own size.
func imageOf(pixels []float32, height, width int) crate.Images {
	x := crate.Images{Channels: len(pixels) / (height * width), Height: height, Width: width}
	for _, p := range pixels {
		x.Pixels = append(x.Pixels, p/255)
	}
	return x
}

func augmented() crate.Images {
	p := testPicture(24, 20)
	x := crate.Images{Channels: 3, Height: 20, Width: 24}
	for c := range 3 {
		for i := range 20 * 24 {
			x.Pixels = append(x.Pixels, float32(p.Pix[4*i+c])/255)
		}
	}
	return x
}

// Every operation of RandAugment does what PIL does, but for its rounding: of the
// form that an image is blended with, to half a step, and of the result, which it
// cuts off.
func TestOperationsAsInPIL(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			const m = 14.0 / maxMagnitude
			switch {
			case op.name == "Identity":
				x := augmented()
				if op.apply(x, m); !slices.Equal(x.Pixels, augmented().Pixels) {
					t.Error("the image is changed")
				}
			case op.signed:
				for name, m := range map[string]float64{"_plus": m, "_minus": -m} {
					x := augmented()
					op.apply(x, m)
					want, _, _ := reference(t, op.name+name)
					if d := furthest(x.Pixels, want); d > 1.5 {
						t.Errorf("%s: %.2f steps of 1/255 away from PIL", name, d)
					}
				}
			default:
				x := augmented()
				if op.name == "AutoContrast" {
					x = imageOf(reference(t, "AutoContrast_of"))
				}
				op.apply(x, m)
				want, _, _ := reference(t, op.name)
				if d := furthest(x.Pixels, want); d > 1.5 {
					t.Errorf("%.2f steps of 1/255 away from PIL", d)
				}
			}
		})
	}
}

func TestResizedCropAsInPIL(t *testing.T) {
	x := augmented()
	cropResized(x, box{top: 5, left: 3, height: 9, width: 17})
	want, _, _ := reference(t, "crop")
	if d := furthest(x.Pixels, want); d > 1.01 {
		t.Errorf("%.2f steps of 1/255 away from PIL", d)
	}
}

// The boxes lie in the image, have their area and shape, and reach every corner.
func TestRandomBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	corners := 0
	smallest, largest := 1.0, 0.0
	for range 5000 {
		b := randomBox(64, 64, 0.08, rng)
		if b.top < 0 || b.left < 0 || b.height <= 0 || b.width <= 0 || b.top+b.height > 64 || b.left+b.width > 64 {
			t.Fatalf("%+v is not in the image", b)
		}
		if shape := float64(b.width) / float64(b.height); shape < 0.70 || shape > 1.42 {
			t.Errorf("%+v has shape %v", b, shape)
		}
		area := float64(b.width*b.height) / (64 * 64)
		smallest, largest = min(smallest, area), max(largest, area)
		if b.top+b.height == 64 && b.left == 0 {
			corners++
		}
	}
	if smallest < 0.07 || smallest > 0.1 || largest < 0.97 || corners == 0 {
		t.Errorf("areas from %v to %v, %d boxes in a corner", smallest, largest, corners)
	}
	// No box of this area fits, so the middle of the image is taken.
	if b := randomBox(10, 90, 1, rng); b != (box{0, 38, 10, 13}) {
		t.Errorf("oblong: %+v", b)
	}
	if b := randomBox(90, 10, 1, rng); b != (box{38, 0, 13, 10}) {
		t.Errorf("upright: %+v", b)
	}
}

func TestRandomFlip(t *testing.T) {
	flipped := 0
	for seed := range uint64(1000) {
		x := crate.Images{Pixels: []float32{1, 2, 3, 4, 5, 6, 7, 8}, Channels: 2, Height: 2, Width: 2}
		RandomFlip()(x, rand.New(rand.NewPCG(seed, 0)))
		switch {
		case slices.Equal(x.Pixels, []float32{2, 1, 4, 3, 6, 5, 8, 7}):
			flipped++
		case !slices.Equal(x.Pixels, []float32{1, 2, 3, 4, 5, 6, 7, 8}):
			t.Fatalf("neither the image nor its mirror image: %v", x.Pixels)
		}
	}
	if flipped < 450 || flipped > 550 {
		t.Errorf("%d of 1000 flipped", flipped)
	}
}

// A crop is a part of the image surrounded by black, at each place as often.
func TestRandomCrop(t *testing.T) {
	seen := map[[2]int]int{}
	for seed := range uint64(2500) {
		x := crate.Images{Channels: 2, Height: 3, Width: 4}
		for i := range 24 {
			x.Pixels = append(x.Pixels, float32(1+i))
		}
		RandomCrop(2)(x, rand.New(rand.NewPCG(seed, 0)))
		at := slices.IndexFunc(x.Pixels, func(p float32) bool { return p > 0 })
		origin := int(x.Pixels[at]) - 1
		dy, dx := at/4%3-origin/4%3, at%4-origin%4
		seen[[2]int{dy, dx}]++
		for i, p := range x.Pixels {
			y, c := i/4%3-dy, i%4-dx
			want := float32(0)
			if y >= 0 && y < 3 && c >= 0 && c < 4 {
				want = float32(1 + i/12*12 + 4*y + c)
			}
			if p != want {
				t.Fatalf("moved by %d, %d: %v", dy, dx, x.Pixels)
			}
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d places, want 25", len(seen))
	}
	for place, n := range seen {
		if n < 55 || n > 150 {
			t.Errorf("place %v %d times, want about 100", place, n)
		}
	}
}

// RandAugment draws all operations, keeps pixels between 0 and 1, and leaves
// nothing undone with greys.
func TestRandAugment(t *testing.T) {
	for _, channels := range []int{1, 3} {
		original := augmented()
		original.Channels, original.Pixels = channels, original.Pixels[:channels*20*24]
		results := map[string]bool{}
		for seed := range uint64(2000) {
			x := original
			x.Pixels = slices.Clone(original.Pixels)
			RandAugment(1, 14)(x, rand.New(rand.NewPCG(seed, 0)))
			if lo, hi := slices.Min(x.Pixels), slices.Max(x.Pixels); lo < 0 || hi > 1 || math.IsNaN(float64(lo)) {
				t.Fatalf("seed %d: pixels from %v to %v", seed, lo, hi)
			}
			results[string(bytesOf(x.Pixels))] = true
		}
		// 9 operations have two directions, 5 have one. Grey images have no colour to
		// change, and AutoContrast finds both black and white in this one.
		if want := 2*9 + 5; len(results) > want || len(results) < want-4 {
			t.Errorf("%d channels: %d different results, want about %d", channels, len(results), want)
		}
	}
	x := augmented()
	if RandAugment(0, 14)(x, rand.New(rand.NewPCG(1, 0))); !slices.Equal(x.Pixels, augmented().Pixels) {
		t.Error("no operations change the image")
	}
}

func bytesOf(pixels []float32) []byte {
	b := make([]byte, len(pixels))
	for i, p := range pixels {
		b[i] = byte(level(p))
	}
	return b
}

// Images of one value, and tiny ones, survive every operation.
func TestOperationsOnDegenerateImages(t *testing.T) {
	for _, x := range []crate.Images{
		{Channels: 1, Height: 1, Width: 1, Pixels: []float32{0.5}},
		{Channels: 3, Height: 2, Width: 1, Pixels: make([]float32, 6)},
		{Channels: 3, Height: 16, Width: 40, Pixels: slices.Repeat([]float32{1}, 3*16*40)},
	} {
		for _, op := range operations {
			y := x
			y.Pixels = slices.Clone(x.Pixels)
			op.apply(y, 1)
			for _, p := range y.Pixels {
				if !(p >= 0 && p <= 1) {
					t.Fatalf("%s makes %v of %d×%d×%d pixels", op.name, p, x.Channels, x.Height, x.Width)
				}
			}
		}
	}
}

// Training with all augmentations gives the same bits on any number of
// processors, and other bits than training without.
func TestTrainingWithAugmentationsIsDeterministic(t *testing.T) {
	s := DrawShapes(Drawing{Count: 48, Size: 16, Seed: 5})
	train := func(processors int, augmentations ...crate.Augmentation) []float64 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		m, err := crate.New(crate.Config{ImageHeight: 16, PatchHeight: 4, Classes: 6, Dim: 16, Depth: 1, Heads: 2}, 1)
		if err != nil {
			t.Fatal(err)
		}
		h, err := crate.Train(context.Background(), m, s.Images, crate.TrainConfig{Epochs: 2, BatchSize: 16, Augment: augmentations})
		if err != nil {
			t.Fatal(err)
		}
		return h.Loss
	}
	all := []crate.Augmentation{RandomResizedCrop(0.08), RandomCrop(2), RandomFlip(), RandAugment(2, 14), ImageNetPixels.Augment}
	one, eight := train(1, all...), train(8, all...)
	if !slices.Equal(one, eight) {
		t.Errorf("losses %v on one processor, %v on eight", one, eight)
	}
	if slices.Equal(one, train(1)) {
		t.Error("the augmentations change nothing")
	}
}

func TestAugmentationMisuse(t *testing.T) {
	for _, tt := range []struct {
		want string
		do   func()
	}{
		{"padding -1", func() { RandomCrop(-1) }},
		{"minArea 0", func() { RandomResizedCrop(0) }},
		{"minArea 2", func() { RandomResizedCrop(2) }},
		{"RandAugment(2, 31)", func() { RandAugment(2, 31) }},
		{"RandAugment(-1, 3)", func() { RandAugment(-1, 3) }},
	} {
		if msg := panicText(tt.do); !strings.Contains(msg, tt.want) {
			t.Errorf("the panic says %q; want %q in it", msg, tt.want)
		}
	}
}

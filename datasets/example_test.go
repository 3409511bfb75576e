package datasets_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/gocrate/gocrate/crate"
	"github.com/gocrate/gocrate/datasets"
	"gonum.org/v1/gonum/mat"
)

func ExampleSubspaces() {
	Z, labels, U := datasets.Subspaces(datasets.Mixture{Dim: 4, Classes: 2, Rank: 1, Points: 6, Orthogonal: true})
	d, N := Z.Dims()
	fmt.Println(d, N, labels, len(U))
	var between mat.Dense
	between.Mul(U[0].T(), U[1])
	fmt.Println("orthogonal:", math.Abs(between.At(0, 0)) < 1e-12)
	// Output:
	// 4 6 [0 0 0 1 1 1] 2
	// orthogonal: true
}

func ExampleGaussians() {
	Z, labels, means := datasets.Gaussians(datasets.Mixture{Classes: 2, Points: 4})
	fmt.Println(labels, "without noise a point is its mean:", mat.Equal(Z.ColView(3), means.ColView(1)))
	// Output: [0 0 1 1] without noise a point is its mean: true
}

// The photographs, as the official evaluation prepares pictures.
func ExamplePhotographImages() {
	x := datasets.PhotographImages(datasets.ImageNetRecipe(224))
	fmt.Println(x.Len(), x.Channels, x.Height, x.Width, x.Names)
	fmt.Println(datasets.Photographs()[0])
	// Output:
	// 6 3 224 224 [chelsea coffee astronaut rocket brick grass]
	// Chelsea the cat. Stefan van der Walt. CC0
}

// The middle of the cat, as 4×4 grey pixels.
func ExampleRecipe_Apply() {
	cat := datasets.Photographs()[0]
	x := datasets.Recipe{Size: 4, Grey: true}.Apply(cat.Image)
	for row := range x.Height {
		fmt.Printf("%.1f\n", x.Pixels[4*row:4*row+4])
	}
	// Output:
	// [0.5 0.4 0.4 0.5]
	// [0.4 0.4 0.5 0.5]
	// [0.5 0.4 0.4 0.5]
	// [0.6 0.5 0.4 0.5]
}

// Training images are normalised by their own mean and deviation, and so are
// all that the model will see later.
func ExampleNormalizationOf() {
	train, test := datasets.Digits()
	n := datasets.NormalizationOf(train)
	train, test = n.Apply(train), n.Apply(test)
	fmt.Printf("mean %.2f, deviation %.2f; the first test pixel is %.2f\n", n.Mean, n.SD, test.Pixels[0])
	// Output: mean [0.31], deviation [0.38]; the first test pixel is -0.81
}

// The mask of an image says which pixels the shape covers.
func ExampleDrawShapes() {
	s := datasets.DrawShapes(datasets.Drawing{Count: 6, Size: 16, Seed: 7})
	fmt.Println(s.Images.Names)
	mask := s.Mask(5)
	for row := range 16 {
		for _, in := range mask[16*row : 16*row+16] {
			fmt.Print(map[bool]string{true: "##", false: "··"}[in])
		}
		fmt.Println()
	}
	// Output:
	// [disc square triangle star cross ring]
	// ································
	// ································
	// ································
	// ································
	// ································
	// ································
	// ································
	// ················####············
	// ··············########··········
	// ············####····####········
	// ············##········##········
	// ············####····####········
	// ··············########··········
	// ················####············
	// ································
	// ································
}

// The augmentations of the official fine-tuning on CIFAR, Flowers and Pets, the
// normalisation last. What is not trained on is only normalised.
func ExampleRandAugment() {
	shapes := datasets.DrawShapes(datasets.Drawing{Count: 120, Size: 16, Noise: -1}).Images
	train, test := shapes.Slice(0, 90), datasets.ImageNetPixels.Apply(shapes.Slice(90, 120))
	m, _ := crate.New(crate.Config{ImageHeight: 16, PatchHeight: 4, Classes: 6, Dim: 32, Depth: 2, Heads: 2}, 1)
	history, err := crate.Train(context.Background(), m, train, crate.TrainConfig{
		Epochs: 2, BatchSize: 45, Validation: test,
		Augment: []crate.Augmentation{datasets.RandomResizedCrop(0.08), datasets.RandomFlip(), datasets.RandAugment(2, 14), datasets.ImageNetPixels.Augment},
	})
	fmt.Println(len(history.Loss), "steps,", err)
	// Output: 4 steps, <nil>
}

// What a download would bring, and from where.
func ExampleSource() {
	fmt.Println(datasets.Imagenette)
	// Output:
	// imagenette: Imagenette 2, 160 pixels: ten classes of ImageNet
	// 99 MB in 1 file, described at https://github.com/fastai/imagenette
	// licence: Apache-2.0; the pictures are those of ImageNet, with its terms
	// imagenette2-160.tgz, 99 MB, SHA-256 88daccb09b6fce93f45e6c09ddeb269cce705549e6bff322092a2a5a11489863
	// 	https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz
}

// Downloads Fashion-MNIST, if it is not there yet, and reads it.
func ExampleFetch() {
	dir, err := datasets.Fetch(context.Background(), datasets.FashionMNIST, func(done, total int64) {
		fmt.Printf("\r%d of %d MB", done>>20, total>>20)
	})
	if err != nil {
		fmt.Println(err) // says what to do without a network
		return
	}
	train, test, err := datasets.ReadFashionMNIST(dir)
	fmt.Println(train.Len(), test.Len(), train.Names, err)
}

// Two images of one row, as MNIST would store them.
func ExampleReadIDX() {
	images := "\x00\x00\x08\x03" + "\x00\x00\x00\x02" + "\x00\x00\x00\x01" + "\x00\x00\x00\x03" + "\x00\x33\xff" + "\xff\x33\x00"
	labels := "\x00\x00\x08\x01" + "\x00\x00\x00\x02" + "\x00\x01"
	x, err := datasets.ReadIDX(strings.NewReader(images), strings.NewReader(labels))
	fmt.Println(x.Len(), x.Height, x.Width, x.Pixels, x.Labels, err)
	// Output: 2 1 3 [0 0.2 1 1 0.2 0] [0 1] <nil>
}

// A model is trained on a folder of one's own pictures by five lines.
func ExampleOpenFolder() {
	ctx := context.Background()
	dir := redAndBlue()
	defer os.RemoveAll(dir)

	pictures, err := datasets.OpenFolder(dir, datasets.Recipe{Size: 8})
	train, test := pictures.Split(0.75, 1)
	images, err := train.Load(ctx, nil)
	model, err := crate.New(crate.Config{ImageHeight: 8, PatchHeight: 4, Classes: len(pictures.Names), Dim: 16, Depth: 1, Heads: 2}, 1)
	_, err = crate.Train(ctx, model, images, crate.TrainConfig{Epochs: 20})

	// The other pictures show what it has learned. A folder is read as it is needed.
	seen := func(e crate.Evaluation) { fmt.Println(e.Images, "of", e.Total, "pictures") }
	result, err := crate.Evaluate(ctx, model, test, seen)
	fmt.Println("accuracy", result.Top1, err)
	// Output:
	// 10 of 10 pictures
	// accuracy 1 <nil>
}

// Pictures without classes are given the names that a model has learned.
func ExampleFolder_Read() {
	ctx := context.Background()
	dir := redAndBlue()
	defer os.RemoveAll(dir)
	train, _ := datasets.OpenFolder(dir, datasets.Recipe{Size: 8})
	images, _ := train.Load(ctx, nil)
	model, _ := crate.New(crate.Config{ImageHeight: 8, PatchHeight: 4, Classes: 2, Dim: 16, Depth: 1, Heads: 2}, 1)
	crate.Train(ctx, model, images, crate.TrainConfig{Epochs: 20})

	unknown, _ := datasets.OpenFolder(filepath.Join(dir, "red"), train.Recipe)
	unknown.Names = train.Names
	x, err := unknown.Read(ctx, 0, 1)
	fmt.Println(unknown.Files[0], "is", model.TopK(x, 1)[0][0].Name, err)
	// Output: 0.png is red <nil>
}

// A folder in an archive is opened without being unpacked.
func ExampleOpenArchive() {
	dir := redAndBlue()
	defer os.RemoveAll(dir)
	file, _ := os.CreateTemp("", "pictures*.tar")
	defer os.Remove(file.Name())
	archive := tar.NewWriter(file)
	if err := errors.Join(archive.AddFS(os.DirFS(dir)), archive.Close(), file.Close()); err != nil {
		panic(err)
	}

	pictures, err := datasets.OpenArchive(file.Name(), "", datasets.Recipe{Size: 8})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pictures.Close()
	x, err := pictures.Load(context.Background(), nil)
	fmt.Println(x, err)
	// Output: 40 images of 3×8×8 pixels in 2 classes: blue, red <nil>
}

// Every other image is mirrored.
func ExampleRandomFlip() {
	for seed := range uint64(4) {
		x := crate.Images{Pixels: []float32{1, 2, 3, 4}, Channels: 1, Height: 2, Width: 2}
		datasets.RandomFlip()(x, rand.New(rand.NewPCG(seed, 0)))
		fmt.Print(x.Pixels, " ")
	}
	// Output: [1 2 3 4] [2 1 4 3] [2 1 4 3] [2 1 4 3]
}

// What comes in at an edge is black.
func ExampleRandomCrop() {
	for seed := range uint64(3) {
		x := crate.Images{Pixels: []float32{1, 2, 3, 4}, Channels: 1, Height: 2, Width: 2}
		datasets.RandomCrop(1)(x, rand.New(rand.NewPCG(seed, 0)))
		fmt.Print(x.Pixels, " ")
	}
	// Output: [0 3 0 0] [2 0 4 0] [0 0 0 1]
}

// A part of at least half the image, resized to the whole.
func ExampleRandomResizedCrop() {
	x := crate.Images{Pixels: []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}, Channels: 1, Height: 3, Width: 3}
	datasets.RandomResizedCrop(0.5)(x, rand.New(rand.NewPCG(1, 0)))
	fmt.Printf("%.1f\n", x.Pixels)
	// Output: [1.0 1.5 2.0 2.5 3.0 3.5 4.0 4.5 5.0]
}

// redAndBlue makes a directory with forty pictures in the directories red and
// blue.
func redAndBlue() (dir string) {
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		panic(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 40 {
		class := []string{"red", "blue"}[i%2]
		picture := image.NewNRGBA(image.Rect(0, 0, 12+i%3, 10+i%5))
		for k := 0; k < len(picture.Pix); k += 4 {
			little, much := uint8(rng.IntN(150)), uint8(100+rng.IntN(150))
			copy(picture.Pix[k:], []uint8{little, 0, much, 255})
			if class == "red" {
				copy(picture.Pix[k:], []uint8{much, 0, little, 255})
			}
		}
		var file bytes.Buffer
		name := filepath.Join(dir, class, fmt.Sprint(i)+".png")
		if err := errors.Join(png.Encode(&file, picture), os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, file.Bytes(), 0o644)); err != nil {
			panic(err)
		}
	}
	return dir
}

func ExampleDigits() {
	train, test := datasets.Digits()
	fmt.Println(train.Len(), test.Len(), train.Labels[:12])
	for row := range train.Height {
		for column := range train.Width {
			fmt.Printf("%3.0f", 16*train.Pixels[row*train.Width+column])
		}
		fmt.Println()
	}
	// Output:
	// 1347 450 [0 1 2 3 4 5 6 7 8 9 0 1]
	//   0  0  5 13  9  1  0  0
	//   0  0 13 15 10 15  5  0
	//   0  3 15  2  0 11  8  0
	//   0  4 12  0  0  8  8  0
	//   0  5  8  0  0  9  8  0
	//   0  4 11  0  1 12  7  0
	//   0  2 14  5 10 12  0  0
	//   0  0  6 13 10  0  0  0
}

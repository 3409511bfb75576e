package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/gocrate/gocrate/crate"
)

// ReadMNIST reads the handwritten digits of MNIST: grey images of 28×28 pixels
// between 0 and 1 in 10 classes, 60,000 to train on and 10,000 to test. dir holds
// the four files as they are distributed, train-images-idx3-ubyte and so on, with
// or without .gz, as [Fetch] of [MNIST] leaves them. Other sets in this format,
// such as KMNIST, are read in the same way.
//
// Source: Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST Database (1998).
func ReadMNIST(dir string) (train, test crate.Images, err error) {
	names := make([]string, 10)
	for digit := range names {
		names[digit] = strconv.Itoa(digit)
	}
	return readMNIST(dir, names)
}

// ReadFashionMNIST reads Fashion-MNIST, pictures of clothes in the format, sizes
// and numbers of [ReadMNIST], which are harder to tell apart. [Fetch] of
// [FashionMNIST] downloads it.
//
// Source: H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST (2017), MIT licence.
func ReadFashionMNIST(dir string) (train, test crate.Images, err error) {
	return readMNIST(dir, []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"})
}

func readMNIST(dir string, names []string) (train, test crate.Images, err error) {
	if train, err = readIDXPair(dir, "train", names); err != nil {
		return train, test, err
	}
	test, err = readIDXPair(dir, "t10k", names)
	return train, test, err
}

func readIDXPair(dir, part string, names []string) (crate.Images, error) {
	files := []string{part + "-images-idx3-ubyte", part + "-labels-idx1-ubyte"}
	var x crate.Images
	err := members(dir, "", files, func(name string, r io.Reader) (err error) {
		if name == files[0] {
			x, err = ReadIDX(r, nil)
			return err
		}
		return readIDXLabels(r, &x)
	})
	if err != nil {
		return crate.Images{}, err
	}
	if x.Classes > len(names) {
		return crate.Images{}, fmt.Errorf("datasets: %s in %s: label %d; want 0 to %d", files[1], dir, x.Classes-1, len(names)-1)
	}
	x.Names, x.Classes = names, len(names)
	return x, nil
}

// ReadIDX reads images, and their labels unless that is nil, in the format of
// MNIST: numbers of one byte after a head that says how many. Pixels become
// grey between 0 and 1, Classes one more than the greatest label. The readers
// give the plain bytes; files that are compressed go through gzip.NewReader.
//
// It is an error if a head is not of this kind, if a reader ends before what its
// head announces, and if there are not as many labels as images.
func ReadIDX(images, labels io.Reader) (crate.Images, error) {
	sizes, err := idxHead(images, 3)
	if err != nil {
		return crate.Images{}, fmt.Errorf("datasets: IDX images: %w", err)
	}
	x := crate.Images{Channels: 1, Height: sizes[1], Width: sizes[2]}
	if x.Pixels, err = idxPixels(images, sizes[0]*sizes[1]*sizes[2]); err != nil {
		return crate.Images{}, fmt.Errorf("datasets: IDX images: %w", err)
	}
	if labels == nil {
		return x, nil
	}
	if err := readIDXLabels(labels, &x); err != nil {
		return crate.Images{}, fmt.Errorf("datasets: IDX labels: %w", err)
	}
	return x, nil
}

// readIDXLabels adds the labels of x.
func readIDXLabels(r io.Reader, x *crate.Images) error {
	sizes, err := idxHead(r, 1)
	if err != nil {
		return err
	}
	if sizes[0] != x.Len() {
		return fmt.Errorf("%d labels for %d images", sizes[0], x.Len())
	}
	bytes := make([]byte, sizes[0]) // as many as there are images already
	if _, err := io.ReadFull(r, bytes); err != nil {
		return fmt.Errorf("%d labels announced: %w", sizes[0], noEOF(err))
	}
	x.Labels = make([]int, len(bytes))
	for i, b := range bytes {
		x.Labels[i] = int(b)
	}
	if len(bytes) > 0 {
		x.Classes = 1 + slices.Max(x.Labels)
	}
	return nil
}

// idxHead reads the head of a file: two zeros, 8 for bytes, the number of sizes,
// and the sizes. The pixels that these make are bounded here, but allocated only
// as they come.
func idxHead(r io.Reader, dimensions byte) ([]int, error) {
	head := make([]byte, 4+4*int(dimensions))
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("no IDX file: %w", noEOF(err))
	}
	if want := []byte{0, 0, 8, dimensions}; !bytes.Equal(head[:4], want) {
		return nil, fmt.Errorf("begins with % x; want % x, which is IDX, bytes, %d sizes", head[:4], want, dimensions)
	}
	var sizes []int
	all := int64(1)
	for i := 4; i < len(head); i += 4 {
		size := int64(binary.BigEndian.Uint32(head[i:]))
		if i > 4 && (size == 0 || size > maxSize) {
			return nil, fmt.Errorf("size %d of an image; want 1 to %d", size, maxSize)
		}
		if all *= size; all > maxFloats {
			return nil, errors.New("announces more than 8 GB of pixels")
		}
		sizes = append(sizes, int(size))
	}
	return sizes, nil
}

// idxPixels reads n pixels. The memory grows with what is read, as the head may
// lie.
func idxPixels(r io.Reader, n int) ([]float32, error) {
	pixels := make([]float32, 0, min(n, 1<<16))
	buffer := make([]byte, min(n, 1<<16))
	for len(pixels) < n {
		part := buffer[:min(len(buffer), n-len(pixels))]
		if k, err := io.ReadFull(r, part); err != nil {
			return nil, fmt.Errorf("%d of %d pixels: %w", len(pixels)+k, n, noEOF(err))
		}
		pixels = appendPixels(pixels, part)
	}
	return pixels, nil
}

// appendPixels appends bytes as pixels between 0 and 1.
func appendPixels(pixels []float32, bytes []byte) []float32 {
	for _, b := range bytes {
		pixels = append(pixels, float32(b)/255)
	}
	return pixels
}

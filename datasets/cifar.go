package datasets

import (
	"fmt"
	"io"
	"strings"

	"github.com/gocrate/gocrate/crate"
)

const cifarPixels = 3 * 32 * 32 // of an image: red, green, blue, row by row

// ReadCIFAR10 reads CIFAR-10: colour images of 32×32 pixels between 0 and 1 in 10
// classes, 50,000 to train on and 10,000 to test. path is the archive
// cifar-10-binary.tar.gz, which need not be unpacked, or the directory that holds
// it or its files data_batch_1.bin to data_batch_5.bin and test_batch.bin; [Fetch]
// of [CIFAR10] downloads it. Normalise by [CIFAR10Pixels].
//
// Source: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images
// (2009), the binary version.
func ReadCIFAR10(path string) (train, test crate.Images, err error) {
	names := []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}
	files := []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"}
	batches := map[string]crate.Images{}
	err = members(path, CIFAR10.Files[0].Name, files, func(name string, r io.Reader) (err error) {
		batches[name], err = readCIFAR(r, 1, len(names))
		return err
	})
	train, test = cifarImages(names), cifarImages(names)
	for _, name := range files[:5] {
		train.Pixels = append(train.Pixels, batches[name].Pixels...)
		train.Labels = append(train.Labels, batches[name].Labels...)
	}
	test.Pixels, test.Labels = batches[files[5]].Pixels, batches[files[5]].Labels
	return train, test, err
}

// ReadCIFAR100 reads CIFAR-100: like [ReadCIFAR10], in the 100 fine classes. path
// is cifar-100-binary.tar.gz, or the directory that holds it or its files
// train.bin, test.bin and fine_label_names.txt; [Fetch] of [CIFAR100] downloads it.
// Normalise by [CIFAR100Pixels].
func ReadCIFAR100(path string) (train, test crate.Images, err error) {
	const classes = 100
	var names []string
	err = members(path, CIFAR100.Files[0].Name, []string{"train.bin", "test.bin", "fine_label_names.txt"}, func(name string, r io.Reader) (err error) {
		switch name {
		case "train.bin":
			train, err = readCIFAR(r, 2, classes)
		case "test.bin":
			test, err = readCIFAR(r, 2, classes)
		default:
			names, err = readNames(r, classes)
		}
		return err
	})
	train.Names, test.Names = names, names
	return train, test, err
}

// readCIFAR reads records of labels, of which the last counts, and pixels.
func readCIFAR(r io.Reader, labels, classes int) (crate.Images, error) {
	x := cifarImages(make([]string, classes))
	x.Names = nil
	err := records(r, labels+cifarPixels, func(record []byte) error {
		label := int(record[labels-1])
		if label >= classes {
			return fmt.Errorf("label %d; want 0 to %d", label, classes-1)
		}
		x.Labels = append(x.Labels, label)
		x.Pixels = appendPixels(x.Pixels, record[labels:])
		return nil
	})
	return x, err
}

func cifarImages(names []string) crate.Images {
	return crate.Images{Channels: 3, Height: 32, Width: 32, Classes: len(names), Names: names}
}

// readNames reads the names of classes, one a line.
func readNames(r io.Reader, classes int) ([]string, error) {
	text, err := io.ReadAll(io.LimitReader(r, 1<<16))
	if err != nil {
		return nil, err
	}
	names := strings.Fields(string(text))
	if len(names) != classes {
		return nil, fmt.Errorf("%d names; want %d", len(names), classes)
	}
	return names, nil
}

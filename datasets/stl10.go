package datasets

import (
	"errors"
	"fmt"
	"io"

	"github.com/gocrate/gocrate/crate"
)

const stlSide = 96 // rows and columns of an image

// ReadSTL10 reads the labelled images of STL-10: colour images of 96×96 pixels
// between 0 and 1 in 10 classes, 5,000 to train on and 8,000 to test, together
// 1.4 GB of memory. path is the archive stl10_binary.tar.gz, which need not be
// unpacked, or the directory that holds it or its files train_X.bin, train_y.bin,
// test_X.bin and test_y.bin; [Fetch] of [STL10] downloads it, 2.6 GB. Its 100,000
// unlabelled images are passed over.
//
// Source: A. Coates, H. Lee, A. Y. Ng, An Analysis of Single-Layer Networks in
// Unsupervised Feature Learning (2011).
func ReadSTL10(path string) (train, test crate.Images, err error) {
	names := []string{"airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"}
	train = crate.Images{Channels: 3, Height: stlSide, Width: stlSide, Classes: len(names), Names: names}
	test = train
	parts := map[string]*crate.Images{"train_X.bin": &train, "train_y.bin": &train, "test_X.bin": &test, "test_y.bin": &test}
	files := []string{"train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin"}
	err = members(path, STL10.Files[0].Name, files, func(name string, r io.Reader) error {
		if name == "train_X.bin" || name == "test_X.bin" {
			return readSTLImages(r, parts[name])
		}
		return readSTLLabels(r, parts[name])
	})
	if err != nil {
		return train, test, err
	}
	if err := errors.Join(train.Validate(), test.Validate()); err != nil {
		return train, test, fmt.Errorf("datasets: STL-10 in %s: %w", path, err)
	}
	return train, test, nil
}

// readSTLImages reads images as the source has them: channel, column, row.
func readSTLImages(r io.Reader, x *crate.Images) error {
	const plane = stlSide * stlSide
	return records(r, 3*plane, func(record []byte) error {
		turned := make([]byte, 3*plane)
		for c := range 3 {
			for i, b := range record[c*plane : (c+1)*plane] {
				turned[c*plane+i%stlSide*stlSide+i/stlSide] = b
			}
		}
		x.Pixels = appendPixels(x.Pixels, turned)
		return nil
	})
}

// readSTLLabels reads labels, which the source counts from 1.
func readSTLLabels(r io.Reader, x *crate.Images) error {
	return records(r, 1, func(record []byte) error {
		if record[0] < 1 || int(record[0]) > x.Classes {
			return fmt.Errorf("label %d; want 1 to %d", record[0], x.Classes)
		}
		x.Labels = append(x.Labels, int(record[0])-1)
		return nil
	})
}

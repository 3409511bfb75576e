package datasets

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/gocrate/gocrate/crate"
)

// digitsFile is a table without header: a line holds the 64 pixels of an image,
// row by row, from 0 to 16, and its label.
//
//go:embed digits.csv.gz
var digitsFile []byte

const (
	digitsSide  = 8    // rows and columns of an image
	digitsMax   = 16   // value of a white pixel
	digitsTrain = 1347 // images before the test part
)

// Digits returns the handwritten digits of the UCI repository that scikit-learn
// calls load_digits: grey images of 8×8 pixels between 0 and 1 in 10 classes,
// 1,347 to train on and 450 to test. The split is by position in the file, as
// in the reference runs, so that accuracies can be compared.
//
// Each call decodes the set anew, so the caller may change what it gets.
//
// Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits
// (1998), CC BY 4.0.
func Digits() (train, test crate.Images) {
	all, err := readDigits(digitsFile)
	if err != nil {
		panic(err) // impossible: the file is part of the program
	}
	return all.Slice(0, digitsTrain), all.Slice(digitsTrain, all.Len())
}

// readDigits decodes the compressed table.
func readDigits(file []byte) (crate.Images, error) {
	images := crate.Images{Channels: 1, Height: digitsSide, Width: digitsSide, Classes: 10}
	for digit := range images.Classes {
		images.Names = append(images.Names, strconv.Itoa(digit))
	}
	text, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return images, fmt.Errorf("datasets: digits: %w", err)
	}
	lines := csv.NewReader(text)
	lines.FieldsPerRecord = digitsSide*digitsSide + 1
	rows, err := lines.ReadAll()
	if err != nil {
		return images, fmt.Errorf("datasets: digits: %w", err)
	}
	for i, row := range rows {
		if err := appendDigit(&images, row); err != nil {
			return images, fmt.Errorf("datasets: digits: line %d: %w", i+1, err)
		}
	}
	return images, nil
}

// appendDigit adds the image and label of one line.
func appendDigit(images *crate.Images, row []string) error {
	last := len(row) - 1
	for _, field := range row[:last] {
		pixel, err := strconv.ParseUint(field, 10, 8)
		if err != nil || pixel > digitsMax {
			return fmt.Errorf("pixel %q; want 0 to %d", field, digitsMax)
		}
		images.Pixels = append(images.Pixels, float32(pixel)/digitsMax)
	}
	label, err := strconv.ParseUint(row[last], 10, 8)
	if err != nil || int(label) >= images.Classes {
		return fmt.Errorf("label %q; want 0 to %d", row[last], images.Classes-1)
	}
	images.Labels = append(images.Labels, int(label))
	return nil
}

package datasets

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// irisFile is a table of CSV. Its first line has the number of flowers, that of
// measurements and the names of the species; every other line the measurements
// of one flower and the index of its species.
//
//go:embed iris.csv
var irisFile []byte

const (
	irisFlowers      = 150
	irisMeasurements = 4
)

// Iris returns 150 flowers of three species of iris, 50 of each: X is 4×150, one
// flower a column, in the order of the species, and holds length and width of the
// sepals, then length and width of the petals, in centimetres. labels are indices
// into names, those of the species.
//
// Source: R. A. Fisher, The use of multiple measurements in taxonomic problems
// (1936), with the measurements of E. Anderson; CC BY 4.0.
func Iris() (X *mat.Dense, labels []int, names []string) {
	X, labels, names, err := readIris(irisFile)
	if err != nil {
		panic(err) // impossible: the file is part of the program
	}
	return X, labels, names
}

// readIris decodes the table.
func readIris(file []byte) (X *mat.Dense, labels []int, names []string, err error) {
	lines := csv.NewReader(bytes.NewReader(file))
	lines.FieldsPerRecord = irisMeasurements + 1
	rows, err := lines.ReadAll()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("datasets: iris: %w", err)
	}
	if len(rows) != 1+irisFlowers {
		return nil, nil, nil, fmt.Errorf("datasets: iris: %d lines; want %d", len(rows), 1+irisFlowers)
	}
	names = rows[0][2:]
	X = mat.NewDense(irisMeasurements, irisFlowers, nil)
	for j, row := range rows[1:] {
		for i, field := range row[:irisMeasurements] {
			v, err := strconv.ParseFloat(field, 64)
			if err != nil {
				return nil, nil, nil, fmt.Errorf("datasets: iris: line %d: %w", j+2, err)
			}
			X.Set(i, j, v)
		}
		label, err := strconv.ParseUint(row[irisMeasurements], 10, 8)
		if err != nil || int(label) >= len(names) {
			return nil, nil, nil, fmt.Errorf("datasets: iris: line %d: species %q; want 0 to %d", j+2, row[irisMeasurements], len(names)-1)
		}
		labels = append(labels, int(label))
	}
	return X, labels, names, nil
}

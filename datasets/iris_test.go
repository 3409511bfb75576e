package datasets

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// The means of each species, and the sums of squares about them within setosa, as
// Fisher's paper has them.
func TestIrisIsFishers(t *testing.T) {
	X, labels, names := Iris()
	if d, n := X.Dims(); d != 4 || n != 150 || !slices.Equal(names, []string{"setosa", "versicolor", "virginica"}) {
		t.Fatalf("%d×%d flowers of %v", d, n, names)
	}
	means := [3][4]float64{{5.006, 3.428, 1.462, 0.246}, {5.936, 2.770, 4.260, 1.326}, {6.588, 2.974, 5.552, 2.026}}
	setosa := [4]float64{6.0882, 7.0408, 1.4778, 0.5442}
	for species, want := range means {
		for i, mean := range want {
			x := X.RawRowView(i)[50*species : 50*species+50]
			m, v := stat.MeanVariance(x, nil)
			if math.Abs(m-mean) > 1e-9 {
				t.Errorf("%s: the mean of row %d is %g, want %g", names[species], i, m, mean)
			}
			if species == 0 && math.Abs(49*v-setosa[i]) > 1e-9 {
				t.Errorf("setosa: the sum of squares of row %d is %g, want %g", i, 49*v, setosa[i])
			}
		}
	}
	for j, label := range labels {
		if label != j/50 {
			t.Fatalf("flower %d is of species %d", j, label)
		}
	}
	if lo, hi := mat.Min(X), mat.Max(X); lo != 0.1 || hi != 7.9 {
		t.Errorf("from %g to %g cm, want 0.1 to 7.9", lo, hi)
	}
}

func TestReadIrisRefuses(t *testing.T) {
	file := string(irisFile)
	for _, tt := range []struct{ what, want, file string }{
		{"cut short", "lines; want 151", file[:strings.LastIndex(strings.TrimSpace(file), "\n")]},
		{"too few fields", "wrong number of fields", strings.Replace(file, "5.1,3.5,", "5.1,", 1)},
		{"not a number", "line 2", strings.Replace(file, "5.1,", "x,", 1)},
		{"no such species", `line 2: species "3"`, strings.Replace(file, "1.4,0.2,0", "1.4,0.2,3", 1)},
	} {
		if _, _, _, err := readIris([]byte(tt.file)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that contains %q", tt.what, err, tt.want)
		}
	}
}

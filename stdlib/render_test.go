package stdlib

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/gocrate/gocrate/stdlib/display"
)

func TestMatricesAreTables(t *testing.T) {
	RegisterRenderers()
	wide := mat.NewDense(30, 20, nil)
	for i := range 30 {
		for j := range 20 {
			wide.Set(i, j, float64(100*i+j))
		}
	}
	for _, test := range []struct {
		m    mat.Matrix
		want string
	}{
		{mat.NewDense(2, 2, []float64{1, -0.25, 1e9 / 3, math.NaN()}),
			"2×2 matrix, values from -0.25 to 3.333e+08, 1 NaN\n          1  -0.25\n  3.333e+08    NaN"},
		{mat.NewVecDense(2, []float64{1, 2}), "vector of 2, values from 1 to 2\n  1\n  2"},
		{mat.NewSymDense(1, []float64{3}).T(), "1×1 matrix, values from 3 to 3\n  3"},
		{new(mat.Dense), "0×0 matrix"},
		{(*mat.Dense)(nil), "<nil>"},
	} {
		if got := display.Of(test.m).String(); got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
	}
	b := display.Of(wide)
	lines := strings.Split(b.String(), "\n")
	if len(lines) != 1+tableRows+1 || lines[0] != "30×20 matrix, values from 0 to 2919" ||
		lines[2] != "   100   101   102   103   104   105  …   118   119" || strings.Trim(lines[9], " …") != "" {
		t.Errorf("a large matrix:\n%s", b)
	}
	html := b.Data["text/html"].(string)
	if rows := strings.Count(html, "<tr>"); rows != tableRows+1 || strings.Count(html, "<td") != rows*(tableColumns+1) {
		t.Errorf("a large matrix in HTML:\n%s", html)
	}
}

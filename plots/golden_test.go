package plots_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"maps"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gocrate/gocrate/plots"
	"gonum.org/v1/gonum/mat"
)

var update = flag.Bool("update", false, "rewrite the golden pictures in testdata")

func compression() *plots.Figure {
	return plots.PerLayer(`$R^c(\mathbf{Z}^{\ell+1/2} \mid \mathbf{U}_{[K]})$ [SSA block]`,
		plots.Series{Label: "train", Mean: codingRateTrain, SD: span(20, 150, 12)},
		plots.Series{Label: "val", Mean: codingRateVal, SD: span(25, 140, 12)})
}

func sparsity() *plots.Figure {
	return plots.PerLayer(`Sparsity [ISTA block]`,
		plots.Series{Label: "train", Mean: sparsityTrain, SD: span(.01, .03, 12)},
		plots.Series{Label: "val", Mean: sparsityVal, SD: span(.01, .03, 12)})
}

// wave is a training curve with wobble, gaps and a coarser companion.
func wave() *plots.Figure {
	var train, val plots.Series
	train.Label, val.Label = "train", "validation"
	for i := range 300 {
		x := float64(i)
		y := 2.3*math.Exp(-x/70) + .1 + .04*math.Sin(x*1.7)
		if i > 120 && i < 130 {
			y = math.NaN()
		}
		train.X, train.Mean = append(train.X, x), append(train.Mean, y)
		if i%50 == 0 {
			val.X, val.Mean = append(val.X, x), append(val.Mean, 2.3*math.Exp(-x/80)+.15)
		}
	}
	return plots.Curves("Step", "Loss", train, val)
}

// blocks is a matrix that is brighter in its diagonal blocks.
func blocks(n, block int) *mat.Dense {
	m := mat.NewDense(n, n, nil)
	m.Apply(func(i, j int, _ float64) float64 {
		v := .08 * float64((i*7+j*11)%5)
		if i/block == j/block {
			v += .3
		}
		if i == j {
			v = 1
		}
		return v
	}, m)
	return m
}

// signs is a wide matrix of both signs with one entry missing.
func signs() *mat.Dense {
	m := mat.NewDense(10, 40, nil)
	m.Apply(func(i, j int, _ float64) float64 { return math.Sin(float64(i*j)/7) * float64(i) }, m)
	m.Set(4, 20, math.NaN())
	return m
}

func pictures() []plots.Image {
	var out []plots.Image
	for k := range 7 {
		m := plots.Image{Title: `$y = ` + string(rune('0'+k)) + `$`, Height: 8, Width: 8}
		for i := range 64 {
			m.Pixels = append(m.Pixels, float32(i*k%17))
		}
		out = append(out, m)
	}
	rgb := plots.Image{Title: "colour", Height: 2, Width: 2, Pixels: []float32{16, 0, 0, 16, 0, 16, 0, 16, 0, 0, 16, 0}}
	return append(out, rgb)
}

func crowd() *plots.Figure {
	return plots.PerLayer("$x$",
		plots.Series{Label: "one", Mean: span(0, 1, 12)}, plots.Series{Label: "two", Mean: span(1, 0, 12)},
		plots.Series{Label: "three", Mean: span(.5, .5, 12)}, plots.Series{Label: "four", Mean: span(.1, .3, 12)},
		plots.Series{Label: "five", Mean: span(.8, .9, 12)}, plots.Series{Label: "six", Mean: span(.95, .05, 12)})
}

// figures are what a reader of the course will see, by the name of their
// golden picture.
func figures() map[string]*plots.Figure {
	all := map[string]*plots.Figure{
		"perlayer":        compression(),
		"perlayer_column": sparsity().WithSize(plots.ColumnWidth, 2.2),
		"perlayer_serif":  sparsity().WithSize(plots.ColumnWidth, 2.2).WithStyle(plots.Style{Serif: true, FontSize: 9}),
		"slides":          sparsity().WithStyle(plots.Slides()).WithSize(plots.SlideWidth, 5).WithTitle("Sparsity"),
		"notebook":        compression().WithStyle(plots.Notebook()),
		"perlayer_empty":  plots.PerLayer("$R^c$", plots.Series{Label: "train", Mean: []float64{math.NaN(), math.Inf(1)}}).WithSize(3.25, 1.6),
		"legend_raised":   crowd().WithSize(3.6, 2.6),
		"curves":          wave().WithSize(plots.ColumnWidth, 2.2),
		"curves_log":      wave().WithLogY().WithSize(plots.ColumnWidth, 2.2),
		"scatter":         plots.Scatter(clouds()...).WithNote(`$\ell = 3$`),
		"heatmap":         plots.Heatmap(`$|\mathbf{U}^\top \mathbf{U}|$`, blocks(24, 6)),
		"heatmap_signs":   plots.Heatmap(`$\mathbf{Z}$`, signs()).WithLabels("token", "row"),
		"images":          plots.Images(4, pictures()...),
		"row": plots.Row(compression().WithTitle("Compression"), sparsity().WithTitle("Sparsity")).WithCaption(
			`Per-layer coding rate and sparsity of CRATE-Small, mean ± sd over 1000 samples. Tokens normalised per head as in the ` +
				`released script, $\epsilon^2 = 0.01$, so that $R^c$ is that of $\mathbf{U}^\top \mathrm{LN}(\mathbf{Z}^\ell)$.`),
		"row_mixed": plots.Row(plots.Scatter(clouds()...), plots.Heatmap("", blocks(24, 6)), sparsity()),
		"fromplot":  histogram().WithSize(plots.ColumnWidth, 2.2),
	}
	maps.Copy(all, paperFigures())
	return all
}

// drawnOnce are the pictures of all figures, which several tests look at.
var drawnOnce = sync.OnceValue(func() map[string][]byte {
	pictures := map[string][]byte{}
	for name, fig := range figures() {
		pictures[name] = fig.PNG()
	}
	return pictures
})

func TestGolden(t *testing.T) {
	for name, got := range drawnOnce() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name+".png")
			want, err := os.ReadFile(path)
			message := "there is no golden picture"
			if err == nil {
				message = difference(t, got, want)
			}
			switch {
			case message == "":
			case *update:
				if err := os.WriteFile(path, got, 0o666); err != nil {
					t.Fatal(err)
				}
			default:
				t.Errorf("%s: %s; look at it, and run with -update if it is right", keep(t, name, got), message)
			}
		})
	}
}

// keep writes a picture where the developer can look at it.
func keep(t *testing.T, name string, picture []byte) string {
	path := filepath.Join(t.ArtifactDir(), name+".png")
	if err := os.WriteFile(path, picture, 0o666); err != nil {
		t.Error(err)
	}
	return path
}

// difference compares pictures and allows for the last bits of floating point,
// which move the shade of a few pixels at edges.
func difference(t *testing.T, got, want []byte) string {
	g, w := decode(t, got), decode(t, want)
	if g.Bounds() != w.Bounds() {
		return "its size is " + g.Bounds().Max.String() + ", the golden's " + w.Bounds().Max.String()
	}
	n := 0
	for y := range g.Bounds().Dy() {
		for x := range g.Bounds().Dx() {
			if apart(g, w, x, y) {
				n++
			}
		}
	}
	if n > g.Bounds().Dx()*g.Bounds().Dy()/10000 {
		return "more than 0.01 % of its pixels differ from the golden's"
	}
	return ""
}

func apart(a, b image.Image, x, y int) bool {
	ar, ag, ab, _ := a.At(x, y).RGBA()
	br, bg, bb, _ := b.At(x, y).RGBA()
	const most = 0x2800
	far := func(p, q uint32) bool { return max(p, q)-min(p, q) > most }
	return far(ar, br) || far(ag, bg) || far(ab, bb)
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

package plots_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gocrate/gocrate/plots"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// The values of figure 3 of the CRATE paper, read off the picture.
var (
	codingRateTrain = []float64{1105, 1028, 1096, 1065, 920, 935, 1002, 948, 869, 853, 796, 727}
	codingRateVal   = []float64{1100, 1027, 1092, 1061, 914, 932, 1002, 945, 856, 833, 753, 667}
	sparsityTrain   = []float64{.411, .479, .445, .381, .421, .394, .355, .342, .288, .266, .205, .336}
	sparsityVal     = []float64{.411, .466, .436, .376, .413, .393, .350, .331, .278, .262, .205, .336}
)

func span(from, to float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = from + (to-from)*float64(i)/float64(n-1)
	}
	return x
}

func ExamplePerLayer() {
	fig := plots.PerLayer(`$R^c(\mathbf{Z}^{\ell+1/2} \mid \mathbf{U}_{[K]})$`,
		plots.Series{Label: "train", Mean: codingRateTrain, SD: span(20, 150, 12)},
		plots.Series{Label: "val", Mean: codingRateVal, SD: span(25, 140, 12)})
	fmt.Println(fig)
	// Output:
	// Curves of R^c(Z^(ℓ+1/2) ∣ U_[K]) against Layer index ℓ: train from 1105 at 1 to 727 at 12; val from 1100 at 1 to 667 at 12.
}

func ExampleCurves() {
	step := span(0, 400, 41)
	loss := make([]float64, len(step))
	for i, t := range step {
		loss[i] = 2.3*math.Exp(-t/80) + .05
	}
	fig := plots.Curves("Step", "Cross-entropy", plots.Series{X: step, Mean: loss}).WithLogY()
	fmt.Println(fig)
	// Output:
	// Curves of Cross-entropy against Step: one curve from 2.35 at 0 to 0.0655 at 400.
}

func clouds() []plots.Cloud {
	r := rand.New(rand.NewPCG(1, 2))
	var x, y []float64
	var class []int
	for i := range 300 {
		t, angle := r.NormFloat64(), float64(i%3)*1.1
		x = append(x, t*math.Cos(angle)+.08*r.NormFloat64())
		y = append(y, t*math.Sin(angle)+.08*r.NormFloat64())
		class = append(class, i%3)
	}
	return plots.ByClass(x, y, class, "class 0", "class 1", "class 2")
}

func ExampleScatter() {
	fig := plots.Scatter(
		plots.Cloud{Label: "inside", X: []float64{0, 1, 1}, Y: []float64{0, 0, 1}},
		plots.Cloud{Label: "outside", X: []float64{3}, Y: []float64{3}},
	).WithNote(`$\ell = 3$`)
	fmt.Println(fig)
	// Output:
	// Scatter plot of points: inside (3), outside (1).
}

func ExampleByClass() {
	for _, c := range plots.ByClass([]float64{1, 2, 3}, []float64{4, 5, 6}, []int{0, 1, 0}, "zero", "one") {
		fmt.Println(c.Label, c.X, c.Y)
	}
	// Output:
	// zero [1 3] [4 6]
	// one [2] [5]
}

func ExampleHeatmap() {
	fig := plots.Heatmap(`$|\mathbf{U}^\top \mathbf{U}|$`, mat.NewDense(2, 2, []float64{1, .2, .2, 1}))
	fmt.Println(fig)
	// Output:
	// Heatmap of |U^⊤U|: 2 rows, 2 columns, colours from 0.2 to 1.
}

func ExampleImages() {
	cross := plots.Image{Title: "cross", Height: 3, Width: 3, Pixels: []float32{1, 0, 1, 0, 1, 0, 1, 0, 1}}
	plus := plots.Image{Title: "plus", Height: 3, Width: 3, Pixels: []float32{0, 1, 0, 1, 1, 1, 0, 1, 0}}
	fmt.Println(plots.Images(2, cross, plus))
	// Output:
	// 2 images titled cross, plus.
}

func ExampleRow() {
	compression := plots.PerLayer(`$R^c$`, plots.Series{Mean: codingRateTrain}).WithTitle("Compression")
	sparsity := plots.PerLayer(`$\|\mathbf{Z}\|_0 / (dN)$`, plots.Series{Mean: sparsityTrain}).WithTitle("Sparsity")
	fig := plots.Row(compression, sparsity).WithCaption(`Both at $\epsilon^2 = 0.01$.`)
	fmt.Println(fig)
	// Output:
	// (a) Compression. Curves of R^c against Layer index ℓ: one curve from 1105 at 1 to 727 at 12.
	// (b) Sparsity. Curves of ‖Z‖_0/(dN) against Layer index ℓ: one curve from 0.411 at 1 to 0.336 at 12, lowest 0.205, highest 0.479.
	// Both at ϵ^2 = 0.01.
}

func ExampleGrid() {
	var layers []*plots.Figure
	for l := range 4 {
		layers = append(layers, plots.Heatmap("", mat.NewDiagDense(4, span(1, 4, 4))).WithTitle(fmt.Sprintf(`$\ell = %d$`, l+1)))
	}
	fig := plots.Grid(2, layers...).WithRange(0, 4)
	fmt.Printf("%.2f × %.2f in\n", fig.Width, fig.Height)
	// Output:
	// 6.75 × 6.33 in
}

func ExampleOkabeIto() {
	for _, c := range plots.OkabeIto()[:2] {
		fmt.Printf("%02X\n", c)
	}
	// Output:
	// {00 72 B2 FF}
	// {D5 5E 00 FF}
}

// A figure of gonum's plotters in this package's style.
func ExampleFromPlot() {
	fmt.Println(histogram())
	// Output:
	// Plot of Count against Norm of a token.
}

func histogram() *plots.Figure {
	r := rand.New(rand.NewPCG(3, 4))
	values := make(plotter.Values, 500)
	for i := range values {
		values[i] = 8 + r.NormFloat64()
	}
	bars, err := plotter.NewHist(values, 16)
	if err != nil {
		panic(err)
	}
	bars.FillColor = plots.OkabeIto()[0]
	p := plot.New()
	p.Add(bars)
	p.X.Label.Text, p.Y.Label.Text = "Norm of a token", "Count"
	return plots.FromPlot(p)
}

func ExampleFigure_WithProvenance() {
	fig := plots.PerLayer("Sparsity", plots.Series{Mean: sparsityVal}).WithProvenance(plots.Provenance{
		Model: "CRATE-Small", Data: "ImageNet, 1000 images", Protocol: "share of entries above 0",
	})
	fmt.Println(bytes.Contains(fig.SVG(), []byte("<model>CRATE-Small</model>")))
	// Output:
	// true
}

// A figure for a talk.
func ExampleSlides() {
	fig := plots.PerLayer("Sparsity", plots.Series{Mean: sparsityVal}).WithStyle(plots.Slides()).WithSize(plots.SlideWidth, 5)
	width := fig.MIMEMetadata()["image/png"].(map[string]any)["width"]
	fmt.Println(width, "CSS pixels")
	// Output:
	// 864 CSS pixels
}

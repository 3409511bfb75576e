package plots_test

import (
	"fmt"

	"github.com/gocrate/gocrate/plots"
	"gonum.org/v1/gonum/mat"
)

func ExampleRatePerLayer() {
	fmt.Println(plots.RatePerLayer(plots.Series{Label: "CRATE-Small", Mean: codingRateVal}))
	// Output:
	// Curves of R^c(Z^ℓ ∣ U_[K]^ℓ) against Layer index ℓ: CRATE-Small from 1100 at 1 to 667 at 12.
}

func ExampleSparsityPerLayer() {
	fmt.Println(plots.SparsityPerLayer(plots.Series{Label: "CRATE-Small", Mean: sparsityVal}))
	// Output:
	// Curves of ‖Z^(ℓ+1)‖_0 / (dN) against Layer index ℓ: CRATE-Small from 0.411 at 1 to 0.336 at 12, lowest 0.205, highest 0.466.
}

func ExampleSignalToNoisePerLayer() {
	fmt.Println(plots.SignalToNoisePerLayer(plots.Series{Label: `$\delta = 0.2$`, Mean: span(1.55, 2.62, 13)}))
	// Output:
	// Curves of SNR of Z^ℓ against Layer index ℓ: δ = 0.2 from 1.55 at 1 to 2.62 at 13.
}

func ExampleAveragePrecisionPerLayer() {
	fmt.Println(plots.AveragePrecisionPerLayer(plots.Series{Label: "CRATE-B/8", X: span(7, 12, 6), Mean: span(.5, 1, 6)}))
	// Output:
	// Curves of Average precision against Layer index ℓ: CRATE-B/8 from 0.5 at 7 to 1 at 12.
}

func ExampleCheckpoints() {
	series := plots.Checkpoints([]int{0, 150}, [][]float64{{1500, 1490}, {1300, 900}})
	fmt.Println(plots.RatePerLayer(series...))
	// Output:
	// Curves of R^c(Z^ℓ ∣ U_[K]^ℓ) against Layer index ℓ: initialisation from 1500 at 1 to 1490 at 2; epoch 150 from 1300 at 1 to 900 at 2.
}

func ExampleRateReduction() {
	fmt.Println(plots.RateReduction("Layer", []float64{3.1, 3.5, 3.6}, []float64{2, 1.9, 1.7}))
	// Output:
	// Curves of Rate (nats) against Layer: R from 3.1 at 1 to 3.6 at 3; R_c from 2 at 1 to 1.7 at 3; ΔR from 1.1 at 1 to 1.9 at 3.
}

func ExampleSingularValues() {
	fmt.Println(plots.SingularValues(plots.Series{Label: "class 0", Mean: []float64{8, 3, .1}}))
	// Output:
	// Curves of σ_i against Index i: class 0 from 8 at 1 to 0.1 at 3.
}

func ExampleClustersByPrecision() {
	fmt.Println(plots.ClustersByPrecision([]float64{.01, .1, 1}, []float64{40, 3, 1}, []float64{5000, 2400, 1500}))
	// Output:
	// (a) Curves of Clusters found against Allowed error ϵ: one curve from 40 at 0.01 to 1 at 1.
	// (b) Curves of Coding length (bits) against Allowed error ϵ: one curve from 5000 at 0.01 to 1500 at 1.
}

func ExampleTokenHeatmaps() {
	layer := mat.NewDense(2, 2, []float64{0, 1.5, 0, 0})
	fmt.Println(plots.TokenHeatmaps(layer, mat.NewDense(2, 2, []float64{0, 2, 0, 0})))
	// Output:
	// ℓ = 1. Heatmap of entries of Z: 2 rows, 2 columns, colours from 0 to 2.
	// ℓ = 2. Heatmap of entries of Z: 2 rows, 2 columns, colours from 0 to 2.
}

func ExampleCoherencePerLayer() {
	orthogonal := mat.NewDense(2, 2, []float64{1, 0, 0, 1})
	fmt.Println(plots.CoherencePerLayer(1, orthogonal))
	// Output:
	// ℓ = 1. Heatmap of |U^(ℓ⊤)U^ℓ|: 2 rows, 2 columns, colours from 0 to 1.
}

func ExampleCosineSimilarities() {
	fmt.Println(plots.CosineSimilarities(blocks(6, 3), 3, 3))
	// Output:
	// Heatmap of |cos (z_i, z_j)|: 6 rows, 6 columns, colours from 0 to 1.
}

func ExampleConfusionMatrix() {
	fmt.Println(plots.ConfusionMatrix(mat.NewDense(2, 2, []float64{9, 1, 3, 7}), "cat", "dog"))
	// Output:
	// Confusion matrix of 2 classes: 16 of 20 on the diagonal; most often dog taken for cat, 3 times.
}

func ExampleAttentionMaps() {
	image := plots.Image{Title: "cat", Height: 8, Width: 8, Pixels: make([]float32, 64)}
	heads := [][]float64{{.7, .1, .1, .1}, {.25, .25, .25, .25}} // of two heads on four patches
	fmt.Println(plots.AttentionMaps([]plots.Image{image}, [][][]float64{heads}))
	// Output:
	// 3 images and attention maps titled k = 1, k = 2.
}

func ExampleAttentionOverlays() {
	heads := [][]float64{{.7, .1, .1, .1}}
	fig := plots.AttentionOverlays([]plots.Image{drawn(0)}, [][][]float64{heads})
	fmt.Println(fig.Width > fig.Height)
	// Output:
	// true
}

func ExampleAttentionPerLayer() {
	fmt.Println(plots.AttentionPerLayer(drawn(0), [][][]float64{gazes(0), gazes(1)}))
	// Output:
	// 8 images and attention maps titled k = 1, k = 2, k = 3.
}

func ExampleSegmentations() {
	image := plots.Image{Height: 2, Width: 2, Pixels: []float32{0, 1, 0, 1}, Title: "right half"}
	truth := plots.Masks{Label: "truth", Of: [][]int{{0, 1, 0, 1}}}
	fmt.Println(plots.Segmentations([]plots.Image{image}, truth))
	// Output:
	// 2 images and segmentations titled right half.
}

func ExampleDetections() {
	boxes := [][]plots.Box{{{X: 8, Y: 6, Width: 16, Height: 17, Label: "0.94"}}}
	fmt.Println(plots.Detections(1, []plots.Image{drawn(0)}, boxes))
	// Output:
	// 1 images with boxes titled disc.
}

func ExampleTokenPCA() {
	fmt.Println(plots.TokenPCA([]plots.Image{drawn(0)}, []mat.Matrix{scores(0)}, nil))
	// Output:
	// 2 images and their patches coloured by principal components titled disc.
}

func ExampleReconstructions() {
	image := []plots.Image{drawn(0)}
	fmt.Println(plots.Reconstructions(image, image, image))
	// Output:
	// 3 images titled masked, reconstruction, original.
}

func ExampleScatter3D() {
	fig := plots.Scatter3D(plots.Cloud3{Label: "class 1", X: []float64{1, .9}, Y: []float64{0, .1}, Z: []float64{0, 0}})
	fmt.Println(fig.WithView(30, 40))
	// Output:
	// Scatter plot of points in space: class 1 (2).
}

func ExampleTrajectories() {
	fmt.Println(plots.Trajectories(plots.Cloud{Label: "token", X: []float64{1, 1, 1}, Y: []float64{1, .5, .2}}))
	// Output:
	// Ways of 1 points through the plane, of 1 kinds.
}

func ExampleFigure_WithSharedAxes() {
	a := plots.RatePerLayer(plots.Series{Mean: []float64{1, 2}}).WithTitle("before")
	b := plots.RatePerLayer(plots.Series{Mean: []float64{5, 4}}).WithTitle("after")
	plots.Row(a, b).WithSharedAxes()
	fmt.Println(a.Plot.Y.Max == b.Plot.Y.Max)
	// Output:
	// true
}

func ExampleFigure_WithSharedBar() {
	a := plots.Heatmap("", mat.NewDense(1, 2, []float64{0, 1}))
	b := plots.Heatmap("", mat.NewDense(1, 2, []float64{0, 9}))
	fmt.Println(plots.Row(a, b).WithSharedBar())
	// Output:
	// (a) Heatmap of an unnamed quantity: 1 rows, 2 columns, colours from 0 to 9.
	// (b) Heatmap of an unnamed quantity: 1 rows, 2 columns, colours from 0 to 9.
}

func ExampleAnimate() {
	var layers []*plots.Figure
	for l, m := range tokens(3) {
		layers = append(layers, plots.Heatmap(`$\mathbf{Z}$`, m).WithSize(2, 1.6).WithTitle(fmt.Sprintf(`$\ell = %d$`, l+1)))
	}
	film := plots.Animate(layers...)
	fmt.Printf("%s\n", film.GIF()[:6])
	fmt.Println(film.Interactive("layer").Spec["title"])
	// Output:
	// GIF89a
	// map[text:map[expr:["ℓ = 1","ℓ = 2","ℓ = 3"][frame - 1]]]
}

func ExampleFigure_Interactive() {
	chart := plots.SparsityPerLayer(plots.Series{Label: "val", Mean: sparsityVal}).Interactive()
	fmt.Println(chart.Spec["$schema"])
	// Output:
	// https://vega.github.io/schema/vega-lite/v5.json
}

// A figure that grows while a model learns; here, outside a notebook, it is
// shown when it is done.
func ExampleNewLive() {
	live := plots.NewLive("Step", "Loss", "train")
	for step := range 5 {
		live.Add("train", float64(step), 1/float64(step+1))
	}
	live.Done()
	// Output:
	// Curves of Loss against Step: train from 1 at 0 to 0.2 at 4.
}

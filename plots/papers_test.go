package plots_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gocrate/gocrate/plots"
	"gonum.org/v1/gonum/mat"
)

// paperFigures are the figures of the papers, from numbers that look like theirs.
func paperFigures() map[string]*plots.Figure {
	photo, other := drawn(0), drawn(1)
	return map[string]*plots.Figure{
		"rate_per_layer": plots.RatePerLayer(plots.Series{Label: "train", Mean: codingRateTrain, SD: span(20, 150, 12)},
			plots.Series{Label: "val", Mean: codingRateVal, SD: span(25, 140, 12)}).WithSize(plots.ColumnWidth, 2.3),
		"sparsity_per_layer": plots.SparsityPerLayer(plots.Series{Label: "Tiny", Mean: sparsityTrain},
			plots.Series{Label: "Large", X: span(1, 24, 12), Mean: sparsityVal}).WithSize(plots.ColumnWidth, 2.3),
		"checkpoints":      plots.RatePerLayer(checkpoints()...).WithSize(plots.ColumnWidth, 2.3),
		"snr_per_layer":    plots.SignalToNoisePerLayer(plots.Series{Label: `$\delta = 0.2$`, Mean: span(1.55, 2.62, 13)}, plots.Series{Label: `$\delta = 0.5$`, Mean: span(1.63, 2.73, 13)}).WithSize(plots.ColumnWidth, 2.2),
		"ap_per_layer":     plots.AveragePrecisionPerLayer(plots.Series{Label: "CRATE-B/8", X: span(7, 12, 6), Mean: span(.3, 1, 6)}, plots.Series{Label: "ViT-B/8", X: span(7, 12, 6), Mean: span(.2, .4, 6)}).WithSize(plots.ColumnWidth, 2.2),
		"rate_reduction":   plots.RateReduction("Layer", rising(1.964+1.633, 2000), rising(1.964, 2000)).WithSize(plots.ColumnWidth, 2.3),
		"singular":         plots.SingularValues(spectra()...).WithSize(plots.ColumnWidth, 2.3),
		"clusters":         plots.ClustersByPrecision([]float64{.001, .01, .1, 1, 10}, []float64{9, 5, 3, 3, 1}, []float64{9000, 5000, 2400, 1500, 1100}),
		"token_heatmaps":   plots.TokenHeatmaps(tokens(6)...),
		"coherence":        plots.CoherencePerLayer(4, blocks(24, 4), blocks(24, 4), blocks(24, 4), blocks(24, 4)),
		"cosines":          plots.CosineSimilarities(blocks(60, 20), 20, 20, 20),
		"confusion":        plots.ConfusionMatrix(confusion(), "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		"attention":        plots.AttentionMaps([]plots.Image{photo, other}, [][][]float64{gazes(0), gazes(1)}),
		"overlays":         plots.AttentionOverlays([]plots.Image{photo}, [][][]float64{gazes(0)}),
		"attention_layers": plots.AttentionPerLayer(photo, [][][]float64{gazes(2), gazes(1), gazes(0)}),
		"segmentations":    plots.Segmentations([]plots.Image{photo, other}, plots.Masks{Label: "truth", Of: [][]int{shape(0), shape(1)}}, plots.Masks{Label: "CRATE", Of: [][]int{coarse(0), coarse(1)}}),
		"detections": plots.Detections(2, []plots.Image{photo, other}, [][]plots.Box{
			{{X: 8, Y: 6, Width: 16, Height: 17, Label: "0.94"}}, {{X: 10, Y: 8, Width: 16, Height: 17, Label: "0.71"}, {X: 2, Y: 0, Width: 9, Height: 9}}}),
		"token_pca":       plots.TokenPCA([]plots.Image{photo, other}, []mat.Matrix{scores(0), scores(1)}, [][]bool{foreground(0), foreground(1)}),
		"reconstructions": plots.Reconstructions([]plots.Image{photo}, []plots.Image{other}, []plots.Image{photo}),
		"scatter3d":       plots.Scatter3D(ball(0), ball(1), ball(2)).WithLabels("$x_1$", "$x_2$"),
		"trajectories":    plots.Trajectories(denoised()...),
		"shared_axes":     plots.Grid(2, sparsity(), sparsity(), sparsity(), sparsity()).WithSharedAxes().WithSize(5, 3.6),
	}
}

func checkpoints() []plots.Series {
	flat := span(1500, 1450, 12)
	return plots.Checkpoints([]int{0, 1, 20, 150}, [][]float64{flat, span(1400, 1350, 12), span(1300, 1000, 12), span(1250, 820, 12)})
}

func rising(to float64, n int) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = to * (1 - .6*math.Exp(-float64(i)/150))
	}
	return y
}

func spectra() (series []plots.Series) {
	for k := range 4 {
		s := plots.Series{Label: fmt.Sprintf("class %d", k)}
		for i := range 24 {
			s.Mean = append(s.Mean, float64(5+k)*math.Exp(-math.Pow(float64(i)/(6+float64(k)), 2)))
		}
		series = append(series, s)
	}
	return series
}

func tokens(layers int) (out []mat.Matrix) {
	r := rand.New(rand.NewPCG(5, 6))
	for l := range layers {
		m := mat.NewDense(30, 30, nil)
		m.Apply(func(_, _ int, _ float64) float64 { return math.Max(0, r.NormFloat64()*.7-.15*float64(l)) }, m)
		out = append(out, m)
	}
	return out
}

func confusion() *mat.Dense {
	r := rand.New(rand.NewPCG(7, 8))
	m := mat.NewDense(10, 10, nil)
	m.Apply(func(i, j int, _ float64) float64 {
		if i == j {
			return float64(36 + r.IntN(10))
		}
		return float64(max(0, r.IntN(12)-9))
	}, m)
	return m
}

const pixels = 32

// inside says whether a pixel belongs to the drawn shape.
func inside(k, i, j int) bool {
	y, x := float64(i)-14-2*float64(k), float64(j)-16-2*float64(k)
	return k == 0 && x*x+y*y < 64 || k == 1 && math.Abs(x) < 8 && math.Abs(y) < 8
}

// drawn is a coloured shape on a textured ground.
func drawn(k int) plots.Image {
	m := plots.Image{Title: []string{"disc", "square"}[k], Height: pixels, Width: pixels, Pixels: make([]float32, 3*pixels*pixels)}
	for i := range pixels {
		for j := range pixels {
			rgb := [3]float32{.35, .45 + .1*float32((i/4+j/4)%2), .4}
			if inside(k, i, j) {
				rgb = [3]float32{.9, .5 - .3*float32(k), .2 + .5*float32(k)}
			}
			for c, v := range rgb {
				m.Pixels[c*pixels*pixels+i*pixels+j] = v
			}
		}
	}
	return m
}

func shape(k int) []int {
	mask := make([]int, pixels*pixels)
	for p := range mask {
		if inside(k, p/pixels, p%pixels) {
			mask[p] = 1 + k
		}
	}
	return mask
}

// coarse is the shape in patches of 4 × 4.
func coarse(k int) []int {
	mask := make([]int, 64)
	for p, keep := range foreground(k) {
		if keep {
			mask[p] = 1 + k
		}
	}
	return mask
}

func foreground(k int) []bool {
	keep := make([]bool, 64)
	for p := range keep {
		keep[p] = inside(k, p/8*4+2, p%8*4+2)
	}
	return keep
}

// gazes are the attention maps of three heads over 8 × 8 patches.
func gazes(k int) (heads [][]float64) {
	for h := range 3 {
		w := make([]float64, 64)
		for p := range w {
			y, x := float64(p/8)-3-float64(h)*.7, float64(p%8)-3.5-float64(k)*.5
			w[p] = math.Exp(-(x*x + y*y) / float64(3+4*h))
		}
		heads = append(heads, w)
	}
	return heads
}

func scores(k int) *mat.Dense {
	m := mat.NewDense(64, 3, nil)
	m.Apply(func(p, c int, _ float64) float64 {
		return math.Sin(float64(p/8)/3+float64(c)) * math.Cos(float64(p%8)/3-float64(c*k))
	}, m)
	return m
}

func ball(k int) plots.Cloud3 {
	r := rand.New(rand.NewPCG(9, uint64(k)))
	c := plots.Cloud3{Label: fmt.Sprintf("class %d", k+1)}
	for range 150 {
		p := [3]float64{.1 * r.NormFloat64(), .1 * r.NormFloat64(), .1 * r.NormFloat64()}
		p[k]++
		n := math.Sqrt(p[0]*p[0] + p[1]*p[1] + p[2]*p[2])
		c.X, c.Y, c.Z = append(c.X, p[0]/n), append(c.Y, p[1]/n), append(c.Z, p[2]/n)
	}
	return c
}

func denoised() (ways []plots.Cloud) {
	r := rand.New(rand.NewPCG(10, 11))
	for k := range 40 {
		angle := float64(k%2) * 1.2
		x, y := r.NormFloat64(), r.NormFloat64()
		w := plots.Cloud{Label: fmt.Sprintf("subspace %d", k%2+1)}
		for range 12 {
			w.X, w.Y = append(w.X, x), append(w.Y, y)
			along := x*math.Cos(angle) + y*math.Sin(angle)
			x, y = x+.2*(along*math.Cos(angle)-x), y+.2*(along*math.Sin(angle)-y)
		}
		ways = append(ways, w)
	}
	return ways
}

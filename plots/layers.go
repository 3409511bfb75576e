package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// RatePerLayer draws the compression term of the objective, $R^c$ of the tokens
// against the subspaces of each layer, in nats. The caption should name the
// protocol, since there are several.
// (arXiv 2306.01129, figures 3 to 5 left; arXiv 2404.02446, figure 4.)
func RatePerLayer(series ...Series) *Figure {
	return PerLayer(`$R^c(\mathbf{Z}^{\ell} \mid \mathbf{U}^{\ell}_{[K]})$`, series...)
}

// SparsityPerLayer draws the share of the entries of the tokens that are not 0,
// behind the sparsification step of each layer; lower is sparser.
// (arXiv 2306.01129, figures 3 to 5 right; arXiv 2404.02446, figure 4.)
func SparsityPerLayer(series ...Series) *Figure {
	return PerLayer(`$\|\mathbf{Z}^{\ell+1}\|_0 \, / \, (dN)$`, series...)
}

// SignalToNoisePerLayer draws how much longer the parts of the tokens in their
// subspaces are than the parts outside. (arXiv 2506.03790.)
func SignalToNoisePerLayer(series ...Series) *Figure {
	return PerLayer(`SNR of $\mathbf{Z}^{\ell}$`, series...)
}

// AveragePrecisionPerLayer draws the average precision, by COCO's rules, of masks
// or boxes made from the features of each layer.
// (arXiv 2308.16271, figure 6 left; of each epoch, with [Curves], figure 10.)
func AveragePrecisionPerLayer(series ...Series) *Figure {
	return PerLayer("Average precision", series...)
}

// Checkpoints makes a series of each checkpoint of one run: values[c][l] belongs
// to layer l+1 after epochs[c]. The later the checkpoint, the darker its colour.
// (arXiv 2306.01129, figure 4.)
func Checkpoints(epochs []int, values [][]float64) []Series {
	if len(epochs) != len(values) {
		panic(fmt.Sprintf("plots: Checkpoints: %d epochs and values of %d; want as many", len(epochs), len(values)))
	}
	var series []Series
	for c, epoch := range epochs {
		label := fmt.Sprintf("epoch %d", epoch)
		if epoch == 0 {
			label = "initialisation"
		}
		shade := 0.
		if len(epochs) > 1 {
			shade = float64(c) / float64(len(epochs)-1)
		}
		series = append(series, Series{Label: label, Mean: values[c], Color: ages.at(shade)})
	}
	return series
}

// RateReduction draws the three rates of maximal coding rate reduction along the
// iterations of an optimiser or the layers of a ReduNet, on a logarithmic
// horizontal axis: R of all features, Rc of the features class by class, and
// their difference. (arXiv 2006.08558, figure 3; arXiv 2105.10446.)
func RateReduction(xlabel string, R, Rc []float64) *Figure {
	if len(R) != len(Rc) {
		panic(fmt.Sprintf("plots: RateReduction: %d values of R and %d of Rc; want as many", len(R), len(Rc)))
	}
	delta := make([]float64, len(R))
	for i := range R {
		delta[i] = R[i] - Rc[i]
	}
	fig := Curves(xlabel, "Rate (nats)",
		Series{Label: `$R$`, Mean: R}, Series{Label: `$R_c$`, Mean: Rc}, Series{Label: `$\Delta R$`, Mean: delta})
	return fig.WithLogX()
}

// SingularValues draws the singular values of features, the largest first: one
// series for each class. (arXiv 2006.08558, figure 5.)
func SingularValues(series ...Series) *Figure {
	fig := Curves(`Index $i$`, `$\sigma_i$`, series...)
	a := fig.content.(*axes)
	a.plot.X.Tick.Marker = Ticks{Integer: true}
	a.plot.Y.Min = math.Min(0, a.plot.Y.Min)
	return fig
}

// ClustersByPrecision draws, against the error ε that coding allows, how many
// clusters a segmentation finds and how many bits it needs: where the number is
// steady, the clusters are there. (Ma, Derksen, Hong and Wright, 2007.)
func ClustersByPrecision(epsilon, clusters, bits []float64) *Figure {
	const x = `Allowed error $\epsilon$`
	found := Curves(x, "Clusters found", Series{X: epsilon, Mean: clusters}).WithLogX().WithLogY()
	found.Plot.Y.Tick.Marker = logTicks{integer: true}
	return Row(found, Curves(x, "Coding length (bits)", Series{X: epsilon, Mean: bits}).WithLogX())
}

// TokenHeatmaps draws the tokens of one image layer by layer, all on one scale;
// pass a part of each matrix where the whole is large.
// (arXiv 2306.01129, figures 6 and 8 to 11.)
func TokenHeatmaps(layers ...mat.Matrix) *Figure {
	return heatmapsOf(`entries of $\mathbf{Z}$`, layers)
}

// CoherencePerLayer draws, for each layer, the absolute cosines between the basis
// vectors of all heads, whose first `perHead` vectors belong to head 1, and so on:
// away from the diagonal blocks they say how far the subspaces are from
// orthogonal. (arXiv 2306.01129, figure 7.)
func CoherencePerLayer(perHead int, layers ...mat.Matrix) *Figure {
	if perHead <= 0 {
		panic(fmt.Sprintf("plots: CoherencePerLayer: %d vectors of a head; want at least 1", perHead))
	}
	fig := heatmapsOf(`$|\mathbf{U}^{\ell\top} \mathbf{U}^{\ell}|$`, layers).WithRange(0, 1)
	for _, panel := range fig.content.(*panels).figs {
		h := panel.content.(*axes).heat
		_, n := h.m.Dims()
		for k := perHead; k < n; k += perHead {
			h.lines = append(h.lines, k)
		}
	}
	return fig
}

// heatmapsOf is a grid of heatmaps without axes and with one bar.
func heatmapsOf(label string, layers []mat.Matrix) *Figure {
	var figs []*Figure
	for l, m := range layers {
		fig := Heatmap(label, m).WithTitle(fmt.Sprintf(`$\ell = %d$`, l+1))
		fig.content.(*axes).bare = true
		fig.Width = 1.45
		figs = append(figs, fig)
	}
	rows := (len(figs) + 3) / 4 // of four at most, and as even as can be
	fig := Grid(max(1, (len(figs)+rows-1)/max(1, rows)), figs...).WithSharedBar()
	fig.content.(*panels).untagged = true
	return fig
}

// CosineSimilarities draws the absolute cosines between features that are sorted
// by class, with lines between the classes: features of different classes that
// are orthogonal leave a block diagonal. sizes are the numbers of features of
// each class. (arXiv 2006.08558, figure 4.)
func CosineSimilarities(cosines mat.Matrix, sizes ...int) *Figure {
	fig := Heatmap(`$|\cos(\mathbf{z}_i, \mathbf{z}_j)|$`, cosines).WithRange(0, 1).WithLabels("Feature", "Feature")
	n, total := 0, 0
	if n, _ = cosines.Dims(); len(sizes) > 0 {
		for _, size := range sizes {
			total += size
			fig.content.(*axes).heat.lines = append(fig.content.(*axes).heat.lines, total)
		}
		if total != n {
			panic(fmt.Sprintf("plots: CosineSimilarities: classes of %v are %d features, and the matrix has %d", sizes, total, n))
		}
	}
	return fig
}

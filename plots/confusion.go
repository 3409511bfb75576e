package plots

import (
	"fmt"
	"image/color"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ConfusionMatrix draws how often each true class, a row, was taken for each
// class, a column. Colours are shares of the row, so that rare classes are seen
// as well; the numbers are the counts.
func ConfusionMatrix(counts mat.Matrix, names ...string) *Figure {
	rows, cols := counts.Dims()
	if rows != cols || len(names) != rows {
		panic(fmt.Sprintf("plots: ConfusionMatrix: %d × %d counts and %d names; want a square matrix and a name for each row", rows, cols, len(names)))
	}
	share := mat.NewDense(rows, cols, nil)
	right, all := 0., 0.
	for i := range rows {
		sum := mat.Sum(mat.NewVecDense(cols, mat.Row(nil, i, counts)))
		for j := range cols {
			if sum > 0 {
				share.Set(i, j, counts.At(i, j)/sum)
			}
		}
		right, all = right+counts.At(i, i), all+sum
	}
	fig := Heatmap("Share of the true class", share).WithLabels("Predicted class", "True class").WithRange(0, 1)
	a := fig.content.(*axes)
	a.heat.scale.colors = blues
	a.plot.X.Tick.Marker, a.plot.Y.Tick.Marker = nameTicks(names), nameTicks(names)
	a.plot.Add(cellTexts{counts, share, &fig.style})
	a.tell = func() string {
		return fmt.Sprintf("Confusion matrix of %d classes: %g of %g on the diagonal; %s.", rows, right, all, worst(counts, names))
	}
	fig.Width = clampWidth(.36*float64(cols) + 1.2)
	return fig
}

func clampWidth(inches float64) float64 { return min(max(inches, ColumnWidth), PageWidth) }

// worst names the most frequent confusion.
func worst(counts mat.Matrix, names []string) string {
	most, text := 0., "no confusion"
	for i, from := range names {
		for j, to := range names {
			if n := counts.At(i, j); i != j && n > most {
				most, text = n, fmt.Sprintf("most often %s taken for %s, %g times", mathtext.Plain(from), mathtext.Plain(to), n)
			}
		}
	}
	return text
}

// nameTicks writes names at 1, 2, ….
func nameTicks(names []string) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for i, name := range names {
		ticks = append(ticks, plot.Tick{Value: float64(i + 1), Label: name})
	}
	return ticks
}

// cellTexts writes the counts into the cells, as far as they fit.
type cellTexts struct {
	counts, share mat.Matrix
	style         *Style
}

func (t cellTexts) Plot(c draw.Canvas, p *plot.Plot) {
	rows, cols := t.counts.Dims()
	sty := t.style.small()
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	wide := (c.Max.X - c.Min.X) / vg.Length(cols)
	for i := range rows {
		for j := range cols {
			label := fmt.Sprintf("%g", t.counts.At(i, j))
			if label == "0" || sty.Width(label) > .95*wide {
				continue
			}
			sty.Color = ink
			if t.share.At(i, j) > .55 {
				sty.Color = color.White
			}
			at := vg.Point{X: c.X(p.X.Norm(float64(j + 1))), Y: c.Y(p.Y.Norm(float64(i+1))) + sty.FontExtents().Descent}
			c.FillText(sty, at, label)
		}
	}
}

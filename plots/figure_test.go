package plots_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gocrate/gocrate/plots"
	"gonum.org/v1/gonum/mat"
)

// Every label of the papers is drawn, on every side of a figure, in every format.
func TestLabelsInEveryFormat(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../internal/mathtext/testdata/labels.txt")
	if err != nil {
		t.Fatal(err)
	}
	labels := strings.Split(strings.TrimSpace(string(data)), "\n")
	blank := len(plots.PerLayer("", plots.Series{Mean: []float64{1, 2}}).WithSize(3, 1.8).SVG())
	for _, label := range labels {
		fig := plots.PerLayer(label, plots.Series{Label: label, Mean: []float64{1, 2}}).WithTitle(label).WithNote(label).WithSize(3, 1.8)
		fig.Plot.X.Label.Text = label
		decode(t, fig.PNG())
		svg := string(fig.SVG())
		checkXML(t, svg)
		if len(svg) < blank+250 {
			t.Errorf("%s: the label left no trace in the SVG", label)
		}
		if pdf := fig.PDF(); !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.Contains(pdf, []byte("%%EOF")) {
			t.Errorf("%s: not a PDF", label)
		}
	}
}

func checkXML(t *testing.T, s string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(s)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the SVG is not well-formed: %v", err)
		}
	}
}

// Letters are outlines, so a figure needs no font where it is looked at.
func TestSVGNeedsNoFont(t *testing.T) {
	svg := string(compression().SVG())
	for _, word := range []string{"<text", "font-family"} {
		if strings.Contains(svg, word) {
			t.Errorf("the SVG contains %s", word)
		}
	}
	if !strings.Contains(svg, `role="img" aria-label="Curves of R^c`) {
		t.Error("the SVG has no description")
	}
}

func TestMIMEBundle(t *testing.T) {
	for name, fig := range figures() {
		img := decode(t, drawnOnce()[name])
		meta := fig.MIMEMetadata()["image/png"].(map[string]any)
		size := img.Bounds().Size()
		if size.X != 2*meta["width"].(int) || size.Y != 2*meta["height"].(int) {
			t.Errorf("%s: a picture of %v for %v CSS pixels; want twice as many", name, size, meta)
		}
		text := fig.String()
		if len(text) < 15 || strings.ContainsAny(text, "$\\") {
			t.Errorf("%s: the alternative text is %q", name, text)
		}
	}
	bundle := sparsity().MIMEBundle()
	if !bytes.Equal(bundle["image/png"].([]byte), sparsity().PNG()) || bundle["text/plain"] != sparsity().String() {
		t.Error("the bundle is not the picture and the description")
	}
	if _, ok := any(compression()).(interface{ SVG() string }); ok {
		t.Error("a figure has the SVG method of values that show themselves as SVG; want PNG alone in a notebook")
	}
	w := compression().MIMEMetadata()["image/png"].(map[string]any)["width"]
	if want := int(plots.NotebookWidth * 96); w != want {
		t.Errorf("%v in are %v CSS pixels wide, want %d", plots.NotebookWidth, w, want)
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	for ext, magic := range map[string]string{".png": "\x89PNG", ".svg": "<?xml", ".PDF": "%PDF"} {
		path := filepath.Join(dir, "figure"+ext)
		if err := sparsity().Save(path); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(data, []byte(magic)) {
			t.Errorf("%s starts with %.8q, want %q (%v)", path, data, magic, err)
		}
	}
	err := sparsity().Save("figure.bmp")
	if want := `plots: cannot save a figure as "figure.bmp": want a name that ends in .png, .svg or .pdf`; fmt.Sprint(err) != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if err := sparsity().Save(filepath.Join(dir, "no", "such", "x.png")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("saving into a directory that does not exist: %v", err)
	}
}

// What cannot be drawn leaves a gap or a message, and never a panic.
func TestDataThatCannotBeDrawn(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		want string
		fig  *plots.Figure
	}{
		{"no series were given", plots.PerLayer("y")},
		{"“a” has no finite values", plots.Curves("x", "y", plots.Series{Label: "a"})},
		{"“b” has no finite values", plots.PerLayer("y", plots.Series{Label: "b", Mean: []float64{nan, nan}})},
		{"nothing to draw", plots.PerLayer("y", plots.Series{Mean: []float64{inf, -inf}})},
		{"nothing to draw", plots.PerLayer("y", plots.Series{Mean: []float64{math.MaxFloat64, -math.MaxFloat64}})},
		{"nothing to draw", plots.Curves("x", "y", plots.Series{X: []float64{nan}, Mean: []float64{1}})},
		{"no positive values", plots.Curves("x", "y", plots.Series{Mean: []float64{-1, 0}}).WithLogY()},
		{"no point with finite coordinates", plots.Scatter()},
		{"no point with finite coordinates", plots.Scatter(plots.Cloud{X: []float64{nan, 1}, Y: []float64{1, inf}})},
		{"no finite entry", plots.Heatmap("z", mat.NewDense(1, 2, []float64{nan, inf}))},
		{"(b) Empty plot", plots.Row(plots.PerLayer("y"), plots.Scatter())},
	} {
		decode(t, test.fig.PNG())
		test.fig.SVG()
		if text := test.fig.String(); !strings.Contains(text, test.want) {
			t.Errorf("described as %q; want %q in it", text, test.want)
		}
	}
	for name, fig := range map[string]*plots.Figure{
		"one value":   plots.PerLayer("y", plots.Series{Mean: []float64{3}}),
		"all equal":   plots.PerLayer("y", plots.Series{Mean: []float64{0, 0, 0}}),
		"gap":         plots.PerLayer("y", plots.Series{Mean: []float64{1, nan, 2}, SD: []float64{1, 1, nan}}),
		"tiny":        plots.PerLayer("y", plots.Series{Mean: []float64{1e-310, 2e-310}}),
		"huge":        plots.PerLayer("y", plots.Series{Mean: []float64{1e250, 2e250}}),
		"close":       plots.PerLayer("y", plots.Series{Mean: []float64{1e9, 1e9 + 1e-3}}),
		"band below":  plots.PerLayer("y", plots.Series{Mean: []float64{1, 2}, SD: []float64{5, 5}}).WithLogY(),
		"one pixel":   plots.Images(1, plots.Image{Height: 1, Width: 1, Pixels: []float32{float32(nan)}}),
		"no images":   plots.Images(3),
		"one entry":   plots.Heatmap("", mat.NewDense(1, 1, []float64{7})),
		"large":       plots.Heatmap("", mat.NewDense(2000, 3, nil)),
		"tiny figure": plots.PerLayer("a long label", plots.Series{Label: "a", Mean: []float64{1, 2}}).WithSize(.4, .3),
	} {
		decode(t, fig.PNG())
		fig.PDF()
		if strings.Contains(fig.String(), "nothing") {
			t.Errorf("%s: %s", name, fig)
		}
	}
}

func TestPanicsSayWhatIsWrong(t *testing.T) {
	three, two := make([]float64, 3), make([]float64, 2)
	for want, f := range map[string]func(){
		`plots: PerLayer: series "a" has 2 values of SD and 3 of Mean; want as many, or a nil SD`: func() {
			plots.PerLayer("", plots.Series{Label: "a", Mean: three, SD: two})
		},
		`plots: Curves: series "a" has 2 values of X and 3 of Mean; want as many`: func() {
			plots.Curves("", "", plots.Series{Label: "a", Mean: three, X: two})
		},
		`plots: Scatter: cloud "a" has 2 values of X and 3 of Y; want as many`: func() {
			plots.Scatter(plots.Cloud{Label: "a", X: two, Y: three})
		},
		`plots: ByClass: 2 values of x, 3 of y and 0 classes; want as many of each`: func() { plots.ByClass(two, three, nil) },
		`plots: ByClass: class[1] is 5, but there are 1 names`:                      func() { plots.ByClass(two, two, []int{0, 5}, "a") },
		`plots: Images: image 0 has 3 pixels but is 2 × 2; want 4 grey values, or three planes of as many`: func() {
			plots.Images(1, plots.Image{Height: 2, Width: 2, Pixels: []float32{1, 2, 3}})
		},
		`plots: a figure of 0 × 3 in; both must be positive`:                  func() { compression().WithSize(0, 3) },
		`plots: a figure of 640 × 480 in; want at most 100 inches`:            func() { compression().WithSize(640, 480) },
		`plots: the range 2 to 1; want two finite numbers, the smaller first`: func() { compression().WithRange(2, 1) },
		`plots: Grid: 0 columns for 0 figures; want at least one of each`:     func() { plots.Row() },
		`plots: Images: 0 columns; want at least 1`:                           func() { plots.Images(0) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); got != want {
					t.Errorf("panicked with %q\nwant          %q", got, want)
				}
			}()
			f()
		}()
	}
}

// Figures can be drawn at the same time: they share fonts, and nothing else.
func TestConcurrentDrawing(t *testing.T) {
	want := sparsity().PNG()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if !bytes.Equal(sparsity().PNG(), want) {
				t.Error("a figure drawn beside others differs")
			}
		})
	}
	group.Wait()
}

// The caption is as wide as the figure at most, and makes it taller.
func TestCaptionWraps(t *testing.T) {
	plain := sparsity().MIMEMetadata()["image/png"].(map[string]any)
	words := strings.Repeat(`word $\mathbf{U}_{[K]}$ `, 40)
	long := sparsity().WithCaption(words)
	captioned := long.MIMEMetadata()["image/png"].(map[string]any)
	if captioned["width"] != plain["width"] || captioned["height"].(int) < plain["height"].(int)+60 {
		t.Errorf("%v with a long caption, %v without", captioned, plain)
	}
	img := decode(t, long.PNG())
	for y := range img.Bounds().Dy() {
		for _, x := range []int{0, 1, img.Bounds().Dx() - 2, img.Bounds().Dx() - 1} {
			if r, g, b, _ := img.At(x, y).RGBA(); min(r, g, b) < 0xF000 {
				t.Fatalf("something is drawn over the edge at (%d, %d)", x, y)
			}
		}
	}
}

// No figure draws over its own edge.
func TestNothingIsClipped(t *testing.T) {
	for name, picture := range drawnOnce() {
		img := decode(t, picture)
		size := img.Bounds().Size()
		for i := range size.X + size.Y {
			for _, at := range [][2]int{{i, 0}, {i, size.Y - 1}, {0, i}, {size.X - 1, i}} {
				if at[0] < size.X && at[1] < size.Y {
					if r, g, b, _ := img.At(at[0], at[1]).RGBA(); min(r, g, b) < 0xF000 {
						t.Fatalf("%s: something is drawn over the edge at %v", name, at)
					}
				}
			}
		}
	}
}

// A cell of a heatmap has the colour of its entry, row 1 at the top, NaN grey.
func TestHeatmapColours(t *testing.T) {
	fig := plots.Heatmap("", mat.NewDense(2, 2, []float64{0, 1, math.NaN(), .5}))
	seen := map[color.Color][2]float64{}
	img := decode(t, fig.PNG())
	count := map[color.Color]float64{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() * 3 / 4 { // without the bar
			c := img.At(x, y)
			at := seen[c]
			seen[c] = [2]float64{at[0] + float64(x), at[1] + float64(y)}
			count[c]++
		}
	}
	center := func(r, g, b uint8) (x, y float64) {
		c := color.RGBA{r, g, b, 0xFF}
		if count[c] < 1000 {
			t.Fatalf("there are only %g pixels of %v", count[c], c)
		}
		return seen[c][0] / count[c], seen[c][1] / count[c]
	}
	x00, y00 := center(68, 1, 84)        // 0: the dark end of viridis
	x01, y01 := center(253, 231, 37)     // 1: its bright end
	x10, y10 := center(0xD4, 0xD4, 0xD4) // NaN
	if !(x00 < x01 && math.Abs(y00-y01) < 5 && y00 < y10 && math.Abs(x00-x10) < 5) {
		t.Errorf("cells at (%.0f, %.0f), (%.0f, %.0f), (%.0f, %.0f); want left and right, and below", x00, y00, x01, y01, x10, y10)
	}
}

// With one scale for both axes, equal distances are drawn equal.
func TestScatterHasOneScale(t *testing.T) {
	fig := plots.Scatter(plots.Cloud{X: []float64{0, 10}, Y: []float64{0, 1}})
	before := fig.Plot.Y.Max
	img := decode(t, fig.PNG())
	if fig.Plot.Y.Max != before {
		t.Error("drawing changed the range of the figure's plot")
	}
	var xs, ys []int // extreme pixels of the first colour
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, _, b, _ := img.At(x, y).RGBA(); int(b>>8)-int(r>>8) > 60 {
				xs, ys = append(xs, x), append(ys, y)
			}
		}
	}
	width, height := spread(xs), spread(ys)
	if ratio := width / height; ratio < 8 || ratio > 10 { // 10 but for the size of the discs
		t.Errorf("points 10 apart in x and 1 in y are drawn %g and %g pixels apart", width, height)
	}
}

func spread(v []int) float64 {
	lo, hi := math.MaxInt, 0
	for _, x := range v {
		lo, hi = min(lo, x), max(hi, x)
	}
	return float64(hi - lo)
}

package plots_test

import (
	"bytes"
	"encoding/json"
	"image/gif"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gocrate/gocrate/plots"
	"github.com/gocrate/gocrate/stdlib/display"
	"gonum.org/v1/gonum/mat"
)

// unit is one chart of a specification.
type unit struct {
	Data      struct{ Values []map[string]any }
	Mark      any
	Layer     []any
	Encoding  map[string]any
	Transform []map[string]any
	Concat    []unit
}

// units are the charts of a figure as a reader of its JSON finds them.
func units(t *testing.T, v *plots.VegaLite) (all []unit) {
	t.Helper()
	var top unit
	if err := json.Unmarshal(v.Text(), &top); err != nil {
		t.Fatal(err)
	}
	var collect func(u unit)
	collect = func(u unit) {
		if u.Concat == nil {
			all = append(all, u)
		}
		for _, part := range u.Concat {
			collect(part)
		}
	}
	collect(top)
	return all
}

// Every figure has a specification whose charts have data, marks and tooltips,
// and every field that is encoded is in the data.
func TestInteractive(t *testing.T) {
	for name, fig := range figures() {
		for _, u := range units(t, fig.Interactive()) {
			if len(u.Data.Values) == 0 || u.Mark == nil && u.Layer == nil {
				t.Errorf("%s: a chart without data or mark", name)
				continue
			}
			for channel, e := range u.Encoding {
				object, _ := e.(map[string]any) // a tooltip is a list
				field, ok := object["field"].(string)
				if _, there := u.Data.Values[0][field]; ok && !there {
					t.Errorf("%s: %s encodes %q, which the data lack", name, channel, field)
				}
			}
			if text, _ := json.Marshal(u); !bytes.Contains(text, []byte(`"tooltip"`)) {
				t.Errorf("%s: a chart without tooltips", name)
			}
		}
	}
	bundle := display.Of(sparsity().Interactive()).Data
	if bundle["application/vnd.vegalite.v5+json"] == nil || bundle["image/png"] == nil {
		t.Error("the bundle lacks the specification or the picture for elsewhere")
	}
	if bundle["application/json"] != nil {
		t.Error("JupyterLab shows a tree of the specification instead of the figure")
	}
}

// What is pointed at is what was given.
func TestInteractiveTellsTheNumbers(t *testing.T) {
	curve := units(t, plots.SparsityPerLayer(plots.Series{Label: "val", Mean: sparsityVal}).Interactive())[0]
	for i, want := range sparsityVal {
		if row := curve.Data.Values[i]; row["x"] != float64(i+1) || row["y"] != want || row["series"] != "val" {
			t.Errorf("point %d is %v, want %v at %d", i, row, want, i+1)
		}
	}
	cells := units(t, plots.Heatmap("", signs()).Interactive())[0].Data.Values
	if len(cells) != 400 {
		t.Fatalf("%d cells, want 400", len(cells))
	}
	for _, c := range cells {
		want := signs().At(int(c["row"].(float64))-1, int(c["column"].(float64))-1)
		if got, ok := c["value"].(float64); ok != !math.IsNaN(want) || ok && math.Abs(got-want) > 1e-4*math.Abs(want) {
			t.Errorf("cell %v, want %g", c, want)
		}
	}
}

func layerFigures() (figs []*plots.Figure) {
	for _, m := range tokens(3) {
		figs = append(figs, plots.Row(plots.Heatmap("", m), sparsity()))
	}
	return figs
}

// The slider filters every chart by the frame, and each frame has its own data.
func TestSlider(t *testing.T) {
	film := plots.Animate(layerFigures()...)
	v := film.Interactive("layer")
	bind := v.Spec["params"].([]any)[0].(map[string]any)["bind"].(map[string]any)
	if bind["max"] != 3 || bind["name"] != "layer " {
		t.Errorf("the slider is %v", bind)
	}
	for i, u := range units(t, v) {
		count := map[any]int{}
		for _, row := range u.Data.Values {
			count[row["frame"]]++
		}
		if len(count) != 3 || count[1.] != count[3.] || count[1.] != []int{900, 24}[i] {
			t.Errorf("rows of each frame: %v", count)
		}
		if u.Transform[0]["filter"] != "datum.frame == frame" {
			t.Errorf("the filter is %v", u.Transform)
		}
	}
}

func TestGIF(t *testing.T) {
	film, err := gif.DecodeAll(bytes.NewReader(plots.Animate(layerFigures()...).GIF()))
	if err != nil {
		t.Fatal(err)
	}
	if len(film.Image) != 3 || film.Delay[0] != 60 || film.Delay[2] != 180 || film.LoopCount != 0 {
		t.Errorf("%d frames, delays %v, %d loops", len(film.Image), film.Delay, film.LoopCount)
	}
	if bytes.Equal(film.Image[0].Pix, film.Image[2].Pix) {
		t.Error("the first and the last frame are the same")
	}
	still := decode(t, layerFigures()[0].PNG())
	if film.Image[0].Bounds().Size() != still.Bounds().Size() {
		t.Errorf("the film is %v large, its figures %v", film.Image[0].Bounds(), still.Bounds())
	}
}

// counter is a notebook that counts.
type counter struct {
	display.Host
	shown, updated int
	last           string
}

func (c *counter) Display(b display.Bundle) { c.shown++; c.last = b.String() }
func (c *counter) Update(b display.Bundle)  { c.updated++; c.last = b.String() }
func (c *counter) Source() string           { return "" }

func TestLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notebook := &counter{}
		display.SetHost(notebook)
		defer display.SetHost(nil)
		live := plots.NewLive("Step", "Loss", "train", "val")
		for step := range 300 { // three seconds
			time.Sleep(10 * time.Millisecond)
			live.Add("train", float64(step), 1/float64(step+1))
		}
		live.Add("val", 299, 7)
		live.Done()
		if notebook.shown != 1 || notebook.updated < 5 || notebook.updated > 7 {
			t.Errorf("shown %d times and updated %d times in three seconds", notebook.shown, notebook.updated)
		}
		if !strings.Contains(notebook.last, "train from 1 at 0 to 0.003333 at 299; val from 7 at 299") {
			t.Errorf("the last figure is %q", notebook.last)
		}
	})
}

// Charts side by side are no wider than the figure, a shared bar is a legend, and
// axes of classes have their names.
func TestInteractiveKeepsTheLayout(t *testing.T) {
	row := plots.Row(sparsity(), sparsity())
	wide := 0.
	for _, part := range row.Interactive().Spec["concat"].([]any) {
		wide += float64(part.(map[string]any)["width"].(int))
	}
	if wide > 96*row.Width {
		t.Errorf("charts of %g pixels in a figure of %g", wide, 96*row.Width)
	}
	maps := units(t, plots.TokenHeatmaps(tokens(3)...).Interactive())
	for i, u := range maps {
		color := u.Encoding["color"].(map[string]any)
		if legend, off := color["legend"]; off != (i < len(maps)-1) || legend != nil {
			t.Errorf("panel %d: legend %v", i, color)
		}
	}
	var crowd []plots.Image
	for range 80 {
		crowd = append(crowd, plots.Image{Pixels: make([]float32, 4), Height: 2, Width: 2})
	}
	for _, part := range plots.Images(80, crowd...).Interactive().Spec["concat"].([]any) {
		if w := part.(map[string]any)["width"].(int); w < 1 {
			t.Errorf("a picture of %d pixels", w)
		}
	}
	counts := mat.NewDense(2, 2, []float64{3, 1, 0, 2})
	cell := units(t, plots.ConfusionMatrix(counts, "cat", "dog").Interactive())[0].Data.Values[1]
	if cell["row"] != "cat" || cell["column"] != "dog" || cell["value"] != .25 {
		t.Errorf("cat taken for dog is %v", cell)
	}
}

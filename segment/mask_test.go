package segment

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func randomMask(rng *rand.Rand, height, width int, share float64) Mask {
	m := NewMask(height, width)
	for i := range m.Bits {
		m.Bits[i] = rng.Float64() < share
	}
	return m
}

func maskOf(rows ...string) Mask {
	m := NewMask(len(rows), len(rows[0]))
	for y, row := range rows {
		for x, c := range row {
			m.Bits[y*m.Width+x] = c == '#'
		}
	}
	return m
}

func TestComponentsAndBoxes(t *testing.T) {
	m := maskOf(
		"##..#",
		".#..#",
		"...#.",
		"###..")
	var boxes []Box
	area := 0
	for _, part := range m.Components() {
		boxes = append(boxes, part.Box())
		area += part.Area()
	}
	want := []Box{{0, 0, 2, 2}, {4, 0, 1, 2}, {3, 2, 1, 1}, {0, 3, 3, 1}}
	if !slices.Equal(boxes, want) || area != m.Area() {
		t.Errorf("boxes %v of %d pixels, want %v of %d", boxes, area, want, m.Area())
	}
	if m.Component(0, 2).Area() != 0 || m.Component(1, 4).Box() != want[1] {
		t.Error("the component of a pixel is another")
	}
	if m.Box() != (Box{0, 0, 5, 4}) || NewMask(2, 2).Box() != (Box{}) {
		t.Errorf("boxes %v and %v", m.Box(), NewMask(2, 2).Box())
	}
}

func TestResize(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	m := randomMask(rng, 5, 7, 0.5)
	large := m.Resize(15, 21)
	if large.Area() != 9*m.Area() || !slices.Equal(large.Resize(5, 7).Bits, m.Bits) {
		t.Error("three times as large and back is another mask")
	}
}

// IoU is symmetric, 1 for equal masks only, and unchanged by the same
// permutation of both.
func TestIoULaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for range 100 {
		a, b := randomMask(rng, 4, 4, 0.3), randomMask(rng, 4, 4, 0.6)
		both, either := 0, 0
		for i := range a.Bits {
			if a.Bits[i] && b.Bits[i] {
				both++
			}
			if a.Bits[i] || b.Bits[i] {
				either++
			}
		}
		want := float64(both) / float64(either)
		if IoU(a, b) != want || IoU(b, a) != want || IoU(a, a) != 1 || (IoU(a, b) == 1) != slices.Equal(a.Bits, b.Bits) {
			t.Fatalf("IoU %g and %g, want %g", IoU(a, b), IoU(b, a), want)
		}
		if got := MeanJaccard([]Mask{a, a}, []Mask{b, a}); math.Abs(got-(want+1)/2) > 1e-12 {
			t.Fatalf("mean %g, want %g", got, (want+1)/2)
		}
	}
	if IoU(NewMask(2, 2), NewMask(2, 2)) != 1 || IoU(maskOf("#."), maskOf(".#")) != 0 {
		t.Error("empty masks are not equal, or masks that share nothing are alike")
	}
}

func TestMeanIoU(t *testing.T) {
	//                     by hand: class 0: 2/4, class 1: 1/3, class 2: 0/1; class 3 does not occur
	mean, per := MeanIoU([]int{0, 0, 0, 1, 1, -1}, []int{0, 0, 1, 1, 2, 3}, 4)
	if want := []float64{2.0 / 3, 1.0 / 3, 0, 0}; !slices.Equal(per, want) || math.Abs(mean-1.0/3) > 1e-12 {
		t.Errorf("mIoU %g of %v, want 1/3 of %v", mean, per, want)
	}
	rng := rand.New(rand.NewPCG(3, 1))
	truth, permuted := make([]int, 50), make([]int, 50)
	for i := range truth {
		truth[i] = rng.IntN(3)
		permuted[i] = (truth[i] + 1) % 3
	}
	if mean, _ := MeanIoU(truth, truth, 3); mean != 1 {
		t.Errorf("mIoU %g of the truth", mean)
	}
	if mean, _ := MeanIoU(truth, permuted, 3); mean != 0 {
		t.Errorf("mIoU %g of nothing but mistakes", mean)
	}
	// Of two classes it is the mean Jaccard index of a mask and its complement.
	a, b := randomMask(rng, 6, 6, 0.4), randomMask(rng, 6, 6, 0.5)
	classes := func(m Mask) []int {
		out := make([]int, len(m.Bits))
		for i, b := range m.Bits {
			if b {
				out[i] = 1
			}
		}
		return out
	}
	if mean, _ := MeanIoU(classes(a), classes(b), 2); math.Abs(mean-(IoU(a, b)+IoU(a.Not(), b.Not()))/2) > 1e-12 {
		t.Errorf("mIoU %g of two classes", mean)
	}
}

func TestRunsThereAndBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	for i := range 200 {
		m := randomMask(rng, 1+rng.IntN(20), 1+rng.IntN(200), float64(i)/199)
		runs, err := DecompressRuns(CompressRuns(m.Runs()))
		if err != nil || !slices.Equal(runs, m.Runs()) {
			t.Fatalf("runs %v, error %v; want %v", runs, err, m.Runs())
		}
		back, err := MaskOfRuns(runs, m.Height, m.Width)
		if err != nil || !slices.Equal(back.Bits, m.Bits) {
			t.Fatalf("another mask of %d×%d, error %v", m.Height, m.Width, err)
		}
	}
}

func TestRunsRefused(t *testing.T) {
	for _, runs := range [][]int{{3, 2}, {3, -1, 2}, {7}, {1, math.MaxInt, 3}} {
		if _, err := MaskOfRuns(runs, 2, 2); err == nil {
			t.Errorf("runs %v make a mask of four pixels", runs)
		}
	}
	for _, size := range [][2]int{{1 << 14, 1 << 13}, {0, 3}, {math.MaxInt, 2}} {
		if _, err := MaskOfRuns([]int{1}, size[0], size[1]); err == nil {
			t.Errorf("there is a mask of %v", size)
		}
		if _, err := MaskOfPolygons(nil, size[0], size[1]); err == nil {
			t.Errorf("there is a mask of %v", size)
		}
	}
	for _, text := range []string{"P", "oooooooooo0", "0 0", "p"} {
		if runs, err := DecompressRuns(text); err == nil {
			t.Errorf("%q is %v", text, runs)
		}
	}
	for _, p := range [][]float64{{1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 4, 5, 1e9}, {1, 2, 3, 4, 5, math.NaN()}} {
		if _, err := MaskOfPolygons([][]float64{p}, 10, 10); err == nil {
			t.Errorf("%v is a polygon", p)
		}
	}
}

func FuzzDecompressRuns(f *testing.F) {
	f.Add("52203")
	f.Add("oooooo0")
	f.Fuzz(func(t *testing.T, text string) {
		runs, err := DecompressRuns(text)
		if err != nil {
			return
		}
		again, err := DecompressRuns(CompressRuns(runs))
		if err != nil || !slices.Equal(again, runs) {
			t.Errorf("%q is %v, and then %v, error %v", text, runs, again, err)
		}
		MaskOfRuns(runs, 30, 40)
	})
}

// cocoGolden is what pycocotools makes of some objects.
type cocoGolden struct {
	Images      []struct{ ID, Height, Width int }
	Annotations []cocoObject
	Found       []cocoObject
	Odd         []struct {
		Polygon  []float64
		Expected string
	}
	Stats map[string][]float64
}

type cocoObject struct {
	Image_id, Category_id, Iscrowd int
	Area, Score                    float64
	Bbox                           [4]float64
	Segmentation                   json.RawMessage
	Expected                       string
}

func readCOCO(t *testing.T) (g cocoGolden) {
	t.Helper()
	text, err := os.ReadFile("testdata/coco.json")
	if err == nil {
		err = json.Unmarshal(text, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Polygons are filled as pycocotools fills them, pixel by pixel.
func TestPolygonsEqualPycocotools(t *testing.T) {
	g := readCOCO(t)
	compare := func(polygons [][]float64, want string) {
		m, err := MaskOfPolygons(polygons, g.Images[0].Height, g.Images[0].Width)
		if err != nil {
			t.Fatal(err)
		}
		if got := CompressRuns(m.Runs()); got != want {
			t.Errorf("%v: %q, want %q", polygons, got, want)
		}
	}
	polygons := 0
	for _, a := range g.Annotations {
		var p [][]float64
		if json.Unmarshal(a.Segmentation, &p) == nil {
			compare(p, a.Expected)
			polygons++
		}
	}
	for _, odd := range g.Odd {
		compare([][]float64{odd.Polygon}, odd.Expected)
	}
	if polygons < 10 {
		t.Errorf("only %d annotations have polygons", polygons)
	}
}

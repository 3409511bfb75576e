package crate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestTopKOrdersTheProbabilities(t *testing.T) {
	m, x, _ := littleTask(t)
	x.Names = []string{"zero", "one", "two"}
	P, top, best := m.Probabilities(x), m.TopK(x, 3), m.Predict(x)
	for i := range x.Len() {
		sum := 0.0
		for _, p := range P.Row(i) {
			sum += float64(p)
		}
		if !near(sum, 1, 1e-6) {
			t.Errorf("the probabilities of image %d sum to %g", i, sum)
		}
		if len(top[i]) != 3 || top[i][0].Class != best[i] {
			t.Fatalf("image %d: %v; the best is class %d", i, top[i], best[i])
		}
		sorted := slices.Sorted(slices.Values(P.Row(i)))
		for k, p := range top[i] {
			if float32(p.Probability) != sorted[9-k] || p.Probability != float64(P.Row(i)[p.Class]) {
				t.Errorf("image %d, place %d: %v of probabilities %v", i, k, p, P.Row(i))
			}
			if named := p.Class < 3; named != (p.Name != "") || named && p.Name != x.Names[p.Class] {
				t.Errorf("class %d is called %q", p.Class, p.Name)
			}
		}
	}
	if all, none := m.TopK(x, 99), m.TopK(x, -1); len(all[0]) != 10 || len(none[0]) != 0 {
		t.Errorf("the best 99 of 10 classes are %d, the best −1 are %d", len(all[0]), len(none[0]))
	}
	for _, c := range []struct {
		p    Prediction
		want string
	}{{Prediction{3, "", 0.25}, "class 3 25.0%"}, {Prediction{3, "three", 1}, "three 100.0%"}} {
		if got := c.p.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestEvaluateEqualsDefinitions(t *testing.T) {
	g := readGolden(t, "digits")
	m := g.model("final/")
	_, test := g.digits()
	test.Names = []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}
	var seen []int
	e, err := Evaluate(context.Background(), m, test, func(e Evaluation) { seen = append(seen, e.Images) })
	if err != nil {
		t.Fatal(err)
	}
	logits := m.Forward(test)
	loss, _ := CrossEntropy(logits, test.Labels, 0)
	if e.Top1 != m.Accuracy(test) || e.Images != 450 || e.Total != 450 || !near(e.Loss, loss, 1e-9) || !slices.Equal(e.Names, test.Names) {
		t.Errorf("%v, want accuracy %g and loss %g", e, m.Accuracy(test), loss)
	}
	if !slices.Equal(seen, []int{128, 256, 384, 450}) {
		t.Errorf("observed after %v images", seen)
	}
	among := 0
	for i, top := range m.TopK(test, 5) {
		if slices.ContainsFunc(top, func(p Prediction) bool { return p.Class == test.Labels[i] }) {
			among++
		}
	}
	if want := float64(among) / 450; e.Top5 != want || e.Top5 <= e.Top1 {
		t.Errorf("top-5 %g, want %g, above top-1 %g", e.Top5, want, e.Top1)
	}
	if right := mat.Trace(e.Confusion); right != 450*e.Top1 || mat.Sum(e.Confusion) != 450 {
		t.Errorf("the confusion has %g on its diagonal and %g in all", right, mat.Sum(e.Confusion))
	}
	three := 0
	for _, label := range test.Labels {
		if label == 3 {
			three++
		}
	}
	if got := mat.Sum(e.Confusion.RowView(3)); got != float64(three) {
		t.Errorf("%g images labelled 3, want %d", got, three)
	}
}

// Equal logits count in the order of the classes, as the answer does.
func TestRankOfEqualLogits(t *testing.T) {
	y := []float32{1, 2, 2, 0}
	for class, want := range []int{2, 0, 1, 3} {
		if got := rank(y, class); got != want {
			t.Errorf("class %d of %v has rank %d, want %d", class, y, got, want)
		}
	}
	if argMax(y) != 1 {
		t.Error("the answer is not the class of rank 0")
	}
}

// failing is a source whose second part cannot be read.
type failing struct{ Images }

func (f failing) Read(ctx context.Context, i, j int) (Images, error) {
	if i > 0 {
		return Images{}, fmt.Errorf("picture %d is broken", i)
	}
	return f.Images.Read(ctx, i, j)
}

func TestEvaluateStops(t *testing.T) {
	g := readGolden(t, "digits")
	m := g.model("final/")
	_, test := g.digits()

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e, err := Evaluate(ctx, m, test, func(Evaluation) { cancel() })
	if !errors.Is(err, context.Canceled) || e.Images != 128 || e.Total != 450 {
		t.Errorf("cancelled after the first part: %v, %v", e, err)
	}
	if e, err = Evaluate(context.Background(), m, failing{test}, nil); err == nil || err.Error() != "picture 128 is broken" || e.Images != 128 {
		t.Errorf("a broken picture: %v, %v", e, err)
	}
	unlabelled := test
	unlabelled.Labels = nil
	for want, source := range map[string]ImageSource{
		"no images":   test.Slice(0, 0),
		"no labels":   unlabelled,
		"do not tile": Images{Channels: 1, Height: 3, Width: 8, Pixels: make([]float32, 24), Labels: []int{0}, Classes: 1},
	} {
		if _, err := Evaluate(context.Background(), m, source, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want one that says %q", err, want)
		}
	}
}

// The map has the shape of the image in patches, and what the class token gives
// to itself is what its entries lack to 1.
func TestAttentionMap(t *testing.T) {
	g := readGolden(t, "crate_mean_rect")
	m, x := g.model("param/"), g.images("in/img")
	tr := m.Trace(x)
	across := x.Width / m.Embed.Width
	for k := range m.Config.Heads {
		A, M := tr.Attention(1, 1, k), tr.AttentionMap(1, 1, k)
		if M.Rows != x.Height/m.Embed.Height || M.Cols != across || M.Rows == M.Cols {
			t.Fatalf("the map is %d×%d", M.Rows, M.Cols)
		}
		sum := A.At(0, 0)
		for i := range M.Rows {
			for j := range M.Cols {
				if M.At(i, j) != A.At(0, 1+i*across+j) {
					t.Errorf("head %d: patch (%d, %d) has %g, want %g", k, i, j, M.At(i, j), A.At(0, 1+i*across+j))
				}
				sum += M.At(i, j)
			}
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Errorf("head %d: the attention of the class token sums to %g", k, sum)
		}
	}
}

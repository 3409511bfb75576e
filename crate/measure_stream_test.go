package crate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// stream is a set of images that hands out parts only, and fails or ends ctx at a
// part if told so.
type stream struct {
	Images
	failAt int // image at which reading fails; 0: never
	cancel context.CancelFunc
	parts  *int
}

var errDisk = errors.New("the disk is gone")

func (s stream) Read(ctx context.Context, i, j int) (Images, error) {
	*s.parts++
	if s.failAt > 0 && j > s.failAt {
		if s.cancel == nil {
			return Images{}, errDisk
		}
		s.cancel()
	}
	return s.Images.Read(ctx, i, j)
}

// Measurements in one pass over parts are those of each protocol alone by its
// definition, image after image, on any number of processors.
func TestMeasureAllEqualsDefinition(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	m, _, _ := littleTask(t)
	_, x := readGolden(t, "digits").digits()
	x = x.Slice(0, 300)
	parts := 0
	var seen [][2]int
	all, err := MeasureAll(context.Background(), m, stream{Images: x, parts: &parts}, Protocols(), func(done, total int) {
		seen = append(seen, [2]int{done, total})
	})
	if err != nil {
		t.Fatal(err)
	}
	if parts != 3 || !slices.Equal(seen, [][2]int{{128, 300}, {256, 300}, {300, 300}}) {
		t.Errorf("%d parts, progress %v", parts, seen)
	}
	runtime.GOMAXPROCS(1)
	again, err := MeasureAll(context.Background(), m, x, Protocols(), nil)
	if err != nil {
		t.Fatal(err)
	}
	tr := m.Trace(x)
	for i, p := range Protocols() {
		if !slices.Equal(all[i].Mean, again[i].Mean) || !slices.Equal(all[i].SD, again[i].SD) {
			t.Errorf("%s: other bits on one processor", p.Name)
		}
		U, _ := p.bases(m)
		for ℓ := range m.Layers {
			var values []float64
			for image := range x.Len() {
				values = append(values, p.measure(tr, ℓ, image, U[ℓ]))
			}
			mean, sd := meanSD(values, p.Population)
			if !near(all[i].Mean[ℓ], mean, 1e-12*math.Abs(mean)) || !near(all[i].SD[ℓ], sd, 1e-10*sd) {
				t.Errorf("%s, layer %d: %g ± %g, want %g ± %g", p.Name, ℓ+1, all[i].Mean[ℓ], all[i].SD[ℓ], mean, sd)
			}
		}
		if all[i].Images != 300 || !strings.HasSuffix(all[i].What, "over 300 images") {
			t.Errorf("%s: %d images, %q", p.Name, all[i].Images, all[i].What)
		}
	}
}

// A set that ends early gives what was measured until then.
func TestMeasureAllKeepsWhatItHas(t *testing.T) {
	m, _, _ := littleTask(t)
	_, x := readGolden(t, "digits").digits()
	want, err := Measure(context.Background(), m, x.Slice(0, 256), Sparsity)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	for _, c := range []struct {
		cancel context.CancelFunc
		want   error
	}{{nil, errDisk}, {cancel, context.Canceled}} {
		got, err := MeasureAll(ctx, m, stream{Images: x, failAt: 256, cancel: c.cancel, parts: new(int)}, []Protocol{Sparsity}, nil)
		if !errors.Is(err, c.want) {
			t.Errorf("error %v, want %v", err, c.want)
		}
		if got[0].Images != 256 || !slices.Equal(got[0].Mean, want.Mean) {
			t.Errorf("%d images with mean %v; want those of the first 256, %v", got[0].Images, got[0].Mean, want.Mean)
		}
	}
}

func TestMoments(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	var m moments
	var x []float64
	for range 1000 {
		v := 1e6 + rng.NormFloat64() // a spread far below the mean
		m.add(v)
		x = append(x, v)
	}
	for _, population := range []bool{false, true} {
		mean, sd := meanSD(x, population)
		if !near(m.mean, mean, 1e-9) || !near(m.sd(population), sd, 1e-9) {
			t.Errorf("%.12g ± %.12g, want %.12g ± %.12g", m.mean, m.sd(population), mean, sd)
		}
	}
}

func TestCoherence(t *testing.T) {
	// Of subspaces that are orthogonal to each other, directions in one being at 60°.
	U := []*mat.Dense{
		mat.NewDense(4, 2, []float64{2, 0.5, 0, math.Sqrt(3) / 2, 0, 0, 0, 0}),
		mat.NewDense(4, 2, []float64{0, 0, 0, 0, 1, 0.5, 0, -math.Sqrt(3) / 2}),
	}
	c := SubspaceCoherence(U)
	if !near(c.Within, 0.5, 1e-12) || c.Between != 0 || c.Largest != 0 {
		t.Errorf("within %g, between %g, largest %g; want 0.5, 0, 0", c.Within, c.Between, c.Largest)
	}
	c = SubspaceCoherence([]*mat.Dense{U[0], U[0]})
	if !near(c.Between, 0.75, 1e-12) || !near(c.Largest, 1, 1e-12) {
		t.Errorf("twice the same subspace: between %g, largest %g; want 0.75, 1", c.Between, c.Largest)
	}
}

// The mean absolute cosine of random directions: exact in few dimensions, and
// what random bases have.
func TestCoherenceOfRandomDirections(t *testing.T) {
	for d, want := range map[int]float64{1: 1, 2: 2 / math.Pi, 3: 0.5, 64: 0.1001} {
		if got := meanAbsCosine(d); !near(got, want, 1e-4) {
			t.Errorf("in %d dimensions %g, want %g", d, got, want)
		}
	}
	rng := rand.New(rand.NewPCG(5, 8))
	var U []*mat.Dense
	for range 8 {
		Uk := mat.NewDense(64, 16, nil)
		Uk.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, Uk)
		U = append(U, Uk)
	}
	c := SubspaceCoherence(U)
	if !near(c.Between, c.Random, 0.002) || !near(c.Within, c.Random, 0.005) {
		t.Errorf("within %g, between %g of random bases; want %g", c.Within, c.Between, c.Random)
	}
	few := c.Sample(4, 2)
	if n, _ := few.Matrix.Dims(); n != 32 || few.Between == c.Between || !near(few.Between, c.Random, 0.01) {
		t.Errorf("%d directions with %g between heads", n, few.Between)
	}
	if all := c.Sample(16, 2); !mat.Equal(all.Matrix, c.Matrix) || all.Between != c.Between {
		t.Error("a sample of all directions differs from them")
	}
}

// The squares of the singular values sum to that of the entries, and the rate is
// a function of them.
func TestSingularValues(t *testing.T) {
	m, x, _ := littleTask(t)
	s, err := SingularValues(context.Background(), m, x.Slice(0, 1), StageHalf, nil)
	if err != nil {
		t.Fatal(err)
	}
	tr := m.Trace(x.Slice(0, 1))
	for ℓ, values := range s.Mean {
		l2, _ := size(tr.Half(ℓ, 0).Data)
		rate, squares := 0.0, 0.0
		for _, σ := range values {
			squares += σ * σ
			rate += math.Log1p(48.0 / (17 * 0.25) * σ * σ)
		}
		if !near(math.Sqrt(squares), l2, 1e-9*l2) || !near(rate/2, CodingRate(tr.Half(ℓ, 0).T(), 0.25), 1e-9*rate) {
			t.Errorf("layer %d: the values %v are not those of the tokens", ℓ+1, values)
		}
		if len(values) != 17 || !slices.IsSortedFunc(values, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) {
			t.Errorf("layer %d: values %v; want 17, falling", ℓ+1, values)
		}
	}
	if _, err := SingularValues(context.Background(), m, x, StageProjected, nil); err == nil {
		t.Error("the tokens of all heads together have singular values")
	}
}

func TestTokenHeatmap(t *testing.T) {
	Z := NewMatrix(9, 7)
	for i := range Z.Data {
		Z.Data[i] = float32(i)
	}
	if !mat.Equal(TokenHeatmap(Z, 7, 9, 1), Z.T()) {
		t.Error("all channels and tokens are not the matrix")
	}
	h := TokenHeatmap(Z, 3, 4, 1)
	for i := range 3 {
		for j := range 4 {
			at := int(h.At(i, j))
			if i > 0 && at%7 <= int(h.At(i-1, j))%7 || j > 0 && at/7 <= int(h.At(i, j-1))/7 || at%7 != int(h.At(i, 0))%7 {
				t.Fatalf("rows and columns are not channels and tokens in their order:\n%v", mat.Formatted(h))
			}
		}
	}
}

package crate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// rateOfHeads is what AsPlotted computes of the projected tokens of one
// image: X is heads × N × p.
func rateOfHeads(p Protocol, X []float32, heads, N int) float64 {
	dim := len(X) / heads / N
	V := NewMatrix(N, heads*dim)
	for k := range heads {
		for n := range N {
			copy(V.Row(n)[k*dim:], X[(k*N+n)*dim:(k*N+n+1)*dim])
		}
	}
	t := &Trace{Images: 1, Tokens: N, Heads: heads, Layers: make([]LayerTrace, 1)}
	t.Layers[0].MSSA.V = V
	return p.measure(t, 0, 0, nil)
}

func TestAsPlottedEqualsOfficialScript(t *testing.T) {
	g := readGolden(t, "layer_measures")
	for _, name := range []string{"rate00", "rate01", "rate02", "rate03", "rate04", "rate05"} {
		p := AsPlotted
		if name == "rate04" {
			p.EpsSq = 0.25
		}
		X := g.tensor("in/" + name + "/X")
		images, size := X.Shape[0], len(X.Float32s())/X.Shape[0]
		var rates []float64
		for i := range images {
			rates = append(rates, rateOfHeads(p, X.Float32s()[i*size:(i+1)*size], X.Shape[1], X.Shape[2]))
		}
		mean, sd := meanSD(rates, p.Population)
		if want := g.tensor("f64/" + name + "/mean").Float64s()[0]; !near(mean, want, 1e-9*want) {
			t.Errorf("%s: mean %.12g, want %.12g", name, mean, want)
		}
		want := g.tensor("f64/" + name + "/std").Float64s()[0]
		if images == 1 {
			want = 0 // NaN in the script
		}
		if !near(sd, want, 1e-8) {
			t.Errorf("%s: deviation %.12g, want %.12g", name, sd, want)
		}
	}
	zero := g.tensor("in/zero_token/X")
	if r := rateOfHeads(AsPlotted, zero.Float32s()[:2*4*3], 2, 4); math.IsNaN(r) || r <= 0 {
		t.Errorf("an image with a zero token has rate %g", r)
	}
}

func TestSparsityEqualsOfficialScript(t *testing.T) {
	g := readGolden(t, "layer_measures")
	for name, want := range map[string][2]float64{ // fraction of zeros, deviation
		"sparsity00": {0.5015318627450981, 0.011109965909600958},
		"sparsity01": {0.8888888888888888, 0.01571348402636772},
		"sparsity02": {0, 0},
		"sparsity03": {1, 0},
	} {
		X := g.tensor("in/" + name + "/X")
		tr := &Trace{Images: X.Shape[0], Tokens: X.Shape[1], Layers: make([]LayerTrace, 1)}
		tr.Layers[0].Next = g.matrix("in/" + name + "/X")
		var shares []float64
		for i := range tr.Images {
			shares = append(shares, Sparsity.measure(tr, 0, i, nil))
		}
		mean, sd := meanSD(shares, Sparsity.Population)
		if !near(1-mean, want[0], 1e-12) || !near(sd, want[1], 1e-12) {
			t.Errorf("%s: %g ± %g zeros, want %g ± %g", name, 1-mean, sd, want[0], want[1])
		}
	}
}

func TestCurvesOfTheDigitsModelEqualReference(t *testing.T) {
	g := readGolden(t, "digits")
	var golden struct {
		Curves_trained, Curves_untrained []map[string]float64
	}
	readJSON(t, "digits", &golden)
	halfRate, inputRate := TotalRate, HalfLayer
	halfRate.Stage, inputRate.Stage = StageHalf, StageInput
	_, test := g.digits()
	for _, run := range []struct {
		params string
		curves []map[string]float64
	}{{"final/", golden.Curves_trained}, {"init/", golden.Curves_untrained}} {
		m := g.model(run.params)
		for _, c := range []struct {
			p        Protocol
			mean, sd string
			tol      float64 // relative
		}{
			// The float32 activations differ in the last digits, and with them
			// a handful of the 367,200 entries are on the other side of zero.
			{AsPlotted, "official_coding_rate_mean", "official_coding_rate_std", 2e-6},
			{HalfLayer, "Rc_half_mean", "Rc_half_std", 2e-6},
			{inputRate, "Rc_in_mean", "", 2e-6},
			{halfRate, "R_half_mean", "", 2e-6},
			{Sparsity, "nonzero_fraction", "zero_fraction_std", 2e-5},
		} {
			got, err := Measure(context.Background(), m, test, c.p)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Layers, []int{1, 2, 3, 4}) {
				t.Errorf("layers %v", got.Layers)
			}
			for ℓ, want := range run.curves {
				if !near(got.Mean[ℓ], want[c.mean], c.tol*want[c.mean]) {
					t.Errorf("%s, layer %d: mean %.10g, want %.10g", c.mean, ℓ+1, got.Mean[ℓ], want[c.mean])
				}
				if c.sd != "" && !near(got.SD[ℓ], want[c.sd], 10*c.tol*want[c.sd]) {
					t.Errorf("%s, layer %d: deviation %.10g, want %.10g", c.sd, ℓ+1, got.SD[ℓ], want[c.sd])
				}
			}
		}
	}
}

// ΔR with orthonormalised bases depends on the subspaces, not on the bases
// that span them.
func TestReductionDependsOnSubspacesOnly(t *testing.T) {
	m, x, _ := littleTask(t)
	want, err := Measure(context.Background(), m, x.Slice(0, 5), Reduction)
	if err != nil {
		t.Fatal(err)
	}
	p := Reduction
	U := m.Layers[1].MSSA.Subspaces()[2] // d×p
	rng := rand.New(rand.NewPCG(1, 7))
	mix := randomMatrix(rng, 12, 12, 1)
	var mixed mat.Dense
	mixed.Mul(U, mix)
	Z := randomMatrix(rng, 17, 48, 1).columns()
	a := p.quantity(Z, []*mat.Dense{orthonormal(U)})
	b := p.quantity(Z, []*mat.Dense{orthonormal(&mixed)})
	if !near(a, b, 1e-9*math.Abs(a)) {
		t.Errorf("ΔR %g with one basis, %g with another of the same space", a, b)
	}
	direct, err := Measure(context.Background(), m, x.Slice(0, 5), Protocol{Quantity: QuantityReduction, Stage: StageHalf, EpsSq: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(direct.Mean, want.Mean) {
		t.Error("unit tokens and orthonormal bases make no difference")
	}
}

func TestMeasureIsTheSameForAnyGrouping(t *testing.T) {
	m, x, _ := littleTask(t)
	all, err := Measure(context.Background(), m, x, HalfLayer)
	if err != nil {
		t.Fatal(err)
	}
	sum := make([]float64, 2)
	for i := range x.Len() {
		one, err := Measure(context.Background(), m, x.Slice(i, i+1), HalfLayer)
		if err != nil {
			t.Fatal(err)
		}
		for ℓ, v := range one.Mean {
			sum[ℓ] += v / float64(x.Len())
		}
		if one.SD[0] != 0 {
			t.Fatalf("one image has deviation %g", one.SD[0])
		}
	}
	for ℓ := range sum {
		if !near(sum[ℓ], all.Mean[ℓ], 1e-9*sum[ℓ]) {
			t.Errorf("layer %d: %g one by one, %g together", ℓ+1, sum[ℓ], all.Mean[ℓ])
		}
	}
}

func TestMeasureSaysWhatItMeasured(t *testing.T) {
	m, x, _ := littleTask(t)
	for _, c := range []struct {
		p    Protocol
		want string
	}{
		{AsPlotted, `$R^c = \sum_k R(\mathbf{U}_k^{\top} \mathrm{LN}(\mathbf{Z}^{\ell}))$, tokens of unit length in each head, $\epsilon^2 = 0.01$; mean and unbiased standard deviation over 3 images`},
		{HalfLayer, `$R^c(\mathbf{Z}^{\ell+1/2} \mid \mathbf{U}^{\ell}_{[K]})$, tokens as they are, $\epsilon^2 = 0.25$; mean and unbiased standard deviation over 3 images`},
		{TotalRate, `$R(\mathbf{Z}^{\ell})$, tokens as they are, $\epsilon^2 = 0.25$; mean and unbiased standard deviation over 3 images`},
		{Reduction, `$\Delta R(\mathbf{Z}^{\ell+1/2} \mid \mathbf{U}^{\ell}_{[K]})$, tokens of unit length, each $\mathbf{U}_k$ orthonormalised, $\epsilon^2 = 0.01$; mean and unbiased standard deviation over 3 images`},
		{Objective, `$\Delta R(\mathbf{Z}^{\ell+1} \mid \mathbf{U}^{\ell}_{[K]}) - \lambda \|\mathbf{Z}^{\ell+1}\|_0$, $\lambda = 0.1$, tokens of unit length, each $\mathbf{U}_k$ orthonormalised, $\epsilon^2 = 0.01$; mean and unbiased standard deviation over 3 images`},
		{Sparsity, `share of non-zero entries of $\mathbf{Z}^{\ell+1}$; mean and population standard deviation over 3 images`},
	} {
		got, err := Measure(context.Background(), m, x.Slice(0, 3), c.p)
		if err != nil {
			t.Fatal(err)
		}
		if got.What != c.want || got.Protocol != c.p.Name {
			t.Errorf("%s: %q, want %q", got.Protocol, got.What, c.want)
		}
	}
}

// The objective is ΔR less λ for each entry that is not zero.
func TestObjectiveIsMadeOfReductionAndSparsity(t *testing.T) {
	m, x, _ := littleTask(t)
	reduction := Reduction
	reduction.Stage = StageOutput
	var curves [3]Measurement
	for i, p := range []Protocol{Objective, reduction, Sparsity} {
		var err error
		if curves[i], err = Measure(context.Background(), m, x.Slice(0, 5), p); err != nil {
			t.Fatal(err)
		}
	}
	for ℓ := range m.Layers {
		want := curves[1].Mean[ℓ] - Objective.Lambda*17*48*curves[2].Mean[ℓ]
		if got := curves[0].Mean[ℓ]; !near(got, want, 1e-9*math.Abs(want)) {
			t.Errorf("layer %d: %g, want %g", ℓ+1, got, want)
		}
	}
}

// A caption does not speak of a normalisation that is not there.
func TestCaptionsWithoutLayerNorm(t *testing.T) {
	m, x := variantModel(t, Paper)
	got, err := Measure(context.Background(), m, x, AsPlotted)
	if err != nil {
		t.Fatal(err)
	}
	if want := `$R^c = \sum_k R(\mathbf{U}_k^{\top} \mathbf{Z}^{\ell})$, tokens of unit length in each head`; !strings.HasPrefix(got.What, want) {
		t.Errorf("%q, want %q", got.What, want)
	}
}

// meanSD returns the mean of x and its standard deviation in two passes.
func meanSD(x []float64, population bool) (mean, sd float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		sd += (v - mean) * (v - mean)
	}
	if !population {
		n = max(n-1, 1)
	}
	return mean, math.Sqrt(sd / n)
}

func TestMeasureRefuses(t *testing.T) {
	m, x, _ := littleTask(t)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Measure(cancelled, m, x, AsPlotted); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	for _, c := range []struct {
		x    Images
		p    Protocol
		want string
	}{
		{x.Slice(0, 0), AsPlotted, "no images"},
		{x, Protocol{Name: "mine", Quantity: QuantityRate}, `"mine": EpsSq is 0`},
		{x, Protocol{Quantity: QuantityRate, Stage: StageProjected, EpsSq: 1}, "StageProjected goes with"},
		{x, Protocol{Quantity: 9, EpsSq: 1}, "Quantity 9"},
		{Images{Channels: 1, Height: 7, Width: 8, Pixels: make([]float32, 56)}, AsPlotted, "do not tile"},
	} {
		if _, err := Measure(context.Background(), m, c.x, c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v; want one that says %q", err, c.want)
		}
	}
}

package crate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gocrate/gocrate/crate"
	"gonum.org/v1/gonum/mat"
)

func TestClassRatesAgainstReference(t *testing.T) {
	g := readRateGolden(t, "mcr2")
	for _, name := range g.names() {
		Z, epsSq, gam1, gam2 := g.transposed("in/"+name+"/Z"), g.number(name, "eps2"), g.number(name, "gam1"), g.number(name, "gam2")
		Pi := goldenMembership(g, name)
		R, Rc := crate.CodingRate(Z, epsSq/gam1), crate.ClassCodingRate(Z, Pi, epsSq)
		// The reference adds 1e-8 to the size of each class.
		g.compare(name+"/R", R, 1e-9)
		g.compare(name+"/Rc", Rc, 1e-8)
		g.compareMatrix(name+"/dR_dZ", crate.CodingRateGrad(Z, epsSq/gam1), 1e-9)
		g.compareMatrix(name+"/dRc_dZ", crate.ClassCodingRateGrad(Z, Pi, epsSq), 1e-8)
		c := crate.MCR2{EpsSq: epsSq, Gamma1: gam1, Gamma2: gam2}
		loss := c.Loss(Z, Pi)
		if want := g.number(name, "loss_f64"); !(math.Abs(loss-want) <= 1e-8*Rc) || !near(loss, Rc-gam2*R, 1e-14) {
			t.Errorf("%s: loss %v, want %v", name, loss, want)
		}
		// One class alone has R^c = R and no gradient, up to those 1e-8.
		g.compareMatrixTo(name+"/dloss_dZ", c.Grad(Z, Pi), 1e-8, mat.Norm(crate.CodingRateGrad(Z, epsSq), 2))
	}
}

func TestMCR2Defaults(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	Z, Pi := normal(rng, 4, 9), crate.Membership([]int{0, 1, 2, 0, 1, 2, 0, 1, 2}, 3)
	if got, want := (crate.MCR2{}).Loss(Z, Pi), crate.ClassCodingRate(Z, Pi, 0.5)-crate.CodingRate(Z, 0.5); got != want {
		t.Errorf("loss %v, want R^c − R = %v at ε² = 0.5", got, want)
	}
	c := crate.MCR2{EpsSq: 0.3, Gamma1: 2, Gamma2: 0.7}
	checkRateGradient(t, "∇loss", func(Z mat.Matrix) float64 { return c.Loss(Z, Pi) }, Z, c.Grad(Z, Pi))
	if g := c.Grad(&mat.Dense{}, &mat.Dense{}); !g.IsEmpty() {
		t.Errorf("the gradient of no samples is %v", g)
	}
	expectPanic(t, func() { crate.MCR2{Gamma2: -1}.Loss(Z, Pi) }, "MCR2: EpsSq 0, Gamma1 0 and Gamma2 -1")
}

// goldenMembership returns Π from labels, or from memberships stored N×K.
func goldenMembership(g rateGolden, name string) *mat.Dense {
	if _, ok := g.tensors["in/"+name+"/P"]; ok {
		return g.transposed("in/" + name + "/P")
	}
	var labels []int
	for _, j := range g.tensors["in/"+name+"/Y"].Int64s() {
		labels = append(labels, int(j))
	}
	return crate.Membership(labels, int(g.number(name, "K")))
}

// d classes of equal size on d axes: the published end point of ReduNet on
// three Gaussians, R = 3.5968, R^c = 1.7170.
func TestClassRateOfOrthogonalClasses(t *testing.T) {
	const d, N, epsSq = 3, 30, 0.1
	labels := make([]int, N)
	for i := range labels {
		labels[i] = i % d
	}
	got := crate.ClassCodingRate(axes(d, N), crate.Membership(labels, d), epsSq)
	if want := math.Log(1+d/epsSq) / 2; !near(got, want, 1e-14) || math.Abs(got-1.7170) > 5e-5 {
		t.Errorf("R^c = %v, want %v", got, want)
	}
}

func TestLawsOfTheClassRate(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	eachRateCase(t, func(t *testing.T, Z *mat.Dense, U []*mat.Dense, epsSq float64) {
		_, N := Z.Dims()
		soft := mat.NewDense(len(U), N, nil)
		soft.Apply(func(int, int, float64) float64 { return rng.Float64() }, soft)
		for i := range N {
			column := mat.Col(nil, i, soft)
			var sum float64
			for _, π := range column {
				sum += π
			}
			for j := range column {
				soft.Set(j, i, column[j]/sum)
			}
		}
		checkRateGradient(t, "∇R^c", func(Z mat.Matrix) float64 { return crate.ClassCodingRate(Z, soft, epsSq) },
			Z, crate.ClassCodingRateGrad(Z, soft, epsSq))

		// logdet is concave, so that coding by class never costs more than R.
		R := crate.CodingRate(Z, epsSq)
		if Rc := crate.ClassCodingRate(Z, soft, epsSq); !(Rc <= R*(1+1e-12)) {
			t.Errorf("R^c = %v > R = %v", Rc, R)
		}
		if one := crate.ClassCodingRate(Z, crate.Membership(make([]int, N), 3), epsSq); !near(one, R, 1e-12) {
			t.Errorf("all samples in one of three classes: R^c = %v, want R = %v", one, R)
		}
	})
}

func TestClassRateMisuse(t *testing.T) {
	Z := mat.NewDense(3, 4, nil)
	for _, tt := range []struct {
		want string
		f    func()
	}{
		{"ClassCodingRate: Pi is 4×2 but Z is 3×4", func() { crate.ClassCodingRate(Z, mat.NewDense(4, 2, nil), 1) }},
		{"ClassCodingRate: Pi[0, 1] is -1", func() { crate.ClassCodingRate(Z, mat.NewDense(1, 4, []float64{1, -1, 1, 1}), 1) }},
		{"ClassCodingRateGrad: epsSq is 0", func() { crate.ClassCodingRateGrad(Z, mat.NewDense(1, 4, nil), 0) }},
		{"Membership: label 2 of sample 1; want 0 ≤ label < 2", func() { crate.Membership([]int{0, 2}, 2) }},
		{"Membership: label 0 of sample 0; want 0 ≤ label < 0", func() { crate.Membership([]int{0}, 0) }},
	} {
		expectPanic(t, tt.f, tt.want)
	}
}

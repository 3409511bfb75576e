package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// gelu writes GELU.
func (s *set) gelu() {
	s.text("gelu", "(n int, y, slope, x *float32)")
	Doc("gelu" + s.name + " is GELU.")
	v, cdf, e := s.vec[0], s.vec[1], s.vec[2]
	n := s.span(param("n"))
	y, slope, x := param("y"), param("slope"), param("x")
	exp := s.newExp(s.vec[7:])
	s.each("next", n, func(i reg.GPVirtual, masked bool) {
		s.load(at(x, i), v, masked)
		s.normal(exp, v, cdf, e)
		VMULPS(constant(float32(1/math.Sqrt(2*math.Pi))), e, e) // the density
		VMULPS(v, e, e)
		VADDPS(cdf, e, e)
		s.store(e, at(slope, i), masked)
		VMULPS(v, cdf, v)
		s.store(v, at(y, i), masked)
	})
	s.ret()
}

// multiply writes Multiply.
func (s *set) multiply() {
	s.text("multiply", "(n int, z, x, y *float32)")
	Doc("multiply" + s.name + " is Multiply.")
	v, w := s.vec[0], s.vec[1]
	n := s.span(param("n"))
	z, x, y := param("z"), param("x"), param("y")
	s.each("next", n, func(i reg.GPVirtual, masked bool) {
		s.load(at(x, i), v, masked)
		s.load(at(y, i), w, masked)
		VMULPS(w, v, v)
		s.store(v, at(z, i), masked)
	})
	s.ret()
}

// normal sets cdf to the distribution function of the standard normal at v,
// and e to exp(−v²/2), by formula 7.1.26 of Abramowitz and Stegun, whose
// absolute error is below 1e-7. With z = |v|/√2 and t = 1/(1 + pz),
//
//	cdf = ½ ± (½ − ½(a₁t + … + a₅t⁵)·exp(−z²))
func (s *set) normal(exp expWriter, v, cdf, e reg.VecPhysical) {
	z, t, poly, tmp := s.vec[3], s.vec[4], s.vec[5], s.vec[6]
	VMULPS(constant(-0.5), v, z)
	VMULPS(v, z, z)
	exp.write(z, e, tmp)
	VANDPS(constant(math.Float32frombits(1<<31-1)), v, z) // |v|
	VBROADCASTSS(constant(1), t)
	VBROADCASTSS(constant(1), tmp)
	VFMADD231PS(constant(float32(0.3275911/math.Sqrt2)), z, t)
	VDIVPS(t, tmp, t)
	VBROADCASTSS(constant(1.061405429), poly)
	for _, a := range []float32{-1.453152027, 1.421413741, -0.284496736, 0.254829592} {
		VFMADD213PS(constant(a), t, poly)
	}
	VMULPS(t, poly, poly)
	VMULPS(e, poly, poly)
	VBROADCASTSS(constant(0.5), cdf)
	VFNMADD231PS(constant(0.5), poly, cdf) // ½ − ½·erfc z, not negative
	VANDPS(constant(math.Float32frombits(1<<31)), v, tmp)
	VORPS(tmp, cdf, cdf)
	VADDPS(constant(0.5), cdf, cdf)
}

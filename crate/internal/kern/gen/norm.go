package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// layerNorm writes LayerNorm in three passes over a row: its mean; the mean
// and mean square of what is left, which correct the rounding of the first
// and give the variance; the result.
func (s *set) layerNorm() {
	s.text("layerNorm", "(rows, n int, y, hat, invStd, z, gain, bias *float32, eps, inv float32)")
	Doc("layerNorm" + s.name + " is LayerNorm; inv is 1/n.")
	mean, sq, off, v, w, inv, tmp := s.vec[0], s.vec[1], s.vec[2], s.vec[3], s.vec[4], s.vec[5], s.vec[6]
	n := s.span(param("n"))
	s.scalar("inv", inv)
	y, hat, invStd, z, gain, bias := param("y"), param("hat"), param("invStd"), param("z"), param("gain"), param("bias")
	eachRow(func() {
		s.zero(mean, sq, off)
		s.each("mean", n, func(i reg.GPVirtual, masked bool) {
			VADDPS(s.operand(at(z, i), v, masked), mean, mean)
		})
		s.sum(mean, tmp)
		VMULPS(inv, mean, mean)
		s.each("variance", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(z, i), v, masked)
			VSUBPS(mean, v, v)
			s.zeroTail(v, masked)
			VADDPS(v, off, off)
			VFMADD231PS(v, v, sq)
		})
		s.sum(off, tmp)
		s.sum(sq, tmp)
		VMULPS(inv, off, off)
		VMULPS(inv, sq, sq)
		VADDPS(off, mean, mean)
		VFNMADD231PS(off, off, sq)
		s.scalar("eps", v)
		VADDPS(v, sq, sq)
		VSQRTPS(sq, sq)
		VBROADCASTSS(constant(1), v)
		VDIVPS(sq, v, sq)
		VMOVSS(sq.AsX(), at0(invStd))
		s.each("result", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(z, i), v, masked)
			VSUBPS(mean, v, v)
			VMULPS(sq, v, v)
			s.store(v, at(hat, i), masked)
			s.load(at(bias, i), tmp, masked)
			VFMADD231PS(s.operand(at(gain, i), w, masked), v, tmp)
			s.store(tmp, at(y, i), masked)
		})
		s.advance(4, invStd)
		s.advanceBy(n.all, z, hat, y)
	})
	s.ret()
}

// layerNormGrad writes the two passes over a row of LayerNormGrad: the sums,
// then dz.
func (s *set) layerNormGrad() {
	s.text("layerNormGrad", "(rows, n int, dz, dGain, dBias, dy, hat, invStd, gain *float32, inv float32)")
	Doc("layerNormGrad" + s.name + " is LayerNormGrad; inv is 1/n.")
	sum, dot, dy, h, v, w, tmp := s.vec[0], s.vec[1], s.vec[2], s.vec[3], s.vec[4], s.vec[5], s.vec[6]
	n := s.span(param("n"))
	dz, dGain, dBias, g, hat, invStd, gain := param("dz"), param("dGain"), param("dBias"), param("dy"), param("hat"), param("invStd"), param("gain")
	eachRow(func() {
		s.zero(sum, dot)
		s.each("sums", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(g, i), dy, masked)
			s.load(at(hat, i), h, masked)
			s.load(at(dGain, i), v, masked)
			VFMADD231PS(dy, h, v)
			s.store(v, at(dGain, i), masked)
			s.load(at(dBias, i), v, masked)
			VADDPS(dy, v, v)
			s.store(v, at(dBias, i), masked)
			s.load(at(gain, i), v, masked)
			VMULPS(dy, v, v)
			VADDPS(v, sum, sum)
			VFMADD231PS(v, h, dot)
		})
		s.sum(sum, tmp)
		s.sum(dot, tmp)
		s.scalar("inv", v)
		VMULPS(v, sum, sum)
		VMULPS(v, dot, dot)
		VBROADCASTSS(at0(invStd), tmp)
		s.each("result", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(g, i), dy, masked)
			s.load(at(hat, i), h, masked)
			s.load(at(gain, i), w, masked)
			VMULPS(dy, w, w)
			VSUBPS(sum, w, w)
			VFNMADD231PS(dot, h, w)
			VMULPS(tmp, w, w)
			s.store(w, at(dz, i), masked)
		})
		s.advance(4, invStd)
		s.advanceBy(n.all, g, hat, dz)
	})
	s.ret()
}

package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmax writes Softmax: the largest element, the exponentials and their
// sum, the division.
func (s *set) softmax() {
	s.text("softmax", "(rows, n int, x *float32, xRow int, scale float32)")
	Doc("softmax" + s.name + " is Softmax.")
	top, sum, v, scale, p, t := s.vec[0], s.vec[1], s.vec[2], s.vec[3], s.vec[4], s.vec[5]
	tail := s.tail(param("n"))
	x, xRow := param("x"), bytesOf("xRow")
	s.scalar("scale", scale)
	eachRow(func() {
		VBROADCASTSS(at0(x), top)
		s.each("max", tail, func(i reg.GPVirtual, masked bool) {
			s.load(at(x, i), v, masked)
			s.max(v, top, masked)
		})
		s.reduce(func(ops ...Op) { VMAXPS(ops...) }, top, v)
		VBROADCASTSS(top.AsX(), top)
		s.zero(sum)
		s.each("exp", tail, func(i reg.GPVirtual, masked bool) {
			s.load(at(x, i), v, masked)
			VSUBPS(top, v, v)
			VMULPS(scale, v, v)
			s.exp(v, p, t)
			s.zeroTail(p, masked)
			VADDPS(p, sum, sum)
			s.store(p, at(x, i), masked)
		})
		s.sum(sum, v)
		VBROADCASTSS(constant(1), v)
		VDIVPS(sum, v, sum)
		s.each("divide", tail, func(i reg.GPVirtual, masked bool) {
			s.load(at(x, i), v, masked)
			VMULPS(sum, v, v)
			s.store(v, at(x, i), masked)
		})
		s.advanceBy(xRow, x)
	})
	s.ret()
}

// max makes top the larger of v and top, lane by lane, the unmasked lanes of
// top staying as they are.
func (s *set) max(v, top reg.VecPhysical, masked bool) {
	switch {
	case !masked:
		VMAXPS(v, top, top)
	case s.wide():
		VMAXPS(v, top, mask, top)
	default:
		VBLENDVPS(maskY, v, top, v)
		VMAXPS(v, top, top)
	}
}

// exp sets p to exp(v) for v ≤ 0, with a relative error below 2e-7; below −87
// it stays at exp(−87), 1.6e-38. The method is that of the Cephes library:
// v = n·log 2 + r, a polynomial for exp(r), and n added to the exponent. Adding
// 1.5·2²³ rounds v/log 2 to the integer n and leaves it in the low bits of t.
func (s *set) exp(v, p, t reg.VecPhysical) {
	const round = 3 << 22
	VBROADCASTSS(constant(-87), p)
	VMAXPS(v, p, v) // a NaN in v stays one
	VBROADCASTSS(constant(round), t)
	VBROADCASTSS(constant(math.Log2E), p)
	VFMADD231PS(p, v, t)
	VBROADCASTSS(constant(-round), p)
	VADDPS(t, p, p) // n
	log2 := [2]float32{0.693359375, -2.12194440e-4}
	for _, part := range log2 { // r = v − n·log 2, in two parts for its last digits
		VFNMADD231PS(constant(part), p, v)
	}
	VBROADCASTSS(constant(1.9875691500e-4), p)
	for _, c := range []float32{1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1, 1} {
		VFMADD213PS(constant(c), v, p)
	}
	VPSLLD(Imm(23), t, t)
	VPADDD(t, p, p)
}

// softmaxGrad writes SoftmaxGrad: the sum of a∘d, then the result.
func (s *set) softmaxGrad() {
	s.text("softmaxGrad", "(rows, n int, d *float32, dRow int, a *float32, aRow int, scale float32)")
	Doc("softmaxGrad" + s.name + " is SoftmaxGrad.")
	dot, v, w, scale := s.vec[0], s.vec[1], s.vec[2], s.vec[3]
	tail := s.tail(param("n"))
	d, dRow, a, aRow := param("d"), bytesOf("dRow"), param("a"), bytesOf("aRow")
	s.scalar("scale", scale)
	eachRow(func() {
		s.zero(dot)
		s.each("dot", tail, func(i reg.GPVirtual, masked bool) {
			s.load(at(a, i), v, masked)
			s.load(at(d, i), w, masked)
			VFMADD231PS(v, w, dot)
		})
		s.sum(dot, v)
		s.each("result", tail, func(i reg.GPVirtual, masked bool) {
			s.load(at(a, i), v, masked)
			s.load(at(d, i), w, masked)
			VSUBPS(dot, w, w)
			VMULPS(scale, v, v)
			VMULPS(v, w, w)
			s.store(w, at(d, i), masked)
		})
		s.advanceBy(dRow, d)
		s.advanceBy(aRow, a)
	})
	s.ret()
}

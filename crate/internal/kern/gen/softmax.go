package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmax writes Softmax: the largest element, the exponentials and their
// sum, the division. The masked vector stays in a register from the second to
// the third, as a load would have to wait for its masked store; for the same
// reason the rows of y must not be those of x, where the masked store of a row
// reaches into the next one.
func (s *set) softmax() {
	s.text("softmax", "(rows, n int, y *float32, yRow int, x *float32, xRow int, scale float32)")
	Doc("softmax" + s.name + " is Softmax.")
	top, sum, v, scale, p, t, last := s.vec[0], s.vec[1], s.vec[2], s.vec[3], s.vec[4], s.vec[5], s.vec[6]
	n := s.span(param("n"))
	y, yRow, x, xRow := param("y"), bytesOf("yRow"), param("x"), bytesOf("xRow")
	s.scalar("scale", scale)
	eachRow(func() {
		VBROADCASTSS(at0(x), top)
		s.each("max", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(x, i), v, masked)
			if masked {
				s.blend(v, top, v)
			}
			VMAXPS(v, top, top)
		})
		s.reduce(func(ops ...Op) { VMAXPS(ops...) }, top, v)
		VBROADCASTSS(top.AsX(), top)
		s.zero(sum)
		s.each("exp", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(x, i), v, masked)
			VSUBPS(top, v, v)
			VMULPS(scale, v, v)
			if masked {
				s.exp(v, last, t)
				s.zeroTail(last, masked)
				VADDPS(last, sum, sum)
				return
			}
			s.exp(v, p, t)
			VADDPS(p, sum, sum)
			s.store(p, at(y, i), masked)
		})
		s.sum(sum, v)
		VBROADCASTSS(constant(1), v)
		VDIVPS(sum, v, sum)
		s.each("divide", n, func(i reg.GPVirtual, masked bool) {
			if masked {
				VMULPS(sum, last, v)
			} else {
				VMULPS(at(y, i), sum, v)
			}
			s.store(v, at(y, i), masked)
		})
		s.advanceBy(yRow, y)
		s.advanceBy(xRow, x)
	})
	s.ret()
}

// blend sets out to v in the masked lanes, and to other elsewhere.
func (s *set) blend(v, other, out reg.VecPhysical) {
	if s.wide() {
		VBLENDMPS(v, other, mask, out)
		return
	}
	VBLENDVPS(maskY, v, other, out)
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
	s.text("softmaxGrad", "(rows, n int, dx *float32, dxRow int, dy *float32, dyRow int, y *float32, yRow int, scale float32)")
	Doc("softmaxGrad" + s.name + " is SoftmaxGrad.")
	dot, v, w, scale := s.vec[0], s.vec[1], s.vec[2], s.vec[3]
	n := s.span(param("n"))
	dx, dxRow, dy, dyRow, y, yRow := param("dx"), bytesOf("dxRow"), param("dy"), bytesOf("dyRow"), param("y"), bytesOf("yRow")
	s.scalar("scale", scale)
	eachRow(func() {
		s.zero(dot)
		s.each("dot", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(y, i), v, masked)
			s.load(at(dy, i), w, masked)
			VFMADD231PS(v, w, dot)
		})
		s.sum(dot, v)
		s.each("result", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(y, i), v, masked)
			s.load(at(dy, i), w, masked)
			VSUBPS(dot, w, w)
			VMULPS(scale, v, v)
			VMULPS(v, w, w)
			s.store(w, at(dx, i), masked)
		})
		s.advanceBy(dxRow, dx)
		s.advanceBy(dyRow, dy)
		s.advanceBy(yRow, y)
	})
	s.ret()
}

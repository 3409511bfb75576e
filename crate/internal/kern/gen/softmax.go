package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmax writes Softmax, for a vector of columns at a time: the largest
// elements, the exponentials and their sums, the division. Nothing is added
// or compared across a vector, so every number waits only for the one above it.
func (s *set) softmax() {
	s.text("softmax", "(rows, n int, y *float32, yRow int, x *float32, xRow int, scale float32)")
	Doc("softmax" + s.name + " is Softmax.")
	top, sum, v, scale, p, t := s.vec[0], s.vec[1], s.vec[2], s.vec[3], s.vec[4], s.vec[5]
	y, yRow, x, xRow := param("y"), bytesOf("yRow"), param("x"), bytesOf("xRow")
	s.scalar("scale", scale)
	exp := s.newExp(s.vec[6:])
	s.eachColumns([]reg.GPVirtual{x, y}, func(label string, masked bool) {
		s.load(at0(x), top, masked)
		s.down(label+"Max", []reg.GPVirtual{x}, []reg.GPVirtual{xRow}, func(at []reg.GPVirtual) {
			s.load(at0(at[0]), v, masked)
			VMAXPS(v, top, top)
		})
		s.zero(sum)
		s.down(label+"Exp", []reg.GPVirtual{x, y}, []reg.GPVirtual{xRow, yRow}, func(at []reg.GPVirtual) {
			s.load(at0(at[0]), v, masked)
			VSUBPS(top, v, v)
			VMULPS(scale, v, v)
			exp.write(v, p, t)
			VADDPS(p, sum, sum)
			s.store(p, at0(at[1]), masked)
		})
		VBROADCASTSS(constant(1), v)
		VDIVPS(sum, v, sum)
		s.down(label+"Divide", []reg.GPVirtual{y}, []reg.GPVirtual{yRow}, func(at []reg.GPVirtual) {
			s.load(at0(at[0]), v, masked)
			VMULPS(sum, v, v)
			s.store(v, at0(at[0]), masked)
		})
	})
	s.ret()
}

// expWriter writes exponentials; its registers hold the constants that take
// part in other operations than multiply-add, which reads its own from memory.
type expWriter struct{ lowest, round, log2e, minusRound reg.VecPhysical }

// round is 1.5·2²³: adding it leaves an integer in the low bits.
const round = 3 << 22

func (s *set) newExp(regs []reg.VecPhysical) expWriter {
	e := expWriter{regs[0], regs[1], regs[2], regs[3]}
	VBROADCASTSS(constant(-87), e.lowest)
	VBROADCASTSS(constant(round), e.round)
	VBROADCASTSS(constant(math.Log2E), e.log2e)
	VBROADCASTSS(constant(-round), e.minusRound)
	return e
}

// write sets p to exp(v) for v ≤ 0, with a relative error below 2e-7; below
// −87 it stays at exp(−87), 1.6e-38. The method is that of the Cephes library:
// v = n·log 2 + r, a polynomial for exp(r), and n added to the exponent. Adding
// round to v/log 2 rounds it to the integer n, in the low bits of t.
func (e expWriter) write(v, p, t reg.VecPhysical) {
	VMAXPS(v, e.lowest, v) // a NaN in v stays one
	VMOVAPS(e.round, t)
	VFMADD231PS(e.log2e, v, t)
	VADDPS(t, e.minusRound, p) // n
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

// softmaxGrad writes SoftmaxGrad: the sums of y∘dy, then the result.
func (s *set) softmaxGrad() {
	s.text("softmaxGrad", "(rows, n int, dx *float32, dxRow int, dy *float32, dyRow int, y *float32, yRow int, scale float32)")
	Doc("softmaxGrad" + s.name + " is SoftmaxGrad.")
	dot, v, w, scale := s.vec[0], s.vec[1], s.vec[2], s.vec[3]
	dx, dxRow, dy, dyRow, y, yRow := param("dx"), bytesOf("dxRow"), param("dy"), bytesOf("dyRow"), param("y"), bytesOf("yRow")
	s.scalar("scale", scale)
	s.eachColumns([]reg.GPVirtual{dx, dy, y}, func(label string, masked bool) {
		s.zero(dot)
		s.down(label+"Dot", []reg.GPVirtual{y, dy}, []reg.GPVirtual{yRow, dyRow}, func(at []reg.GPVirtual) {
			s.load(at0(at[0]), v, masked)
			s.load(at0(at[1]), w, masked)
			VFMADD231PS(v, w, dot)
		})
		s.down(label+"Result", []reg.GPVirtual{y, dy, dx}, []reg.GPVirtual{yRow, dyRow, dxRow}, func(at []reg.GPVirtual) {
			s.load(at0(at[0]), v, masked)
			s.load(at0(at[1]), w, masked)
			VSUBPS(dot, w, w)
			VMULPS(scale, v, v)
			VMULPS(v, w, w)
			s.store(w, at0(at[2]), masked)
		})
	})
	s.ret()
}

// eachColumns goes through the columns of matrices of n, which start at ps, a
// vector at a time. The last vector ends where the rows end and overlaps the
// one before, whose results it computes again: that is cheaper than masked
// stores, for which the loads that follow would have to wait. Rows that are
// shorter than a vector are masked.
func (s *set) eachColumns(ps []reg.GPVirtual, body func(label string, masked bool)) {
	n := param("n")
	CMPQ(n, U32(s.lanes))
	JLT(LabelRef("short"))
	SUBQ(U32(s.lanes), n) // the columns behind the present vector
	Label("columns")
	body("whole", false)
	TESTQ(n, n)
	JZ(LabelRef("done"))
	step := GP64()
	MOVQ(U32(s.lanes), step)
	CMPQ(n, step)
	CMOVQLT(n, step)
	SUBQ(step, n)
	SHLQ(Imm(2), step)
	s.advanceBy(step, ps...)
	JMP(LabelRef("columns"))
	Label("short")
	s.setMask(n)
	body("short", true)
	Label("done")
}

// down goes through the rows of matrices that start at ps, whose rows lie
// strides apart, with copies of ps.
func (s *set) down(label string, ps, strides []reg.GPVirtual, body func(at []reg.GPVirtual)) {
	at := make([]reg.GPVirtual, len(ps))
	for i, p := range ps {
		at[i] = GP64()
		MOVQ(p, at[i])
	}
	rows := param("rows")
	Label(label)
	body(at)
	for i, p := range at {
		ADDQ(strides[i], p)
	}
	DECQ(rows)
	JNZ(LabelRef(label))
}

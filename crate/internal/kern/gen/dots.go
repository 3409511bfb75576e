package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dots writes Dots: four sums at once, each in the lanes of a register, for
// numbers of float64.
func (s *set) dots() {
	s.text("dots", "(n int, x, y *float64, yRow int, out *[4]float64)")
	Doc("dots" + s.name + " is Dots.")
	sum, x, v := s.vec[:4], s.vec[4], s.vec[5]
	n, last, whole := param("n"), GP64(), GP64()
	MOVQ(n, whole)
	ANDQ(I32(-s.lanes/2), whole)
	MOVQ(n, last)
	SUBQ(whole, last)
	ADDQ(last, last) // float32 lanes
	s.setDoubleMask(last)
	SHLQ(Imm(3), whole)
	SHLQ(Imm(3), n)
	xs, y, yRow := param("x"), param("y"), param("yRow")
	SHLQ(Imm(3), yRow)
	ys := rowsOf(y, yRow, 4)
	s.zero(sum...)
	s.each("next", span{whole, n}, func(i reg.GPVirtual, masked bool) {
		s.loadDouble(at(xs, i), x, masked)
		for r := range 4 {
			s.loadDouble(ys.at(r), v, masked)
			VFMADD231PD(x, v, sum[r])
		}
		if !masked {
			ADDQ(Imm(uint64(s.bytes())), y)
		}
	})
	out := param("out")
	for r := range 4 {
		s.sumDouble(sum[r], v)
		VMOVSD(sum[r].AsX(), Mem{Base: out, Disp: 8 * r})
	}
	s.ret()
}

// setDoubleMask makes the mask of n/2 lanes of float64.
func (s *set) setDoubleMask(n reg.GPVirtual) {
	if s.wide() {
		SHRQ(Imm(1), n)
	}
	s.setMask(n)
}

func (s *set) loadDouble(from Mem, to reg.VecPhysical, masked bool) {
	if masked && s.wide() {
		VMOVUPD_Z(from, mask, to)
		return
	}
	s.load(from, to, masked)
}

// sumDouble leaves the sum of the lanes of v in the lowest; tmp is overwritten.
func (s *set) sumDouble(v, tmp reg.VecPhysical) {
	if s.wide() {
		VEXTRACTF64X4(Imm(1), v, tmp.AsY())
		VADDPD(tmp.AsY(), v.AsY(), v.AsY())
	}
	VEXTRACTF128(Imm(1), v.AsY(), tmp.AsX())
	VADDPD(tmp.AsX(), v.AsX(), v.AsX())
	VPERMILPD(Imm(1), v.AsX(), tmp.AsX())
	VADDSD(tmp.AsX(), v.AsX(), v.AsX())
}

package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose writes the kernel that packs rows of Bᵀ: up to s.lanes rows of k
// elements become k rows of s.lanes, with zeros for rows that are not there.
// It goes from left to right in squares of s.lanes×s.lanes.
func (s *set) transpose() {
	s.text("transpose", "(rows, k int, src *float32, srcRow int, dst *float32, dstRow int)")
	Doc("transpose" + s.name + " packs a strip of a transposed matrix; see Transpose.")
	rows, k := param("rows"), param("k")
	src, srcRow, dst, dstRow := param("src"), bytesOf("srcRow"), param("dst"), bytesOf("dstRow")
	n, from, left := GP64(), GP64(), GP64()

	Label("square")
	MOVQ(k, n)
	CMPQ(n, U32(s.lanes))
	JLE(LabelRef("narrow"))
	MOVQ(U32(s.lanes), n)
	Label("narrow")
	s.setMask(n)
	s.zero(s.vec[:s.lanes]...)
	MOVQ(src, from)
	MOVQ(rows, left)
	for i := range s.lanes {
		s.load(Mem{Base: from}, s.vec[i], true)
		ADDQ(srcRow, from)
		DECQ(left)
		JZ(LabelRef("loaded"))
	}
	Label("loaded")
	out := s.square()
	MOVQ(n, left)
	for i := range s.lanes {
		s.store(out[i], Mem{Base: dst}, false)
		ADDQ(dstRow, dst)
		DECQ(left)
		JZ(LabelRef("stored"))
	}
	Label("stored")
	ADDQ(Imm(uint64(s.bytes())), src)
	SUBQ(U32(s.lanes), k)
	JG(LabelRef("square"))
	s.ret()
}

// square transposes the matrix whose rows are the first s.lanes registers,
// and returns the registers of the result. Words are interleaved by rows of
// two, then pairs of words by rows of four; each of the four then holds, in
// 128-bit lane L, column 4L+c of its four rows; last, whole lanes are sorted.
func (s *set) square() []reg.VecPhysical {
	a, b := s.vec[:s.lanes], s.vec[s.lanes:2*s.lanes]
	for i := 0; i < s.lanes; i += 2 {
		VUNPCKLPS(a[i+1], a[i], b[i])
		VUNPCKHPS(a[i+1], a[i], b[i+1])
	}
	for i := 0; i < s.lanes; i += 4 {
		VUNPCKLPD(b[i+2], b[i], a[i])
		VUNPCKHPD(b[i+2], b[i], a[i+1])
		VUNPCKLPD(b[i+3], b[i+1], a[i+2])
		VUNPCKHPD(b[i+3], b[i+1], a[i+3])
	}
	if !s.wide() {
		for c := range 4 {
			VPERM2F128(Imm(0x20), a[4+c], a[c], b[c])
			VPERM2F128(Imm(0x31), a[4+c], a[c], b[4+c])
		}
		return b
	}
	const even, odd = U8(0x88), U8(0xdd)
	for c := range 4 {
		VSHUFF32X4(even, a[4+c], a[c], b[c])
		VSHUFF32X4(odd, a[4+c], a[c], b[4+c])
		VSHUFF32X4(even, a[12+c], a[8+c], b[8+c])
		VSHUFF32X4(odd, a[12+c], a[8+c], b[12+c])
	}
	for c := range 4 {
		VSHUFF32X4(even, b[8+c], b[c], a[c])
		VSHUFF32X4(odd, b[8+c], b[c], a[8+c])
		VSHUFF32X4(even, b[12+c], b[4+c], a[4+c])
		VSHUFF32X4(odd, b[12+c], b[4+c], a[12+c])
	}
	return a
}

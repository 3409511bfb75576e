package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// set is an instruction set, and the registers of the kernel being written.
//
// A kernel goes through a row in whole vectors and ends with one vector that
// is masked to the 1…lanes elements that are left, so rows of any length cost
// no scalar loop. AVX-512 has mask registers; AVX2 keeps the mask in Y15,
// which no kernel may overwrite before its last masked vector.
type set struct {
	name  string
	lanes int // float32 in a vector
	high  int // rows of the largest tile
	vec   []reg.VecPhysical
}

var (
	avx512 = &set{name: "AVX512", lanes: 16, high: 14, vec: []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31}}
	avx2 = &set{name: "AVX2", lanes: 8, high: 6, vec: []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}}
)

// mask is the mask register of AVX-512, maskY that of AVX2.
var (
	mask  = reg.K1
	maskY = reg.Y15
)

func (s *set) wide() bool { return s == avx512 }
func (s *set) bytes() int { return 4 * s.lanes }

// text starts the kernel called name with the suffix of the set.
func (s *set) text(name, signature string) {
	TEXT(name+s.name, NOSPLIT, "func"+signature)
	Pragma("noescape")
}

// ret ends it.
func (s *set) ret() {
	VZEROUPPER()
	RET()
}

// setMask makes the mask of a vector of which the first n lanes count.
func (s *set) setMask(n reg.GPVirtual) {
	if s.wide() {
		bits, count := GP64(), GP64()
		MOVQ(U32(0xffff), bits)
		MOVQ(n, count)
		BZHIQ(count, bits, bits)
		KMOVW(bits.As32(), mask)
		return
	}
	table, at := GP64(), GP64()
	LEAQ(laneMasks(), table)
	MOVQ(U32(8), at)
	SUBQ(n, at)
	VMOVUPS(Mem{Base: table, Index: at, Scale: 4}, maskY)
}

// load, store and zeroTail act on the whole vector, or on its masked lanes:
// load and zeroTail make the others zero, store leaves the others alone.
func (s *set) load(from Mem, to reg.VecPhysical, masked bool) {
	switch {
	case !masked:
		VMOVUPS(from, to)
	case s.wide():
		VMOVUPS_Z(from, mask, to)
	default:
		VMASKMOVPS(from, maskY, to)
	}
}

// operand is what is at from, as an operand of an instruction: itself, or if
// masked tmp, into which it is loaded.
func (s *set) operand(from Mem, tmp reg.VecPhysical, masked bool) Op {
	if !masked {
		return from
	}
	s.load(from, tmp, masked)
	return tmp
}

func (s *set) store(from reg.VecPhysical, to Mem, masked bool) {
	switch {
	case !masked:
		VMOVUPS(from, to)
	case s.wide():
		VMOVUPS(from, mask, to)
	default:
		VMASKMOVPS(from, maskY, to)
	}
}

func (s *set) zeroTail(v reg.VecPhysical, masked bool) {
	switch {
	case !masked:
	case s.wide():
		VMOVAPS_Z(v, mask, v)
	default:
		VANDPS(maskY, v, v)
	}
}

// reduce folds v to one number in its lowest lane with op, VADDPS or VMAXPS;
// tmp is overwritten.
func (s *set) reduce(op func(...Op), v, tmp reg.VecPhysical) {
	if s.wide() {
		VEXTRACTF64X4(Imm(1), v, tmp.AsY())
		op(tmp.AsY(), v.AsY(), v.AsY())
	}
	VEXTRACTF128(Imm(1), v.AsY(), tmp.AsX())
	op(tmp.AsX(), v.AsX(), v.AsX())
	VPERMILPS(Imm(0b01_00_11_10), v.AsX(), tmp.AsX())
	op(tmp.AsX(), v.AsX(), v.AsX())
	VPERMILPS(Imm(0b10_11_00_01), v.AsX(), tmp.AsX())
	op(tmp.AsX(), v.AsX(), v.AsX())
}

// sum leaves the sum of the lanes of v in every lane of v.
func (s *set) sum(v, tmp reg.VecPhysical) {
	s.reduce(func(ops ...Op) { VADDPS(ops...) }, v, tmp)
	VBROADCASTSS(v.AsX(), v)
}

// zero clears vectors.
func (s *set) zero(vs ...reg.VecPhysical) {
	for _, v := range vs {
		VXORPS(v.AsY(), v.AsY(), v.AsY())
	}
}

// constant is a vector with x in every lane, in memory.
func constant(x float32) Mem {
	bits := math.Float32bits(x)
	return words(fmt.Sprintf("c%08x", bits), 16, func(int) uint32 { return bits })
}

// laneMasks is eight words of ones before eight of zeros: eight words from
// word 8−n on are the mask of n lanes.
func laneMasks() Mem {
	return words("laneMasks", 16, func(i int) uint32 {
		if i < 8 {
			return 0xffffffff
		}
		return 0
	})
}

var globals = map[string]Mem{}

// words is read-only memory of n words.
func words(name string, n int, word func(i int) uint32) Mem {
	if m, ok := globals[name]; ok {
		return m
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := range n {
		DATA(4*i, U32(word(i)))
	}
	globals[name] = m
	return m
}

// param loads a parameter of the kernel. Strides and counts named as
// elements are turned into bytes with bytesOf.
func param(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

func bytesOf(name string) reg.GPVirtual {
	r := param(name)
	SHLQ(Imm(2), r)
	return r
}

package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows writes the kernels that act on rows of numbers. Each is described by
// the exported function of its name in package kern.
func (s *set) rows() {
	s.softmax()
	s.softmaxGrad()
	s.layerNorm()
	s.layerNormGrad()
	s.threshold()
	s.thresholdGrad()
	s.gelu()
	s.multiply()
	s.combine()
	s.addRows()
	s.sumRows()
	s.adamW()
}

// span is the length of a row in bytes: of its whole vectors, and of all.
type span struct{ whole, all reg.GPVirtual }

// each goes through a row. It calls body to write the code for a whole vector,
// and then that for the masked one at the end; at is the place of the vector
// in bytes. A row of whole vectors has no masked one: loads would have to
// wait for masked stores.
func (s *set) each(label string, n span, body func(at reg.GPVirtual, masked bool)) {
	at := GP64()
	XORQ(at, at)
	TESTQ(n.whole, n.whole)
	JZ(LabelRef(label + "Tail"))
	Label(label)
	body(at, false)
	ADDQ(Imm(uint64(s.bytes())), at)
	CMPQ(at, n.whole)
	JLT(LabelRef(label))
	Label(label + "Tail")
	CMPQ(at, n.all)
	JGE(LabelRef(label + "End"))
	body(at, true)
	Label(label + "End")
}

// span sets the mask for rows of n elements and returns their length.
func (s *set) span(n reg.GPVirtual) span {
	last := GP64()
	r := span{GP64(), GP64()}
	MOVQ(n, r.all)
	MOVQ(n, r.whole)
	ANDQ(I32(-s.lanes), r.whole)
	MOVQ(n, last)
	SUBQ(r.whole, last)
	s.setMask(last)
	SHLQ(Imm(2), r.whole)
	SHLQ(Imm(2), r.all)
	return r
}

// eachRow repeats body, which moves the pointers, rows > 0 times.
func eachRow(body func()) {
	rows := param("rows")
	Label("row")
	body()
	DECQ(rows)
	JNZ(LabelRef("row"))
}

func at0(base reg.GPVirtual) Mem { return Mem{Base: base} }

func (s *set) advance(bytes int, p reg.GPVirtual) { ADDQ(Imm(uint64(bytes)), p) }

func (s *set) advanceBy(bytes reg.GPVirtual, ps ...reg.GPVirtual) {
	for _, p := range ps {
		ADDQ(bytes, p)
	}
}

func at(base, offset reg.GPVirtual) Mem { return Mem{Base: base, Index: offset, Scale: 1} }

// scalar broadcasts a float32 parameter.
func (s *set) scalar(name string, to reg.VecPhysical) {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(p.Addr, to)
}

// threshold writes y = max(x − t, 0). MAXPS returns its second source, here
// x, where it is NaN.
func (s *set) threshold() {
	s.text("threshold", "(n int, y, x *float32, t float32)")
	Doc("threshold" + s.name + " is Threshold.")
	t, zero, v := s.vec[0], s.vec[1], s.vec[2]
	s.scalar("t", t)
	s.zero(zero)
	n := s.span(param("n"))
	y, x := param("y"), param("x")
	s.each("next", n, func(i reg.GPVirtual, masked bool) {
		s.load(at(x, i), v, masked)
		VSUBPS(t, v, v)
		VMAXPS(v, zero, v)
		s.store(v, at(y, i), masked)
	})
	s.ret()
}

// thresholdGrad writes dx = dy where y > 0, else 0.
func (s *set) thresholdGrad() {
	s.text("thresholdGrad", "(n int, dx, dy, y *float32)")
	Doc("thresholdGrad" + s.name + " is ThresholdGrad.")
	zero, v, g := s.vec[0], s.vec[1], s.vec[2]
	s.zero(zero)
	n := s.span(param("n"))
	dx, dy, y := param("dx"), param("dy"), param("y")
	s.each("next", n, func(i reg.GPVirtual, masked bool) {
		s.load(at(y, i), v, masked)
		s.load(at(dy, i), g, masked)
		s.keepWhereLess(zero, v, g)
		s.store(g, at(dx, i), masked)
	})
	s.ret()
}

// keepWhereLess clears the lanes of v where not a < b.
func (s *set) keepWhereLess(a, b, v reg.VecPhysical) {
	const less = 1 // of the predicates of CMPPS: ordered, quiet on NaN it is not
	if s.wide() {
		VCMPPS(Imm(less), b, a, reg.K2)
		VMOVAPS_Z(v, reg.K2, v)
		return
	}
	VCMPPS(Imm(less), b, a, b)
	VANDPS(b, v, v)
}

// combine writes z = a·x + b·y, without a fused operation, so that every set
// gives the same bits.
func (s *set) combine() {
	s.text("combine", "(n int, z, x, y *float32, a, b float32)")
	Doc("combine" + s.name + " is Combine.")
	a, b, v, w := s.vec[0], s.vec[1], s.vec[2], s.vec[3]
	s.scalar("a", a)
	s.scalar("b", b)
	n := s.span(param("n"))
	z, x, y := param("z"), param("x"), param("y")
	s.each("next", n, func(i reg.GPVirtual, masked bool) {
		s.load(at(x, i), v, masked)
		s.load(at(y, i), w, masked)
		VMULPS(a, v, v)
		VMULPS(b, w, w)
		VADDPS(w, v, v)
		s.store(v, at(z, i), masked)
	})
	s.ret()
}

// addRows writes z = x + y of the same number of rows, y staying at its row
// if yRow is 0.
func (s *set) addRows() {
	s.text("addRows", "(rows, n int, z, x *float32, xRow int, y *float32, yRow int)")
	Doc("addRows" + s.name + " is AddRows.")
	v, w := s.vec[0], s.vec[1]
	n := s.span(param("n"))
	z, x, xRow, y, yRow := param("z"), param("x"), bytesOf("xRow"), param("y"), bytesOf("yRow")
	eachRow(func() {
		s.each("next", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(x, i), v, masked)
			s.load(at(y, i), w, masked)
			VADDPS(w, v, v)
			s.store(v, at(z, i), masked)
		})
		ADDQ(xRow, z)
		ADDQ(xRow, x)
		ADDQ(yRow, y)
	})
	s.ret()
}

// sumRows writes sum += Σ rows of x.
func (s *set) sumRows() {
	s.text("sumRows", "(rows, n int, sum, x *float32, xRow int)")
	Doc("sumRows" + s.name + " is SumRows.")
	v, w := s.vec[0], s.vec[1]
	n := s.span(param("n"))
	sum, x, xRow := param("sum"), param("x"), bytesOf("xRow")
	eachRow(func() {
		s.each("next", n, func(i reg.GPVirtual, masked bool) {
			s.load(at(sum, i), v, masked)
			s.load(at(x, i), w, masked)
			VADDPS(w, v, v)
			s.store(v, at(sum, i), masked)
		})
		ADDQ(xRow, x)
	})
	s.ret()
}

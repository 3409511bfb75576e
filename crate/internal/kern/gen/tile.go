package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tiles writes the products of up to s.high rows and one or two vectors of
// columns, a kernel for each size:
//
//	C (+)= A·B
//
// The tile of C stays in registers while k runs; every step loads one row of
// B, and multiplies it by the elements of a column of A, broadcast.
func (s *set) tiles() {
	for rows := 1; rows <= s.high; rows++ {
		for vectors := 1; vectors <= 2; vectors++ {
			s.tile(rows, vectors)
		}
	}
}

func (s *set) tile(rows, vectors int) {
	s.text(fmt.Sprintf("tile%dx%d", rows, vectors),
		"(k int, a *float32, aRow, aCol int, b *float32, bRow int, c *float32, cRow int, last int, add bool)")
	Doc(fmt.Sprintf("tile%dx%d%s is a product of %d rows and %d vectors; see the type tile.", rows, vectors, s.name, rows, vectors))
	sum := func(i, j int) reg.VecPhysical { return s.vec[i*vectors+j] }
	row := s.vec[rows*vectors : rows*vectors+vectors] // of B
	x := s.vec[rows*vectors+vectors]                  // an element of A in every lane

	s.setMask(param("last"))
	k := param("k")
	a := rowsOf(param("a"), bytesOf("aRow"), rows)
	aCol, b, bRow := bytesOf("aCol"), param("b"), bytesOf("bRow")
	s.zero(s.vec[:rows*vectors]...)
	s.prefetch(rows, vectors, k)

	Label("step")
	for j, v := range row {
		s.load(Mem{Base: b, Disp: j * s.bytes()}, v, j == vectors-1)
	}
	for i := range rows {
		VBROADCASTSS(a.at(i), x)
		for j, v := range row {
			VFMADD231PS(v, x, sum(i, j))
		}
	}
	a.advance(aCol)
	ADDQ(bRow, b)
	DECQ(k)
	JNZ(LabelRef("step"))

	last := param("last")
	CMPQ(last, U32(s.lanes))
	JEQ(LabelRef("whole"))
	s.finish("masked", rows, vectors, true)
	Label("whole")
	s.finish("whole", rows, vectors, false)
}

// prefetch asks for the memory of C, so that it arrives while the products of
// a long sum are computed.
func (s *set) prefetch(rows, vectors int, k reg.GPVirtual) {
	CMPQ(k, Imm(64))
	JLT(LabelRef("near"))
	c, cRow := param("c"), bytesOf("cRow")
	for i := range rows {
		for j := range vectors {
			PREFETCHT0(Mem{Base: c, Disp: j * s.bytes()})
		}
		if i < rows-1 {
			ADDQ(cRow, c)
		}
	}
	Label("near")
}

// finish stores the tile in C, after adding what is there if add is set. A
// whole last vector is stored without a mask, as a load that follows would
// have to wait for a masked store.
func (s *set) finish(name string, rows, vectors int, masked bool) {
	sum := func(i, j int) reg.VecPhysical { return s.vec[i*vectors+j] }
	x := s.vec[rows*vectors]
	c, cRow, add := param("c"), bytesOf("cRow"), Load(Param("add"), GP8())
	TESTB(add, add)
	JZ(LabelRef(name + "Store"))
	s.eachOfC(c, cRow, rows, vectors, func(i, j int, m Mem) {
		s.load(m, x, masked && j == vectors-1)
		VADDPS(x, sum(i, j), sum(i, j))
	})
	Label(name + "Store")
	c = param("c")
	s.eachOfC(c, cRow, rows, vectors, func(i, j int, m Mem) { s.store(sum(i, j), m, masked && j == vectors-1) })
	s.ret()
}

// eachOfC visits the vectors of a tile row by row, moving c.
func (s *set) eachOfC(c, cRow reg.GPVirtual, rows, vectors int, f func(i, j int, m Mem)) {
	for i := range rows {
		for j := range vectors {
			f(i, j, Mem{Base: c, Disp: j * s.bytes()})
		}
		if i < rows-1 {
			ADDQ(cRow, c)
		}
	}
}

// rowPointers reaches many rows at one column with few registers: groups of
// five, at 0, 1, 2, 3 and 4 strides from a pointer.
type rowPointers struct {
	first         []reg.GPVirtual
	stride, three reg.GPVirtual // the stride, and three times it
}

func rowsOf(base, stride reg.GPVirtual, rows int) rowPointers {
	p := rowPointers{first: []reg.GPVirtual{base}, stride: stride}
	if rows > 3 {
		p.three = GP64()
		LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, p.three)
	}
	for i := 5; i < rows; i += 5 {
		next := GP64()
		LEAQ(Mem{Base: p.first[len(p.first)-1], Index: stride, Scale: 4}, next)
		ADDQ(stride, next)
		p.first = append(p.first, next)
	}
	return p
}

func (p rowPointers) at(i int) Mem {
	m := Mem{Base: p.first[i/5]}
	switch i % 5 {
	case 1, 2, 4:
		m.Index, m.Scale = p.stride, uint8(i%5)
	case 3:
		m.Index, m.Scale = p.three, 1
	}
	return m
}

func (p rowPointers) advance(by reg.GPVirtual) {
	for _, r := range p.first {
		ADDQ(by, r)
	}
}

package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// adamW writes AdamW without fused operations, so that every kernel set gives
// the bits of the plain loop.
func (s *set) adamW() {
	s.text("adamW", "(n int, param, grad, mean, square *float32, keep, c1, beta2, c2, step, root, eps float32)")
	Doc("adamW" + s.name + " is AdamW.")
	x, g, m, v := s.vec[0], s.vec[1], s.vec[2], s.vec[3]
	keep, c1, β2, c2, step, root, eps := s.vec[4], s.vec[5], s.vec[6], s.vec[7], s.vec[8], s.vec[9], s.vec[10]
	for i, name := range []string{"keep", "c1", "beta2", "c2", "step", "root", "eps"} {
		s.scalar(name, s.vec[4+i])
	}
	n := s.span(param("n"))
	xs, gs, ms, vs := param("param"), param("grad"), param("mean"), param("square")
	s.each("next", n, func(i reg.GPVirtual, masked bool) {
		s.load(at(gs, i), g, masked)
		s.load(at(ms, i), m, masked)
		VSUBPS(m, g, x) // m += c1·(g − m)
		VMULPS(c1, x, x)
		VADDPS(x, m, m)
		s.store(m, at(ms, i), masked)
		s.load(at(vs, i), v, masked)
		VMULPS(c2, g, x) // v = β2·v + c2·g·g
		VMULPS(g, x, x)
		VMULPS(β2, v, v)
		VADDPS(x, v, v)
		s.store(v, at(vs, i), masked)
		VSQRTPS(v, v) // θ = θ·keep − step·m/(√v/root + ε)
		VDIVPS(root, v, v)
		VADDPS(eps, v, v)
		VMULPS(step, m, m)
		VDIVPS(v, m, m)
		s.load(at(xs, i), x, masked)
		VMULPS(keep, x, x)
		VSUBPS(m, x, x)
		s.store(x, at(xs, i), masked)
	})
	s.ret()
}

package closures

import (
	"go/ast"
	"go/types"
	"unsafe"
)

// A function literal is a function of its own. The variables that it captures
// lie outside the frames; its own frame has their addresses, behind its
// parameters.

// funcLit makes a closure.
func (c *compiler) funcLit(x *ast.FuncLit) value {
	if c.spot != x && c.recovers(x.Body) {
		panic(unsupported("a function that recovers as a value"))
	}
	sig := c.src.Info.Types[x].Type.(*types.Signature)
	f := newFunc(c.Unit, "", c.fn.Display, sig)
	f.literal = true
	lit := newCompiler(c.Unit, f)
	var captured []types.Object
	var from []int // where the addresses lie in the frame round it
	free, _ := c.free(x)
	for _, obj := range free {
		if c.src.Global(obj) != "" {
			continue
		}
		v := c.vars[obj]
		if v == nil || !v.heap {
			panic(unsupported("variable " + obj.Name()))
		}
		captured, from = append(captured, obj), append(from, v.slot.pointer)
	}
	lit.around = c
	lit.body(lit.named(x.Type.Results), lit.named(x.Type.Params), captured, x.Body)
	c.fn.mentions = append(c.fn.mentions, f)
	c.fn.derefs = true
	k := c.funcKind(sig)
	if len(from) == 0 {
		return constantOf[unsafe.Pointer](k, unsafe.Pointer(&closure{fn: f}))
	}
	return value{kind: k, code: func(fr *frame) unsafe.Pointer {
		vars := make([]unsafe.Pointer, len(from))
		for i, at := range from {
			vars[i] = *ptr(fr, at)
		}
		return unsafe.Pointer(&closure{f, vars})
	}}
}

// capture gives the addresses of variables of the function round a literal their
// places.
func (c *compiler) capture(captured []types.Object) {
	k := pointerKind{rep: pointerRep}
	for i, obj := range captured {
		at := c.room.take(k)
		if i == 0 {
			c.fn.captured = at.pointer
		}
		c.vars[obj] = &local{kind: c.around.vars[obj].kind, slot: at, heap: true}
	}
}

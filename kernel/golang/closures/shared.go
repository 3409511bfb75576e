package closures

import (
	"go/ast"
	"go/token"
	"go/types"
	"unsafe"
)

// A variable whose address is taken, or that a function literal captures, outlives
// its frame: it lies in memory of its own, and the frame has the address.

// shared finds these variables.
func (c *compiler) shared(body ast.Node) {
	c.heap = map[types.Object]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			captured, _ := c.free(n)
			for _, obj := range captured {
				c.heap[obj] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				c.share(n.X)
			}
		case *ast.SliceExpr:
			if _, ok := c.src.Info.Types[n.X].Type.Underlying().(*types.Array); ok {
				c.share(n.X)
			}
		case *ast.SelectorExpr:
			s := c.src.Info.Selections[n]
			if s != nil && s.Kind() == types.MethodVal && !isPointer(s.Recv()) && isPointer(s.Obj().(*types.Func).Signature().Recv().Type()) {
				c.share(n.X)
			}
		}
		return true
	})
}

// share puts the variable that x is part of outside the frame.
func (c *compiler) share(x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		c.heap[c.object(x)] = true
	case *ast.SelectorExpr:
		if t := c.src.Info.Types[x.X].Type; t != nil && !isPointer(t) {
			c.share(x.X)
		}
	case *ast.IndexExpr:
		if _, ok := c.src.Info.Types[x.X].Type.Underlying().(*types.Array); ok {
			c.share(x.X)
		}
	}
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// define makes a variable with a value.
func (c *compiler) define(obj types.Object, x value) stmt {
	v := &local{kind: c.held(obj.Type())}
	if !c.heap[obj] {
		v.slot = c.room.take(v.kind)
	}
	return c.bind(obj, v, x)
}

// bind makes v the variable obj: x is its value, if it has none yet. It returns
// nil if there is nothing to do.
func (c *compiler) bind(obj types.Object, v *local, x value) stmt {
	c.vars[obj] = v
	if !c.heap[obj] {
		if x.kind == nil {
			return nil
		}
		return v.kind.set(v.slot, x)
	}
	if x.kind == nil {
		x = v.value()
	}
	out := &local{kind: v.kind, slot: c.room.take(pointerKind{rep: pointerRep}), heap: true}
	c.vars[obj] = out
	return out.renew(x)
}

// renew gives a variable outside the frame new memory.
func (v *local) renew(x value) stmt {
	at, fresh := v.slot.pointer, v.kind.fresh(x)
	return func(fr *frame) ctl { *ptr(fr, at) = fresh(fr); return next }
}

// renewed makes a new variable of each that a loop declares and that outlives a
// round.
func (c *compiler) renewed(init ast.Stmt) (out []stmt) {
	if s, ok := init.(*ast.AssignStmt); ok && s.Tok == token.DEFINE {
		for _, x := range s.Lhs {
			if v := c.vars[c.src.Info.Defs[x.(*ast.Ident)]]; v != nil && v.heap {
				out = append(out, v.renew(v.value()))
			}
		}
	}
	return out
}

// memory is where a variable outside the frame lies.
func (v *local) memory() memory {
	at := v.slot.pointer
	return memory{kind: v.kind, addr: func(fr *frame) unsafe.Pointer { return *ptr(fr, at) }, from: value{reads: true}}
}

// address is &x.
func (c *compiler) addressOf(x ast.Expr) value {
	if lit, ok := ast.Unparen(x).(*ast.CompositeLit); ok {
		v := c.expr(lit)
		return made(pointerKind{pointerRep, c.src.Info.Types[lit].Type}, v.kind.fresh(v), v)
	}
	m := c.memoryOf(x)
	_, isFunc := m.kind.(funcKind)
	if m.addr == nil || m.slot != nil || isFunc {
		panic(unsupported("the address of this"))
	}
	return c.addressIn(m, x, c.src.Info.Types[x].Type)
}

package closures

import (
	"go/ast"
	"go/types"
)

// method returns the method that is called, and its receiver, or nil.
func (c *compiler) method(x *ast.CallExpr) (fn *types.Func, recv func() value) {
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, nil
	}
	s := c.src.Info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return nil, nil
	}
	fn = s.Obj().(*types.Func)
	return fn, func() value { return c.receiver(sel, s, fn) }
}

// receiver is the value that a method is called with.
func (c *compiler) receiver(x *ast.SelectorExpr, s *types.Selection, fn *types.Func) value {
	where := c.place(x.Pos())
	m := c.path(c.memoryOf(x.X), s.Recv(), s.Index()[:len(s.Index())-1], where)
	want := fn.Signature().Recv().Type()
	_, have := m.kind.(pointerKind)
	switch {
	case isPointer(want) == have:
		return m.value()
	case have:
		return c.pointed(m.value(), where).value()
	case m.addr == nil || m.slot != nil:
		panic(unsupported("the address of this"))
	}
	if len(s.Index()) > 1 {
		return made(pointerKind{pointerRep, deref(want)}, m.addr, m.from)
	}
	return c.addressIn(m, x.X, deref(want))
}

// compiledMethod returns the compiled method that is called, or nil.
func (c *compiler) compiledMethod(x *ast.CallExpr) (*Func, func() value) {
	fn, recv := c.method(x)
	if fn == nil {
		return nil, nil
	}
	return c.compiled(c.src.Method(fn)), recv
}

// addressIn is the address of what x is, of type t. No call changes that of a
// variable.
func (c *compiler) addressIn(m memory, x ast.Expr, t types.Type) value {
	if _, ok := ast.Unparen(x).(*ast.Ident); ok {
		m.from = value{}
	}
	return made(pointerKind{pointerRep, t}, m.addr, m.from)
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

package closures

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"unsafe"
)

// What leads out of compiled code: the functions that print, those that the
// interpreter has kept, and panics.

// boxed is a value as an interface holds it. A value of a type with a name has
// methods, which are the interpreter's.
func (c *compiler) boxed(x ast.Expr) value {
	t := types.Default(c.src.Info.Types[x].Type)
	v := c.exprOf(x, t)
	if isError(t) {
		f := code[iface](v)
		return made(nil, func(fr *frame) any { e := f(fr); return *(*error)(unsafe.Pointer(&e)) }, v)
	}
	switch t := types.Unalias(t).(type) {
	case *types.Interface:
		if t.NumMethods() == 0 {
			f := code[iface](v)
			return made(nil, func(fr *frame) any { e := f(fr); return *(*any)(unsafe.Pointer(&e)) }, v)
		}
	case *types.Basic:
		return made(nil, v.kind.box(v), v)
	case *types.Pointer:
		if elem := boxedPointee(t.Elem()); elem != nil {
			f := code[unsafe.Pointer](v)
			return made(nil, func(fr *frame) any { return reflect.NewAt(elem, f(fr)).Interface() }, v)
		}
	case *types.Slice:
		if _, ok := types.Unalias(t.Elem()).(*types.Basic); ok {
			return made(nil, v.kind.(sliceKind).elem.boxSlice(v), v)
		}
	}
	panic(unsupported("a value of type " + t.String() + " in an interface"))
}

// boxedPointee is the type of what a pointer in an interface points to, nil if
// that is the interpreter's.
func boxedPointee(t types.Type) reflect.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		if k := basicKinds[t.Kind()]; k != nil {
			return k.memory()
		}
	case *types.Named:
		if t == types.Universe.Lookup("error").Type() {
			return reflect.TypeFor[error]()
		}
	}
	return nil
}

// interfaceOf is a value in an interface without methods.
func (c *compiler) interfaceOf(x ast.Expr, t types.Type) value {
	if t.Underlying().(*types.Interface).NumMethods() > 0 || types.IsInterface(c.src.Info.Types[x].Type) {
		panic(unsupported("a value of another type in an interface"))
	}
	v := c.boxed(x)
	f := code[any](v)
	return made(c.kindOf(t), func(fr *frame) iface {
		x := f(fr)
		return *(*iface)(unsafe.Pointer(&x))
	}, v)
}

func (r rep[T]) box(x value) any {
	f := code[T](x)
	return func(fr *frame) any { return f(fr) }
}

func (r rep[T]) boxSlice(x value) any {
	f := code[slice](x)
	return func(fr *frame) any { return sliceOf[T](f(fr)) }
}

// outside is a call that is no call of compiled code: what panics in it leaves
// the function here.
func (c *compiler) outside(x *ast.CallExpr, do func(*frame)) stmt {
	id, fn := c.leaf(x), c.fn
	return func(fr *frame) ctl {
		fr.at = id
		do(fr)
		if fr.stop.Load() != goOn { // it may have waited
			fn.m.interrupted(fr, nil)
		}
		return next
	}
}

func (c *compiler) leaf(x *ast.CallExpr) int32 {
	c.fn.sites = append(c.fn.sites, &site{where: c.place(x.Pos())})
	return int32(len(c.fn.sites) - 1)
}

// effect compiles a call for what it does: of a function of the language or of a
// package. It is nil for any other.
func (c *compiler) effect(x *ast.CallExpr) stmt {
	if c.src.Info.Types[x.Fun].IsBuiltin() {
		id, ok := ast.Unparen(x.Fun).(*ast.Ident)
		if ok && id.Name == "panic" {
			f, where := code[any](c.boxed(x.Args[0])), c.place(x.Pos())
			return func(fr *frame) ctl {
				v := f(fr)
				if v == nil {
					panicWithNil(fr, where)
				}
				panic(&trap{value: v, fr: fr, where: where})
			}
		}
		if ok && (id.Name == "delete" || id.Name == "clear") && c.isMap(x.Args[0]) {
			return c.mapEffect(x, id.Name)
		}
	}
	if l := c.library(x); l != nil {
		return l.stmt(nil)
	}
	return nil
}

// Outer is an interpreted function that compiled code calls.
type Outer struct {
	Func  *types.Func
	Name  string // the engine's
	value reflect.Value
}

// outer returns the function of a name.
func (u *Unit) outer(fn *types.Func, name string) *Outer {
	for _, o := range u.Outers {
		if o.Name == name {
			return o
		}
	}
	o := &Outer{Func: fn, Name: name}
	u.Outers = append(u.Outers, o)
	return o
}

// bindOuter gives a function the variable that holds it.
func (u *Unit) bindOuter(o *Outer, v reflect.Value) error {
	o.value = v
	for i, param := range slices.Collect(o.Func.Signature().Params().Variables()) {
		if err := u.demand("a parameter of "+o.Name, param.Type(), v.Type().In(i)); err != nil {
			return err
		}
	}
	return nil
}

// moved makes values of other types with the same memory.
func (r rep[T]) moved(x value) func(*frame, reflect.Type) reflect.Value {
	f := code[T](x)
	return func(fr *frame, t reflect.Type) reflect.Value {
		v := new(T)
		*v = f(fr)
		return reflect.NewAt(t, unsafe.Pointer(v)).Elem()
	}
}

// outerCall compiles a call of an interpreted function for what it does. It is
// much slower than to interpret the call, so that it must be on a branch that is
// perhaps never taken.
func (c *compiler) outerCall(x *ast.CallExpr) stmt {
	id, ok := ast.Unparen(x.Fun).(*ast.Ident)
	if !ok || c.branchesIn == 0 {
		return nil
	}
	fn, ok := c.src.Info.Uses[id].(*types.Func)
	if !ok || c.src.Callee(id) == "" {
		return nil
	}
	sig := fn.Signature()
	if sig.Variadic() || sig.TypeParams() != nil || len(x.Args) != sig.Params().Len() {
		return nil
	}
	for v := range sig.Results().Variables() {
		c.kindOf(v.Type())
	}
	var moves []func(*frame, reflect.Type) reflect.Value
	for i, a := range x.Args {
		v := c.exprOf(a, sig.Params().At(i).Type())
		moves = append(moves, v.kind.moved(v))
	}
	o := c.outer(fn, c.src.Callee(id))
	c.fn.leaves = true
	call := c.outside(x, func(fr *frame) {
		args := make([]reflect.Value, len(moves))
		for i, m := range moves {
			args[i] = m(fr, o.value.Type().In(i))
		}
		o.value.Call(args)
	})
	c.fn.sites[len(c.fn.sites)-1].outer = true
	return call
}

package closures

import (
	"go/ast"
	"go/types"
	"reflect"
	"unsafe"
)

// A function of a package calls functions that it is given, sort.Slice less: Go's
// own functions that run closures in the frame behind the one that called it. It
// must not keep them: they end with the call.

// callback is a function as an argument, by which a function of a package can
// call it.
func (c *compiler) callback(x ast.Expr, sig *types.Signature) value {
	if f, ok := c.libraryValue(x); ok {
		return constantOf(pointerKind{rep: pointerRep}, asFunc[unsafe.Pointer](f))
	}
	var in, out []byte
	for v := range sig.Params().Variables() {
		in = append(in, letter(c.kindOf(v.Type()).memory()))
	}
	for v := range sig.Results().Variables() {
		out = append(out, letter(c.kindOf(v.Type()).memory()))
	}
	asGo, ok := callbacks[string(in)+"→"+string(out)]
	v := c.exprOf(x, sig)
	k, isFunc := v.kind.(funcKind)
	if !ok || !isFunc {
		panic(unsupported("an argument of type " + sig.String()))
	}
	c.fn.derefs = true // it may lead to any variable
	return made(callbackKind{pointerKind{rep: pointerRep}}, asGo(k.exit, code[unsafe.Pointer](v)), v)
}

// callbackKind is Go's own functions that run closures.
type callbackKind struct{ pointerKind }

// sortable is a slice as package sort is given it, whose functions only exchange
// elements: they need not know what these are.
func (c *compiler) sortable(x ast.Expr) value {
	v := c.expr(x)
	k, ok := v.kind.(sliceKind)
	if !ok {
		panic(unsupported("an argument that is no slice"))
	}
	t, f := reflect.SliceOf(k.elem.memory()), code[slice](v)
	return made(interfaceKind{interfaceRep}, func(fr *frame) iface {
		s := f(fr)
		x := reflect.NewAt(t, unsafe.Pointer(&s)).Elem().Interface()
		return *(*iface)(unsafe.Pointer(&x))
	}, v)
}

// libraryValue is a function of a package as a value.
func (c *compiler) libraryValue(x ast.Expr) (f reflect.Value, ok bool) {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok {
		return f, false
	}
	fn, ok := c.src.Info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil || !callable(fn) {
		return f, false
	}
	f = reflect.ValueOf(c.src.Library(fn.Pkg().Path(), fn.Name()))
	return f, f.IsValid()
}

// callbacks makes functions of each signature; see lettersOf.
var callbacks = map[string]func(fn *Func, f func(*frame) unsafe.Pointer) func(*frame) unsafe.Pointer{
	"u→b": callback1[uint64, uint8], "w→b": callback1[uint32, uint8], "b→b": callback1[uint8, uint8], "d→b": callback1[float64, uint8], "s→b": callback1[string, uint8],
	"u→u": callback1[uint64, uint64], "w→w": callback1[uint32, uint32],
	"uu→b": callback2[uint64, uint64, uint8], "uu→u": callback2[uint64, uint64, uint64], "dd→u": callback2[float64, float64, uint64], "ss→u": callback2[string, string, uint64],
	"uu→": callback2[uint64, uint64, none],
}

func callback1[A, R any](fn *Func, f func(*frame) unsafe.Pointer) func(*frame) unsafe.Pointer {
	put, get := putAt[A](fn.params[0]), resultOf[R](fn)
	return func(fr *frame) unsafe.Pointer {
		cl := closureOf(f, fr)
		g := func(a A) R {
			callee := fr.callee(cl.fn.size)
			put(callee, a)
			cl.run(fr, callee)
			return get(callee)
		}
		return cl.asGo(unsafe.Pointer(&g))
	}
}

func callback2[A, B, R any](fn *Func, f func(*frame) unsafe.Pointer) func(*frame) unsafe.Pointer {
	put, put2, get := putAt[A](fn.params[0]), putAt[B](fn.params[1]), resultOf[R](fn)
	return func(fr *frame) unsafe.Pointer {
		cl := closureOf(f, fr)
		g := func(a A, b B) R {
			callee := fr.callee(cl.fn.size)
			put(callee, a)
			put2(callee, b)
			cl.run(fr, callee)
			return get(callee)
		}
		return cl.asGo(unsafe.Pointer(&g))
	}
}

// closureOf is the closure that is going to be called from a frame: until then,
// what panics is not in it.
func closureOf(f func(*frame) unsafe.Pointer, fr *frame) *closure {
	cl := (*closure)(f(fr))
	if fr.next != nil {
		fr.next.fn = nil
	}
	return cl
}

// asGo is a variable that holds a Go function, as that function; nil is nil.
func (cl *closure) asGo(f unsafe.Pointer) unsafe.Pointer {
	if cl == nil {
		return nil
	}
	return *(*unsafe.Pointer)(f)
}

// run runs a closure in a frame that has the arguments. The frame names it only
// while it runs: what panics after that is not in it.
func (cl *closure) run(fr, callee *frame) {
	cl.enter(callee)
	if fr.stop.Load() != goOn {
		cl.fn.m.interrupted(fr, cl.fn)
	}
	cl.fn.body(callee)
	callee.fn = nil
}

// resultOf returns what reads the result of a function.
func resultOf[R any](fn *Func) func(*frame) R {
	if len(fn.results) == 0 {
		return func(*frame) (r R) { return r }
	}
	at := fn.results[0].number
	return func(fr *frame) R { return *num[R](fr, at) }
}

package closures

import (
	"go/ast"
	"go/types"
	"reflect"
	"unsafe"
)

// funcKind is functions as values, which are addresses of closures. No variable
// of the interpreter's has one: its functions are others.
type funcKind struct {
	rep[unsafe.Pointer]
	sig *types.Signature
}

// closure is a function with the variables that it has captured.
type closure struct {
	fn   *Func
	vars []unsafe.Pointer // their addresses
}

func (k funcKind) zero() value { return constantOf[unsafe.Pointer](k, nil) }

const escaping = unsupported("a function that leaves compiled code")

func (k funcKind) box(value) any      { panic(escaping) }
func (k funcKind) boxSlice(value) any { panic(escaping) }

func (k funcKind) moved(value) func(*frame, reflect.Type) reflect.Value { panic(escaping) }

// held returns the kind of a type's values in variables that compiled code has
// for itself.
func (u *Unit) held(t types.Type) kind {
	if sig, ok := t.Underlying().(*types.Signature); ok {
		return funcKind{pointerRep, sig}
	}
	return u.kindOf(t)
}

// funcValue is a declared function as a value; it may be none.
func (c *compiler) funcValue(id *ast.Ident) (v value, ok bool) {
	if _, ok := c.src.Info.Uses[id].(*types.Func); !ok {
		return v, false
	}
	fn := c.compiled(c.src.Callee(id))
	if fn == nil {
		panic(unsupported("an interpreted function as a value"))
	}
	c.fn.mentions = append(c.fn.mentions, fn)
	return constantOf[unsafe.Pointer](funcKind{pointerRep, fn.Sig}, unsafe.Pointer(&closure{fn: fn})), true
}

// called is the value that is called, if what is called is one.
func (c *compiler) called(x ast.Expr) (v value, ok bool) {
	switch fun := ast.Unparen(x).(type) {
	case *ast.Ident:
		if _, isVar := c.src.Info.Uses[fun].(*types.Var); !isVar {
			return v, false
		}
	case *ast.FuncLit, *ast.CallExpr:
	default:
		return v, false
	}
	if v = c.expr(x); v.kind == nil {
		return v, false
	}
	_, ok = v.kind.(funcKind)
	return v, ok
}

// valueSite begins the compilation of a call of a value: its function is known
// when it is made, but all of its type have the same parameters and results in
// the same places.
func (c *compiler) valueSite(v value) *site {
	k := v.kind.(funcKind)
	if k.sig.Variadic() {
		panic(unsupported("a call with other arguments than parameters"))
	}
	c.fn.derefs = true // it may lead to any variable
	return &site{fn: newFunc(c.Unit, "", "", k.sig), value: code[unsafe.Pointer](v)}
}

// callValue is call for a value.
func (s *site) callValue(fr *frame) *frame {
	cl := (*closure)(s.value(fr))
	if cl == nil {
		callee := fr.callee(s.fn.size)
		for _, p := range s.pass {
			p(fr, callee)
		}
		nilDereference(fr, s.where)
	}
	fn := cl.fn
	callee := fr.callee(fn.size)
	for _, p := range s.pass {
		p(fr, callee)
	}
	for i, p := range cl.vars {
		*ptr(callee, fn.captured-i*word) = p
	}
	callee.fn = fn
	fr.at = s.id
	if fr.stop.Load() != goOn {
		fn.m.interrupted(fr, fn)
	}
	fn.body(callee)
	return callee
}

// function is the one that was called last from here.
func (s *site) function(fr *frame) *Func {
	if s.value != nil && fr.next != nil {
		return fr.next.fn
	}
	return s.fn
}

package closures

import (
	"go/ast"
	"go/types"
	"reflect"
	"unsafe"
)

// funcKind is functions as values, which are addresses of closures. Elsewhere,
// functions are Go's own: a closure becomes one that enters it, and one of another
// kind a closure that leads out.
type funcKind struct {
	rep[unsafe.Pointer]
	exit *Func // a function of this type that calls one outside
	// outside is of variables that lie outside compiled code.
	outside *foreign
}

// foreign is what is known of a variable outside when it is bound.
type foreign struct{ t reflect.Type }

// closure is a function with the variables that it has captured.
type closure struct {
	fn   *Func
	vars []unsafe.Pointer // their addresses
}

func (k funcKind) zero() value { return constantOf[unsafe.Pointer](k, nil) }

const escaping = unsupported("a function in such a place")

func (k funcKind) box(value) any      { panic(escaping) }
func (k funcKind) boxSlice(value) any { panic(escaping) }

func (k funcKind) load(addr func(*frame) unsafe.Pointer) any {
	if k.outside == nil {
		return k.rep.load(addr)
	}
	return func(fr *frame) unsafe.Pointer { return unsafe.Pointer(k.closureOf(k.outside.t, addr(fr))) }
}

func (k funcKind) store(addr func(*frame) unsafe.Pointer, x value) stmt {
	if k.outside == nil {
		return k.rep.store(addr, x)
	}
	f := code[unsafe.Pointer](x)
	return func(fr *frame) ctl {
		v := goFunc((*closure)(f(fr)), k.outside.t)
		reflect.NewAt(k.outside.t, addr(fr)).Elem().Set(v)
		return next
	}
}

func (k funcKind) moved(x value) func(*frame, reflect.Type) reflect.Value {
	f := code[unsafe.Pointer](x)
	return func(fr *frame, t reflect.Type) reflect.Value { return goFunc((*closure)(f(fr)), t) }
}

func (k funcKind) in(s slot, t reflect.Type) func(*frame, unsafe.Pointer) {
	at := s.pointer
	return func(fr *frame, from unsafe.Pointer) { *ptr(fr, at) = unsafe.Pointer(k.closureOf(t, from)) }
}

func (k funcKind) out(s slot, t reflect.Type) func(*frame, unsafe.Pointer) {
	at := s.pointer
	return func(fr *frame, to unsafe.Pointer) {
		reflect.NewAt(t, to).Elem().Set(goFunc((*closure)(*ptr(fr, at)), t))
	}
}

// closureOf is what a variable of type t holds.
func (k funcKind) closureOf(t reflect.Type, variable unsafe.Pointer) *closure {
	f := *(*unsafe.Pointer)(variable)
	if f == nil {
		return nil
	}
	if e := entryOf(f); e != nil {
		return e.of
	}
	v := reflect.New(t).Elem()
	v.Set(reflect.NewAt(t, variable).Elem())
	return &closure{k.exit, []unsafe.Pointer{unsafe.Pointer(&v)}}
}

// goFunc is a closure as a func of type t.
func goFunc(cl *closure, t reflect.Type) reflect.Value {
	switch {
	case cl == nil:
		return reflect.Zero(t)
	case cl.fn.exits:
		return *(*reflect.Value)(cl.vars[0])
	}
	p, err := cl.fn.portsOf(t)
	if err != nil {
		panic(err)
	}
	return p.open(cl)
}

// held returns the kind of a type's values in variables that compiled code has
// for itself.
func (u *Unit) held(t types.Type) kind {
	if sig, ok := t.Underlying().(*types.Signature); ok && !u.src.Loose(t) {
		return u.funcKind(sig)
	}
	return u.kindOf(t)
}

// kindOutside returns the kind of the values of a variable outside.
func (u *Unit) kindOutside(t types.Type, v *foreign) kind {
	k := u.held(t)
	if f, ok := k.(funcKind); ok {
		f.outside = v
		return f
	}
	return k
}

// funcKind is the kind of the functions of a type.
func (u *Unit) funcKind(sig *types.Signature) funcKind {
	f := u.exits[sig]
	if f == nil {
		if sig.Variadic() {
			panic(unsupported("a function of any number of arguments as a value"))
		}
		f = &Func{m: u.m, unit: u, Sig: sig, exits: true}
		u.exits[sig] = f // it may be a function of such functions
		defer func() {
			if f.body == nil {
				delete(u.exits, sig)
			}
		}()
		f.lay(u)
		u.exit(f)
	}
	return funcKind{rep: pointerRep, exit: f}
}

// exit makes f call the func whose address its frame has behind the parameters.
func (u *Unit) exit(f *Func) {
	c := newCompiler(u, f)
	at := c.room.take(pointerKind{rep: pointerRep}).pointer
	f.captured, f.size = at, c.frameSize()
	f.body = func(fr *frame) ctl {
		v := *(*reflect.Value)(*ptr(fr, at))
		p, err := f.portsOf(v.Type())
		if err != nil {
			panic(err)
		}
		p.leave(v, fr)
		if fr.stop.Load() != goOn { // it may have waited
			f.m.interrupted(fr, nil)
		}
		return returned
	}
}

// funcValue is a declared function as a value; it may be none.
func (c *compiler) funcValue(id *ast.Ident) (v value, ok bool) {
	if _, ok := c.src.Info.Uses[id].(*types.Func); !ok {
		return v, false
	}
	fn := c.compiled(c.src.Callee(id))
	if fn == nil || fn.recovers {
		panic(unsupported("a function that is interpreted or recovers as a value"))
	}
	c.fn.mentions = append(c.fn.mentions, fn)
	return constantOf[unsafe.Pointer](c.funcKind(fn.Sig), unsafe.Pointer(&closure{fn: fn})), true
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
	c.fn.derefs = true // it may lead to any variable
	return &site{fn: v.kind.(funcKind).exit, value: code[unsafe.Pointer](v)}
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
	cl.enter(callee)
	fr.at = s.id
	if fr.stop.Load() != goOn {
		fn.m.interrupted(fr, fn)
	}
	fn.body(callee)
	return callee
}

// enter begins a call in a frame that has the arguments.
func (cl *closure) enter(fr *frame) {
	for i, p := range cl.vars {
		*ptr(fr, cl.fn.captured-i*word) = p
	}
	fr.fn = cl.fn
}

// function is the one that was called last from here.
func (s *site) function(fr *frame) *Func {
	if s.value != nil && fr.next != nil {
		return fr.next.fn
	}
	return s.fn
}

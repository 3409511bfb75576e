package closures

import (
	"go/ast"
	"go/types"
	"io"
	"reflect"
	"slices"
	"unsafe"
)

// Functions of packages, and methods of their types, are called as they are:
// their arguments and results are in memory what closures represent them by. How
// depends on the signature, see signatures.go; one that is not listed there is
// called by package reflect. Which are called is in packages.go.

// libraryCall is a call of one.
type libraryCall struct {
	fn      *Func // that calls
	f       reflect.Value
	args    []value // a receiver is the first; variadic ones are one slice
	results []kind
	id      int32
	// acts says that the call does more than to compute results: it may change
	// what is in memory, or wait for others who do.
	acts bool
	// isDynamic says that it is of a method of an interface, which may be nil.
	isDynamic bool
}

// library compiles a call of a function or method of a package, or of print. It
// is nil for any other.
func (c *compiler) library(x *ast.CallExpr) *libraryCall {
	l := &libraryCall{fn: c.fn, acts: true}
	var sig *types.Signature
	var pkg *types.Package
	if fn := c.packageObject(x); fn != nil && callable(fn) {
		l.f, sig = c.packageFunc(fn, x)
		pkg = fn.Pkg()
		l.acts = !onlyComputes(fn)
		c.fn.derefs = c.fn.derefs || fn.Pkg().Path() == "time" // others go on when it sleeps
	} else if name := c.printName(x); name != "" {
		l.f, sig = reflect.ValueOf(c.src.Library("", name)), printSignature
	} else if fn, recv := c.method(x); fn != nil {
		if l.f = c.libraryMethod(fn); !l.f.IsValid() {
			return nil
		}
		sig, l.args = fn.Signature(), append(l.args, recv())
		l.acts = fn.Pkg() == nil || !closed[fn.Pkg().Path()] || !reading[fn.Name()]
		l.isDynamic = types.IsInterface(sig.Recv().Type())
	}
	if !l.f.IsValid() {
		return nil
	}
	for v := range sig.Results().Variables() {
		l.results = append(l.results, c.kindOf(v.Type()))
	}
	l.args = append(l.args, c.arguments(x, sig, pkg)...)
	for _, a := range x.Args {
		if hasMethods(c.src.Info.Types[a].Type) {
			l.acts, c.fn.derefs = true, true
		}
	}
	for i := 1; i < len(l.args); i++ {
		c.order(made(nil, nil, l.args[:i]...), l.args[i])
	}
	l.id = c.leaf(x)
	if slices.ContainsFunc(l.args, func(v value) bool { _, is := v.kind.(callbackKind); return is }) {
		c.fn.sites[l.id].value = func(*frame) unsafe.Pointer { return nil } // the frame knows what is called
		l.acts = true
	}
	return l
}

// packageObject is the function of a package that is called, or nil.
func (c *compiler) packageObject(x *ast.CallExpr) *types.Func {
	fun := ast.Unparen(x.Fun)
	if i, ok := fun.(*ast.IndexExpr); ok {
		fun = ast.Unparen(i.X)
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	fn, ok := c.src.Info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return nil
	}
	return fn
}

// packageFunc is a function of a package, and its signature where it is called.
func (c *compiler) packageFunc(fn *types.Func, x *ast.CallExpr) (reflect.Value, *types.Signature) {
	if sig, ok := c.src.Info.Types[x.Fun].Type.(*types.Signature); ok && fn.Signature().TypeParams() != nil {
		if fn.Pkg().Path() != "slices" {
			return reflect.Value{}, nil
		}
		return instance(fn.Name(), sig), sig
	}
	return reflect.ValueOf(c.src.Library(fn.Pkg().Path(), fn.Name())), fn.Signature()
}

// printName is the name of the function of the language that is called, if it
// prints.
func (c *compiler) printName(x *ast.CallExpr) string {
	id, ok := ast.Unparen(x.Fun).(*ast.Ident)
	if ok && c.src.Info.Types[x.Fun].IsBuiltin() && (id.Name == "print" || id.Name == "println") {
		return id.Name
	}
	return ""
}

var printSignature = types.NewSignatureType(nil, nil, nil, types.NewTuple(types.NewParam(0, nil, "", types.NewSlice(types.Universe.Lookup("any").Type()))), nil, true)

// libraryMethod is a method of a type of a package as a function.
func (c *compiler) libraryMethod(fn *types.Func) reflect.Value {
	recv := types.Unalias(fn.Signature().Recv().Type())
	if isError(recv) {
		c.fn.derefs = true // the error may be one of the interpreter's
		return reflect.ValueOf(error.Error)
	}
	p, isPointer := recv.(*types.Pointer)
	if isPointer {
		recv = p.Elem()
	}
	t := c.libraryNamed(recv)
	if t == nil {
		return reflect.Value{}
	}
	if !isPointer {
		t = t.Elem()
	}
	m, _ := t.MethodByName(fn.Name())
	return m.Func
}

// libraryNamed returns the type of pointers to values of a type of a package, or
// nil. Methods of package reflect look into values as the interpreter has them.
func (c *compiler) libraryNamed(t types.Type) reflect.Type {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || types.IsInterface(n) || n.Obj().Pkg().Path() == "reflect" || c.src.User(n.Obj()) || n.TypeArgs() != nil {
		return nil
	}
	p := reflect.TypeOf(c.src.Library(n.Obj().Pkg().Path(), n.Obj().Name()))
	if p == nil || p.Kind() != reflect.Pointer {
		return nil
	}
	c.fn.derefs = c.fn.derefs || !isClosed(n.Obj().Pkg())
	return p
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// arguments compiles the arguments of a function of a package.
func (c *compiler) arguments(x *ast.CallExpr, sig *types.Signature, pkg *types.Package) (args []value) {
	params := sig.Params()
	n := params.Len()
	if sig.Recv() != nil && sig.Variadic() && hasMethods(params.At(n-1).Type()) {
		panic(unsupported("a method of any values"))
	}
	if sig.Variadic() && !x.Ellipsis.IsValid() {
		n--
	}
	if len(x.Args) < n || len(x.Args) > n && n == params.Len() {
		panic(unsupported("a call with other arguments than parameters"))
	}
	for i, a := range x.Args[:n] {
		args = append(args, c.argument(a, params.At(i).Type(), pkg))
	}
	if n < params.Len() {
		args = append(args, c.variadic(x.Args[n:], params.At(n).Type().(*types.Slice)))
	}
	return args
}

// argument is an argument that is not variadic, of a function of pkg or of a
// method.
func (c *compiler) argument(x ast.Expr, t types.Type, pkg *types.Package) value {
	if sig, ok := t.Underlying().(*types.Signature); ok {
		if pkg == nil || !isClosed(pkg) {
			panic(unsupported("a function that may be kept"))
		}
		return c.callback(x, sig)
	}
	if i, ok := t.Underlying().(*types.Interface); ok && i.NumMethods() == 0 && pkg != nil && pkg.Path() == "sort" {
		return c.sortable(x)
	}
	if !types.IsInterface(t) || isError(t) {
		return c.exprOf(x, t)
	}
	p, ok := types.Unalias(c.src.Info.Types[x].Type).(*types.Pointer)
	if ok && types.TypeString(t, nil) == "io.Writer" {
		if w := c.libraryNamed(p.Elem()); w != nil && w.Implements(reflect.TypeFor[io.Writer]()) {
			return c.writer(x, w.Elem())
		}
	}
	panic(unsupported("a parameter of type " + t.String()))
}

// writer is a pointer to a value of a type of a package, as a writer.
func (c *compiler) writer(x ast.Expr, t reflect.Type) value {
	v := c.expr(x)
	f := code[unsafe.Pointer](v)
	return made(interfaceKind{interfaceRep}, func(fr *frame) iface {
		w := reflect.NewAt(t, f(fr)).Interface().(io.Writer)
		return *(*iface)(unsafe.Pointer(&w))
	}, v)
}

// variadic is the last arguments as a slice.
func (c *compiler) variadic(list []ast.Expr, t *types.Slice) value {
	k := c.kindOf(t).(sliceKind)
	if len(list) == 0 {
		return k.zero()
	}
	var xs []value
	for _, a := range list {
		var v value
		if types.IsInterface(t.Elem()) {
			v = c.boxed(a)
		} else {
			v = c.exprOf(a, t.Elem())
		}
		c.order(made(nil, nil, xs...), v)
		xs = append(xs, v)
	}
	if types.IsInterface(t.Elem()) {
		return made(k, rep[any]{}.literal(xs), xs...)
	}
	return made(k, k.elem.literal(xs), xs...)
}

// looks reports whether the call reads memory that a later call may change.
func (l *libraryCall) looks() bool {
	for _, v := range l.args {
		switch v.kind.(type) {
		case number, bools, stringsKind:
		default:
			return true
		}
		if v.reads || v.looks {
			return true
		}
	}
	return false
}

// value is the call as an expression.
func (l *libraryCall) value(c *compiler) value {
	if len(l.results) != 1 {
		panic(unsupported("a call of other than one result"))
	}
	k := l.results[0]
	v := made(k, nil, l.args...)
	v.calls, v.reads, v.looks = v.calls || l.acts, false, l.looks()
	if s, ok := signatures[lettersOf(l.f.Type())]; ok {
		v.code = k.as(s.call(l.f, l.id, l.args))
		return v
	}
	t := c.temp(k)
	v.code = k.after(l.reflected([]*local{t}), t.value().code)
	return v
}

// stmt is the call as a statement that assigns its results to variables; those
// for which there is none are dropped.
func (l *libraryCall) stmt(to []*local) stmt {
	s := l.assigned(to)
	if !l.acts {
		return s
	}
	fn := l.fn
	return func(fr *frame) ctl {
		s(fr)
		if fr.stop.Load() != goOn { // it may have waited
			fn.m.interrupted(fr, nil)
		}
		return next
	}
}

func (l *libraryCall) assigned(to []*local) stmt {
	if s, ok := signatures[lettersOf(l.f.Type())]; ok {
		return s.assign(s.call(l.f, l.id, l.args), to)
	}
	return l.reflected(to)
}

// reflected is the call by package reflect, which knows all signatures.
func (l *libraryCall) reflected(to []*local) stmt {
	f, id, t := l.f, l.id, l.f.Type()
	call := f.Call
	if t.IsVariadic() {
		call = f.CallSlice
	}
	var moves []func(*frame, reflect.Type) reflect.Value
	for _, v := range l.args {
		moves = append(moves, v.kind.moved(v))
	}
	results := make([]port, len(l.results))
	for i, v := range to {
		if v != nil {
			results[i] = port{t: t.Out(i), in: v.kind.in(v.slot, t.Out(i))}
		}
	}
	return func(fr *frame) ctl {
		args := make([]reflect.Value, len(moves))
		for i, m := range moves {
			args[i] = m(fr, t.In(i))
		}
		fr.at = id
		for i, r := range call(args) {
			if results[i].in != nil {
				results[i].put(fr, r)
			}
		}
		return next
	}
}

// several compiles a call of any number of results, up to what must be done
// before; move makes it and assigns the results to variables, nil ones are
// dropped.
func (c *compiler) several(x *ast.CallExpr) (move func(to []*local) stmt, before []stmt) {
	if l := c.library(x); l != nil {
		return l.stmt, nil
	}
	s, before := c.userCall(x)
	if s == nil {
		panic(unsupported("this call of several results"))
	}
	return func(to []*local) stmt { return c.moveResults(s, to) }, before
}

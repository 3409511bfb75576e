package closures

import (
	"go/ast"
	"go/types"
	"reflect"
	"unsafe"
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
	return made(pointerKind{pointerRep, want.Underlying().(*types.Pointer).Elem()}, m.addr, m.from)
}

// compiledMethod returns the compiled method that is called, or nil.
func (c *compiler) compiledMethod(x *ast.CallExpr) (*Func, func() value) {
	fn, recv := c.method(x)
	if fn == nil {
		return nil, nil
	}
	return c.compiled(c.src.Method(fn)), recv
}

// libraryMethod is a method of a type of a package, which wants the address of
// its receiver, without the receiver's type; or nil.
func (c *compiler) libraryMethod(x *ast.CallExpr) (f any, recv func() value) {
	fn, recv := c.method(x)
	if fn == nil {
		return nil, nil
	}
	p, ok := fn.Signature().Recv().Type().(*types.Pointer)
	if !ok {
		return nil, nil
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || c.src.User(n.Obj()) || n.TypeArgs() != nil {
		return nil, nil
	}
	t := reflect.TypeOf(c.src.Library(n.Obj().Pkg().Path(), n.Obj().Name()))
	if t == nil || t.Kind() != reflect.Pointer {
		return nil, nil
	}
	m, ok := t.MethodByName(fn.Name())
	if !ok {
		return nil, nil
	}
	return untyped(m.Func), recv
}

// untyped is a function of one of some signatures that takes a pointer of any
// type for its first argument, or nil. All pointers are passed in the same way.
func untyped(f reflect.Value) any {
	var in, out []reflect.Type
	for i := range f.Type().NumIn() {
		in = append(in, f.Type().In(i))
	}
	for i := range f.Type().NumOut() {
		out = append(out, f.Type().Out(i))
	}
	in[0] = reflect.TypeFor[unsafe.Pointer]()
	x := f.Interface()
	p := unsafe.Pointer(&(*iface)(unsafe.Pointer(&x)).data)
	switch reflect.FuncOf(in, out, f.Type().IsVariadic()) {
	case reflect.TypeFor[func(unsafe.Pointer)]():
		return *(*func(unsafe.Pointer))(p)
	case reflect.TypeFor[func(unsafe.Pointer) bool]():
		return *(*func(unsafe.Pointer) bool)(p)
	case reflect.TypeFor[func(unsafe.Pointer) int]():
		return *(*func(unsafe.Pointer) int)(p)
	case reflect.TypeFor[func(unsafe.Pointer) int64]():
		return *(*func(unsafe.Pointer) int64)(p)
	case reflect.TypeFor[func(unsafe.Pointer) string]():
		return *(*func(unsafe.Pointer) string)(p)
	case reflect.TypeFor[func(unsafe.Pointer, int)]():
		return *(*func(unsafe.Pointer, int))(p)
	case reflect.TypeFor[func(unsafe.Pointer, int64)]():
		return *(*func(unsafe.Pointer, int64))(p)
	case reflect.TypeFor[func(unsafe.Pointer, int64) int64]():
		return *(*func(unsafe.Pointer, int64) int64)(p)
	}
	return nil
}

// methodEffect compiles a call of a method of a package for what it does. It is
// nil for any other.
func (c *compiler) methodEffect(x *ast.CallExpr) stmt {
	f, recv := c.libraryMethod(x)
	if f == nil {
		return nil
	}
	c.fn.derefs = true
	switch f := f.(type) {
	case func(unsafe.Pointer):
		p := code[unsafe.Pointer](recv())
		return c.outside(x, func(fr *frame) { f(p(fr)) })
	case func(unsafe.Pointer, int):
		return methodWith(c, x, recv, f)
	case func(unsafe.Pointer, int64):
		return methodWith(c, x, recv, f)
	}
	return nil
}

func methodWith[T any](c *compiler, x *ast.CallExpr, recv func() value, f func(unsafe.Pointer, T)) stmt {
	r, v := recv(), c.exprOf(x.Args[0], c.paramOf(x, 0))
	c.order(r, v)
	p, a := code[unsafe.Pointer](r), code[T](v)
	return c.outside(x, func(fr *frame) {
		p := p(fr)
		f(p, a(fr))
	})
}

func (c *compiler) paramOf(x *ast.CallExpr, i int) types.Type {
	return c.src.Info.Types[x.Fun].Type.(*types.Signature).Params().At(i).Type()
}

// methodResult compiles a call of a method of a package for its result.
func (c *compiler) methodResult(x *ast.CallExpr) (value, bool) {
	f, recv := c.libraryMethod(x)
	if f == nil {
		return value{}, false
	}
	var result any
	switch f := f.(type) {
	case func(unsafe.Pointer) bool:
		result = methodOf(c, x, recv, f)
	case func(unsafe.Pointer) int:
		result = methodOf(c, x, recv, f)
	case func(unsafe.Pointer) int64:
		result = methodOf(c, x, recv, f)
	case func(unsafe.Pointer) string:
		result = methodOf(c, x, recv, f)
	default:
		return value{}, false
	}
	c.fn.derefs = true
	return value{kind: c.kindOf(c.src.Info.Types[x].Type), code: result, calls: true}, true
}

func methodOf[T any](c *compiler, x *ast.CallExpr, recv func() value, f func(unsafe.Pointer) T) any {
	p, id := code[unsafe.Pointer](recv()), c.leaf(x)
	return func(fr *frame) T {
		fr.at = id
		return f(p(fr))
	}
}

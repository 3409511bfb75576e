package closures

import (
	"go/ast"
	"go/types"
	"reflect"
	"unsafe"
)

// call compiles a call of one result.
func (c *compiler) call(x *ast.CallExpr) value {
	fun := c.src.Info.Types[x.Fun]
	switch {
	case fun.IsType():
		return c.conversion(x, fun.Type)
	case fun.IsBuiltin():
		return c.builtin(x)
	}
	if l := c.library(x); l != nil {
		return l.value(c)
	}
	s, before := c.userCall(x)
	if s == nil || len(s.fn.results) != 1 {
		panic(unsupported("this call"))
	}
	k := s.fn.kinds[0]
	result := k.result(s, s.fn.results[0])
	if len(before) > 0 {
		result = k.after(seq(before), result)
	}
	v := value{kind: k, code: result, calls: true}
	if _, ok := k.(aggregate); ok { // the next call may overwrite it
		copied := c.temp(k)
		v.code = k.after(k.set(copied.slot, v), copied.value().code)
	}
	return v
}

// userCall compiles a call of a function of the user's that is compiled too, up
// to what must be done before. It is nil for any other.
func (c *compiler) userCall(x *ast.CallExpr) (s *site, before []stmt) {
	s, args, before := c.begin(x)
	if s == nil {
		return nil, nil
	}
	fn := s.fn
	if x.Ellipsis.IsValid() || fn.Sig.Variadic() || len(args)+len(x.Args) != len(fn.params) {
		panic(unsupported("a call with other arguments than parameters"))
	}
	for _, a := range x.Args {
		args = append(args, c.exprOf(a, fn.Sig.Params().At(len(args)).Type()))
	}
	s.id, s.where = int32(len(c.fn.sites)), c.place(x.Pos())
	c.fn.sites = append(c.fn.sites, s)
	// Calls are made first: they would use the frame that holds the arguments.
	called := value{}
	for i, v := range args {
		if v.calls || c.postponing || v.looks && made(nil, nil, args[i+1:]...).calls {
			c.order(called, v)
			called = made(nil, nil, called, v)
			args[i] = c.copied(v, &before)
		}
	}
	for i, v := range args {
		s.pass = append(s.pass, v.kind.pass(fn.params[i], v))
	}
	return s, before
}

// begin begins the compilation of a call: with what is called and, for a method,
// the receiver. The site is nil if neither is compiled.
func (c *compiler) begin(x *ast.CallExpr) (s *site, args []value, before []stmt) {
	if fn := c.callee(x); fn != nil {
		return &site{fn: fn}, nil, nil
	}
	if method, recv := c.compiledMethod(x); method != nil {
		return &site{fn: method}, []value{recv()}, nil
	}
	v, ok := c.called(x.Fun)
	if !ok {
		return nil, nil, nil
	}
	if v.calls || c.postponing {
		v = c.copied(v, &before)
	}
	return c.valueSite(v), nil, before
}

// callee returns the compiled function that is called, or nil.
func (c *compiler) callee(x *ast.CallExpr) *Func {
	fun := ast.Unparen(x.Fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		fun = ast.Unparen(f.X)
	case *ast.IndexListExpr:
		fun = ast.Unparen(f.X)
	}
	id, ok := fun.(*ast.Ident)
	if !ok {
		return nil
	}
	return c.compiled(c.src.Callee(id))
}

// compiled returns the compiled function of a name, or nil.
func (c *compiler) compiled(name string) *Func {
	if name == "" {
		return nil
	}
	if f := c.own[name]; f != nil {
		return f
	}
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	return c.m.funcs[name]
}

// conversion is T(x).
func (c *compiler) conversion(x *ast.CallExpr, t types.Type) value {
	if tv := c.src.Info.Types[x.Args[0]]; tv.IsNil() || tv.Value != nil && basicOf(t) != nil && basicOf(t).Info()&types.IsString == 0 {
		return c.exprOf(x.Args[0], t)
	}
	if types.IsInterface(t) {
		return c.exprOf(x.Args[0], t)
	}
	v := c.expr(x.Args[0])
	switch k := c.held(t).(type) {
	case number:
		if _, ok := v.kind.(number); ok {
			return made(k, k.convert(v), v)
		}
	case bools:
		return v
	case stringsKind:
		return made(k, toString(v), v)
	case pointerKind:
		if from, ok := v.kind.(pointerKind); ok && !c.src.Loose(from.elem) && !c.src.Loose(k.elem) {
			v.kind = k
			return v
		}
	case aggregate, mapKind, funcKind:
		if reflect.TypeOf(v.kind) == reflect.TypeOf(k) { // not an array of a slice
			v.kind = k
			return v
		}
	case sliceKind:
		switch v.kind.(type) {
		case sliceKind:
			return v
		case stringsKind:
			return made(k, fromString(k, v), v)
		}
	}
	panic(unsupported("this conversion"))
}

func basicOf(t types.Type) *types.Basic {
	b, _ := t.Underlying().(*types.Basic)
	return b
}

// builtin is a call of a function that the language has.
func (c *compiler) builtin(x *ast.CallExpr) value {
	id, ok := ast.Unparen(x.Fun).(*ast.Ident)
	if !ok {
		panic(unsupported("this call"))
	}
	switch id.Name {
	case "len", "cap":
		if c.isArray(x.Args[0]) {
			panic(unsupported("the length of an array that is not a constant"))
		}
		v := c.expr(x.Args[0])
		switch {
		case id.Name == "cap":
			return made(intKind, capacity(v), v)
		default:
			return length(v)
		}
	case "new":
		return c.newCall(x)
	case "min", "max":
		return c.extreme(x, id.Name == "max")
	case "append":
		return c.appendCall(x)
	case "copy":
		s, t := c.expr(x.Args[0]), c.expr(x.Args[1])
		c.order(s, t)
		k := s.kind.(sliceKind)
		if _, ok := t.kind.(stringsKind); ok {
			t = made(k, bytesOf(t), t)
		}
		return made(intKind, k.elem.copyTo(s, t), s, t)
	case "make":
		return c.makeCall(x)
	case "recover":
		return c.recoverCall()
	}
	panic(unsupported("function " + id.Name))
}

func (c *compiler) extreme(x *ast.CallExpr, larger bool) value {
	t := c.src.Info.Types[x].Type
	k, ok := c.kindOf(t).(number)
	if !ok {
		panic(unsupported("min and max of strings"))
	}
	var args []value
	for i, a := range x.Args {
		args = append(args, c.exprOf(a, t))
		c.order(made(k, nil, args[:i]...), args[i])
	}
	return made(k, k.extreme(larger, args), args...)
}

func (c *compiler) appendCall(x *ast.CallExpr) value {
	t := c.src.Info.Types[x].Type
	s := c.exprOf(x.Args[0], t)
	k := s.kind.(sliceKind)
	elem := t.Underlying().(*types.Slice).Elem()
	if x.Ellipsis.IsValid() {
		if c.isMake(x.Args[1]) {
			panic(unsupported("append of what make returns, which fails as growing does"))
		}
		if elem = t; c.src.Info.Types[x.Args[1]].Value != nil {
			elem = types.Typ[types.String]
		}
	}
	var xs []value
	for _, a := range x.Args[1:] {
		xs = append(xs, c.exprOf(a, elem))
	}
	if len(xs) == 0 {
		return s
	}
	before := c.callsFirst(s, xs)
	all := made(k, nil, append(xs, s)...)
	switch _, isString := xs[0].kind.(stringsKind); {
	case !x.Ellipsis.IsValid():
		all.code = k.elem.appendTo(s, xs)
	case isString:
		all.code = k.elem.appendAll(s, made(k, bytesOf(xs[0]), xs[0]))
	default:
		all.code = k.elem.appendAll(s, xs[0])
	}
	if len(before) > 0 {
		all.code, all.calls = k.after(seq(before), all.code), true
	}
	return all
}

// callsFirst makes the calls in xs first if they may change what x reads, see
// ordered.
func (c *compiler) callsFirst(x value, xs []value) (before []stmt) {
	first := x.reads && made(nil, nil, xs...).calls
	for i, v := range xs {
		earlier := made(nil, nil, xs[:i]...)
		c.order(earlier, v)
		if !first || !v.calls {
			continue
		}
		if x.calls || x.looks || earlier.looks {
			panic(unsupported("an operand that a later call may change"))
		}
		xs[i] = c.hold(v, &before)
	}
	return before
}

func (c *compiler) isMake(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	return ok && id.Name == "make" && c.src.Info.Types[call.Fun].IsBuiltin()
}

func (c *compiler) makeCall(x *ast.CallExpr) value {
	if m, ok := c.kindOf(c.src.Info.Types[x].Type).(mapKind); ok {
		n := intKind.zero()
		if len(x.Args) == 2 {
			n = c.exprOf(x.Args[1], c.integerType(x.Args[1]))
		}
		return made(m, m.entries().make(n), n)
	}
	k, ok := c.kindOf(c.src.Info.Types[x].Type).(sliceKind)
	if !ok || len(x.Args) < 2 {
		panic(unsupported("make of this"))
	}
	n := c.exprOf(x.Args[1], c.integerType(x.Args[1]))
	most := n
	if len(x.Args) == 3 {
		most = c.exprOf(x.Args[2], c.integerType(x.Args[2]))
		c.order(n, most)
	} else if n.calls {
		panic(unsupported("make of a computed length"))
	}
	return made(k, k.elem.make(n, most, c.place(x.Pos())), n, most)
}

// length is len(x).
func length(x value) value {
	switch x.kind.(type) {
	case sliceKind:
		if x.slot != nil { // it is a variable, the second word of the slice
			at := slot{number: x.slot.number}
			return value{kind: intKind, code: intKind.local(at), slot: &at}
		}
		f := code[slice](x)
		return made(intKind, func(fr *frame) int { return f(fr).len }, x)
	case stringsKind:
		f := code[string](x)
		return made(intKind, func(fr *frame) int { return len(f(fr)) }, x)
	case mapKind:
		f := code[unsafe.Pointer](x)
		v := made(intKind, func(fr *frame) int { return len(entries[int, int]{}.of(f(fr))) }, x)
		v.reads = true
		return v
	}
	panic(unsupported("the length of this"))
}

func capacity(x value) any {
	if _, ok := x.kind.(sliceKind); !ok {
		panic(unsupported("the capacity of this"))
	}
	f := code[slice](x)
	return func(fr *frame) int { return f(fr).cap }
}

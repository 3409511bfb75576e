package closures

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"slices"
	"unsafe"
)

// Source is what the compiler must know of the code of a unit.
type Source struct {
	Info  *types.Info
	Place func(token.Pos) int // the number by which failures name a line
	// Callee returns the engine's name of the function of the user that an
	// identifier stands for, or "".
	Callee func(*ast.Ident) string
	// Global returns the engine's name of a variable outside functions, or "".
	Global func(types.Object) string
	// Library returns a compiled function of a package, or nil.
	Library func(path, name string) any
	// Method returns the engine's name of a method of the user's, or "".
	Method func(*types.Func) string
	// User reports whether a type is declared by the user.
	User func(*types.TypeName) bool
	// Loose reports whether the interpreter has values of another type for those
	// of this one.
	Loose func(types.Type) bool
}

// Decl is a function to compile.
type Decl struct {
	Syntax  *ast.FuncDecl
	Name    string // the engine's
	Display string
	Sig     *types.Signature
}

// Unit is what was compiled of a cell.
type Unit struct {
	Number  int
	Funcs   []*Func
	Globals []*Global
	Outers  []*Outer

	m   *Machine
	src Source
	own map[string]*Func
	// exits are functions by their types that call funcs outside.
	exits map[*types.Signature]*Func
}

// Global is a variable outside functions that compiled code uses.
type Global struct {
	Name string // the engine's
	Type types.Type
	addr unsafe.Pointer
	foreign
}

// Compile compiles those of the functions that can be compiled.
func (m *Machine) Compile(number int, src Source, decls []Decl) *Unit {
	u := &Unit{Number: number, m: m, src: src, own: map[string]*Func{}, exits: map[*types.Signature]*Func{}}
	for _, d := range decls {
		if try(func() { u.own[d.Name] = newFunc(u, d.Name, d.Display, d.Sig) }) != nil {
			delete(u.own, d.Name)
		} else {
			u.own[d.Name].recovers = d.Syntax.Body != nil && u.recovers(d.Syntax.Body)
		}
	}
	for _, d := range decls {
		if f := u.own[d.Name]; f != nil {
			if try(func() { u.function(f, d.Syntax) }) != nil {
				delete(u.own, d.Name)
			}
		}
	}
	// A function that cannot be compiled takes those with it that call it.
	for n := 0; n != len(u.own); {
		n = len(u.own)
		for name, f := range u.own {
			if !f.complete(u) {
				delete(u.own, name)
			}
		}
	}
	for _, d := range decls {
		if f := u.own[d.Name]; f != nil {
			u.Funcs = append(u.Funcs, f)
		}
	}
	return u
}

// Index returns the number of the function of a name, or -1.
func (u *Unit) Index(name string) int {
	return slices.IndexFunc(u.Funcs, func(f *Func) bool { return f.Name == name })
}

// calls reports whether f calls compiled functions.
func (f *Func) calls() bool {
	return slices.ContainsFunc(f.sites, func(s *site) bool { return s.fn != nil })
}

// complete reports whether all functions that f calls or mentions are compiled.
func (f *Func) complete(u *Unit) bool {
	for _, s := range f.sites {
		if s.fn != nil && s.value == nil && !s.fn.isIn(u) {
			return false
		}
	}
	for _, fn := range f.mentions {
		if !fn.isIn(u) || fn.Name == "" && !fn.complete(u) {
			return false
		}
	}
	return true
}

// isIn reports whether f is compiled, if it is one of a unit's functions.
func (f *Func) isIn(u *Unit) bool { return f.unit != u || f.Name == "" || u.own[f.Name] != nil }

// Add makes the functions of a unit callable by those of later ones. The code
// of the unit is not needed any more: a session has thousands.
func (m *Machine) Add(u *Unit) {
	u.src = Source{Loose: u.src.Loose}
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, f := range u.own {
		m.funcs[name] = f
	}
}

// Bind gives a unit an address: of its n-th entry, or of a global or a variable
// that holds an interpreted function, which are counted on. It must be given all
// before the unit is added. The error is ErrMemory if that cannot be.
func (u *Unit) Bind(n int, addr any) error {
	if n < len(u.Funcs) {
		return u.Funcs[n].Bind(addr)
	}
	if n -= len(u.Funcs); n < len(u.Globals) {
		return u.bindGlobal(u.Globals[n], reflect.ValueOf(addr))
	}
	return u.bindOuter(u.Outers[n-len(u.Globals)], reflect.ValueOf(addr).Elem())
}

// try returns why f could not compile something. What nobody thought of is left to
// the interpreter, too: it must not end the session.
func try(f func()) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case unsupported:
			err = fmt.Errorf("cannot compile %s", string(v))
		case runtime.Error:
			err = v
		default:
			panic(v)
		}
	}()
	f()
	return nil
}

// compiler compiles one function.
type compiler struct {
	*Unit
	fn      *Func
	vars    map[types.Object]*local
	room    layout
	results []*local
	jumps   []jump // of the loops and switches round a statement, innermost last
	labels  map[ast.Stmt]*ast.Ident
	next    ctl  // the next free pair of branches
	isLoop  bool // it is a loop by itself
	// branchesIn counts the branches round a statement, inside the innermost loop.
	branchesIn int
	loops      bool // it has loops

	heap map[types.Object]bool // variables that lie outside the frame; see shared.go
	// holding is where the operands of a place are held, if it is assigned to
	// later; alone says that nothing else is assigned to before.
	holding *[]stmt
	alone   bool

	around     *compiler    // of the function round a literal
	deferring  *deferring   // nil if nothing is deferred
	spot       *ast.FuncLit // a literal that is deferred where it stands
	panicking  int          // where the frame has the panic that may be recovered
	postponing bool         // operands are held until the end of the function
}

// local is a variable of the function being compiled. The slot of one on the
// heap has its address.
type local struct {
	kind kind
	slot slot
	heap bool
}

// newCompiler begins with the frame: with the results and parameters.
func newCompiler(u *Unit, f *Func) *compiler {
	c := &compiler{Unit: u, fn: f, vars: map[types.Object]*local{}, labels: map[ast.Stmt]*ast.Ident{}, next: branches}
	for _, k := range f.kinds {
		c.room.take(k)
	}
	return c
}

// function compiles a declared function.
func (u *Unit) function(f *Func, d *ast.FuncDecl) {
	if d.Body == nil {
		panic(unsupported("a function without a body"))
	}
	c := newCompiler(u, f)
	c.body(c.named(d.Type.Results), append(c.named(d.Recv), c.named(d.Type.Params)...), nil, d.Body)
	calls := c.loops || f.calls()
	if f.leaves && !calls {
		panic(unsupported("what is only a call of an interpreted function"))
	}
	f.Entered = calls && !f.recovers
}

// body compiles the body of a function, whose frame begins with its results, its
// parameters, and the addresses of the variables that it has captured.
func (c *compiler) body(results, params, captured []types.Object, body *ast.BlockStmt) {
	f := c.fn
	var zero []stmt
	c.shared(body)
	c.capture(captured)
	var leave []stmt
	for i, s := range f.results {
		v := &local{kind: f.kinds[i], slot: s}
		if obj := results[i]; obj != nil {
			zero = append(zero, c.bind(obj, v, v.kind.zero()))
			if in := c.vars[obj]; in.heap {
				leave = append(leave, v.kind.set(s, in.value()))
				v = in
			}
		}
		c.results = append(c.results, v)
	}
	for i, s := range f.params {
		v := &local{kind: f.kinds[len(f.results)+i], slot: s}
		if obj := params[i]; obj != nil {
			if s := c.bind(obj, v, value{}); s != nil {
				zero = append(zero, s)
			}
		}
	}
	zero = append(zero, c.enterRecovering(body)...)
	zero = append(zero, c.enterDeferring(body)...)
	f.body = c.withDeferred(seq(append(zero, c.block(body.List))))
	if len(leave) > 0 {
		body, leave := f.body, seq(leave)
		f.body = func(fr *frame) ctl { body(fr); return leave(fr) }
	}
	f.size = c.frameSize()
}

// frameSize is the size of the frame when all variables have their places.
func (c *compiler) frameSize() size {
	s := c.room.size()
	if s == tooLarge {
		panic(unsupported("so many variables"))
	}
	return s
}

// named returns the variables of parameters or results, nil for those without
// names.
func (c *compiler) named(list *ast.FieldList) []types.Object {
	var vars []types.Object
	if list == nil {
		return nil
	}
	for _, f := range list.List {
		if f.Names == nil {
			vars = append(vars, nil)
		}
		for _, id := range f.Names {
			vars = append(vars, c.src.Info.Defs[id])
		}
	}
	return vars
}

// temp makes a variable without a name.
func (c *compiler) temp(k kind) *local { return &local{kind: k, slot: c.room.take(k)} }

// hold computes a value into a variable, if it is not one or a constant.
func (c *compiler) hold(x value, out *[]stmt) value {
	if x.konst != nil {
		return x
	}
	v := c.temp(x.kind)
	*out = append(*out, x.kind.set(v.slot, x))
	return v.value()
}

// value reads a variable.
func (v *local) value() value {
	if v.heap {
		return v.memory().value()
	}
	s := v.slot
	return value{kind: v.kind, code: v.kind.local(s), slot: &s}
}

func (c *compiler) set(v *local, x value) stmt {
	if v.heap {
		return v.kind.store(v.memory().addr, x)
	}
	return v.kind.set(v.slot, x)
}

func (c *compiler) place(pos token.Pos) place { return place(c.src.Place(pos)) }

// scoped compiles something whose variables are not needed behind it.
func (c *compiler) scoped(f func() stmt) stmt {
	numbers, pointers := c.room.numbers, c.room.pointers
	s := f()
	if d := c.deferring; d != nil {
		numbers, pointers = max(numbers, d.numbers), max(pointers, d.pointers)
	}
	c.room.numbers, c.room.pointers = numbers, pointers
	return s
}

// global returns the variable outside functions of a name.
func (c *compiler) global(obj types.Object) *Global {
	name := c.src.Global(obj)
	if name == "" {
		panic(unsupported("variable " + obj.Name()))
	}
	c.fn.globals[name] = true
	for _, g := range c.Globals {
		if g.Name == name {
			return g
		}
	}
	g := &Global{Name: name, Type: obj.Type()}
	c.kindOutside(obj.Type(), nil)
	c.Globals = append(c.Globals, g)
	return g
}

func (g *Global) pointer(*frame) unsafe.Pointer { return g.addr }

// bindGlobal says where a variable is.
func (u *Unit) bindGlobal(g *Global, addr reflect.Value) error {
	g.addr, g.t = addr.UnsafePointer(), addr.Type().Elem()
	return u.demand("variable "+g.Name, g.Type, g.t)
}

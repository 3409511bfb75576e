package closures

import (
	"go/ast"
	"go/token"
	"go/types"
	"unsafe"
)

// Region is a loop or a function literal of an interpreted function, compiled by
// itself. The interpreter calls it with the addresses of its own variables; a
// literal's is a function that makes it:
//
//	for i := range n { sum += x[i] }        ꞏloop(&n, &sum, &x)
//	f := func(i int) { sum += x[i] }        f := ꞏmake(&sum, &x)
type Region struct {
	*Func
	Vars []types.Object // of the function round it, whose addresses it takes
}

// CompileLoop compiles a loop if it can. Its variables from outside are in its
// frame while it runs, and get their values when it ends in whatever way; those
// that it calls functions to change stay where they are.
func (u *Unit) CompileLoop(s ast.Stmt, display string) (l *Region, ok bool) {
	globals := len(u.Globals)
	outside := map[string]bool{}
	for {
		if try(func() { l = u.loop(s, display, outside) }) != nil {
			u.Globals = u.Globals[:globals]
			return nil, false
		}
		if !l.touched(outside) {
			u.Funcs = append(u.Funcs, l.Func)
			return l, true
		}
	}
}

// all stands for all variables from outside a loop.
const all = ""

// touched adds the variables of the session that called functions use, or all if
// pointers are followed or the interpreter is called: these may lead to any
// variable. It reports whether there are new ones.
func (l *Region) touched(outside map[string]bool) bool {
	known := members(outside)
	seen := map[*Func]bool{}
	var visit func(*Func)
	visit = func(f *Func) {
		if seen[f] {
			return
		}
		seen[f] = true
		if f.leaves || f.derefs {
			outside[all] = true
		}
		for name := range f.globals {
			outside[name] = outside[name] || f != l.Func
		}
		for _, s := range f.sites {
			if s.fn != nil {
				visit(s.fn)
			}
		}
	}
	visit(l.Func)
	return members(outside) > known
}

func members(set map[string]bool) (n int) {
	for _, in := range set {
		if in {
			n++
		}
	}
	return n
}

func (u *Unit) loop(s ast.Stmt, display string, outside map[string]bool) *Region {
	free, assigned := u.free(s)
	l := u.region(free, nil, display)
	l.inside = true
	c := newCompiler(u, l.Func)
	c.isLoop = true
	c.shared(s)
	var enter, leave []stmt
	for i, obj := range append(l.Vars[:len(l.Vars):len(l.Vars)], free...) {
		name := u.src.Global(obj)
		if c.vars[obj] != nil {
			continue
		}
		var v *foreign
		if i < len(l.Vars) {
			v = l.outside[i]
		}
		k := c.kindOutside(obj.Type(), v)
		_, whole := k.(aggregate)
		if _, isFunc := k.(funcKind); whole || isFunc || outside[all] || outside[name] || c.heap[obj] {
			if name == "" {
				c.vars[obj] = &local{kind: k, slot: l.params[i], heap: true}
			}
			continue
		}
		addr := c.address(obj, l.params, i)
		enter = append(enter, c.define(obj, value{kind: k, code: k.load(addr)}))
		if in := c.vars[obj]; assigned[obj] {
			leave = append(leave, in.kind.store(addr, in.value()))
		}
	}
	before, body, after := seq(enter), c.stmt(s), seq(leave)
	l.body = func(fr *frame) ctl {
		before(fr)
		defer after(fr)
		return body(fr)
	}
	l.size = c.frameSize()
	return l
}

// CompileLiteral compiles a function literal if it can.
func (u *Unit) CompileLiteral(x *ast.FuncLit, display string) (l *Region, ok bool) {
	globals := len(u.Globals)
	if try(func() { l = u.literal(x, display) }) != nil {
		u.Globals = u.Globals[:globals]
		return nil, false
	}
	u.Funcs = append(u.Funcs, l.Func)
	return l, true
}

func (u *Unit) literal(x *ast.FuncLit, display string) *Region {
	free, _ := u.free(x)
	t := types.NewParam(token.NoPos, nil, "", u.src.Info.Types[x].Type)
	l := u.region(free, types.NewTuple(t), display)
	c := newCompiler(u, l.Func)
	for i, obj := range l.Vars {
		c.vars[obj] = &local{kind: c.kindOutside(obj.Type(), l.outside[i]), slot: l.params[i], heap: true}
	}
	l.body = pointerRep.set(l.results[0], c.funcLit(x))
	l.size = c.frameSize()
	return l
}

// region begins a region that uses variables from outside.
func (u *Unit) region(free []types.Object, results *types.Tuple, display string) *Region {
	l := &Region{}
	var params []*types.Var
	var outside []*foreign
	for _, obj := range free {
		if u.src.Global(obj) == "" {
			l.Vars = append(l.Vars, obj)
			outside = append(outside, &foreign{})
			params = append(params, types.NewParam(token.NoPos, nil, "", types.NewPointer(obj.Type())))
		}
	}
	l.Func = newFunc(u, "", display, types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), results, false))
	l.Entered, l.outside = true, outside
	return l
}

// address is that of a variable from outside a loop.
func (c *compiler) address(obj types.Object, params []slot, i int) func(*frame) unsafe.Pointer {
	if c.src.Global(obj) != "" {
		return c.global(obj).pointer
	}
	at := params[i].pointer
	return func(fr *frame) unsafe.Pointer { return *ptr(fr, at) }
}

// free returns the variables of a loop or a literal that are declared outside, in
// the order of their use, and which of them it assigns to.
func (u *Unit) free(s ast.Node) (free []types.Object, assigned map[types.Object]bool) {
	assigned = map[types.Object]bool{}
	seen := map[types.Object]bool{}
	assign := func(list ...ast.Expr) {
		for _, x := range list {
			if id, ok := ast.Unparen(x).(*ast.Ident); ok {
				assigned[u.src.Info.Uses[id]] = true
			}
		}
	}
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			assign(n.Lhs...)
		case *ast.IncDecStmt:
			assign(n.X)
		case *ast.RangeStmt:
			assign(n.Key, n.Value)
		case *ast.Ident:
			v, ok := u.src.Info.Uses[n].(*types.Var)
			if ok && !v.IsField() && !seen[v] && (v.Pos() < s.Pos() || v.Pos() >= s.End()) {
				seen[v] = true
				free = append(free, v)
			}
		}
		return true
	})
	return free, assigned
}

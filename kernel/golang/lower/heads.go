package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// head is what a statement does by itself, without the statements inside it.
type head struct {
	fails bool           // it can panic, or block for ever
	calls bool           // it may run code of the user
	mixed bool           // something of its own can fail after such a call
	made  []*ast.FuncLit // literals that lowering made of the user's statements
	exprs []ast.Node
}

// head examines the head of a statement. The tree is lowered already; parts
// that have no types any more are taken for dangerous.
func (l *lowerer) head(s ast.Stmt) head {
	var h head
	add := func(n ast.Node) {
		switch n := n.(type) {
		case nil:
		case ast.Stmt:
			if n != nil {
				h.exprs = append(h.exprs, n)
			}
		case ast.Expr:
			h.exprs = append(h.exprs, n)
		}
	}
	switch s := s.(type) {
	case *ast.BlockStmt, *ast.LabeledStmt, *ast.EmptyStmt, *ast.BranchStmt:
	case *ast.IfStmt:
		addStmt(&h, s.Init)
		add(s.Cond)
	case *ast.ForStmt:
		addStmt(&h, s.Init)
		if s.Cond != nil {
			add(s.Cond)
		}
		addStmt(&h, s.Post)
	case *ast.RangeStmt:
		add(s.X)
		_, isChan := l.typeOf(s.X).(*types.Chan)
		h.fails = isChan
	case *ast.SwitchStmt:
		addStmt(&h, s.Init)
		if s.Tag != nil {
			add(s.Tag)
		}
		for _, c := range s.Body.List {
			for _, x := range c.(*ast.CaseClause).List {
				add(x)
			}
		}
	case *ast.TypeSwitchStmt:
		addStmt(&h, s.Init)
		addStmt(&h, s.Assign)
	case *ast.SelectStmt:
		h.fails = true
		for _, c := range s.Body.List {
			addStmt(&h, c.(*ast.CommClause).Comm)
		}
	default:
		addStmt(&h, s)
	}
	for _, n := range h.exprs {
		ast.Inspect(n, func(n ast.Node) bool { return l.examine(&h, n) })
	}
	h.mixed = l.failsAfterCall(h.exprs)
	return h
}

func addStmt(h *head, s ast.Stmt) {
	if s != nil {
		h.exprs = append(h.exprs, s)
	}
}

// examine looks at one node of a head.
func (l *lowerer) examine(h *head, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		if !l.entered[n] {
			h.made = append(h.made, n)
			h.calls = true
		}
		return false
	case *ast.CallExpr:
		fails, calls := l.callEffect(n)
		h.fails, h.calls = h.fails || fails, h.calls || calls
	case *ast.IndexExpr:
		h.fails = h.fails || l.indexFails(n)
	case *ast.SliceExpr, *ast.TypeAssertExpr, *ast.SendStmt, *ast.GoStmt:
		h.fails = true
	case *ast.StarExpr:
		h.fails = h.fails || !l.info.Types[n].IsType()
	case *ast.UnaryExpr:
		h.fails = h.fails || n.Op == token.ARROW
	case *ast.SelectorExpr:
		sel := l.info.Selections[n]
		h.fails = h.fails || sel != nil && (sel.Indirect() || isPointer(sel.Recv()) || isPointer(l.typeOf(n.X)))
	case *ast.BinaryExpr:
		h.fails = h.fails || l.operatorFails(n.Op, n.X, n.Y)
	case *ast.IncDecStmt:
		_, isIndex := ast.Unparen(n.X).(*ast.IndexExpr)
		h.fails = h.fails || isIndex
	case *ast.AssignStmt:
		if len(n.Lhs) == 1 && len(n.Rhs) == 1 {
			h.fails = h.fails || l.operatorFails(assignOp[n.Tok], n.Lhs[0], n.Rhs[0])
		}
	}
	return true
}

var assignOp = map[token.Token]token.Token{
	token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM, token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR,
}

// operatorFails reports whether x op y can panic: an integer division by what
// may be zero, a shift by what may be negative, a comparison of interfaces.
func (l *lowerer) operatorFails(op token.Token, x, y ast.Expr) bool {
	switch op {
	case token.QUO, token.REM:
		return !isConstantSyntax(y) && !isFloat(l.typeOf(x)) && !isFloat(l.typeOf(y))
	case token.SHL, token.SHR:
		b, ok := l.typeOf(y).(*types.Basic)
		return !isConstantSyntax(y) && !(ok && b.Info()&types.IsUnsigned != 0)
	case token.EQL, token.NEQ:
		return holdsInterface(l.typeOf(x)) && holdsInterface(l.typeOf(y))
	}
	return false
}

func isFloat(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}

// holdsInterface reports whether comparing values of a type may compare
// interfaces.
func holdsInterface(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Array:
		return holdsInterface(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if holdsInterface(f.Type()) {
				return true
			}
		}
	}
	return false
}

// indexFails reports whether an index expression can panic.
func (l *lowerer) indexFails(n *ast.IndexExpr) bool {
	switch t := l.container(n).(type) {
	case *types.Map:
		return l.places[n] || holdsInterface(t.Key())
	case *types.Array:
		return !isConstantSyntax(n.Index)
	case *types.Signature:
		return false
	}
	return true
}

// container returns the type of what is indexed, also if that was replaced.
func (l *lowerer) container(n *ast.IndexExpr) types.Type {
	if t := l.containers[n]; t != nil {
		return t.Underlying()
	}
	return l.typeOf(n.X)
}

// failsAfterCall reports whether something that is not a call can fail behind a
// call, in the order of evaluation.
func (l *lowerer) failsAfterCall(nodes []ast.Node) bool {
	called, mixed := false, false
	var open []ast.Node
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			if _, isLit := n.(*ast.FuncLit); isLit {
				return false
			}
			if n != nil {
				open = append(open, n)
				return true
			}
			n, open = open[len(open)-1], open[:len(open)-1]
			if c, ok := n.(*ast.CallExpr); ok {
				_, calls := l.callEffect(c)
				called = called || calls
				return true
			}
			if u, ok := n.(*ast.UnaryExpr); ok && u.Op == token.ARROW {
				called = true // other goroutines run meanwhile
			}
			var own head
			if called {
				l.examine(&own, n)
				mixed = mixed || own.fails
			}
			return true
		})
	}
	return mixed
}

// callEffect tells whether a call can fail, and whether it may run code of the
// user.
func (l *lowerer) callEffect(n *ast.CallExpr) (fails, calls bool) {
	if tv := l.info.Types[n.Fun]; tv.IsType() {
		return l.conversionFails(n), false
	}
	switch f := ast.Unparen(n.Fun).(type) {
	case *ast.Ident:
		obj := l.info.Uses[f]
		if obj == nil {
			obj = types.Universe.Lookup(f.Name)
		}
		switch obj.(type) {
		case *types.TypeName:
			return false, false
		case *types.Builtin:
			return builtinFails[f.Name], false
		}
	case *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.FuncType, *ast.InterfaceType:
		return true, false
	case *ast.SelectorExpr:
		if fn, ok := l.info.Uses[f.Sel].(*types.Func); ok && fn.Pkg() != nil && fn.Pkg() != l.pkg {
			return fn.Pkg().Path() != "math", mayCallBack(fn.Signature())
		}
	}
	return true, true
}

var builtinFails = map[string]bool{"panic": true, "close": true, "make": true, "delete": true}

// conversionFails reports whether a conversion can panic: of a slice to an
// array.
func (l *lowerer) conversionFails(n *ast.CallExpr) bool {
	switch t := l.typeOf(n).(type) {
	case *types.Array:
		return true
	case *types.Pointer:
		_, ok := t.Elem().Underlying().(*types.Array)
		return ok
	}
	return false
}

// mayCallBack reports whether a compiled function could be given code of the
// user to run.
func mayCallBack(sig *types.Signature) bool {
	if r := sig.Recv(); r != nil && types.IsInterface(r.Type()) {
		return true
	}
	for p := range sig.Params().Variables() {
		t := p.Type()
		if s, ok := t.Underlying().(*types.Slice); ok {
			t = s.Elem()
		}
		if _, ok := t.Underlying().(*types.Basic); !ok {
			return true
		}
	}
	return false
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

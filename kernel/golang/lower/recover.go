package lower

import (
	"go/ast"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// recover() works in a function that is itself the deferred call, not in one
// that the deferred call calls. Whose deferred call a function is, it learns
//
//   - where a literal is deferred on the spot, from the variable around it;
//   - where a declared function is called by its name, from a parameter more:
//     g is declared as gꞏby(by, …), the g that other code calls passes
//     rt.Deferred();
//   - anywhere else from rt.Deferred(), which knows the deferred call of this
//     goroutine that has just begun, if nobody has asked for it yet.

// recovers reports whether a function body calls recover itself, in the bodies
// of its loops over functions too.
func (l *lowerer) recovers(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return l.rangeBody[n] != nil
		case *ast.CallExpr:
			id, ok := ast.Unparen(n.Fun).(*ast.Ident)
			if ok {
				b, isBuiltin := l.info.Uses[id].(*types.Builtin)
				found = found || isBuiltin && b.Name() == "recover"
			}
		}
		return !found
	})
	return found
}

// recovering is what lowering knows of the functions that may recover.
type recovering struct {
	quiet       map[*types.Func]bool // declared functions and methods that do not
	named       map[*types.Func]bool // functions with a parameter more
	deferCallee map[*ast.DeferStmt]*types.Func
	byCalls     map[*ast.CallExpr]bool // calls with the argument more
	asks        map[*ast.CallExpr]bool // calls of recover
}

// surveyRecovering looks for recover in the declarations of the unit.
func (l *lowerer) surveyRecovering() {
	l.recovering = recovering{
		quiet: map[*types.Func]bool{}, named: map[*types.Func]bool{}, deferCallee: map[*ast.DeferStmt]*types.Func{},
		byCalls: map[*ast.CallExpr]bool{}, asks: map[*ast.CallExpr]bool{},
	}
	for _, d := range l.u.Nodes {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		obj, ok := l.info.Defs[fn.Name].(*types.Func)
		switch {
		case !ok:
		case !l.recovers(fn.Body):
			l.quiet[obj] = true
		case fn.Recv == nil && fn.Type.TypeParams == nil && l.u.TypeArgs(fn) == nil:
			l.named[obj] = true
		}
	}
}

// A deferred call reaches a function through a literal that makes the call, a
// method perhaps also through those that find it in an interface.
const (
	plainCall  = 2
	methodCall = 4
)

// byName is the parameter more, and the end of the name of a function with it.
const byName = "ꞏby"

// deferrer returns the variable by which a function that recovers knows whose
// deferred call it is, and the statement that declares it, if it needs one.
func (l *lowerer) deferrer(n ast.Node, body *ast.BlockStmt) (by string, setup ast.Stmt) {
	if body == nil || !l.recovers(body) {
		return "", nil
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		if fn, ok := l.info.Defs[n.Name].(*types.Func); ok && l.named[fn] {
			return byName, nil
		}
	case *ast.FuncLit:
		if l.deferred[n] && len(l.frames) > 0 {
			return l.frames[len(l.frames)-1].defers, nil
		}
		if l.called[n] {
			return "", nil
		}
	default:
		return "", nil
	}
	through := plainCall
	if d, ok := n.(*ast.FuncDecl); ok && d.Recv != nil {
		through = methodCall
	}
	by = l.temp("by")
	return by, define(list(ast.NewIdent(by)), l.helper("Deferred", intLit(through)))
}

// withDeferrer gives a declared function that recovers its parameter more, and
// declares the function that other code calls:
//
//	func g(x int) (r int) { return gꞏby(rt.Deferred(2), x) }
func (l *lowerer) withDeferrer(d *ast.FuncDecl) {
	fn, ok := l.info.Defs[d.Name].(*types.Func)
	if !ok || !l.named[fn] {
		return
	}
	sig, pos, name := fn.Signature(), d.Pos(), d.Name.Name
	c := call(ast.NewIdent(name+byName), append(list(l.helper("Deferred", intLit(plainCall))), paramNames(sig, 0)...)...)
	if sig.Variadic() {
		c.Ellipsis = ellipsis(pos)
	}
	l.helpers = append(l.helpers, &ast.FuncDecl{
		Name: &ast.Ident{Name: name, NamePos: d.Name.NamePos}, Type: l.signature(sig, pos, "ꞏa"), Body: block(l.result(sig, c)),
	})
	d.Name.Name += byName
	by := &ast.StarExpr{X: &ast.SelectorExpr{X: l.alias(HelperPath), Sel: ast.NewIdent("Defer")}}
	d.Type.Params.List = append([]*ast.Field{field(byName, by)}, d.Type.Params.List...)
}

// callRecovering passes a call by name of a function that recovers the
// parameter more: it is nobody's deferred call.
func (l *lowerer) callRecovering(n *ast.CallExpr) {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok || l.tupleArg[n] {
		return
	}
	if fn, ok := l.info.Uses[id].(*types.Func); ok && l.named[fn] {
		n.Fun = &ast.Ident{Name: id.Name + byName, NamePos: id.NamePos}
		n.Args = append(list(l.helper("Undeferred")), n.Args...)
		l.byCalls[n] = true
	}
}

// recoverCall asks for the panic of the function that deferred this one.
func (l *lowerer) recoverCall() ast.Expr {
	c := l.helper("NoPanic")
	if f := l.frames[len(l.frames)-1]; f.by != "" {
		c = call(&ast.SelectorExpr{X: ast.NewIdent(f.by), Sel: ast.NewIdent("Recover")})
	}
	l.asks[c] = true
	return c
}

// pushes returns the method that defers a call: a function of which it is not
// known that it does not recover must be able to ask for the panic.
func (l *lowerer) pushes(n *ast.DeferStmt) string {
	switch fn := l.deferCallee[n]; {
	case l.asks[n.Call]:
		return "PushRecover"
	case fn == nil || fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type()):
		return "PushCall"
	case !rt.IsUser(fn.Pkg()) || l.quiet[fn.Origin()] || l.byCalls[n.Call]:
		return "Push"
	}
	return "PushCall"
}

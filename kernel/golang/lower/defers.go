package lower

import (
	"go/ast"
	"go/token"
	"strconv"
)

// The interpreter runs deferred calls at the wrong moment, with the wrong
// arguments, and can lock itself up in them. A function that defers is
// therefore run by a compiled helper:
//
//	func f(x int) (r0 int) {
//		d := rt.Defers()
//		body := func() {
//			…                          // the function's statements
//			d.Push(func() { g(y) })    // defer g(y), y evaluated before
//			{ r0 = x; return }         // return x
//		}
//		d.Run(body)
//		return r0
//	}
//
// recover() asks the d of the function that deferred the one it stands in; see
// recover.go.

// frame is a function whose body is being lowered.
type frame struct {
	node    ast.Node
	defers  string // the helper's variable, "" if nothing is deferred
	by      string // the variable of the function that defers this one, if it recovers
	setup   ast.Stmt
	results []string
}

// enter opens the frame of a function.
func (l *lowerer) enter(n ast.Node, body *ast.BlockStmt) {
	if lit, ok := n.(*ast.FuncLit); ok && l.rangeBody[lit] != nil {
		return // the loop's body defers and recovers for the function around it
	}
	f := &frame{node: n}
	l.entered[n] = true
	f.by, f.setup = l.deferrer(n, body)
	if body != nil && l.defers(body) {
		f.defers = l.temp("d")
	}
	l.frames = append(l.frames, f)
}

// defers reports whether a function defers, itself or in the bodies of its
// loops over functions.
func (l *lowerer) defers(body *ast.BlockStmt) bool {
	found := defersDirectly(body)
	ast.Inspect(body, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		if ok && l.rangeBody[lit] != nil {
			found = found || l.defers(lit.Body)
		}
		return !ok && !found
	})
	return found
}

// leave closes the innermost frame and rewrites its body if it defers.
func (l *lowerer) leave(typ *ast.FuncType, body *ast.BlockStmt) {
	if body != nil {
		l.settleOperations(body)
	}
	defer l.localResults(typ, body)
	f := l.frames[len(l.frames)-1]
	l.frames = l.frames[:len(l.frames)-1]
	defer func() {
		if f.setup != nil {
			body.List = append([]ast.Stmt{f.setup}, body.List...)
		}
	}()
	if f.defers == "" {
		return
	}
	results := nameResults(typ)
	returnsAssign(body, results)
	inner := ast.NewIdent(l.temp("f"))
	list := []ast.Stmt{
		define([]ast.Expr{ast.NewIdent(f.defers)}, l.helper("Defers")),
		define([]ast.Expr{inner}, thunk(body.List...)),
		exprStmt(call(&ast.SelectorExpr{X: ast.NewIdent(f.defers), Sel: ast.NewIdent("Run")}, ast.NewIdent(inner.Name))),
	}
	if len(results) > 0 {
		ret := &ast.ReturnStmt{}
		for _, r := range results {
			ret.Results = append(ret.Results, ast.NewIdent(r))
		}
		list = append(list, ret)
	}
	body.List = list
}

// defersDirectly reports whether a function body has a defer statement of its
// own.
func defersDirectly(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			found = true
		}
		return !found
	})
	return found
}

// nameResults gives every result of a function a name, and returns the names.
func nameResults(typ *ast.FuncType) []string {
	if typ.Results == nil {
		return nil
	}
	var names []string
	for _, f := range typ.Results.List {
		if len(f.Names) == 0 {
			f.Names = []*ast.Ident{ast.NewIdent("_")}
		}
		for _, id := range f.Names {
			if id.Name == "_" {
				id.Name = "ꞏr" + strconv.Itoa(len(names))
			}
			names = append(names, id.Name)
		}
	}
	return names
}

// returnsAssign makes every return of a body assign its values to the results.
func returnsAssign(body *ast.BlockStmt, results []string) {
	replaceStmts(body, func(s ast.Stmt) ast.Stmt {
		ret, ok := s.(*ast.ReturnStmt)
		if !ok || len(ret.Results) == 0 {
			return s
		}
		names := make([]ast.Expr, len(results))
		for i, r := range results {
			names[i] = ast.NewIdent(r)
		}
		a := assign(names, ret.Results...)
		a.TokPos = ret.Return
		return block(a, &ast.ReturnStmt{Return: ret.Return})
	})
}

// replaceStmts rewrites the statements of a function body, not those of
// function literals inside it.
func replaceStmts(n ast.Node, f func(ast.Stmt) ast.Stmt) {
	inList := func(list []ast.Stmt) {
		for i, s := range list {
			list[i] = f(s)
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BlockStmt:
			inList(n.List)
		case *ast.CaseClause:
			inList(n.Body)
		case *ast.CommClause:
			inList(n.Body)
		case *ast.LabeledStmt:
			n.Stmt = f(n.Stmt)
		case *ast.AssignStmt:
			return n.Tok != token.ASSIGN || len(n.Rhs) > 0
		}
		return true
	})
}

// deferStmt evaluates the call's function and arguments now and leaves the
// call to the helper.
func (l *lowerer) deferStmt(n *ast.DeferStmt) ast.Stmt {
	d, push := l.frames[len(l.frames)-1].defers, l.pushes(n)
	if l.byCalls[n.Call] {
		n.Call.Args[0] = ast.NewIdent(d)
	}
	setup, c := l.bind(n.Call)
	body := thunk(exprStmt(c))
	if lit, ok := c.Fun.(*ast.FuncLit); ok {
		push = "Push"
		if len(c.Args) == 0 && lit.Type.Results == nil {
			body = lit
		}
	}
	f := ast.NewIdent(l.temp("f"))
	setup = append(setup, define([]ast.Expr{f}, body),
		exprStmt(call(&ast.SelectorExpr{X: ast.NewIdent(d), Sel: ast.NewIdent(push)}, ast.NewIdent(f.Name))))
	return block(setup...)
}

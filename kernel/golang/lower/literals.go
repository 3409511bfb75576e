package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// A function literal that compiled code gets directly, or hidden in a
// conversion, sees the last values of the variables of the loops around it. In
// a variable it sees those of its iteration.

// surveyLiterals notes the function literals in loops that are handed to
// compiled functions.
func (l *lowerer) surveyLiterals(n ast.Node) {
	switch n := n.(type) {
	case *ast.ForStmt:
		l.loopBody(n)
	case *ast.RangeStmt:
		l.loopBody(n)
	case *ast.BlockStmt:
		if l.jumps(n) {
			l.loopBody(n)
		}
	case *ast.CallExpr:
		if fn := l.callee(n); fn == nil || fn.Pkg() == nil || rt.IsUser(fn.Pkg()) {
			return
		}
		for _, x := range n.Args {
			if lit, ok := ast.Unparen(x).(*ast.FuncLit); ok && l.inLoop[lit] {
				l.handedOn[x] = true
			}
		}
	}
}

// jumps reports whether a block has a goto, which may make a loop of it.
func (l *lowerer) jumps(n *ast.BlockStmt) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
		return !found
	})
	return found
}

// loopBody notes what stands in a loop.
func (l *lowerer) loopBody(loop ast.Node) {
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit, *ast.AssignStmt, *ast.ValueSpec:
			l.inLoop[n] = true
		}
		return true
	})
}

// bound puts a function into a variable:
//
//	func() T { var v T; v = x; return v }()
func (l *lowerer) bound(x ast.Expr, t types.Type) ast.Expr {
	return l.boundAs(t, ast.NewIdent("ꞏv"), l.typeExpr(t, token.NoPos), x)
}

// boundAs is bound that returns result, of type typ, which uses the variable.
func (l *lowerer) boundAs(t types.Type, result, typ, x ast.Expr) ast.Expr {
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}, Results: fields(field("", typ))},
		Body: block(declare("ꞏv", l.typeExpr(t, token.NoPos)), assign(list(ast.NewIdent("ꞏv")), x), &ast.ReturnStmt{Results: list(result)}),
	})
}

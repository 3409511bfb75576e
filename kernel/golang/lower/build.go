package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
)

// Small builders of syntax.

func call(fun ast.Expr, args ...ast.Expr) *ast.CallExpr {
	return &ast.CallExpr{Fun: fun, Args: args}
}

// helper is a call of a function of the run-time helpers.
func (l *lowerer) helper(name string, args ...ast.Expr) *ast.CallExpr {
	return call(&ast.SelectorExpr{X: l.alias(HelperPath), Sel: ast.NewIdent(name)}, args...)
}

func exprStmt(x ast.Expr) ast.Stmt { return &ast.ExprStmt{X: x} }

func addr(x ast.Expr) ast.Expr { return &ast.UnaryExpr{Op: token.AND, X: x} }

func define(names []ast.Expr, values ...ast.Expr) *ast.AssignStmt {
	return &ast.AssignStmt{Lhs: names, Tok: token.DEFINE, Rhs: values}
}

func assign(names []ast.Expr, values ...ast.Expr) *ast.AssignStmt {
	return &ast.AssignStmt{Lhs: names, Tok: token.ASSIGN, Rhs: values}
}

func list(x ...ast.Expr) []ast.Expr { return x }

func intLit(n int) ast.Expr { return &ast.BasicLit{Kind: token.INT, Value: strconv.Itoa(n)} }

func strLit(s string) ast.Expr { return &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(s)} }

func block(list ...ast.Stmt) *ast.BlockStmt { return &ast.BlockStmt{List: list} }

// thunk is func() { stmts }.
func thunk(stmts ...ast.Stmt) *ast.FuncLit {
	return &ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: block(stmts...)}
}

// complexLit makes a complex constant at run time; the interpreter's own
// folding of complex fails.
func (l *lowerer) complexLit(v constant.Value) ast.Expr {
	return l.helper("Complex", floatLit(constant.Real(v)), floatLit(constant.Imag(v)))
}

func isComplex(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsComplex != 0
}

// ellipsis is the position of "..." in a call that lowering makes: it must have
// one, though what it stands for may have none any more.
func ellipsis(pos token.Pos) token.Pos { return max(pos, 1) }

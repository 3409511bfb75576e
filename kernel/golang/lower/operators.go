package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// An operator whose result goes straight into an interface ends the
// interpreter's function without a word, so its value is taken first.

// operates reports whether x is an operation, not a constant, whose result
// becomes an interface value.
func (l *lowerer) operates(x ast.Expr, to types.Type) bool {
	tv := l.info.Types[x]
	if to == nil || tv.Type == nil || tv.Value != nil || !types.IsInterface(to) || types.IsInterface(tv.Type) {
		return false
	}
	return isOperatorExpr(x)
}

func isOperatorExpr(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.UnaryExpr:
		return x.Op != token.AND && x.Op != token.ARROW
	}
	return false
}

// operated takes the value of an operation of type from.
func (l *lowerer) operated(x ast.Expr, from, to types.Type, where ast.Expr) ast.Expr {
	if !isOperatorExpr(where) {
		return x
	}
	if isOpen(to) {
		return l.helper("Any", x)
	}
	typ := func() ast.Expr { return l.typeExpr(types.Default(from), where.Pos()) }
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: fields(field("ꞏx", typ())), Results: fields(field("", typ()))},
		Body: block(&ast.ReturnStmt{Results: list(ast.NewIdent("ꞏx"))}),
	}, x)
}

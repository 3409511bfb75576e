package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// The interpreter takes a negative shift count for a very large one. A count
// that may be negative is checked: before the statement where that makes no
// difference, or by a helper in the expression itself, which is slower.

// checkShifts returns the checks that can stand before s.
func (c *control) checkShifts(s ast.Stmt) []ast.Stmt {
	switch s.(type) {
	case *ast.AssignStmt, *ast.ReturnStmt, *ast.ExprStmt, *ast.SendStmt, *ast.DeclStmt:
	default:
		return nil
	}
	var shifts []ast.Node
	simple := true
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			simple = simple && c.info.Types[n.Fun].IsType()
		case *ast.FuncLit:
			simple = false
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				simple = false
			}
			if y := c.shiftCount(n); y != nil {
				shifts = append(shifts, n)
			}
		case *ast.AssignStmt:
			if y := c.shiftCount(n); y != nil {
				shifts = append(shifts, n)
			}
		}
		return simple
	})
	if !simple {
		return nil
	}
	var out []ast.Stmt
	for _, n := range slices.Backward(shifts) { // a count may hold a shift, which comes before it
		y := c.shiftCount(n)
		v := c.local("n", c.info.Types[*y].Type)
		if id, ok := ast.Unparen(*y).(*ast.Ident); ok && c.isVar(id) {
			v = c.info.Uses[id].(*types.Var)
		} else {
			out = append(out, c.bindVar(v, *y))
			*y = c.use(v)
		}
		c.checked[n] = true
		negative := &ast.BinaryExpr{X: c.use(v), OpPos: s.Pos(), Op: token.LSS, Y: intLit(0)}
		out = append(out, &ast.IfStmt{If: s.Pos(), Cond: negative, Body: block(at(s.Pos(), exprStmt(c.helper("Shift", intLit(-1)))))})
	}
	return out
}

func (l *lowerer) isVar(id *ast.Ident) bool {
	_, ok := l.info.Uses[id].(*types.Var)
	return ok
}

// masked reports whether x is y & n for a constant n that is not negative.
func (l *lowerer) masked(x ast.Expr) bool {
	b, ok := ast.Unparen(x).(*ast.BinaryExpr)
	if !ok || b.Op != token.AND {
		return false
	}
	v := l.info.Types[b.Y].Value
	return v != nil && constant.Sign(v) >= 0
}

// shiftCount returns the count of a shift that may be negative, or nil.
func (l *lowerer) shiftCount(n ast.Node) *ast.Expr {
	var y *ast.Expr
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.SHL || n.Op == token.SHR {
			y = &n.Y
		}
	case *ast.AssignStmt:
		if n.Tok == token.SHL_ASSIGN || n.Tok == token.SHR_ASSIGN {
			y = &n.Rhs[0]
		}
	}
	if y == nil || l.info.Types[*y].Value != nil || l.masked(*y) {
		return nil
	}
	b, ok := l.typeOf(*y).(*types.Basic)
	if !ok || b.Info()&types.IsUnsigned != 0 || b.Info()&types.IsInteger == 0 {
		return nil
	}
	return y
}

// shift checks the count of a shift where it stands.
func (l *lowerer) shift(n ast.Node) {
	if y := l.shiftCount(n); y != nil && !l.checked[n] {
		*y = l.helper("Shift", call(ast.NewIdent("int"), *y))
	}
}

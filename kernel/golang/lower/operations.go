package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// The interpreter computes right into the place that a result is assigned to.
// If that is of an interface type, many of its operations make no code at all,
// so that the function silently ends there, or fail. A conversion of the result
// to its own type comes between, which costs nothing.

// operates reports whether x is an operation, not a constant, whose result
// becomes an interface value.
func (l *lowerer) operates(x ast.Expr, to types.Type) bool {
	tv := l.info.Types[x]
	if to == nil || tv.Type == nil || tv.Value != nil || !types.IsInterface(to) || types.IsInterface(tv.Type) {
		return false
	}
	return isOperator(x)
}

func isOperator(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.UnaryExpr:
		return x.Op != token.AND && x.Op != token.ARROW && !isConstantSyntax(x)
	}
	return false
}

// settled converts the result of an operation to its own type.
func (l *lowerer) settled(x ast.Expr, t types.Type) ast.Expr {
	return call(l.typeExpr(types.Default(t), x.Pos()), x)
}

// settleOperations settles what has no type to be computed into: the counts of
// shifts, which the interpreter would check as if they were the operand, what
// nothing is assigned, and the results of built-in functions in a return, which
// would go to the first of several results, wherever they stand.
func (l *lowerer) settleOperations(body *ast.BlockStmt) {
	settle := func(x *ast.Expr) {
		if t := l.info.TypeOf(*x); t != nil && isOperator(*x) {
			*x = l.settled(*x, t)
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return !l.entered[n]
		case *ast.ReturnStmt:
			for i, x := range n.Results {
				if t := l.info.TypeOf(x); i > 0 && t != nil && l.callsBuiltin(x) {
					n.Results[i] = l.settled(x, t)
				}
			}
		case *ast.BinaryExpr:
			if n.Op == token.SHL || n.Op == token.SHR {
				settle(&n.Y)
			}
		case *ast.AssignStmt:
			for i, x := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) && isBlank(x) {
					settle(&n.Rhs[i])
				}
			}
		}
		return true
	})
}

func (l *lowerer) callsBuiltin(x ast.Expr) bool {
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	return ok && l.isBuiltin(c.Fun)
}

// beginCondition puts a constant before a condition that begins with a literal
// whose elements have keys: the interpreter takes the first of them for the
// condition.
//
//	true && f(T{x: 1}) && b
func (l *lowerer) beginCondition(n *ast.BinaryExpr) {
	if n.Op != token.LAND && n.Op != token.LOR || !hasKeys(n.X) {
		return
	}
	neutral := ast.NewIdent(strconv.FormatBool(n.Op == token.LAND))
	n.X = &ast.BinaryExpr{X: neutral, OpPos: n.OpPos, Op: n.Op, Y: n.X}
}

// endInNil writes nil == x as x == nil: the interpreter takes the first operand
// for the one that may be nil.
func (l *lowerer) endInNil(n *ast.BinaryExpr) {
	if l.info.Types[n.X].IsNil() {
		n.X, n.Y = n.Y, n.X
	}
}

func hasKeys(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.KeyValueExpr:
			found = true
		}
		return !found
	})
	return found
}

// deleteKey gives the constant key of a delete the type of the map's keys.
func (l *lowerer) deleteKey(n *ast.CallExpr) {
	m, ok := l.typeOf(n.Args[0]).(*types.Map)
	if ok && isConstantSyntax(n.Args[1]) && !types.IsInterface(m.Key()) {
		n.Args[1] = call(l.typeExpr(m.Key(), n.Pos()), n.Args[1])
	}
}

// elementAddress writes &p[i] as &(*p)[i] where p points to an array: the
// interpreter finds no address there otherwise.
func (l *lowerer) elementAddress(n *ast.UnaryExpr) {
	x, ok := ast.Unparen(n.X).(*ast.IndexExpr)
	if n.Op != token.AND || !ok {
		return
	}
	if t := l.containers[x]; t != nil && isPointer(t) {
		x.X = &ast.ParenExpr{X: &ast.StarExpr{Star: x.X.Pos(), X: x.X}}
	}
}

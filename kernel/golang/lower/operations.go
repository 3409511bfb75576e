package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// The interpreter computes right into the place that a result is assigned to.
// If that is of an interface type, many of its operations make no code at all,
// so that the function silently ends there, or fail. A conversion of the result
// to its own type comes between.

// settleOperations rewrites the operations of a lowered function whose results
// are assigned to interfaces or returned as such.
func (l *lowerer) settleOperations(typ *ast.FuncType, body *ast.BlockStmt) {
	results := resultTypes(typ)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			if n.Op == token.SHL || n.Op == token.SHR { // else it would check the count as if it were the operand
				n.Y = l.settled(n.Y)
			}
		case *ast.AssignStmt:
			for i, x := range n.Rhs {
				if len(n.Lhs) == len(n.Rhs) && l.isInterface(n.Lhs[i]) {
					n.Rhs[i] = l.settled(x)
				}
			}
		case *ast.ValueSpec:
			for i, x := range n.Values {
				if len(n.Names) == len(n.Values) && l.isInterface(n.Names[i]) {
					n.Values[i] = l.settled(x)
				}
			}
		case *ast.ReturnStmt:
			for i, x := range n.Results {
				if len(n.Results) == len(results) && l.mayBeInterface(results[i]) {
					n.Results[i] = l.settled(x)
				}
			}
		}
		return true
	})
}

// resultTypes returns the type of each result of a function.
func resultTypes(typ *ast.FuncType) []ast.Expr {
	var list []ast.Expr
	if typ.Results != nil {
		for _, f := range typ.Results.List {
			for range max(1, len(f.Names)) {
				list = append(list, f.Type)
			}
		}
	}
	return list
}

// isInterface reports whether a place holds an interface, or may: nothing is
// known of the places that lowering made.
func (l *lowerer) isInterface(place ast.Expr) bool {
	if id, ok := place.(*ast.Ident); ok && id.Name == MarkVar {
		return false
	}
	t := l.info.TypeOf(place)
	return t == nil || types.IsInterface(t)
}

// mayBeInterface is isInterface for the syntax of a type.
func (l *lowerer) mayBeInterface(typ ast.Expr) bool {
	switch typ := typ.(type) {
	case *ast.Ident:
		if obj := types.Universe.Lookup(typ.Name); obj != nil && obj.Type() != nil && !types.IsInterface(obj.Type()) {
			return false
		}
	case *ast.StarExpr, *ast.ArrayType, *ast.MapType, *ast.FuncType, *ast.ChanType, *ast.StructType:
		return false
	}
	t := l.info.TypeOf(typ)
	return t == nil || types.IsInterface(t)
}

// settled converts the result of an operation to its own type.
func (l *lowerer) settled(x ast.Expr) ast.Expr {
	op := ast.Unparen(x)
	switch op := op.(type) {
	case *ast.BinaryExpr:
	case *ast.UnaryExpr:
		if op.Op == token.AND || op.Op == token.ARROW || isConstantSyntax(op) {
			return x
		}
	default:
		return x
	}
	t := l.info.TypeOf(op)
	if t == nil || types.IsInterface(t) {
		return x
	}
	return call(l.typeExpr(types.Default(t), x.Pos()), x)
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

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// rangeConversions refuses a range that assigns to interface variables what is
// of another type.
func (l *lowerer) rangeConversions(n *ast.RangeStmt) {
	if n.Tok != token.ASSIGN {
		return
	}
	key, value := rangeTypes(l.info.Types[n.X].Type)
	for _, p := range []struct {
		x ast.Expr
		t types.Type
	}{{n.Key, key}, {n.Value, value}} {
		if p.x != nil && p.t != nil && changes(p.t, l.placeType(p.x)) {
			l.refuse(n.Pos(), "range cannot assign to a variable of an interface type yet", "declare new variables with := and assign them in the loop")
		}
	}
}

// commConversions refuses a receive in a select that assigns to an interface
// variable what is of another type.
func (l *lowerer) commConversions(n *ast.CommClause) {
	a, ok := n.Comm.(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN || len(a.Rhs) != 1 {
		return
	}
	t := l.info.Types[a.Rhs[0]].Type
	if tuple, ok := t.(*types.Tuple); ok {
		t = tuple.At(0).Type()
	}
	if changes(t, l.placeType(a.Lhs[0])) {
		l.refuse(n.Pos(), "select cannot assign to a variable of an interface type yet", "receive into a new variable with := and assign that")
	}
}

// rangeTypes returns the types of the key and the value of a range.
func rangeTypes(t types.Type) (key, value types.Type) {
	switch t := under(t).(type) {
	case *types.Slice:
		return types.Typ[types.Int], t.Elem()
	case *types.Array:
		return types.Typ[types.Int], t.Elem()
	case *types.Pointer:
		return rangeTypes(t.Elem())
	case *types.Map:
		return t.Key(), t.Elem()
	case *types.Chan:
		return t.Elem(), nil
	case *types.Signature:
		if t.Params().Len() == 1 {
			if yield, ok := t.Params().At(0).Type().Underlying().(*types.Signature); ok {
				return paramType(yield, 0, false), paramType(yield, 1, false)
			}
		}
	}
	return nil, nil
}

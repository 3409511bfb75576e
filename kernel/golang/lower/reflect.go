package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// A reflect.Value of a user's value holds what only the helpers understand, so
// its methods are functions of package rt:
//
//	v.Field(0)     rt.ValueField(v, 0)

// reflectMethod returns the name of a method of reflect.Value, or "".
func reflectMethod(s *types.Selection) string {
	if s == nil || s.Kind() == types.FieldVal {
		return ""
	}
	name, ok := strings.CutPrefix(s.Obj().(*types.Func).FullName(), "(reflect.Value).")
	if !ok {
		return ""
	}
	return name
}

// reflectCall rewrites a call of a method of reflect.Value, or returns nil.
func (l *lowerer) reflectCall(n *ast.CallExpr) ast.Expr {
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := l.info.Selections[sel]
	name := reflectMethod(s)
	if name == "" || s.Kind() != types.MethodVal {
		return nil
	}
	if l.tupleArg[n] {
		l.refuse(n.Pos(), "a method of reflect.Value cannot be given the results of another call", "assign them to variables first")
	}
	x := sel.X
	if isPointer(lastEmbedded(s)) {
		x = &ast.StarExpr{X: x}
	}
	return &ast.CallExpr{Fun: l.helper("Value" + name).Fun, Lparen: n.Lparen, Args: append(list(x), n.Args...), Ellipsis: n.Ellipsis, Rparen: n.Rparen}
}

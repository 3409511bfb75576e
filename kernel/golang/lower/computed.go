package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// computed rewrites what is computed at run time though it is made of
// constants: T(1) in an instance of a generic function, and the length of an
// array. It returns nil for anything else.
func (l *lowerer) computed(c *astutil.Cursor) ast.Expr {
	n, ok := c.Node().(*ast.CallExpr)
	if !ok || len(n.Args) != 1 || l.info.Types[n].Value != nil {
		return nil
	}
	if l.info.Types[n.Fun].IsBuiltin() {
		return l.arrayLength(n)
	}
	if !l.convertsConstant(n) || !l.mayFold(c.Parent(), n) {
		return nil
	}
	return l.constantVar(l.info.Types[n].Type, l.info.Types[n.Args[0]].Value)
}

// arrayLength is len(a) or cap(a) of an array, or of a pointer to one, which may
// be nil.
func (l *lowerer) arrayLength(n *ast.CallExpr) ast.Expr {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok || id.Name != "len" && id.Name != "cap" {
		return nil
	}
	a, ok := under(deref(l.info.Types[n.Args[0]].Type)).(*types.Array)
	if !ok || hasCall(n.Args[0]) {
		return nil
	}
	return intLit(int(a.Len()))
}

// convertsConstant reports whether a call converts a constant and is none.
func (l *lowerer) convertsConstant(x ast.Expr) bool {
	n, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(n.Args) != 1 || l.info.Types[n].Value != nil || !l.info.Types[n.Fun].IsType() {
		return false
	}
	v := l.info.Types[n.Args[0]].Value
	b, ok := l.info.Types[n].Type.Underlying().(*types.Basic)
	return ok && v != nil && (b.Info()&types.IsString != 0) == (v.Kind() == constant.String)
}

// mayFold reports whether the interpreter would take a converted constant, as
// part of its parent, for a constant expression.
func (l *lowerer) mayFold(parent ast.Node, n ast.Expr) bool {
	switch p := parent.(type) {
	case *ast.BinaryExpr:
		other := p.X
		if other == n {
			other = p.Y
		}
		return p.Op == token.QUO || p.Op == token.REM || l.info.Types[other].Value != nil || l.convertsConstant(other)
	case *ast.CallExpr:
		return l.info.Types[p.Fun].IsType()
	case *ast.AssignStmt, *ast.ValueSpec, *ast.ReturnStmt:
		return false
	}
	return true
}

// constantVar returns a variable with the value of a constant.
func (l *lowerer) constantVar(t types.Type, v constant.Value) ast.Expr {
	lit := literal(v, t)
	if isComplex(t) {
		lit = l.complexLit(v)
	}
	name := l.temp("c")
	l.helpers = append(l.helpers, &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{
		&ast.ValueSpec{Names: []*ast.Ident{ast.NewIdent(name)}, Type: l.typeExpr(t, l.pos()), Values: list(call(l.typeExpr(t, l.pos()), lit))}}})
	return ast.NewIdent(name)
}

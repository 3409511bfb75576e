package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// The interpreter makes the value of an array, slice or map literal in the
// variable that it is assigned to. Where a statement declares the variable again
// and again, in a loop, it is the same one each time, for the function literals
// that captured it, too. So the literal is made elsewhere:
//
//	a := [2]int{i, 1}          a := func() [2]int { return [2]int{i, 1} }()

// fresh takes literals out of a statement that declares variables, where these
// outlive their scope.
func (c *control) fresh(s ast.Stmt, scope ast.Node) {
	names, values := declared(s)
	for i, name := range names {
		lit, ok := ast.Unparen(values[i]).(*ast.CompositeLit)
		if !ok {
			continue
		}
		switch c.info.Types[lit].Type.Underlying().(type) {
		case *types.Array, *types.Slice, *types.Map:
			if obj := c.info.Defs[name]; obj != nil && c.outlives(obj, scope) {
				values[i] = c.madeElsewhere(lit)
			}
		}
	}
}

func (l *lowerer) madeElsewhere(x ast.Expr) ast.Expr {
	tv := l.info.Types[x]
	out := call(&ast.FuncLit{
		Type: &ast.FuncType{Func: x.Pos(), Params: &ast.FieldList{}, Results: fields(field("", l.typeExpr(tv.Type, x.Pos())))},
		Body: block(&ast.ReturnStmt{Return: x.Pos(), Results: list(x)}),
	})
	result := types.NewTuple(types.NewParam(token.NoPos, nil, "", tv.Type))
	l.info.Types[out.Fun] = types.TypeAndValue{Type: types.NewSignatureType(nil, nil, nil, nil, result, false)}
	l.info.Types[out] = tv
	return out
}

// declared returns the variables that a statement declares and their values, if
// each has one of its own.
func declared(s ast.Stmt) (names []*ast.Ident, values []ast.Expr) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return nil, nil
		}
		for _, x := range s.Lhs {
			names = append(names, x.(*ast.Ident))
		}
		values = s.Rhs
	case *ast.DeclStmt:
		d := s.Decl.(*ast.GenDecl)
		if d.Tok == token.VAR && len(d.Specs) == 1 {
			spec := d.Specs[0].(*ast.ValueSpec)
			names, values = spec.Names, spec.Values
		}
	}
	if len(names) != len(values) {
		return nil, nil
	}
	return names, values
}

package lower

import (
	"go/ast"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// VarPrefix begins the name of the symbol that is the address of a variable of
// a compiled package.
const VarPrefix = "Ptrꞏ"

// member rewrites pkg.Name where it needs more than the package's name. A
// package of the program itself is declared beside main, under other names. A
// variable of a compiled package that is assigned to or addressed is reached
// through its address: the interpreter would change a copy.
func (l *lowerer) member(sel *ast.SelectorExpr, path string) ast.Expr {
	obj := l.info.Uses[sel.Sel]
	if tn, ok := obj.(*types.TypeName); ok && rt.IsUser(tn.Pkg()) && isAny(tn.Type()) {
		return ast.NewIdent("any")
	}
	if name := l.u.EmitName(obj); name != "" {
		return &ast.Ident{Name: name, NamePos: sel.Pos()}
	}
	if _, ok := obj.(*types.Var); !ok || !l.places[sel] {
		return nil
	}
	ptr := &ast.SelectorExpr{X: l.alias(path), Sel: &ast.Ident{Name: VarPrefix + sel.Sel.Name, NamePos: sel.Sel.Pos()}}
	return &ast.ParenExpr{X: &ast.StarExpr{X: ptr}}
}

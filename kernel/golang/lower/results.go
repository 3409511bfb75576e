package lower

import (
	"go/ast"
	"go/token"
)

// The interpreter lets a function work on the very variables that its results
// are assigned to. A named result then begins with what that variable holds,
// not with zero, and is changed before the function returns. So results lose
// their names: the names become variables of the body.
//
//	func f() (n int) {          func f() int {
//		n++                         var n int
//		return                      n++
//	}                               return n
//	                            }

// localResults rewrites a lowered function that names its results.
func (l *lowerer) localResults(typ *ast.FuncType, body *ast.BlockStmt) {
	if body == nil {
		return
	}
	l.bindLiterals(body)
	l.branchOnLiterals(body)
	if typ.Results == nil || len(typ.Results.List) == 0 || len(typ.Results.List[0].Names) == 0 {
		return
	}
	results := &ast.FieldList{}
	var vars []ast.Stmt
	var names []string
	for _, f := range typ.Results.List {
		for _, id := range f.Names {
			name := id.Name
			if name == "_" {
				name = l.temp("r")
			}
			names = append(names, name)
			results.List = append(results.List, &ast.Field{Type: f.Type})
			vars = append(vars, &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{
				&ast.ValueSpec{Names: []*ast.Ident{ast.NewIdent(name)}, Type: f.Type}}}})
		}
	}
	typ.Results = results
	replaceStmts(body, func(s ast.Stmt) ast.Stmt {
		if ret, ok := s.(*ast.ReturnStmt); ok && len(ret.Results) == 0 {
			for _, name := range names {
				ret.Results = append(ret.Results, ast.NewIdent(name))
			}
		}
		return s
	})
	body.List = append(vars, body.List...)
}

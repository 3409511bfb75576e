package check

import (
	"go/ast"
	"go/token"
)

// orderVars puts a cell that declares nothing but variables, types and
// functions into the order in which a package would initialise it: a variable
// may be declared before those that it needs.
func (b *builder) orderVars() {
	for _, s := range b.c.Body {
		if d, ok := s.(*ast.DeclStmt); !ok || d.Decl.(*ast.GenDecl).Tok != token.VAR {
			return
		}
	}
	byName := map[string]ast.Stmt{}
	for _, s := range b.c.Body {
		for _, spec := range s.(*ast.DeclStmt).Decl.(*ast.GenDecl).Specs {
			for _, id := range spec.(*ast.ValueSpec).Names {
				byName[id.Name] = s
			}
		}
	}
	funcs := map[string]ast.Node{}
	for _, d := range b.c.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			funcs[f.Name.Name] = f
		}
	}
	var ordered []ast.Stmt
	placed, seen := map[ast.Stmt]bool{}, map[ast.Node]bool{}
	var place func(s ast.Stmt)
	var need func(n ast.Node)
	need = func(n ast.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if f := funcs[id.Name]; f != nil {
					need(f)
				}
				if s := byName[id.Name]; s != nil {
					place(s)
				}
			}
			return true
		})
	}
	place = func(s ast.Stmt) {
		if !placed[s] {
			placed[s] = true
			need(s)
			ordered = append(ordered, s)
		}
	}
	for _, s := range b.c.Body {
		place(s)
	}
	b.c.Body = ordered
}

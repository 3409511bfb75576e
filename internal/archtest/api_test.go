package archtest

import (
	"go/ast"
	"go/token"
	"testing"

	"golang.org/x/tools/go/packages"
)

// forCells are the packages that cells use. The interpreter reaches them
// through reflection, which knows no generic functions, and a learner should
// need neither channels nor iterators.
var forCells = []string{"crate", "plots", "datasets", "segment", "stdlib/display"}

func TestAPIForCells(t *testing.T) {
	for _, p := range cellPackages(t) {
		for _, file := range p.Syntax {
			for _, decl := range file.Decls {
				checkDecl(t, p, decl)
			}
		}
	}
}

// cellPackages are the packages themselves, not what is below them.
func cellPackages(t *testing.T) []*packages.Package {
	var found []*packages.Package
	for _, p := range inTree(t, forCells...) {
		for _, path := range inModule(forCells) {
			if p.PkgPath == path {
				found = append(found, p)
			}
		}
	}
	return found
}

func checkDecl(t *testing.T, p *packages.Package, decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() {
			checkSignature(t, p, d.Name, d.Type, false)
			checkSignature(t, p, d.Name, d.Type, true)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() {
				if s.TypeParams != nil {
					complain(t, p, s.Name, "has type parameters")
				}
				checkType(t, p, s.Name, s.Type)
			}
		}
	}
}

func checkSignature(t *testing.T, p *packages.Package, name *ast.Ident, f *ast.FuncType, results bool) {
	fields := f.Params
	if results {
		fields = f.Results
	}
	if f.TypeParams != nil && !results {
		complain(t, p, name, "has type parameters")
	}
	if fields == nil {
		return
	}
	for _, field := range fields.List {
		checkType(t, p, name, field.Type)
	}
}

// checkType looks for channels, iterators and instances of generic types in
// what is visible of a type.
func checkType(t *testing.T, p *packages.Package, name *ast.Ident, typ ast.Expr) {
	ast.Inspect(typ, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			return len(n.Names) == 0 || n.Names[0].IsExported()
		case *ast.ChanType:
			complain(t, p, name, "has a channel")
		case *ast.IndexExpr, *ast.IndexListExpr:
			complain(t, p, name, "uses a generic type")
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "iter" {
				complain(t, p, name, "has an iterator")
			}
		}
		return true
	})
}

func complain(t *testing.T, p *packages.Package, name *ast.Ident, what string) {
	t.Helper()
	t.Errorf("%s: %s %s: cells cannot use it", position(p, name.Pos()), name.Name, what)
}

func position(p *packages.Package, pos token.Pos) token.Position { return p.Fset.Position(pos) }

// TestDocumented checks that everything exported says what it is.
func TestDocumented(t *testing.T) {
	for _, p := range cellPackages(t) {
		for _, file := range p.Syntax {
			for _, decl := range file.Decls {
				checkDoc(t, p, decl)
			}
		}
	}
}

func checkDoc(t *testing.T, p *packages.Package, decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && isExportedReceiver(d) && d.Doc == nil {
			t.Errorf("%s: %s has no comment", position(p, d.Pos()), d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			name, doc := specDoc(spec)
			if name != nil && name.IsExported() && d.Doc == nil && doc == nil {
				t.Errorf("%s: %s has no comment", position(p, name.Pos()), name.Name)
			}
		}
	}
}

func specDoc(spec ast.Spec) (*ast.Ident, *ast.CommentGroup) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		return s.Name, either(s.Doc, s.Comment)
	case *ast.ValueSpec:
		return s.Names[0], either(s.Doc, s.Comment)
	}
	return nil, nil
}

func either(a, b *ast.CommentGroup) *ast.CommentGroup {
	if a != nil {
		return a
	}
	return b
}

func isExportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	exported := false
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			exported = exported || id.IsExported()
		}
		return true
	})
	return exported
}

package archtest

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestExamples checks that a reader of package crate finds everything exported
// at work: every type has a runnable Example of its own, and functions, methods,
// constants and variables occur in one. String is called without being named.
func TestExamples(t *testing.T) {
	examples, used := examplesOf(t, "../../crate")
	for _, p := range cellPackages(t) {
		if p.PkgPath != module+"/crate" {
			continue
		}
		for _, file := range p.Syntax {
			for _, decl := range file.Decls {
				for _, name := range exported(decl) {
					shown := used[name.Name] || name.Name == "String"
					if isType(decl) {
						shown = examples[name.Name]
					}
					if !shown {
						t.Errorf("%s: there is no Example of %s", position(p, name.Pos()), name.Name)
					}
				}
			}
		}
	}
}

// exported returns the exported names that a declaration introduces at the
// level of the package, and exported methods of exported types.
func exported(decl ast.Decl) []*ast.Ident {
	var names []*ast.Ident
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if isExportedReceiver(d) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name)
			case *ast.ValueSpec:
				names = append(names, s.Names...)
			}
		}
	}
	return slices.DeleteFunc(names, func(n *ast.Ident) bool { return !n.IsExported() })
}

func isType(decl ast.Decl) bool {
	d, ok := decl.(*ast.GenDecl)
	return ok && d.Tok == token.TYPE
}

// examplesOf returns what the runnable Examples in a directory are of, and all
// names that occur in their files.
func examplesOf(t *testing.T, dir string) (examples, used map[string]bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*example_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	examples, used = map[string]bool{}, map[string]bool{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range doc.Examples(f) {
			name, _, _ := strings.Cut(e.Name, "_")
			examples[name] = examples[name] || e.Output != "" || e.EmptyOutput
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name] = true
			}
			return true
		})
	}
	return examples, used
}

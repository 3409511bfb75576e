package archtest

import (
	"go/ast"
	"slices"
	"testing"
)

// TestCrateIsSilent checks that the paper's code prints nothing and takes
// nothing from its surroundings: what it does depends on its arguments alone.
func TestCrateIsSilent(t *testing.T) {
	forbidden := map[string][]string{
		"fmt": {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
		"os":  {"Getenv", "LookupEnv", "Environ", "Stdout", "Stderr", "Stdin", "Args", "Exit"},
		"log": {"Print", "Printf", "Println", "Fatal", "Fatalf", "Panicf"},
	}
	for _, p := range inTree(t, "crate") {
		for _, file := range p.Syntax {
			for _, s := range qualified(file) {
				if slices.Contains(forbidden[s.X.(*ast.Ident).Name], s.Sel.Name) {
					t.Errorf("%s: %s.%s", position(p, s.Pos()), s.X.(*ast.Ident).Name, s.Sel.Name)
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if f, ok := call.Fun.(*ast.Ident); ok && (f.Name == "println" || f.Name == "print") {
						t.Errorf("%s: %s", position(p, call.Pos()), f.Name)
					}
				}
				return true
			})
		}
	}
}

package archtest

import (
	"go/ast"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/gocrate/gocrate"

// load returns the packages of the module without their tests. They are
// loaded once.
var load = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedSyntax,
		Dir:  "../..",
	}, "./...")
})

// inTree returns the packages at or below one of the given paths, which are
// relative to the module. A rule about nothing is a mistake in the rule.
func inTree(t *testing.T, trees ...string) []*packages.Package {
	t.Helper()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	var found []*packages.Package
	for _, tree := range trees {
		n := len(found)
		for _, p := range all {
			if isIn(p.PkgPath, module+"/"+tree) {
				found = append(found, p)
			}
		}
		if len(found) == n {
			t.Errorf("the rule is about %s, which has no package", tree)
		}
	}
	return found
}

// everything returns all packages of the module.
func everything(t *testing.T) []*packages.Package {
	t.Helper()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for _, e := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, e)
		}
	}
	return all
}

func isIn(path, tree string) bool { return path == tree || strings.HasPrefix(path, tree+"/") }

func isInAny(path string, trees []string) bool {
	return slices.ContainsFunc(trees, func(tree string) bool { return isIn(path, tree) })
}

// isStandard reports whether a path belongs to Go's standard library, whose
// first elements have no dot.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// chain returns how p comes to import a package for which bad holds: the paths
// from p to that package, nil if there is none.
func chain(p *packages.Package, bad func(path string) bool) []string {
	seen := map[*packages.Package]bool{}
	var find func(p *packages.Package) []string
	find = func(p *packages.Package) []string {
		if seen[p] {
			return nil
		}
		seen[p] = true
		for _, path := range importsOf(p) {
			if bad(path) {
				return []string{p.PkgPath, path}
			}
			if rest := find(p.Imports[path]); rest != nil {
				return append([]string{p.PkgPath}, rest...)
			}
		}
		return nil
	}
	return find(p)
}

func importsOf(p *packages.Package) []string {
	var paths []string
	for path := range p.Imports {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// qualified returns the names of other packages that a file uses.
func qualified(f *ast.File) []*ast.SelectorExpr {
	var found []*ast.SelectorExpr
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Obj == nil {
				found = append(found, s)
			}
		}
		return true
	})
	return found
}

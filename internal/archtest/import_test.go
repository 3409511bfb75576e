package archtest

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

const (
	yaegi = "github.com/traefik/yaegi"
	zmq4  = "github.com/go-zeromq/zmq4"
	gonum = "gonum.org/v1/gonum"
	plot  = "gonum.org/v1/plot"
)

// TestNeverImports checks what packages do not come to import by any way.
func TestNeverImports(t *testing.T) {
	for _, rule := range []struct {
		name     string
		packages []string
		except   []string // below packages
		never    []string
	}{
		{
			name:     "the protocol knows no language and no transformer",
			packages: []string{"kernel", "kernel/wire", "kernel/zmq", "kernel/kerneltest"},
			except:   []string{"kernel/golang"},
			never:    []string{yaegi, gonum, plot, module + "/crate", module + "/stdlib", module + "/kernel/golang"},
		},
		{
			name:     "the paper's code draws nothing and speaks to nobody",
			packages: []string{"crate"},
			never:    []string{yaegi, plot, module + "/kernel", module + "/stdlib", module + "/plots", "net", "os/exec"},
		},
		{
			name:     "figures are drawn from plain numbers",
			packages: []string{"plots"},
			never:    []string{yaegi, module + "/kernel", module + "/crate"},
		},
		{
			name:     "the checker and the lowering run nothing",
			packages: []string{"kernel/golang/check", "kernel/golang/lower", "kernel/golang/cell"},
			never:    []string{yaegi, zmq4},
		},
	} {
		for _, p := range inTree(t, rule.packages...) {
			if isInAny(p.PkgPath, inModule(rule.except)) {
				continue
			}
			if way := chain(p, func(path string) bool { return isInAny(path, rule.never) }); way != nil {
				t.Errorf("%s: %s", rule.name, strings.Join(way, " imports "))
			}
		}
	}
}

// TestImportsOnly checks what packages import themselves.
func TestImportsOnly(t *testing.T) {
	for _, rule := range []struct {
		packages []string
		only     []string // besides the standard library and their own tree
	}{
		{[]string{"crate"}, []string{
			gonum + "/mat", gonum + "/blas", // blas is below mat
			gonum + "/stat/distuv", "golang.org/x/sys",
			module + "/internal/safetensors", module + "/internal/torchfile",
		}},
		{[]string{"stdlib/display"}, nil},
		{[]string{"kernel/wire"}, nil},
		{[]string{"kernel/golang/cell"}, nil},
		{[]string{"segment"}, []string{module + "/crate", gonum + "/mat", gonum + "/blas", "golang.org/x/sync"}},
		{[]string{"datasets"}, []string{module + "/crate", module + "/segment", gonum + "/mat", "golang.org/x/image", "golang.org/x/sync"}},
	} {
		allowed := append(inModule(rule.packages), rule.only...)
		for _, p := range inTree(t, rule.packages...) {
			for _, path := range importsOf(p) {
				if !isStandard(path) && !isInAny(path, allowed) {
					t.Errorf("%s imports %s; it may import the standard library and %v", p.PkgPath, path, rule.only)
				}
			}
		}
	}
}

// TestOnlyImporters checks who imports a library at all.
func TestOnlyImporters(t *testing.T) {
	for _, rule := range []struct {
		library   string
		importers []string
	}{
		{zmq4, []string{"kernel/zmq", "kernel/kerneltest"}},
		{yaegi, []string{"kernel/golang/engine", "stdlib"}},
		{"github.com/spf13/cobra", []string{"cmd"}},
		{"github.com/nlpodyssey/gopickle", []string{"internal/torchfile"}},
	} {
		found := false
		for _, p := range everything(t) {
			for _, path := range importsOf(p) {
				if !isIn(path, rule.library) {
					continue
				}
				found = true
				if !isInAny(p.PkgPath, inModule(rule.importers)) {
					t.Errorf("%s imports %s; only %v may", p.PkgPath, rule.library, rule.importers)
				}
			}
		}
		if !found {
			t.Errorf("nobody imports %s: is the rule still right?", rule.library)
		}
	}
}

// TestNoIO checks that pure packages cannot reach files, network or processes
// themselves. Of net they may use what only looks at text.
func TestNoIO(t *testing.T) {
	pure := []string{"JoinHostPort", "SplitHostPort", "ParseIP", "ParseCIDR", "IP"}
	for _, p := range inTree(t, "kernel/wire", "kernel/golang/cell") {
		for _, path := range importsOf(p) {
			if path != "net" && isInAny(path, []string{"os", "net", "syscall", "io/ioutil", "log"}) {
				t.Errorf("%s does no input or output but imports %s", p.PkgPath, path)
			}
		}
		for _, file := range p.Syntax {
			for _, s := range qualified(file) {
				if s.X.(*ast.Ident).Name == "net" && !slices.Contains(pure, s.Sel.Name) {
					t.Errorf("%s: net.%s in a package that does no input or output", position(p, s.Pos()), s.Sel.Name)
				}
			}
		}
	}
}

func inModule(trees []string) []string {
	paths := make([]string, len(trees))
	for i, tree := range trees {
		paths[i] = module + "/" + tree
	}
	return paths
}

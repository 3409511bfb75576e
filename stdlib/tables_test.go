package stdlib

import (
	"bytes"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// own are our packages, by the directory of their sources.
var own = map[string]string{
	"github.com/gocrate/gocrate/crate":          "../crate",
	"github.com/gocrate/gocrate/datasets":       "../datasets",
	"github.com/gocrate/gocrate/plots":          "../plots",
	"github.com/gocrate/gocrate/stdlib/display": "display",
}

func imported(t testing.TB, path string) *types.Package {
	t.Helper()
	p, err := NewImporter().Import(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What the type checker knows is what the interpreter knows, and the generics.
func TestTablesAgreeWithExportData(t *testing.T) {
	for _, p := range Packages() {
		var symbols []string
		for name := range Exports(p.Path) {
			if name[0] != '_' {
				symbols = append(symbols, name)
			}
		}
		symbols = append(symbols, Generic(p.Path)...)
		slices.Sort(symbols)
		var exported []string
		pkg := imported(t, p.Path)
		for _, name := range pkg.Scope().Names() {
			if token.IsExported(name) {
				exported = append(exported, name)
			}
		}
		if !slices.Equal(symbols, exported) {
			t.Errorf("%s: the table has %d symbols, the export data %d", p.Path, len(symbols), len(exported))
		}
		if pkg.Name() != p.Name {
			t.Errorf("%s: name %q in the index, %q in the export data", p.Path, p.Name, pkg.Name())
		}
	}
}

// A symbol's value is of the kind of thing that the type checker thinks it is.
func TestSymbolsAreWhatTheyAreDeclared(t *testing.T) {
	for _, p := range Packages() {
		scope := imported(t, p.Path).Scope()
		for name, v := range Exports(p.Path) {
			var ok bool
			switch obj := scope.Lookup(strings.TrimPrefix(name, "_")).(type) {
			case *types.Func:
				ok = v.Kind() == reflect.Func && v.Type().NumIn() == obj.Signature().Params().Len()
			case *types.Var:
				ok = v.CanAddr() && v.CanSet()
			case *types.Const:
				ok = sameConstant(obj, v)
			case *types.TypeName:
				ok = v.Kind() == reflect.Pointer && v.IsNil()
				if i, isInterface := obj.Type().Underlying().(*types.Interface); isInterface && name[0] == '_' {
					ok = ok && wraps(v.Type().Elem(), i)
				}
			}
			if !ok {
				t.Errorf("%s.%s is %v in the table", p.Path, name, v)
			}
		}
	}
}

// sameConstant reports whether v is the value of obj on this platform.
func sameConstant(obj *types.Const, v reflect.Value) bool {
	if c, ok := v.Interface().(constant.Value); ok {
		if obj.Val().Kind() == constant.Float || c.Kind() == constant.Float {
			got, _ := constant.Float64Val(c)
			want, _ := constant.Float64Val(obj.Val())
			return got == want
		}
		return c.Kind() == obj.Val().Kind()
	}
	return v.Type().ConvertibleTo(reflect.TypeFor[string]()) || v.CanInt() || v.CanUint() || v.CanFloat() || v.Kind() == reflect.Bool
}

// wraps reports whether t has the form of a wrapper of i: the value, then the
// methods of the interface as functions.
func wraps(t reflect.Type, i *types.Interface) bool {
	if t.Kind() != reflect.Struct || t.Field(0).Name != "IValue" || t.NumField() != i.NumMethods()+1 {
		return false
	}
	for m := range i.Methods() {
		f, ok := t.FieldByName("W" + m.Name())
		method, has := t.MethodByName(m.Name())
		if !ok || !has || method.Type.NumIn() != m.Signature().Params().Len()+1 {
			return false
		}
		if f.Type.Kind() != reflect.Func && f.Type.Kind() != reflect.Interface {
			return false
		}
	}
	return true
}

func TestNeeds(t *testing.T) {
	for _, p := range Packages() {
		for _, need := range Needs(p.Path) {
			if Exports(need) == nil || need == p.Path {
				t.Errorf("%s needs %q", p.Path, need)
			}
		}
	}
	if Needs("no/such/package") != nil {
		t.Error("an unknown package needs something")
	}
}

// Where a function takes an interface, an interpreted value can be given: the
// interface has a wrapper, in the table of a package that is known to be needed.
// A whole BLAS is too large for that.
func TestInterfaceParametersHaveWrappers(t *testing.T) {
	for _, p := range Packages() {
		for name, f := range functions(imported(t, p.Path)) {
			for v := range f.Signature().Params().Variables() {
				i, ok := types.Unalias(v.Type()).(*types.Named)
				if !ok || !implementable(i) {
					continue
				}
				home := i.Obj().Pkg().Path()
				if home != p.Path && !slices.Contains(Needs(p.Path), home) {
					t.Errorf("%s takes a %v, whose package it does not need", name, i)
				}
				if w := Exports(home)["_"+i.Obj().Name()]; !w.IsValid() && home != "gonum.org/v1/gonum/blas" {
					t.Errorf("%s takes a %v, which has no wrapper", name, i)
				}
			}
		}
	}
}

// functions returns the exported functions and methods of a package by name.
func functions(p *types.Package) map[string]*types.Func {
	all := make(map[string]*types.Func)
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		if f, ok := obj.(*types.Func); ok {
			all[f.FullName()] = f
		}
		if named, ok := obj.Type().(*types.Named); ok {
			for m := range named.Methods() {
				all[m.FullName()] = m
			}
		}
	}
	return all
}

// implementable reports whether a type declared elsewhere can be an i.
func implementable(i *types.Named) bool {
	u, ok := i.Underlying().(*types.Interface)
	if !ok || i.Obj().Pkg() == nil || u.NumMethods() == 0 {
		return false
	}
	for m := range u.Methods() {
		if !m.Exported() {
			return false
		}
	}
	return true
}

// The composed wrappers of an interface implement it.
func TestComposedWrappersImplementTheirBase(t *testing.T) {
	bases := make(map[reflect.Value]reflect.Type)
	for _, p := range Packages() {
		table := Exports(p.Path)
		for name, v := range table {
			if name[0] == '_' {
				bases[v] = table[name[1:]].Type().Elem()
			}
		}
	}
	check := func(base reflect.Type, list []reflect.Type) {
		for i, w := range list {
			if !w.Implements(base) {
				t.Errorf("%v does not implement %v", w, base)
			}
			if i > 0 && w.NumField() > list[i-1].NumField() {
				t.Errorf("%v comes after %v, which has fewer methods", w, list[i-1])
			}
		}
	}
	for w, list := range composedTypes() {
		if bases[w] == nil {
			t.Errorf("%v is no wrapper of an interface", w)
			continue
		}
		check(bases[w], list)
	}
	check(reflect.TypeFor[error](), ErrorTypes())
}

// The interfaces that MapTypes names have wrappers in a table, or are error.
func TestMapTypesHaveWrappers(t *testing.T) {
	for _, list := range [][]reflect.Type{printed, shown, scanned, logged, toJSON, fromJSON, toXML, fromXML} {
		for _, i := range list {
			w := Exports(i.PkgPath())["_"+i.Name()]
			if i == reflect.TypeFor[error]() {
				continue
			}
			if !w.IsValid() || !w.Type().Elem().Implements(i) {
				t.Errorf("%v has no wrapper", i)
			}
		}
	}
}

// Our own packages can be used from cells: nothing in them is generic, nothing
// is an iterator or a channel.
func TestOwnAPIIsForCells(t *testing.T) {
	for path := range own {
		if lookup(path) == nil {
			t.Errorf("%s cannot be imported", path)
			continue
		}
		if g := Generic(path); len(g) > 0 {
			t.Errorf("%s exports the generic %v", path, g)
		}
		scope := imported(t, path).Scope()
		for _, name := range scope.Names() {
			if obj := scope.Lookup(name); obj.Exported() {
				forCells(t, obj)
			}
		}
	}
}

// forCells reports signatures of obj, or of its methods, that cells cannot use.
func forCells(t *testing.T, obj types.Object) {
	if unfit := regexp.MustCompile(`\biter\.Seq|\bchan\b`); unfit.MatchString(obj.Type().String()) {
		t.Errorf("%v cannot be used from a cell", obj)
	}
	if named, ok := obj.Type().(*types.Named); ok && obj.Pkg() == named.Obj().Pkg() {
		for m := range named.Methods() {
			if m.Exported() {
				forCells(t, m)
			}
		}
	}
}

// The tables hold what the sources of our packages export now.
func TestOwnTablesAreUpToDate(t *testing.T) {
	for path, dir := range own {
		want := exportedIn(t, dir)
		table := Exports(path)
		maps.DeleteFunc(table, func(name string, _ reflect.Value) bool { return name[0] == '_' })
		if got := slices.Sorted(maps.Keys(table)); !slices.Equal(got, want) {
			t.Errorf("%s exports %v, its table has %v; run go generate ./stdlib", path, want, got)
		}
	}
}

// exportedIn returns the exported names that the package in a directory
// declares, sorted.
func exportedIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, e := range entries {
		if source(e) {
			declared(t, path.Join(dir, e.Name()), seen)
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func source(e fs.DirEntry) bool {
	return strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")
}

// declared adds to seen the exported names that a file declares.
func declared(t *testing.T, file string, seen map[string]bool) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for name := range f.Scope.Objects {
		if ast.IsExported(name) {
			seen[name] = true
		}
	}
}

// A program that links the tables builds none of them when it starts. The
// index is laid out by the linker; all that the package computes is a handful
// of variables.
func TestStartBuildsNoTable(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`init github.com/gocrate/gocrate/stdlib @.* (\d+) bytes, (\d+) allocs`).FindStringSubmatch(trace.String())
	if line == nil {
		t.Fatalf("the runtime does not tell what initialisation costs:\n%s", trace.String())
	}
	t.Log(line[0])
	if allocs, _ := strconv.Atoi(line[2]); allocs > 60 {
		t.Errorf("%s: a single table takes more than that", line[0])
	}
}

func BenchmarkExports(b *testing.B) {
	for _, path := range []string{"fmt", "unicode", "gonum.org/v1/gonum/mat"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				Exports(path)
			}
		})
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			for _, p := range Packages() {
				Exports(p.Path)
			}
		}
	})
}

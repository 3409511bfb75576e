package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"github.com/gocrate/gocrate/kernel/golang/generic"
)

// The generic functions and types of the standard library are compiled for
// each set of type arguments from sources of our own; see package generic. A
// template is such a package; an instance is a declaration in which the type
// parameters stand for the arguments.

// helperPackage is the package that templates get their helpers from.
const helperPackage = "github.com/gocrate/gocrate/kernel/golang/rt"

// template is the generic part of a package of the standard library.
type template struct {
	pkg     *types.Package
	imports string
	decls   map[string][]string // texts of a function, or of a type and its methods
}

// Template returns the declarations that make an instance of a generic function
// or type of the standard library: a function, or a type and its methods. Their
// types are added to the unit's; their names and type parameters are still
// those of the library, and positions are gone. It returns nil if there is no
// source for obj.
func (u *Unit) Template(obj types.Object, args []types.Type) (*types.Package, []ast.Decl) {
	t := u.session.template(obj.Pkg().Path())
	if t == nil || t.decls[obj.Name()] == nil {
		return nil, nil
	}
	fset := token.NewFileSet()
	src := "package " + obj.Pkg().Name() + "\n" + t.imports + strings.Join(t.decls[obj.Name()], "\n")
	file, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		panic(err) // it was parsed before
	}
	pkg := types.NewPackage(obj.Pkg().Path(), obj.Pkg().Name())
	for _, name := range t.pkg.Scope().Names() {
		if name != obj.Name() {
			pkg.Scope().Insert(t.pkg.Scope().Lookup(name))
		}
	}
	for i, name := range stripParams(file) {
		pkg.Scope().Insert(types.NewTypeName(token.NoPos, pkg, name, args[i]))
	}
	conf := types.Config{Importer: templateImporter{u.session.lib}, GoVersion: "go1.26", DisableUnusedImportCheck: true, Error: func(error) {}}
	if err := types.NewChecker(&conf, fset, pkg, u.Info).Files([]*ast.File{file}); err != nil {
		return nil, nil // the arguments are not ones that the source is written for
	}
	var decls []ast.Decl
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			forgetPositions(d)
			decls = append(decls, d)
		}
	}
	return pkg, decls
}

// template reads the sources of a package, or returns nil.
func (s *Session) template(path string) *template {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.templates[path]; ok {
		return t
	}
	var t *template
	if sources := generic.Sources(path); sources != nil {
		t = s.readTemplate(path, sources)
	}
	if s.templates == nil {
		s.templates = map[string]*template{}
	}
	s.templates[path] = t
	return t
}

func (s *Session) readTemplate(path string, sources [][]byte) *template {
	t := &template{decls: map[string][]string{}}
	fset := token.NewFileSet()
	imports := map[string]bool{}
	var files []*ast.File
	for _, src := range sources {
		f, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
		if err != nil {
			panic(err)
		}
		files = append(files, f)
		text := func(n ast.Node) string {
			return string(src[fset.Position(n.Pos()).Offset:fset.Position(n.End()).Offset])
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = receiverBase(d)
				}
				t.decls[name] = append(t.decls[name], text(d))
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.ImportSpec:
						imports["import "+spec.Path.Value+"\n"] = true
					case *ast.TypeSpec:
						t.decls[spec.Name.Name] = append(t.decls[spec.Name.Name], "type "+text(spec))
					}
				}
			}
		}
	}
	for line := range imports {
		t.imports += line
	}
	conf := types.Config{Importer: templateImporter{s.lib}, GoVersion: "go1.26", IgnoreFuncBodies: true, DisableUnusedImportCheck: true}
	pkg, err := conf.Check(path, fset, files, nil)
	if err != nil {
		panic(fmt.Errorf("the generic part of package %s: %w", path, err))
	}
	t.pkg = pkg
	return t
}

// stripParams removes the type parameters of a file's declaration, and of the
// receivers of its methods, and returns their names.
func stripParams(f *ast.File) []string {
	var params *ast.FieldList
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				params, d.Type.TypeParams = d.Type.TypeParams, nil
				break
			}
			star := d.Recv.List[0].Type.(*ast.StarExpr)
			star.X = star.X.(*ast.IndexExpr).X
		case *ast.GenDecl:
			if spec, ok := d.Specs[0].(*ast.TypeSpec); ok {
				params, spec.TypeParams = spec.TypeParams, nil
			}
		}
	}
	var names []string
	if params != nil {
		for _, field := range params.List {
			for _, id := range field.Names {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// forgetPositions makes a tree synthetic: its positions belong to no cell.
func forgetPositions(root ast.Node) {
	pos := reflect.TypeFor[token.Pos]()
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		v := reflect.ValueOf(n).Elem()
		for i := range v.NumField() {
			// The place of an ellipsis says that there is one.
			if v.Field(i).Type() == pos && v.Type().Field(i).Name != "Ellipsis" {
				v.Field(i).SetInt(0)
			}
		}
		return true
	})
}

// templateImporter imports the packages that templates use. The helpers are
// called by stand-ins, whose bodies are not checked.
type templateImporter struct{ types.Importer }

func (m templateImporter) Import(path string) (*types.Package, error) {
	if path == helperPackage {
		p := types.NewPackage(path, "rt")
		p.MarkComplete()
		return p, nil
	}
	return m.Importer.Import(path)
}

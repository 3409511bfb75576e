package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// Package is a parsed package of a whole program.
type Package struct {
	Path  string // main for the program itself
	Files []*ast.File
}

// CheckProgram checks a whole program as the compiler does. Its packages come
// in order of dependency, main last. The unit's statements are what the Go
// run-time system does before main: for each package the initialisation of its
// variables, then its init functions. Text returns the text of a file.
func (s *Session) CheckProgram(pkgs []*Package, number int, text func(name string) string) (*Unit, []Diagnostic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &program{Session: s, library: s.lib, text: text, local: map[string]*types.Package{}}
	s.lib = p
	p.u = &Unit{
		Cell: &cell.Cell{}, Source: &Source{Name: "main", Number: number}, Number: number, Pkg: s.pkg,
		Declared: map[string]types.Object{}, Info: newInfo(),
		names: map[types.Object]string{}, emits: s.emits,
		instances: map[types.Object][]*Instance{}, liveInstances: s.instances,
		instanceOf: map[*ast.FuncDecl]*Instance{}, bound: map[types.Object]types.Type{}, session: s,
	}
	for _, pkg := range pkgs {
		p.check(pkg)
		if len(p.errs) > 0 {
			return nil, p.report(pkg)
		}
		p.collect(pkg)
	}
	if p.instantiate(); len(p.errs) > 0 {
		return nil, p.report(pkgs[len(pkgs)-1])
	}
	return p.u, nil
}

// program is a whole program under check.
type program struct {
	*Session
	library Library // without the program's own packages
	text    func(name string) string
	u       *Unit
	local   map[string]*types.Package
	generic []item // generic declarations
	errs    []types.Error
}

// ByName is part of [Library]: a program's own packages are always imported.
func (p *program) ByName(name string) []string { return p.library.ByName(name) }

// Import finds a package of the program, or one of the library.
func (p *program) Import(path string) (*types.Package, error) {
	if pkg := p.local[path]; pkg != nil {
		return pkg, nil
	}
	if strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") {
		return nil, fmt.Errorf("relative import paths are not supported in module mode; import the package by its path in the module")
	}
	return p.library.Import(path)
}

func (p *program) check(pkg *Package) {
	tpkg := p.pkg
	if pkg.Path != "main" {
		tpkg = types.NewPackage(pkg.Path, pkg.Files[0].Name.Name)
	}
	p.local[pkg.Path] = tpkg
	conf := types.Config{
		Importer:  p,
		GoVersion: "go1.26",
		Error:     func(err error) { p.errs = appendError(p.errs, err.(types.Error)) },
	}
	types.NewChecker(&conf, p.fset, tpkg, p.u.Info).Files(pkg.Files)
	if pkg.Path == "main" && len(p.errs) == 0 && tpkg.Scope().Lookup("main") == nil {
		p.errs = append(p.errs, types.Error{Fset: p.fset, Pos: pkg.Files[0].Name.Pos(), Msg: "function main is undeclared in the main package"})
	}
}

// report words the errors of a package.
func (p *program) report(pkg *Package) []Diagnostic {
	body := &ast.FuncDecl{Name: ast.NewIdent("_"), Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: &ast.BlockStmt{}}
	b := &builder{Session: p.Session, c: &cell.Cell{}, src: &Source{imports: map[string]string{}}, info: p.u.Info, body: body, errs: p.errs}
	for _, f := range pkg.Files {
		for _, d := range f.Decls {
			b.items = append(b.items, item{nodes: []node{{decl: d}}})
		}
		for _, spec := range f.Imports {
			b.src.imports[importName(spec, p)] = importPath(spec)
		}
	}
	b.sortErrors()
	ds := b.report()
	for i := range ds {
		ds[i].Text = line(p.text(ds[i].Cell), ds[i].Line)
		if name, ok := strings.CutPrefix(ds[i].Msg, "undefined: "); ok {
			if paths := p.library.ByName(name); len(paths) > 0 {
				ds[i].Hint = fmt.Sprintf("import %q", paths[0])
			}
		}
	}
	return ds
}

// line returns a line of a text, counted from 1.
func line(text string, n int) string {
	lines := strings.Split(text, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[n-1], "\r")
}

// collect adds a checked package to the unit.
func (p *program) collect(pkg *Package) {
	tpkg := p.local[pkg.Path]
	p.noteLocals(0, asNodes(pkg.Files))
	for _, name := range tpkg.Scope().Names() {
		p.declare(pkg, tpkg.Scope().Lookup(name))
	}
	for _, in := range p.u.Info.InitOrder {
		p.initialise(in)
	}
	for _, f := range pkg.Files {
		src := p.source(f)
		for _, d := range f.Decls {
			p.addDecl(pkg, src, d)
		}
	}
	p.u.Cell.End = pkg.Files[len(pkg.Files)-1].Package
}

// emit returns the engine's name of a name of a package.
func (p *program) emit(pkg *Package, name string) string {
	if pkg.Path == "main" {
		return p.emitName(name, p.u.Number)
	}
	return p.emitName(fmt.Sprintf("%s%c%s", name, VersionMark, identifier(pkg.Path)), p.u.Number)
}

// identifier makes an import path part of an identifier.
func identifier(path string) string {
	return strings.Map(func(r rune) rune {
		if token.IsIdentifier("_" + string(r)) {
			return r
		}
		return '_'
	}, path)
}

// declare gives an object of a package its name in the engine, and a variable
// its storage.
func (p *program) declare(pkg *Package, obj types.Object) {
	d := &Decl{Name: obj.Name(), Kind: kindOf(obj), Source: p.u.Source, Obj: obj, Emit: p.emit(pkg, obj.Name())}
	if pkg.Path != "main" {
		d.Source = &Source{Name: pkg.Path, Number: p.u.Number}
	}
	p.u.names[obj] = d.Emit
	if pkg.Path == "main" {
		p.u.Declared[d.Name] = obj
	}
	if d.Kind == Var {
		p.u.Vars, p.u.NewVars = append(p.u.Vars, d), append(p.u.NewVars, d)
	} else {
		p.u.Decls = append(p.u.Decls, d)
	}
}

// initialise adds the assignment of package variables to the statements.
func (p *program) initialise(in *types.Initializer) {
	pos := in.Rhs.Pos()
	a := &ast.AssignStmt{TokPos: pos, Tok: token.ASSIGN, Rhs: []ast.Expr{in.Rhs}}
	blank := true
	for _, v := range in.Lhs {
		id := &ast.Ident{Name: v.Name(), NamePos: v.Pos()}
		if v.Name() != "_" {
			p.u.Info.Uses[id] = v
			blank = false
		}
		p.u.Info.Types[id] = types.TypeAndValue{Type: v.Type()}
		a.Lhs = append(a.Lhs, id)
	}
	if tv := p.u.Info.Types[in.Rhs]; blank && (tv.Value != nil || tv.IsNil()) {
		return
	}
	p.u.Cell.Body = append(p.u.Cell.Body, a)
}

// addDecl adds a declaration's syntax to the unit, and the call of an init
// function to its statements.
func (p *program) addDecl(pkg *Package, src *fileSource, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if isGeneric(node{decl: d}) {
			p.addGeneric(pkg, src, d)
			return
		}
		if d.Recv == nil && d.Name.Name == "_" || d.Recv != nil && d.Name.Name == "_" {
			return
		}
		if d.Recv == nil && d.Name.Name == "init" {
			obj := p.u.Info.Defs[d.Name]
			p.u.names[obj] = p.emit(pkg, "init")
			p.callInit(obj, d.Pos())
		}
		p.u.Nodes = append(p.u.Nodes, d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok && t.Name.Name != "_" {
				if t.TypeParams != nil {
					p.addGeneric(pkg, src, d)
					continue
				}
				p.u.Nodes = append(p.u.Nodes, &ast.GenDecl{Doc: d.Doc, TokPos: t.Pos(), Tok: token.TYPE, Specs: []ast.Spec{t}})
			}
		}
	}
}

func (p *program) callInit(obj types.Object, pos token.Pos) {
	id := &ast.Ident{Name: "init", NamePos: pos}
	p.u.Info.Uses[id] = obj
	c := &ast.CallExpr{Fun: id, Lparen: pos}
	p.u.Info.Types[id] = types.TypeAndValue{Type: obj.Type()}
	p.u.Info.Types[c] = types.TypeAndValue{Type: types.NewTuple()}
	p.u.Cell.Body = append(p.u.Cell.Body, &ast.ExprStmt{X: c})
}

// fileSource is a file of a program as a source of generic declarations.
type fileSource struct {
	*Source
	pkgs map[string]string // its imports: name → path
}

func (p *program) source(f *ast.File) *fileSource {
	name := p.fset.Position(f.Package).Filename
	src := &fileSource{&Source{Name: name, Number: p.u.Number, Code: p.text(name)}, map[string]string{}}
	for _, spec := range f.Imports {
		src.pkgs[importName(spec, p)] = importPath(spec)
	}
	delete(src.pkgs, "_")
	return src
}

// addGeneric makes a generic declaration one of which instances can be made.
func (p *program) addGeneric(pkg *Package, src *fileSource, d ast.Decl) {
	n := node{decl: d, source: src.Source, pkgs: src.pkgs}
	if fn, ok := d.(*ast.FuncDecl); ok {
		p.noteVarying(src.Source, fn, p.u.Info)
	}
	if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
		if decl := p.declOf(pkg, receiverBase(fn)); decl != nil {
			decl.methods = append(decl.methods, part{name: fn.Name.Name, source: src.Source})
		}
	} else if ok {
		p.attach(pkg, fn.Name.Name, src)
	} else {
		for _, spec := range d.(*ast.GenDecl).Specs {
			p.attach(pkg, spec.(*ast.TypeSpec).Name.Name, src)
		}
	}
	p.generic = append(p.generic, item{source: src.Source, nodes: []node{n}})
}

// attach tells a declaration where its text is.
func (p *program) attach(pkg *Package, name string, src *fileSource) {
	if d := p.declOf(pkg, name); d != nil {
		d.Source, d.pkgs = src.Source, src.pkgs
	}
}

func (p *program) declOf(pkg *Package, name string) *Decl {
	obj := p.local[pkg.Path].Scope().Lookup(name)
	for _, d := range p.u.Decls {
		if d.Obj == obj {
			return d
		}
	}
	return nil
}

// instantiate adds the instances of the program's generic declarations to the
// unit.
func (p *program) instantiate() {
	if len(p.generic) == 0 {
		return
	}
	b := &builder{
		Session: p.Session, c: p.u.Cell, number: p.u.Number, src: p.u.Source, info: p.u.Info,
		brokeOld: map[string]string{}, replaced: map[string]bool{}, items: p.generic, local: p.local,
	}
	b.body = &ast.FuncDecl{Name: &ast.Ident{Name: "_", NamePos: p.u.Cell.End}, Type: &ast.FuncType{Func: p.u.Cell.End, Params: &ast.FieldList{}}, Body: &ast.BlockStmt{}}
	b.instantiate(p.u)
	p.errs = b.errs
}

// within checks in another package of the program, which declares all, until
// back is called.
func (b *builder) within(pkg *types.Package, all map[string]types.Object) (back func()) {
	main := b.Session.pkg
	b.Session.pkg = pkg
	return func() {
		scope := emptied(pkg)
		for _, obj := range all {
			scope.Insert(obj)
		}
		b.Session.pkg = main
	}
}

// owns reports whether a package is of the session, or of the program.
func (b *builder) owns(pkg *types.Package) bool {
	return pkg != nil && (pkg == b.pkg || b.local[pkg.Path()] == pkg)
}

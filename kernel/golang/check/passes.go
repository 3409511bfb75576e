package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"strconv"
	"strings"
)

// The cell is checked in two passes. The first sees the declarations without
// their function bodies, and the statements as the body of a function; from it
// come the types of the variables that the statements declare. The second sees
// the function bodies, with those variables as variables of the package.

// checkSignatures is the first pass. It returns the cell's functions, types
// and constants, among the live declarations that it mentions. Where types have
// new versions, the statements come after them, with the variables of these
// types carried over.
func (b *builder) checkSignatures() map[string]types.Object {
	scope := emptied(b.pkg)
	b.renewed, b.gone = nil, nil
	b.injectLive(scope, nil)
	body := b.body
	if b.replacesTypes() {
		body = nil
	}
	b.run(func(n node) ast.Decl {
		if fn, ok := n.decl.(*ast.FuncDecl); ok {
			head := *fn
			head.Body = nil
			return &head
		}
		return n.decl
	}, body)
	declared := contents(scope)
	if body == nil {
		b.renewVars(declared)
		scope = emptied(b.pkg)
		b.insertDeclared(scope, declared)
		b.injectLive(scope, nil)
		b.run(func(node) ast.Decl { return nil }, b.body)
	}
	return declared
}

// insertDeclared puts what the unit declares into a scope.
func (b *builder) insertDeclared(scope *types.Scope, declared map[string]types.Object) {
	for _, it := range b.items {
		for _, name := range declaredNames(it) {
			if obj := declared[name]; obj != nil {
				scope.Insert(obj)
			}
		}
	}
}

// checkBodies is the second pass. A function is checked as a blank function
// with the receiver as its first parameter, so that it need not be declared
// again.
func (b *builder) checkBodies(declared map[string]types.Object, vars []*types.Var) {
	b.pkgVars = map[string]*types.Var{}
	for _, v := range vars {
		if declared[v.Name()] != nil && b.declaresHere(v.Name()) {
			b.errs = append(b.errs, types.Error{Fset: b.fset, Pos: v.Pos(),
				Msg: fmt.Sprintf("%s is declared twice in this cell: as a variable and as a %s; rename one", v.Name(), kindOf(declared[v.Name()]))})
		}
		b.pkgVars[v.Name()] = types.NewVar(v.Pos(), b.pkg, v.Name(), v.Type())
	}
	scope := emptied(b.pkg)
	for _, v := range b.pkgVars {
		scope.Insert(v)
	}
	b.insertDeclared(scope, declared)
	b.injectLive(scope, b.pkgVars)
	b.run(func(n node) ast.Decl {
		if fn, ok := n.decl.(*ast.FuncDecl); ok && fn.Body != nil {
			return b.blank(fn)
		}
		return nil
	}, nil)
}

func (b *builder) declaresHere(name string) bool {
	for _, it := range b.items {
		if !it.old {
			for _, n := range declaredNames(it) {
				if n == name {
					return true
				}
			}
		}
	}
	return false
}

// injectLive puts the live declarations that the unit mentions into a scope.
// Only those: the cost of a cell must not grow with the session.
func (b *builder) injectLive(scope *types.Scope, except map[string]*types.Var) {
	if b.mentioned == nil {
		b.mentioned = map[string]*Decl{}
	}
	see := func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if d := b.decls[id.Name]; d != nil && !b.replaced[d.Name] && !b.own[d.Name] && except[d.Name] == nil {
				b.mentioned[d.Name] = d
				if v := b.renewed[d.Name]; v != nil {
					scope.Insert(v)
				} else if b.gone[d.Name] == "" {
					scope.Insert(d.Obj)
				}
			}
		}
		return true
	}
	ast.Inspect(b.body, see)
	for _, it := range b.items {
		for _, n := range it.nodes {
			ast.Inspect(n.decl, see)
		}
	}
}

// run checks the unit's declarations, each as shape presents it, and the body.
func (b *builder) run(shape func(node) ast.Decl, body *ast.FuncDecl) {
	files := map[*Source]*ast.File{}
	var order []*ast.File
	file := func(n node) *ast.File {
		f := files[n.source]
		if f == nil {
			f = &ast.File{Package: b.body.Pos(), Name: &ast.Ident{Name: "main", NamePos: b.body.Pos()}}
			f.Decls = b.importDecls(n)
			files[n.source] = f
			order = append(order, f)
		}
		return f
	}
	if body != nil {
		f := file(node{source: b.src})
		f.Decls = append(f.Decls, body)
	}
	for _, it := range b.items {
		for _, n := range it.nodes {
			if d := shape(n); d != nil {
				f := file(n)
				f.Decls = append(f.Decls, d)
			}
		}
	}
	b.checkFiles(order, tolerated)
}

// checkFiles runs the type checker over files of the session's package. Errors
// that are tolerated are none.
func (b *builder) checkFiles(files []*ast.File, tolerated func(types.Error) bool) {
	conf := types.Config{
		Importer:                 b.lib,
		GoVersion:                "go1.26",
		DisableUnusedImportCheck: true,
		Error:                    complainer(&b.errs, tolerated),
	}
	// On some invalid declarations go/types itself panics.
	defer func() {
		if r := recover(); r != nil {
			b.errs = append(b.errs, types.Error{Fset: b.fset, Pos: b.c.End,
				Msg: fmt.Sprintf("the type checker cannot make sense of this cell (%v); look at its type declarations", r)})
		}
		b.sortErrors()
	}()
	types.NewChecker(&conf, b.fset, b.pkg, b.info).Files(files)
}

// tolerated reports whether a soft error is none in a cell: things may be
// declared for later cells, and the first pass sees no function bodies.
func tolerated(e types.Error) bool {
	msg := e.Msg
	return e.Soft && (strings.HasPrefix(msg, "declared and not used") || strings.HasSuffix(msg, "imported and not used") ||
		strings.Contains(msg, "imported as ") || strings.HasSuffix(msg, "missing function body") || strings.HasSuffix(msg, "must have a body"))
}

// importDecls returns the imports of a file: for the cell under check its own
// and those of earlier cells, and the packages that it uses without importing;
// for an earlier cell what its declaration used then.
func (b *builder) importDecls(n node) []ast.Decl {
	pos := b.body.Pos()
	group := &ast.GenDecl{TokPos: pos, Tok: token.IMPORT, Lparen: pos, Rparen: pos}
	add := func(name, path string) {
		group.Specs = append(group.Specs, &ast.ImportSpec{
			Name: &ast.Ident{Name: name, NamePos: pos},
			Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(path), ValuePos: pos},
		})
	}
	if n.source != b.src {
		pkgs := b.pkgsOf(n.source)
		maps.Copy(pkgs, n.pkgs)
		for name, path := range pkgs {
			add(name, path)
		}
		return []ast.Decl{group}
	}
	for _, spec := range b.c.Imports {
		group.Specs = append(group.Specs, spec)
	}
	visible := b.visibleImports()
	for name, path := range b.constraintImports() {
		if visible[name] == "" && !b.own[name] {
			visible[name] = path
		}
	}
	for name, path := range visible {
		add(name, path)
	}
	for _, path := range b.src.dots {
		if !b.imports0(path) {
			add(".", path)
		}
	}
	return []ast.Decl{group}
}

// constraintImports returns the packages in the constraints of earlier generic
// types. The methods that they get in this cell repeat the constraints; see
// blank.
func (b *builder) constraintImports() map[string]string {
	found := map[string]string{}
	for _, it := range b.items {
		g, ok := it.nodes[0].decl.(*ast.GenDecl)
		if !ok || it.kind != Type || g.Specs[0].(*ast.TypeSpec).TypeParams == nil {
			continue
		}
		ast.Inspect(g.Specs[0].(*ast.TypeSpec).TypeParams, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && it.nodes[0].pkgs[id.Name] != "" {
				found[id.Name] = it.nodes[0].pkgs[id.Name]
			}
			return true
		})
	}
	return found
}

// imports0 reports whether the cell itself dot-imports path.
func (b *builder) imports0(path string) bool {
	for _, spec := range b.c.Imports {
		if spec.Name != nil && spec.Name.Name == "." && importPath(spec) == path {
			return true
		}
	}
	return false
}

// pkgsOf merges the packages used by the declarations revived from a cell.
func (b *builder) pkgsOf(src *Source) map[string]string {
	pkgs := map[string]string{}
	for _, it := range b.items {
		for _, n := range it.nodes {
			if n.source == src {
				for name, path := range n.pkgs {
					pkgs[name] = path
				}
			}
		}
	}
	return pkgs
}

// visibleImports returns the imports of earlier cells that this one uses, and
// the library's packages that it uses without importing them. A name that the
// session or the cell declares is never a package.
func (b *builder) visibleImports() map[string]string {
	found := map[string]string{}
	declared := b.cellNames()
	see := func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok || b.own[id.Name] || declared[id.Name] {
			return true
		}
		if path := b.src.imports[id.Name]; path != "" {
			found[id.Name] = path
		} else if b.decls[id.Name] == nil {
			if paths := b.lib.ByName(id.Name); len(paths) > 0 {
				found[id.Name] = b.bestPath(paths, sel.Sel.Name)
			}
		}
		return true
	}
	for _, d := range b.c.Decls {
		ast.Inspect(d, see)
	}
	ast.Inspect(b.body, see)
	return found
}

// bestPath chooses among packages of one name the first that has the member.
func (b *builder) bestPath(paths []string, member string) string {
	for _, p := range paths {
		if pkg, err := b.lib.Import(p); err == nil && pkg.Scope().Lookup(member) != nil {
			return p
		}
	}
	return paths[0]
}

// cellNames returns the names that the cell declares at its top level.
func (b *builder) cellNames() map[string]bool {
	names := map[string]bool{}
	for _, it := range b.items {
		for _, n := range declaredNames(it) {
			names[n] = true
		}
	}
	return names
}

// blank turns a function or method into a blank function of the same body.
func (b *builder) blank(fn *ast.FuncDecl) *ast.FuncDecl {
	t := *fn.Type
	out := &ast.FuncDecl{Name: &ast.Ident{Name: "_", NamePos: fn.Name.NamePos}, Type: &t, Body: fn.Body}
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return out
	}
	nameBlankParams(fn)
	t.TypeParams = b.receiverParams(fn)
	params := &ast.FieldList{Opening: fn.Type.Params.Opening, Closing: fn.Type.Params.Closing}
	for _, f := range append(fn.Recv.List[:1:1], fn.Type.Params.List...) {
		if len(f.Names) == 0 {
			named := *f
			named.Names = []*ast.Ident{{Name: "_", NamePos: f.Type.Pos()}}
			f = &named
		}
		params.List = append(params.List, f)
	}
	t.Params = params
	return out
}

// receiverParams returns the type parameters of a generic receiver under the
// names that the method gives them, with the constraints of the type.
func (b *builder) receiverParams(fn *ast.FuncDecl) *ast.FieldList {
	var names []ast.Expr
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IndexExpr:
			names = []ast.Expr{n.Index}
		case *ast.IndexListExpr:
			names = n.Indices
		}
		return names == nil
	})
	spec := b.typeSpec(receiverBase(fn))
	if names == nil || spec == nil || spec.TypeParams == nil {
		return nil
	}
	list := &ast.FieldList{Opening: fn.Recv.Opening, Closing: fn.Recv.Opening}
	i := 0
	for _, f := range spec.TypeParams.List {
		for range f.Names {
			if i >= len(names) {
				return nil
			}
			if id, ok := names[i].(*ast.Ident); ok {
				list.List = append(list.List, &ast.Field{Names: []*ast.Ident{{Name: id.Name, NamePos: id.NamePos}}, Type: f.Type})
			}
			i++
		}
	}
	return list
}

func (b *builder) typeSpec(name string) *ast.TypeSpec {
	for _, it := range b.items {
		if it.kind == Type && it.name == name {
			if g, ok := it.nodes[0].decl.(*ast.GenDecl); ok {
				return g.Specs[0].(*ast.TypeSpec)
			}
		}
	}
	return nil
}

func kindOf(obj types.Object) Kind {
	switch obj.(type) {
	case *types.Func:
		return Func
	case *types.TypeName:
		return Type
	case *types.Const:
		return Const
	}
	return Var
}

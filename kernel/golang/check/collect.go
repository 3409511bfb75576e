package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// collect sorts the cell's declarations into items, leaves out those that are
// alive word for word, and adds what depends on the rest.
func (b *builder) collect() {
	for _, decl := range b.c.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				b.add(item{name: decl.Name.Name, kind: Func, nodes: []node{b.node(decl)}})
			} else {
				b.addMethod(decl)
			}
		case *ast.GenDecl:
			b.addGen(decl)
		}
	}
	changed := b.items[:0]
	for _, it := range b.items {
		it.text = it.source.slice(b.fset, it.nodes[0].decl)
		if !b.unchanged(it) {
			changed = append(changed, it)
		}
	}
	b.items = changed
	for _, it := range b.items {
		for _, name := range declaredNames(it) {
			b.replaced[name] = true
		}
	}
	for name := range b.drop {
		b.replaced[name] = true
	}
	b.addDependents(b.replaced)
}

// node is a declaration with the cell that it came from and the packages that
// its names mean there.
type node struct {
	decl   ast.Decl
	source *Source
	pkgs   map[string]string // nil for the cell under check
}

func (b *builder) node(d ast.Decl) node { return node{decl: d, source: b.src} }

func (b *builder) add(it item) {
	it.source = it.nodes[0].source
	b.items = append(b.items, it)
}

// addGen adds the specs of a type or const declaration. A const group stays
// together, because iota counts through it.
func (b *builder) addGen(decl *ast.GenDecl) {
	if decl.Tok == token.CONST {
		if names := constNames(decl); len(names) > 0 {
			b.add(item{name: names[0], kind: Const, nodes: []node{b.node(decl)}})
		}
		return
	}
	for _, spec := range decl.Specs {
		one := &ast.GenDecl{Doc: decl.Doc, TokPos: decl.TokPos, Tok: token.TYPE, Specs: []ast.Spec{spec}}
		b.add(item{name: spec.(*ast.TypeSpec).Name.Name, kind: Type, nodes: []node{b.node(one)}})
	}
}

// addMethod adds a method to its type: one of this cell, or a live one, which
// then gets a new version.
func (b *builder) addMethod(decl *ast.FuncDecl) {
	base := receiverBase(decl)
	m := part{name: decl.Name.Name, text: b.src.slice(b.fset, decl), source: b.src}
	for i := range b.items {
		if it := &b.items[i]; it.kind == Type && it.name == base {
			it.nodes, it.parts = append(it.nodes, b.node(decl)), append(it.parts, m)
			return
		}
	}
	old := b.decls[base]
	if old == nil || old.Kind != Type || laterInCell(b.c, base) {
		// A type declared below its method, or an error that go/types words.
		b.add(item{name: base, kind: Type, nodes: []node{b.node(decl)}, parts: []part{m}})
		return
	}
	it := b.revive(old)
	it.old = false
	for i, p := range it.parts {
		if p.name == m.name {
			it.parts = append(it.parts[:i], it.parts[i+1:]...)
			it.nodes = append(it.nodes[:i+1], it.nodes[i+2:]...)
			break
		}
	}
	it.nodes, it.parts = append(it.nodes, b.node(decl)), append(it.parts, m)
	b.items = append(b.items, it)
}

// laterInCell reports whether the cell declares a type of this name itself.
func laterInCell(c *cell.Cell, name string) bool {
	for _, d := range c.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			for _, s := range g.Specs {
				if s.(*ast.TypeSpec).Name.Name == name {
					return true
				}
			}
		}
	}
	return false
}

// unchanged reports whether a declaration is alive in the same words, so that
// running its cell again need not make a new version of it.
func (b *builder) unchanged(it item) bool {
	old := b.decls[it.name]
	if old == nil || old.Kind != it.kind || old.text != it.text || len(old.methods) != len(it.parts) {
		return false
	}
	for i, m := range old.methods {
		if m.name != it.parts[i].name || m.text != it.parts[i].text {
			return false
		}
	}
	for name, path := range old.pkgs {
		if now, ok := b.src.imports[name]; ok && now != path {
			return false
		}
	}
	return b.drop[it.name] == ""
}

// addDependents adds the live declarations that depend on names to the items,
// and reports whether there were any that were not yet.
func (b *builder) addDependents(names map[string]bool) bool {
	if len(names) == 0 {
		return false
	}
	added := false
	for name := range b.dependents(names) {
		if b.replaced[name] || b.drop[name] != "" {
			continue
		}
		b.items = append(b.items, b.revive(b.decls[name]))
		for _, n := range declaredNames(b.items[len(b.items)-1]) {
			b.replaced[n] = true
		}
		added = true
	}
	return added
}

// revive reads a live declaration again from the cells that it came from.
func (b *builder) revive(d *Decl) item {
	it := item{name: d.Name, kind: d.Kind, source: d.Source, text: d.text, parts: append([]part(nil), d.methods...), old: true}
	it.nodes = []node{{decl: b.reparse(d.Source, d.Name, ""), source: d.Source, pkgs: d.pkgs}}
	for _, m := range d.methods {
		it.nodes = append(it.nodes, node{decl: b.reparse(m.source, d.Name, m.name), source: m.source, pkgs: d.pkgs})
	}
	return it
}

// reparse finds a declaration in the text of the cell that made it. Syntax
// trees are lowered in place, so each check starts from a fresh one.
func (b *builder) reparse(src *Source, name, method string) ast.Decl {
	c, err := cell.Parse(b.fset, src.Name, src.Code)
	if err != nil {
		panic("check: a cell that ran no longer parses: " + err.Error())
	}
	for _, decl := range c.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil && method == "" && decl.Name.Name == name ||
				decl.Recv != nil && decl.Name.Name == method && receiverBase(decl) == name {
				return decl
			}
		case *ast.GenDecl:
			if method != "" {
				continue
			}
			if one := specOf(decl, name); one != nil {
				return one
			}
		}
	}
	panic("check: " + name + " is no longer in " + src.Name)
}

func specOf(decl *ast.GenDecl, name string) ast.Decl {
	if decl.Tok == token.CONST {
		for _, n := range constNames(decl) {
			if n == name {
				return decl
			}
		}
		return nil
	}
	for _, spec := range decl.Specs {
		if spec.(*ast.TypeSpec).Name.Name == name {
			return &ast.GenDecl{Doc: decl.Doc, TokPos: decl.TokPos, Tok: token.TYPE, Specs: []ast.Spec{spec}}
		}
	}
	return nil
}

// declaredNames returns the names that an item puts into the package.
func declaredNames(it item) []string {
	if it.kind == Const {
		return constNames(it.nodes[0].decl.(*ast.GenDecl))
	}
	return []string{it.name}
}

func constNames(decl *ast.GenDecl) []string {
	var names []string
	for _, spec := range decl.Specs {
		for _, id := range spec.(*ast.ValueSpec).Names {
			if id.Name != "_" {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// receiverBase returns the name of the type that a method belongs to.
func receiverBase(decl *ast.FuncDecl) string {
	if len(decl.Recv.List) == 0 {
		return "" // func () f(), in code being typed
	}
	t := decl.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// slice returns the text of a node of the source's cell.
func (src *Source) slice(fset *token.FileSet, n ast.Node) string {
	from, to := n.Pos(), n.End()
	if g, ok := n.(*ast.GenDecl); ok && !g.Lparen.IsValid() && len(g.Specs) == 1 {
		from, to = g.Specs[0].Pos(), g.Specs[0].End()
	}
	lines := strings.SplitAfter(src.Code, "\n")
	i, j := offset(lines, fset.Position(from)), offset(lines, fset.Position(to))
	if i < 0 || i > j || j > len(src.Code) {
		return "" // a broken declaration, in code being typed
	}
	return src.Code[i:j]
}

// offset returns the byte offset of a position in the text of lines, or -1 if
// there is none.
func offset(lines []string, p token.Position) int {
	if p.Line < 1 {
		return -1
	}
	n := 0
	for _, l := range lines[:min(p.Line-1, len(lines))] {
		n += len(l)
	}
	return n + p.Column - 1
}

func importPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}

// importName returns the name under which an import is known in its file.
func importName(spec *ast.ImportSpec, lib types.Importer) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	if pkg, err := lib.Import(importPath(spec)); err == nil {
		return pkg.Name()
	}
	return path.Base(importPath(spec))
}

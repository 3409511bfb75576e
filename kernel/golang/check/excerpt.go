package check

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// Excerpt is a declaration as a cell has it.
type Excerpt struct {
	Cell string // In[7]
	Doc  string // the text of its comment
	Code string // all of it, the comment included
}

// Excerpts returns the text of a declaration, and behind that of a type those of
// its methods, which may be of other cells; or that of one method alone.
func (d *Decl) Excerpts(method string) []Excerpt {
	var all []Excerpt
	add := func(src *Source, find func(*cell.Cell) (ast.Node, *ast.CommentGroup)) {
		fset := token.NewFileSet()
		c, _ := cell.Parse(fset, src.Name, src.Code)
		n, doc := find(c)
		if n == nil {
			return
		}
		from, lines := n.Pos(), strings.SplitAfter(src.Code, "\n")
		if doc != nil {
			from = doc.Pos()
		}
		i, j := offset(lines, fset.Position(from)), offset(lines, fset.Position(n.End()))
		if 0 <= i && i <= j && j <= len(src.Code) {
			all = append(all, Excerpt{src.Name, strings.TrimSpace(doc.Text()), src.Code[i:j]})
		}
	}
	if method == "" {
		add(d.Source, d.find)
	}
	for _, m := range d.methods {
		if method != "" && method != m.name {
			continue
		}
		add(m.source, func(c *cell.Cell) (ast.Node, *ast.CommentGroup) { return findFunc(c, d.Name, m.name) })
	}
	return all
}

// find returns the last declaration of d in its cell.
func (d *Decl) find(c *cell.Cell) (found ast.Node, doc *ast.CommentGroup) {
	if d.Kind == Func {
		return findFunc(c, "", d.Name)
	}
	for _, decl := range c.Decls {
		if g, ok := decl.(*ast.GenDecl); ok && declares(g, d.Name) {
			found, doc = g, g.Doc
		}
	}
	for _, stmt := range c.Body {
		if assigns(stmt, d.Name) {
			found, doc = stmt, nil
		}
	}
	return found, doc
}

func findFunc(c *cell.Cell, receiver, name string) (found ast.Node, doc *ast.CommentGroup) {
	for _, decl := range c.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Name.Name != name {
			continue
		}
		if fn.Recv == nil && receiver == "" || fn.Recv != nil && receiverBase(fn) == receiver {
			found, doc = fn, fn.Doc
		}
	}
	return found, doc
}

func declares(g *ast.GenDecl, name string) bool {
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.Name == name {
				return true
			}
		case *ast.ValueSpec:
			for _, id := range spec.Names {
				if id.Name == name {
					return true
				}
			}
		}
	}
	return false
}

// assigns reports whether a statement gives a variable its value.
func assigns(stmt ast.Stmt, name string) bool {
	switch stmt := stmt.(type) {
	case *ast.DeclStmt:
		return declares(stmt.Decl.(*ast.GenDecl), name)
	case *ast.AssignStmt:
		for _, x := range stmt.Lhs {
			if id, ok := x.(*ast.Ident); ok && id.Name == name {
				return true
			}
		}
	}
	return false
}

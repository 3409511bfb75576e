// Package cell reads the text of a notebook cell.
//
// Go keeps declarations and statements apart; a cell mixes them. [Parse] cuts a
// cell into pieces, each of which is something that Go knows (an import
// declaration, a type, const or func declaration, a statement), parses each
// piece by itself with go/parser, and says which statement's value is to be
// shown. [Completeness] says whether a text is ready to run. [Offset],
// [CodePoints] and [IdentBefore] convert and use a front end's cursor.
//
// # How a cell is cut
//
// Go's grammar needs one token of lookahead, and a semicolon outside all
// brackets ends what it follows, with one exception: the header of an if, for
// or switch contains semicolons of its own. So the cell is scanned once, cut
// behind every semicolon (written or automatic) at depth 0 that does not belong
// to such a header, and the first tokens of each piece tell what it is. Nothing
// is guessed from names or layout.
//
// A piece that is a statement is parsed as the body of a function that is
// wrapped round it. Neither the wrapper nor the cut can be seen from outside:
// positions are those of the cell's own text, and errors are worded as if the
// cell were the whole file.
//
// The package does no I/O and keeps no state.
package cell

import (
	"go/ast"
	"go/scanner"
	"go/token"
)

// Cell is the text of a cell, sorted into what Go keeps apart. All slices are
// in source order, and positions grow in source order across all of them.
//
// A node's fset.Position has the cell's Filename, Line and Column (1-based, in
// bytes). Its Offset is not an offset into the cell, because every piece of a
// cell is a token.File of its own.
type Cell struct {
	Name string // file name in positions, such as "In[7]"
	Code string // the text as it was given

	Imports []*ast.ImportSpec
	Decls   []ast.Decl // *ast.FuncDecl, and *ast.GenDecl of type or const
	Body    []ast.Stmt // everything else; a var at depth 0 is an *ast.DeclStmt

	// Trailing is the last element of Body if its value is to be shown: it is
	// an expression, nothing but comments follows it, and no semicolon behind
	// it says that the value is not wanted.
	Trailing *ast.ExprStmt

	Package  string // name in the package clause, if the cell has one
	Comments []*ast.CommentGroup
	End      token.Pos // just behind the last token
}

// Parse reads the text of a cell called name and adds it to fset.
//
// The error, if any, is a [scanner.ErrorList] in source order, with positions
// (Offset included) in the cell's text. Each piece of the cell gives at most
// one error, its first, because what a parser says after a syntax error is
// mostly about its own confusion. The cell is returned also with an error, with
// whatever could be parsed, so that completion works in code being written.
func Parse(fset *token.FileSet, name, code string) (*Cell, error) {
	t := scan(code)
	c := &Cell{Name: name, Code: code}
	var errs scanner.ErrorList
	var last *piece
	for from := 0; from < len(t.toks) || last == nil; from = last.to {
		last = t.parsePiece(fset, name, from)
		c.add(last)
		if p := last.fault(); p != nil {
			errs.Add(t.position(name, p.off), p.msg)
		}
	}
	c.Trailing = trailing(t, last)
	c.End = last.pos(t.end())
	errs.Sort()
	return c, errs.Err()
}

// add sorts the syntax of a piece into the cell.
func (c *Cell) add(p *piece) {
	c.Comments = append(c.Comments, p.syntax.Comments...)
	switch p.kind {
	case packageClause:
		c.Package = p.syntax.Name.Name
	case importDecl:
		c.Imports = append(c.Imports, p.syntax.Imports...)
	case otherDecl:
		for _, d := range p.syntax.Decls {
			if _, bad := d.(*ast.BadDecl); !bad {
				c.Decls = append(c.Decls, d)
			}
		}
	case statement:
		c.Body = append(c.Body, p.statements()...)
	}
}

// trailing returns the statement of the last piece if its value is to be shown.
func trailing(t *text, last *piece) *ast.ExprStmt {
	list := last.statements()
	if len(list) == 0 || t.toks[len(t.toks)-1].isSemicolon() {
		return nil
	}
	x, _ := list[len(list)-1].(*ast.ExprStmt)
	return x
}

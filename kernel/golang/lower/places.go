package lower

import (
	"go/ast"
	"go/token"
)

// place returns the number by which a mark names the line of a statement.
func (l *lowerer) place(s ast.Stmt) (int, bool) {
	pos := firstPos(s)
	if !pos.IsValid() {
		return 0, false
	}
	p := l.fset.Position(pos)
	n := l.serial(p.Filename)
	return PlaceNumber(n, p.Line), n > 0
}

// PlaceNumber is the mark that stands for a place.
func PlaceNumber(serial, line int) int { return serial<<20 | line }

// Place returns the serial number of the cell and the line that a mark stands
// for.
func Place(mark int) (serial, line int) { return mark >> 20, mark & (1<<20 - 1) }

// firstPos returns the position of a statement; a synthetic one has that of
// the first of its parts that came from the cell.
func firstPos(s ast.Stmt) token.Pos {
	pos := token.NoPos
	ast.Inspect(s, func(n ast.Node) bool {
		if n == nil || pos.IsValid() {
			return false
		}
		switch n := n.(type) {
		case *ast.Ident:
			pos = n.NamePos
		case *ast.BasicLit:
			pos = n.ValuePos
		case *ast.CallExpr:
			if n.Lparen.IsValid() && n.Fun.Pos() == token.NoPos {
				pos = n.Lparen
			}
		case *ast.IfStmt:
			pos = n.If
		case *ast.ForStmt:
			pos = n.For
		case *ast.RangeStmt:
			pos = n.For
		case *ast.ReturnStmt:
			pos = n.Return
		case *ast.SwitchStmt:
			pos = n.Switch
		case *ast.DeferStmt:
			pos = n.Defer
		case *ast.SelectStmt:
			pos = n.Select
		case *ast.AssignStmt:
			if n.TokPos.IsValid() && n.Lhs[0].Pos() == token.NoPos {
				pos = n.TokPos
			}
		}
		return !pos.IsValid()
	})
	return pos
}

// appendNew appends what the list does not hold yet.
func appendNew(list []int, n int) []int {
	for _, m := range list {
		if m == n {
			return list
		}
	}
	return append(list, n)
}

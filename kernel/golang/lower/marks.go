package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// mark puts a mark before each statement of a function that can panic, so that
// an error at run time can name its line: the interpreter itself knows only
// the function.
func (l *lowerer) mark(body *ast.BlockStmt) {
	body.List = l.markList(body.List)
}

func (l *lowerer) markList(in []ast.Stmt) []ast.Stmt {
	out := make([]ast.Stmt, 0, len(in))
	for _, s := range in {
		if place, ok := l.place(s); ok && l.canPanic(s) {
			out = append(out, assign(list(ast.NewIdent(MarkVar)), intLit(place)))
		}
		l.markInside(s)
		out = append(out, s)
	}
	return out
}

// markInside marks the statements inside a compound statement, but not those
// of function literals, which are marked as functions.
func (l *lowerer) markInside(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		l.mark(s)
	case *ast.LabeledStmt:
		l.markInside(s.Stmt)
	case *ast.IfStmt:
		l.mark(s.Body)
		if s.Else != nil {
			l.markInside(s.Else)
		}
	case *ast.ForStmt:
		l.mark(s.Body)
	case *ast.RangeStmt:
		l.mark(s.Body)
	case *ast.SwitchStmt:
		l.markCases(s.Body)
	case *ast.TypeSwitchStmt:
		l.markCases(s.Body)
	case *ast.SelectStmt:
		l.markCases(s.Body)
	}
}

func (l *lowerer) markCases(body *ast.BlockStmt) {
	for _, c := range body.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			c.Body = l.markList(c.Body)
		case *ast.CommClause:
			c.Body = l.markList(c.Body)
		}
	}
}

// canPanic reports whether the head of a statement, without the statements
// inside it, does something that can fail: a call, an index, a pointer, a
// division, an assertion, a channel.
func (l *lowerer) canPanic(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt, *ast.FuncLit:
			return n == ast.Node(s)
		case *ast.CallExpr, *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr, *ast.TypeAssertExpr, *ast.SendStmt, *ast.GoStmt:
			found = true
		case *ast.SelectorExpr:
			sel := l.info.Selections[n]
			found = found || sel != nil && (sel.Indirect() || isPointer(sel.Recv()))
		case *ast.BinaryExpr:
			found = found || n.Op == token.QUO || n.Op == token.REM || n.Op == token.EQL || n.Op == token.SHL || n.Op == token.SHR
		case *ast.AssignStmt:
			found = found || n.Tok == token.QUO_ASSIGN || n.Tok == token.REM_ASSIGN
		}
		return !found
	})
	return found
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// place returns the number by which a mark names the line of a statement.
func (l *lowerer) place(s ast.Stmt) (int, bool) {
	pos := firstPos(s)
	if !pos.IsValid() {
		return 0, false
	}
	p := l.fset.Position(pos)
	n := l.serial(p.Filename)
	return n<<20 | p.Line, n > 0
}

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
		}
		return !pos.IsValid()
	})
	return pos
}

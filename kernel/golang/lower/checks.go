package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A cell that is stopped while compiled code keeps it, in a read or a lock, ends
// as soon as it comes back: behind what may wait, lowered code looks whether it
// has been stopped meanwhile.

// DoomedVar is the interpreted variable that is true as long as there are
// stopped goroutines in compiled code.
const DoomedVar = "ꞏdoomed"

// check is: if ꞏdoomed { rt.Die() }.
func (l *lowerer) check(pos token.Pos) ast.Stmt {
	return &ast.IfStmt{If: pos, Cond: &ast.Ident{Name: DoomedVar, NamePos: pos}, Body: block(exprStmt(l.helper("Die")))}
}

// withChecks puts checks behind the part of a statement that may wait.
func (l *lowerer) withChecks(s ast.Stmt) (stmt ast.Stmt, after ast.Stmt) {
	if !l.waits(s) {
		return s, nil
	}
	inner := s
	for {
		lab, ok := inner.(*ast.LabeledStmt)
		if !ok {
			break
		}
		inner = lab.Stmt
	}
	first := func(list []ast.Stmt) []ast.Stmt { return append([]ast.Stmt{l.check(token.NoPos)}, list...) }
	switch inner := inner.(type) {
	case *ast.ReturnStmt:
		return l.checkedReturn(inner), nil
	case *ast.IfStmt:
		inner.Body.List = first(inner.Body.List)
		if e, ok := inner.Else.(*ast.BlockStmt); ok {
			e.List = first(e.List)
		}
	case *ast.ForStmt:
		inner.Body.List = first(inner.Body.List)
	case *ast.RangeStmt:
		inner.Body.List = first(inner.Body.List)
	case *ast.SelectStmt:
		for _, c := range inner.Body.List {
			c := c.(*ast.CommClause)
			c.Body = first(c.Body)
		}
	case *ast.BlockStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.BranchStmt:
	}
	return s, l.check(token.NoPos)
}

// checkedReturn returns the one result after the check. Other returns are
// checked where their callers wait next.
func (l *lowerer) checkedReturn(s *ast.ReturnStmt) ast.Stmt {
	if len(s.Results) != 1 {
		return s
	}
	n := 1
	if t, ok := l.info.Types[s.Results[0]].Type.(*types.Tuple); ok {
		n = t.Len()
	}
	var names, results []ast.Expr
	for range n {
		v := l.temp("r")
		names, results = append(names, ast.NewIdent(v)), append(results, ast.NewIdent(v))
	}
	d := define(names, s.Results[0])
	d.TokPos = s.Return
	return block(d, l.check(token.NoPos), &ast.ReturnStmt{Return: s.Return, Results: results})
}

// waits reports whether the head of a statement may wait for something outside
// the interpreter.
func (l *lowerer) waits(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		return l.waits(s.Stmt)
	case *ast.SelectStmt, *ast.SendStmt:
		return true
	case *ast.RangeStmt:
		if _, isChan := l.typeOf(s.X).(*types.Chan); isChan {
			return true
		}
	}
	found := false
	for _, n := range l.head(s).exprs {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.UnaryExpr:
				found = found || n.Op == token.ARROW
			case *ast.CallExpr:
				found = found || l.callWaits(n)
			}
			return !found
		})
	}
	return found
}

// callWaits reports whether a call is one of compiled code that may take long.
func (l *lowerer) callWaits(n *ast.CallExpr) bool {
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := l.info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg() == l.pkg {
		return false
	}
	path := fn.Pkg().Path()
	if path == "time" {
		return fn.Name() == "Sleep"
	}
	if path == "fmt" {
		return strings.Contains(fn.Name(), "can") // Scan and its like
	}
	root, _, _ := strings.Cut(path, "/")
	return !quickPackages[root] && path != "sync/atomic"
}

// quickPackages are those whose functions return soon, whatever they are given.
var quickPackages = map[string]bool{
	"math": true, "strings": true, "strconv": true, "unicode": true, "bytes": true, "errors": true,
	"container": true, "cmp": true, "maps": true, "reflect": true, "hash": true, "path": true,
	"html": true, "regexp": true, "runtime": true, "iter": true, "unsafe": true, "slices": true,
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// When a function literal returns, the interpreter puts back what the frame of
// the function around it held in the literal's place when it was made. If a
// later instance of the same literal stands there now, made in a loop and not
// yet taken from its place, it is lost: to a goroutine that ends, or to a call
// between. A literal in a loop is therefore made in a frame of its own:
//
//	func() func(int) int { return func(x int) int { … } }()

// findLooped notes the function literals that a function may make more than
// once.
func (l *lowerer) findLooped(root ast.Node) {
	if l.looped == nil {
		l.looped = map[*ast.FuncLit]bool{}
	}
	var walk func(n ast.Node, loop bool)
	walk = func(n ast.Node, loop bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			switch m := m.(type) {
			case *ast.FuncDecl:
				if m != n {
					walk(m, false)
					return false
				}
				loop = jumps(m.Body)
			case *ast.FuncLit:
				if m != n {
					l.looped[m] = loop && l.rangeBody[m] == nil
					walk(m, jumps(m.Body) || loop && l.rangeBody[m] != nil)
					return false
				}
			case *ast.ForStmt, *ast.RangeStmt:
				if m != n && !loop {
					walk(m, true)
					return false
				}
			}
			return true
		})
	}
	walk(root, false)
}

// jumps reports whether a function has goto statements, by which it may loop.
func jumps(body *ast.BlockStmt) bool {
	found := false
	if body != nil {
		inspectFunc(body, func(n ast.Node) {
			b, ok := n.(*ast.BranchStmt)
			found = found || ok && b.Tok == token.GOTO
		})
	}
	return found
}

// ownFrame makes a literal in a frame of its own, if it needs one. A literal
// that is called where it stands does not.
func (l *lowerer) ownFrame(lit *ast.FuncLit) ast.Expr {
	if !l.looped[lit] || l.called[lit] || l.deferred[lit] {
		return nil
	}
	sig, ok := l.info.Types[lit].Type.(*types.Signature)
	if !ok {
		return nil
	}
	return apart(lit, l.signature(sig, lit.Pos(), ""))
}

func apart(lit *ast.FuncLit, typ ast.Expr) ast.Expr {
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}, Results: fields(field("", typ))},
		Body: block(&ast.ReturnStmt{Results: list(lit)}),
	})
}

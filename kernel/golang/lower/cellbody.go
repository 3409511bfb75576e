package lower

import "go/ast"

// cellBody lowers the statements of the cell, preceded by what carries
// converted variables over and by the cell's init functions.
func (l *lowerer) cellBody() []ast.Stmt {
	body := &ast.BlockStmt{List: l.u.Cell.Body}
	var last *Shown
	if n := len(body.List); n > 0 && l.u.Cell.Trailing != nil {
		if s := l.shownTypes(l.u.Cell.Trailing.X); s != nil {
			last = s
		}
	}
	l.compileParts(body, "")
	var hoisted []ast.Stmt
	inits := l.inits()
	for _, s := range body.List {
		if !isVar(s) {
			hoisted, inits = append(hoisted, inits...), nil
		}
		hoisted = append(hoisted, l.hoist(s)...)
	}
	hoisted = append(hoisted, inits...)
	body.List = hoisted
	if n := len(body.List); n > 0 && last == nil {
		discard(body.List, n-1)
	}
	l.simplify(body)
	l.enter(body, body)
	l.rewrite(body)
	if last != nil {
		n := len(body.List) - 1
		x := body.List[n].(*ast.ExprStmt).X
		body.List = append(body.List[:n], l.show(x, last)...)
	}
	l.mark(body)
	if fn := l.mainFunc(); fn != "" {
		body.List = append(body.List, exprStmt(call(ast.NewIdent(fn))))
	}
	l.leave(&ast.FuncType{}, body)
	return body.List
}

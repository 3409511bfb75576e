package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// The interpreter makes several nodes of its control flow of a composite
// literal, and goes wrong where it expects one: among several values, and as
// an operand of && and ||.

// bindLiterals gives variables to the values of a return or an assignment of
// several values, if a composite literal is among them: the interpreter loses
// count of what it stores where. Where the assignment begins another statement,
// a block keeps the variables.
func (l *lowerer) bindLiterals(body *ast.BlockStmt) {
	inList := func(list []ast.Stmt) []ast.Stmt {
		var out []ast.Stmt
		for _, s := range list {
			out = append(out, l.boundValues(s)...)
		}
		return out
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return !l.entered[n]
		case *ast.BlockStmt:
			n.List = inList(n.List)
		case *ast.IfStmt:
			if next, ok := n.Else.(*ast.IfStmt); ok {
				n.Else = l.boundValues(next)[0]
			}
		case *ast.CaseClause:
			n.Body = inList(n.Body)
		case *ast.CommClause:
			n.Body = inList(n.Body)
		}
		return true
	})
}

// boundValues returns a statement behind those that bind its values.
func (l *lowerer) boundValues(s ast.Stmt) []ast.Stmt {
	var values []ast.Expr
	builtin := false
	switch s := s.(type) {
	case *ast.ReturnStmt:
		values, builtin = s.Results, l.hasBuiltin(s.Results)
	case *ast.AssignStmt:
		values = s.Rhs
	default:
		if init := initOf(s); init != nil {
			if bound := l.boundValues(init); len(bound) > 1 {
				return []ast.Stmt{block(append(bound[:len(bound)-1], s)...)}
			}
		}
	}
	if len(values) < 2 || !builtin && !hasLiteral(values) {
		return []ast.Stmt{s}
	}
	var out []ast.Stmt
	for i, x := range values {
		switch x.(type) {
		case *ast.BasicLit, *ast.Ident:
			continue
		}
		if isConstantSyntax(x) {
			continue
		}
		v := l.temp("v")
		out = append(out, define(list(ast.NewIdent(v)), x))
		values[i] = ast.NewIdent(v)
	}
	return append(out, s)
}

// hasBuiltin reports whether a value is the result of a built-in function, which
// the interpreter returns as the first one wherever it stands.
func (l *lowerer) hasBuiltin(values []ast.Expr) bool {
	return slices.ContainsFunc(values, func(x ast.Expr) bool {
		c, ok := ast.Unparen(x).(*ast.CallExpr)
		return ok && l.isBuiltin(c.Fun)
	})
}

// initOf returns the statement by which another begins, or nil.
func initOf(s ast.Stmt) ast.Stmt {
	switch s := s.(type) {
	case *ast.IfStmt:
		return s.Init
	case *ast.SwitchStmt:
		return s.Init
	case *ast.TypeSwitchStmt:
		return s.Init
	case *ast.ForStmt:
		return s.Init
	case *ast.LabeledStmt:
		return initOf(s.Stmt)
	}
	return nil
}

// hasLiteral reports whether a value is a composite literal or is made of one.
func hasLiteral(values []ast.Expr) bool {
	found := false
	for _, x := range values {
		ast.Inspect(x, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.CompositeLit:
				found = true
			}
			return !found
		})
	}
	return found
}

// branchOnLiterals rewrites x && y and x || y with composite literals in them
// as calls of functions that branch.
func (l *lowerer) branchOnLiterals(body *ast.BlockStmt) {
	astutil.Apply(body, func(c *astutil.Cursor) bool {
		lit, ok := c.Node().(*ast.FuncLit)
		return !ok || !l.entered[lit]
	}, func(c *astutil.Cursor) bool {
		n, ok := c.Node().(*ast.BinaryExpr)
		if ok && (n.Op == token.LAND || n.Op == token.LOR) && hasLiteral([]ast.Expr{n.X, n.Y}) {
			c.Replace(l.branch(n))
		}
		return true
	})
}

// branch is func() bool { if x { return y }; return false }() for x && y.
func (l *lowerer) branch(n *ast.BinaryExpr) ast.Expr {
	var typ ast.Expr = ast.NewIdent("bool")
	if t := l.info.Types[n].Type; t != nil {
		typ = l.typeExpr(t, n.OpPos)
	}
	x, known := n.X, "false"
	if n.Op == token.LOR {
		x, known = &ast.UnaryExpr{Op: token.NOT, X: &ast.ParenExpr{X: n.X}}, "true"
	}
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}, Results: fields(field("", typ))},
		Body: block(
			&ast.IfStmt{Cond: x, Body: block(&ast.ReturnStmt{Results: list(n.Y)})},
			&ast.ReturnStmt{Results: list(ast.NewIdent(known))}),
	})
}

// surveyPointed notes what pointers point to where the interpreter does not
// notice that one is nil: in literals of maps, and as text.
func (l *lowerer) surveyPointed(n ast.Node) {
	note := func(x ast.Expr) {
		x = ast.Unparen(x)
		if _, ok := x.(*ast.StarExpr); ok && !l.info.Types[x].IsType() {
			l.pointed[x] = true
		}
	}
	switch n := n.(type) {
	case *ast.CompositeLit:
		if _, isMap := under(l.info.Types[n].Type).(*types.Map); isMap {
			for _, x := range n.Elts {
				note(x.(*ast.KeyValueExpr).Key)
				note(x.(*ast.KeyValueExpr).Value)
			}
		}
	case *ast.BinaryExpr:
		if b, ok := l.typeOf(n.X).(*types.Basic); ok && b.Info()&types.IsString != 0 {
			note(n.X)
			note(n.Y)
		}
	}
}

// literalAddress gives each &T{…} a variable of its own, unless T is a struct:
// in a loop, the interpreter would return the same address again.
//
//	func() *T { v := T{…}; return &v }()
func (l *lowerer) literalAddress(n *ast.UnaryExpr) ast.Expr {
	lit, ok := n.X.(*ast.CompositeLit)
	if !ok || n.Op != token.AND {
		return nil
	}
	t := l.info.TypeOf(lit)
	switch under(t).(type) {
	case *types.Map, *types.Slice, *types.Array:
		return l.ownVariable(lit, t)
	}
	return nil
}

func (l *lowerer) ownVariable(lit *ast.CompositeLit, t types.Type) ast.Expr {
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}, Results: fields(field("", &ast.StarExpr{X: l.typeExpr(t, lit.Pos())}))},
		Body: block(define(list(ast.NewIdent("ꞏv")), lit), &ast.ReturnStmt{Results: list(addr(ast.NewIdent("ꞏv")))}),
	})
}

// literalPointers does the same where a literal of pointers leaves out the &.
func (l *lowerer) literalPointers(n *ast.CompositeLit) {
	for i, x := range n.Elts {
		place := &n.Elts[i]
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			place = &kv.Value
		}
		lit, ok := (*place).(*ast.CompositeLit)
		if !ok || lit.Type != nil {
			continue
		}
		p, ok := under(l.info.TypeOf(lit)).(*types.Pointer)
		if !ok {
			continue
		}
		if _, isStruct := p.Elem().Underlying().(*types.Struct); !isStruct {
			lit.Type = l.typeExpr(p.Elem(), lit.Lbrace)
			*place = l.ownVariable(lit, p.Elem())
		}
	}
}

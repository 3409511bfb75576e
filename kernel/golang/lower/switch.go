package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// switchStmt rewrites an expression switch as a chain of if statements.
func (c *control) switchStmt(s *ast.SwitchStmt, label string) []ast.Stmt {
	var list []ast.Stmt
	if s.Init != nil {
		c.fresh(s.Init, s)
		list = append(list, c.stmt(s.Init, "")...)
	}
	test := c.truth
	if s.Tag != nil {
		v := c.local("t", types.Default(c.info.Types[s.Tag].Type))
		list = append(list, c.bindVar(v, s.Tag))
		test = func(x ast.Expr) ast.Expr { return c.equal(c.use(v), x) }
	}
	t := c.push(label, false, false)
	if hasFallthrough(s.Body) {
		list = append(list, c.numbered(s.Body, test)...)
	} else {
		list = append(list, c.chain(s.Body, test)...)
	}
	c.pop()
	return []ast.Stmt{block(t.ended(list...)...)}
}

// truth is a case of a switch without a value: a condition, or an interface
// value that is compared with true.
func (c *control) truth(x ast.Expr) ast.Expr {
	if t := c.info.Types[x].Type; t == nil || !types.IsInterface(t) {
		return x
	}
	id := ast.NewIdent("true")
	c.info.Uses[id] = types.Universe.Lookup("true")
	c.info.Types[id] = types.TypeAndValue{Type: types.Typ[types.Bool]}
	return c.equal(id, x)
}

// chain is if … else if … else ….
func (c *control) chain(body *ast.BlockStmt, test func(ast.Expr) ast.Expr) []ast.Stmt {
	var first, last *ast.IfStmt
	var def *ast.BlockStmt
	for _, s := range body.List {
		cc := s.(*ast.CaseClause)
		b := &ast.BlockStmt{Lbrace: cc.Colon, List: c.list(cc.Body)}
		if cc.List == nil {
			def = b
			continue
		}
		n := &ast.IfStmt{If: cc.Case, Cond: c.anyOf(cc.List, test), Body: b}
		if first == nil {
			first = n
		} else {
			last.Else = n
		}
		last = n
	}
	switch {
	case first == nil && def == nil:
		return nil
	case first == nil:
		return []ast.Stmt{def}
	case def != nil:
		last.Else = def
	}
	return []ast.Stmt{first}
}

// numbered finds the number of the first clause to run, and then runs those
// that fall through to each other one after another.
func (c *control) numbered(body *ast.BlockStmt, test func(ast.Expr) ast.Expr) []ast.Stmt {
	k := c.local("k", types.Typ[types.Int])
	def := len(body.List)
	var first, last *ast.IfStmt
	var bodies []ast.Stmt
	for i, s := range body.List {
		cc := s.(*ast.CaseClause)
		inner := cc.Body
		falls := len(inner) > 0 && isFallthrough(inner[len(inner)-1])
		if falls {
			inner = inner[:len(inner)-1]
		}
		inner = c.list(inner)
		if falls {
			inner = append(inner, assign(list(c.use(k)), intLit(i+1)))
		}
		bodies = append(bodies, &ast.IfStmt{If: cc.Case,
			Cond: &ast.BinaryExpr{X: c.use(k), Op: token.EQL, Y: intLit(i)}, Body: block(inner...)})
		if cc.List == nil {
			def = i
			continue
		}
		n := &ast.IfStmt{If: cc.Case, Cond: c.anyOf(cc.List, test), Body: block(assign(list(c.use(k)), intLit(i)))}
		if first == nil {
			first = n
		} else {
			last.Else = n
		}
		last = n
	}
	out := []ast.Stmt{define(list(c.def(k)), intLit(def))}
	if first != nil {
		out = append(out, first)
	}
	return append(out, bodies...)
}

// anyOf is the condition that one of the cases holds.
func (c *control) anyOf(cases []ast.Expr, test func(ast.Expr) ast.Expr) ast.Expr {
	cond := test(cases[0])
	for _, x := range cases[1:] {
		cond = &ast.BinaryExpr{X: cond, OpPos: x.Pos(), Op: token.LOR, Y: test(x)}
		c.info.Types[cond] = types.TypeAndValue{Type: types.Typ[types.Bool]}
	}
	return cond
}

func hasFallthrough(body *ast.BlockStmt) bool {
	for _, s := range body.List {
		if list := s.(*ast.CaseClause).Body; len(list) > 0 && isFallthrough(list[len(list)-1]) {
			return true
		}
	}
	return false
}

func isFallthrough(s ast.Stmt) bool {
	b, ok := s.(*ast.BranchStmt)
	return ok && b.Tok == token.FALLTHROUGH
}

// typeSwitch rewrites the statements inside a type switch.
func (c *control) typeSwitch(s *ast.TypeSwitchStmt, label string) []ast.Stmt {
	c.fresh(s.Init, s)
	s.Init = c.simple(s.Init)
	t := c.push(label, false, false)
	for _, n := range s.Body.List {
		cc := n.(*ast.CaseClause)
		cc.Body = c.list(cc.Body)
	}
	c.pop()
	return t.ended(s)
}

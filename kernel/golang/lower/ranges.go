package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// rangeLoop rewrites a range statement.
func (c *control) rangeLoop(s *ast.RangeStmt, label string) []ast.Stmt {
	t := c.info.Types[s.X].Type
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return c.rangeFunc(s, u, label)
	case *types.Chan:
		return c.rangeChan(s, label)
	case *types.Basic:
		if u.Info()&types.IsString != 0 && s.Key != nil && !isBlank(s.Key) {
			return c.rangeString(s, label)
		}
	}
	if n, ok := arrayLen(t); ok && (s.Value == nil || isBlank(s.Value)) {
		return c.rangeLen(s, n, label)
	}
	if e := elemType(t); e != nil && (isChan(e) || isPointer(t) || looseElem(t) != nil) && s.Value != nil && !isBlank(s.Value) {
		return c.rangeByIndex(s, label)
	}
	return c.loop(s, s.Body, label)
}

// rangeLen counts through an array of which only the positions are wanted: the
// array need not be there.
func (c *control) rangeLen(s *ast.RangeStmt, n int, label string) []ast.Stmt {
	var before []ast.Stmt
	if hasCall(s.X) {
		before = append(before, c.bindVar(c.local("s", c.info.Types[s.X].Type), s.X))
	}
	loop := *s
	loop.X, loop.Value = intLit(n), nil
	c.info.Types[loop.X] = types.TypeAndValue{Type: types.Typ[types.Int]}
	out := append(before, c.loop(&loop, loop.Body, label)...)
	if len(out) == 1 {
		return out
	}
	return []ast.Stmt{block(out...)}
}

// arrayLen returns the length of an array, or of that which t points to.
func arrayLen(t types.Type) (int, bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	a, ok := t.Underlying().(*types.Array)
	if !ok {
		return 0, false
	}
	return int(a.Len()), true
}

// hasCall reports whether evaluating x calls a function or receives.
func hasCall(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// rangeString rewrites a range over a string that wants the positions: the
// interpreter counts wrong at invalid UTF-8.
//
//	text := s
//	starts := rt.RuneStarts(text)
//	for j, v := range []rune(text) { k := starts[j]; … }
func (c *control) rangeString(s *ast.RangeStmt, label string) []ast.Stmt {
	ints, runes := types.NewSlice(types.Typ[types.Int]), types.NewSlice(types.Typ[types.Rune])
	text := c.local("s", types.Typ[types.String])
	starts := c.local("starts", ints)
	j := c.local("j", types.Typ[types.Int])
	string_ := func(x ast.Expr) ast.Expr {
		y := call(ast.NewIdent("string"), x)
		c.info.Types[y] = types.TypeAndValue{Type: types.Typ[types.String]}
		return y
	}
	startsOf := c.helper("RuneStarts", c.use(text))
	c.info.Types[startsOf] = types.TypeAndValue{Type: ints}
	runesOf := call(&ast.ArrayType{Elt: ast.NewIdent("rune")}, c.use(text))
	c.info.Types[runesOf] = types.TypeAndValue{Type: runes}
	start := &ast.IndexExpr{X: c.use(starts), Index: c.use(j)}
	c.info.Types[start] = types.TypeAndValue{Type: types.Typ[types.Int]}

	n := *s
	n.Key, n.X, n.Tok, n.TokPos = c.def(j), runesOf, token.DEFINE, s.For
	first := &ast.AssignStmt{Lhs: list(s.Key), TokPos: s.TokPos, Tok: s.Tok, Rhs: list(start)}
	if s.Tok == token.ASSIGN && s.Value != nil && !isBlank(s.Value) {
		v := c.local("v", types.Typ[types.Rune])
		n.Value = c.def(v)
		first.Lhs, first.Rhs = append(first.Lhs, s.Value), append(first.Rhs, c.use(v))
	}
	body := *s.Body
	body.List = append([]ast.Stmt{first}, body.List...)
	n.Body = &body
	out := []ast.Stmt{c.bindVar(text, string_(s.X)), define([]ast.Expr{c.def(starts)}, startsOf)}
	return []ast.Stmt{block(append(out, c.loop(&n, n.Body, label)...)...)}
}

// rangeByIndex indexes in a range whose values are channels, where the
// interpreter takes the value for what is ranged over, and in one over a
// pointer to an array, which the interpreter overwrites.
func (c *control) rangeByIndex(s *ast.RangeStmt, label string) []ast.Stmt {
	t := c.info.Types[s.X].Type
	over := c.local("s", t)
	before := []ast.Stmt{c.bindVar(over, s.X)}
	k := c.local("k", keyType(t))
	value := &ast.IndexExpr{X: c.use(over), Index: c.use(k)}
	c.info.Types[value] = types.TypeAndValue{Type: elemType(t)}
	first := &ast.AssignStmt{TokPos: s.TokPos, Tok: s.Tok}
	if s.Key != nil && !isBlank(s.Key) {
		first.Lhs, first.Rhs = append(first.Lhs, s.Key), append(first.Rhs, c.use(k))
	}
	first.Lhs, first.Rhs = append(first.Lhs, s.Value), append(first.Rhs, value)
	n, body := *s, *s.Body
	n.Key, n.Value, n.Tok, n.X = c.def(k), nil, token.DEFINE, c.use(over)
	if size, ok := arrayLen(t); ok {
		n.X = intLit(size)
		c.info.Types[n.X] = types.TypeAndValue{Type: types.Typ[types.Int]}
	}
	body.List = append([]ast.Stmt{first}, body.List...)
	n.Body = &body
	return []ast.Stmt{block(append(before, c.loop(&n, n.Body, label)...)...)}
}

// keyType and elemType are what a range over a type delivers.
func keyType(t types.Type) types.Type {
	if m, ok := t.Underlying().(*types.Map); ok {
		return m.Key()
	}
	return types.Typ[types.Int]
}

func elemType(t types.Type) types.Type {
	switch t := t.Underlying().(type) {
	case *types.Map:
		return t.Elem()
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Pointer:
		return elemType(t.Elem())
	}
	return nil
}

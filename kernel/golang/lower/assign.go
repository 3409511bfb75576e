package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// local returns a new local variable.
func (l *lowerer) local(prefix string, t types.Type) *types.Var {
	return types.NewVar(token.NoPos, l.pkg, l.temp(prefix), t)
}

// def is the identifier that declares a variable, use one that names it.
func (l *lowerer) def(v *types.Var) *ast.Ident {
	id := ast.NewIdent(l.ownName(v))
	l.info.Defs[id] = v
	return id
}

func (l *lowerer) use(v *types.Var) *ast.Ident {
	id := ast.NewIdent(l.ownName(v))
	l.info.Uses[id] = v
	l.info.Types[id] = types.TypeAndValue{Type: v.Type()}
	return id
}

// bindVar declares v with the value x, converted to v's type.
func (l *lowerer) bindVar(v *types.Var, x ast.Expr) ast.Stmt {
	tv := l.info.Types[x]
	if tv.Type != nil && tv.Value == nil && types.Identical(types.Unalias(tv.Type), types.Unalias(v.Type())) {
		d := define(list(l.def(v)), x)
		d.TokPos = x.Pos()
		return d
	}
	typ := l.typeExpr(v.Type(), x.Pos())
	l.info.Types[typ] = types.TypeAndValue{Type: v.Type()}
	return &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, TokPos: x.Pos(), Specs: []ast.Spec{
		&ast.ValueSpec{Names: []*ast.Ident{l.def(v)}, Type: typ, Values: list(x)}}}}
}

// equal is the comparison x == y.
func (l *lowerer) equal(x, y ast.Expr) ast.Expr {
	b := &ast.BinaryExpr{X: x, OpPos: y.Pos(), Op: token.EQL, Y: y}
	l.info.Types[b] = types.TypeAndValue{Type: types.Typ[types.Bool]}
	return b
}

// assignStmt rewrites an assignment of several values: all operands are
// evaluated before the first place changes.
func (c *control) assignStmt(s *ast.AssignStmt) []ast.Stmt {
	if list := c.redefines(s); list != nil {
		return list
	}
	if list := c.receives(s); list != nil {
		return list
	}
	if list := c.assignBound(s); list != nil {
		return list
	}
	if op := s.Tok + (token.ADD - token.ADD_ASSIGN); isOperation(s.Tok) && c.isUintptr(s.Lhs[0]) {
		return c.operate(s, s.Lhs[0], op, s.Rhs[0])
	}
	if (isOperation(s.Tok) || s.Tok == token.ASSIGN && len(s.Lhs) == 1 && c.goesAhead(s.Lhs[0])) && c.moves(s) {
		return c.assignLate(s)
	}
	if c.redeclares(s) {
		return c.assignResults(s)
	}
	if receivesBeside(s) {
		return c.defineReceived(s)
	}
	if s.Tok != token.ASSIGN || len(s.Lhs) < 2 || len(s.Lhs) == len(s.Rhs) && c.independent(s) {
		return []ast.Stmt{s}
	}
	if len(s.Rhs) == 1 {
		if c.plainPlaces(s) {
			return []ast.Stmt{s}
		}
		return []ast.Stmt{block(c.assignResults(s)...)}
	}
	var out []ast.Stmt
	places := make([]ast.Expr, len(s.Lhs))
	h := holder{control: c, out: &out, fixed: c.fixed(s)}
	for i, x := range s.Lhs {
		places[i] = h.hold(x)
	}
	vars := make([]*types.Var, len(places))
	for i, x := range places {
		t := c.placeType(x)
		if t == nil {
			t = types.Default(c.info.Types[s.Rhs[i]].Type)
		}
		vars[i] = c.local("v", t)
		out = append(out, c.bindVar(vars[i], s.Rhs[i]))
	}
	for i, x := range places {
		if !isBlank(x) {
			out = append(out, &ast.AssignStmt{Lhs: list(x), TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: list(c.use(vars[i]))})
		}
	}
	return []ast.Stmt{block(out...)}
}

// goesAhead reports whether the interpreter goes to a place, and fails, before
// it calls what stands on the right: to a field, or an element of one, that is
// reached through a pointer or an index, and to an element of a slice whose
// index is the result of a call.
func (c *control) goesAhead(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		s := c.info.Selections[x]
		if s == nil {
			return false
		}
		_, element := ast.Unparen(x.X).(*ast.IndexExpr)
		return element || s.Indirect() || isPointer(s.Recv()) || c.goesAhead(x.X)
	case *ast.IndexExpr:
		_, isMap := c.typeOf(x.X).(*types.Map)
		return c.goesAhead(x.X) || isPointer(c.typeOf(x.X)) || !isMap && c.runsCode(x.Index)
	}
	return false
}

// assignResults assigns the values of a call, or of a comma-ok form, by way of
// variables of their own types.
func (c *control) assignResults(s *ast.AssignStmt) []ast.Stmt {
	var out []ast.Stmt
	h := holder{control: c, out: &out, fixed: c.fixed(s)}
	all := &ast.AssignStmt{TokPos: s.TokPos, Tok: token.DEFINE, Rhs: s.Rhs}
	var then []ast.Stmt
	for i, x := range s.Lhs {
		v := c.local("v", c.tupleElem(s.Rhs[0], i))
		all.Lhs = append(all.Lhs, c.def(v))
		if isBlank(x) {
			continue
		}
		tok := token.ASSIGN
		if id, ok := x.(*ast.Ident); ok && s.Tok == token.DEFINE && c.info.Defs[id] != nil {
			tok = token.DEFINE
		}
		then = append(then, &ast.AssignStmt{Lhs: list(h.hold(x)), TokPos: s.TokPos, Tok: tok, Rhs: list(c.use(v))})
	}
	return append(append(out, all), then...)
}

// redeclares reports whether s declares variables and assigns a value of
// another type to one that is there already.
func (c *control) redeclares(s *ast.AssignStmt) bool {
	return s.Tok == token.DEFINE && len(s.Rhs) == 1 && len(s.Lhs) > 1 && !c.ownTypes(s)
}

// ownTypes reports whether each place has the type of the value that it gets.
func (c *control) ownTypes(s *ast.AssignStmt) bool {
	for i, x := range s.Lhs {
		if t := c.placeType(x); t != nil && !isBlank(x) && !types.Identical(t, types.Default(c.tupleElem(s.Rhs[0], i))) {
			return false
		}
	}
	return true
}

// tupleElem is the type of the i-th value of a call, or of a comma-ok form.
func (c *control) tupleElem(x ast.Expr, i int) types.Type {
	switch t := c.info.Types[x].Type.(type) {
	case *types.Tuple:
		return t.At(i).Type()
	default:
		if i == 0 {
			return t
		}
		return types.Typ[types.Bool]
	}
}

// independent reports whether the interpreter's own assignment is right: to
// variables of types that are no interfaces, of values without calls.
func (c *control) independent(s *ast.AssignStmt) bool {
	for _, x := range s.Rhs {
		if hasCall(x) {
			return false
		}
	}
	for _, x := range s.Lhs {
		id, ok := ast.Unparen(x).(*ast.Ident)
		if !ok || id.Name == "_" {
			return false
		}
		obj := c.info.Uses[id]
		if obj == nil {
			return false
		}
		if _, ok := obj.Type().Underlying().(*types.Basic); !ok {
			return false
		}
	}
	return true
}

// plainPlaces reports whether several results can be assigned as they are: to
// variables of their types, and not only to the blank.
func (c *control) plainPlaces(s *ast.AssignStmt) bool {
	if dropsReceived(s) {
		return false
	}
	blank := true
	for _, x := range s.Lhs {
		if _, ok := x.(*ast.Ident); !ok {
			return false
		}
		blank = blank && isBlank(x)
	}
	_, isCall := ast.Unparen(s.Rhs[0]).(*ast.CallExpr)
	return c.ownTypes(s) && (isCall || !blank)
}

func (c *control) placeType(x ast.Expr) types.Type {
	if id, ok := x.(*ast.Ident); ok {
		if obj := c.info.Uses[id]; obj != nil {
			return obj.Type()
		}
		if obj := c.info.Defs[id]; obj != nil {
			return obj.Type()
		}
	}
	return c.info.Types[x].Type
}

func isBlank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// returnStmt rewrites a return. Where the function's results are variables to
// which returns assign, all values are evaluated before.
func (c *control) returnStmt(s *ast.ReturnStmt) []ast.Stmt {
	if c.results == nil {
		if len(s.Results) > 1 && (c.mentionsResult(s) || slices.ContainsFunc(s.Results, isReceive)) {
			return c.bindResults(s)
		}
		return []ast.Stmt{s}
	}
	var out []ast.Stmt
	if len(s.Results) > 0 {
		names := make([]ast.Expr, len(c.results))
		for i, v := range c.results {
			names[i] = c.use(v)
		}
		a := &ast.AssignStmt{Lhs: names, TokPos: s.Return, Tok: token.ASSIGN, Rhs: s.Results}
		out = c.assignStmt(a)
	}
	if len(c.ranges) > 0 {
		return []ast.Stmt{block(append(out, c.leaveRange(&ast.ReturnStmt{Return: s.Return})...)...)}
	}
	return []ast.Stmt{block(append(out, &ast.ReturnStmt{Return: s.Return})...)}
}

// mentionsResult reports whether a value that is returned depends on a named
// result, which the interpreter overwrites one by one.
func (c *control) mentionsResult(s *ast.ReturnStmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && c.named[c.info.Uses[id]] {
			found = true
		}
		return !found
	})
	return found
}

func (c *control) bindResults(s *ast.ReturnStmt) []ast.Stmt {
	var vars []*types.Var
	for _, f := range c.typ.Results.List {
		for range max(1, len(f.Names)) {
			vars = append(vars, c.local("v", c.info.Types[f.Type].Type))
		}
	}
	var out []ast.Stmt
	ret := &ast.ReturnStmt{Return: s.Return}
	for i, x := range s.Results {
		out = append(out, c.bindVar(vars[i], x))
		ret.Results = append(ret.Results, c.use(vars[i]))
	}
	return []ast.Stmt{block(append(out, ret)...)}
}

// isOperation reports whether an assignment is one of x op= y.
func isOperation(t token.Token) bool { return t >= token.ADD_ASSIGN && t <= token.AND_NOT_ASSIGN }

func (c *control) isUintptr(x ast.Expr) bool {
	b, ok := c.typeOf(x).(*types.Basic)
	return ok && b.Kind() == types.Uintptr
}

// moves reports whether evaluating y of x op= y, or of x = y, may change which
// place x is.
func (c *control) moves(s *ast.AssignStmt) bool {
	_, isVar := ast.Unparen(s.Lhs[0]).(*ast.Ident)
	return !isVar && c.runsCode(s.Rhs[0])
}

// runsCode reports whether evaluating x calls a function other than a built-in
// one, or receives.
func (c *control) runsCode(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			fun := c.info.Types[n.Fun]
			found = found || !fun.IsType() && !fun.IsBuiltin()
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// assignLate evaluates what stands on the right before it goes to the place,
// but first the calls in the place, if there are any: x is the place that the
// variables in it name then. The interpreter would go there before, and in x op=
// y read from one place and write to another.
func (c *control) assignLate(s *ast.AssignStmt) []ast.Stmt {
	var out []ast.Stmt
	if c.runsCode(s.Lhs[0]) {
		h := holder{control: c, out: &out, fixed: func(types.Object) bool { return true }}
		s.Lhs[0] = h.hold(s.Lhs[0])
	}
	v := c.local("v", types.Default(c.info.Types[s.Rhs[0]].Type))
	out = append(out, c.bindVar(v, s.Rhs[0]))
	s.Rhs[0] = c.use(v)
	return []ast.Stmt{block(append(out, s)...)}
}

// operate writes x op= y as x = x op y: the interpreter has no operations on
// places of type uintptr, and ends the function where it meets one.
func (c *control) operate(s ast.Stmt, x ast.Expr, op token.Token, y ast.Expr) []ast.Stmt {
	var out []ast.Stmt
	place := c.hold(x, &out)
	var value ast.Expr = &ast.BinaryExpr{X: place, OpPos: s.Pos(), Op: op, Y: &ast.ParenExpr{X: y}}
	c.info.Types[value] = types.TypeAndValue{Type: c.info.Types[x].Type}
	v := c.local("v", c.info.Types[x].Type)
	out = append(out, c.bindVar(v, value), &ast.AssignStmt{Lhs: list(place), TokPos: s.Pos(), Tok: token.ASSIGN, Rhs: list(c.use(v))})
	return []ast.Stmt{block(out...)}
}

func (c *control) incDec(s *ast.IncDecStmt) []ast.Stmt {
	if !c.isUintptr(s.X) {
		return []ast.Stmt{s}
	}
	op := token.ADD
	if s.Tok == token.DEC {
		op = token.SUB
	}
	one := intLit(1)
	return c.operate(s, s.X, op, one)
}

// assignBound assigns by way of a variable what the interpreter would assign
// wrong: to a composite literal it would give new memory, which those who hold
// a pointer to the place, or captured it, do not see; and it does not notice
// that a nil pointer points to nothing if the place is a map's or blank. Nor does
// it compare what nobody wants to know.
func (c *control) assignBound(s *ast.AssignStmt) []ast.Stmt {
	if s.Tok != token.ASSIGN || len(s.Lhs) != 1 {
		return nil
	}
	switch ast.Unparen(s.Rhs[0]).(type) {
	case *ast.CompositeLit:
		if isBlank(s.Lhs[0]) {
			return nil
		}
	case *ast.StarExpr:
		if !isBlank(s.Lhs[0]) && !c.isMapElement(s.Lhs[0]) {
			return nil
		}
	case *ast.BinaryExpr:
		if !isBlank(s.Lhs[0]) {
			return nil
		}
	default:
		return nil
	}
	var out []ast.Stmt
	place := c.hold(s.Lhs[0], &out)
	v := c.local("v", c.info.Types[s.Rhs[0]].Type)
	out = append(out, c.bindVar(v, s.Rhs[0]), &ast.AssignStmt{Lhs: list(place), TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: list(c.use(v))})
	return []ast.Stmt{block(out...)}
}

func (c *control) isMapElement(place ast.Expr) bool {
	x, ok := ast.Unparen(place).(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, isMap := c.typeOf(x.X).(*types.Map)
	return isMap
}

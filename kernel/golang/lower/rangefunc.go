package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A range over a function calls it with the loop's body as a function literal:
//
//	{
//		state, next := 0, 0
//		body := func(k K, v V) bool {
//			if state != 0 { rt.RangeState(state) }
//			state = running
//			…                                   // continue: state = 0; return true
//			state = 0                           // break:    state = done; return false
//			return true                         // others:   next = n; state = done; return false
//		}
//		seq(body)
//		if state == running { rt.RangeState(lost) }
//		state = over
//		if next == n { … }                      // the branch, where the loop stands
//	}

// The states of a loop over a function, as rt.RangeState knows them.
const (
	rangeReady   = 0
	rangeDone    = 1
	rangeRunning = 2
	rangeOver    = 3
	rangeLost    = 4
)

// funcRange is the body of a range over a function.
type funcRange struct {
	l           *lowerer
	state, next *types.Var
	labels      map[string]bool // labels that the body declares
	exits       []ast.Stmt      // branches out of the body, numbered from 1
}

// returnsFromRange reports whether a function returns from within a range over
// a function.
func (c *control) returnsFromRange(body *ast.BlockStmt) bool {
	found := false
	inspectFunc(body, func(n ast.Node) {
		r, ok := n.(*ast.RangeStmt)
		if !ok {
			return
		}
		if _, ok := c.info.Types[r.X].Type.Underlying().(*types.Signature); !ok {
			return
		}
		inspectFunc(r.Body, func(n ast.Node) {
			_, ok := n.(*ast.ReturnStmt)
			found = found || ok
		})
	})
	return found
}

func (c *control) rangeFunc(s *ast.RangeStmt, sig *types.Signature, label string) []ast.Stmt {
	yield := sig.Params().At(0).Type().Underlying().(*types.Signature)
	r := &funcRange{l: c.lowerer, state: c.local("state", types.Typ[types.Int]), next: c.local("next", types.Typ[types.Int]), labels: map[string]bool{}}
	inspectFunc(s.Body, func(n ast.Node) {
		if l, ok := n.(*ast.LabeledStmt); ok {
			r.labels[l.Label.Name] = true
		}
	})
	params, first := c.rangeParams(s, yield)
	c.push(label, true, false).body = r
	c.ranges = append(c.ranges, r)
	list := append(c.list(first), c.list(s.Body.List)...)
	c.ranges = c.ranges[:len(c.ranges)-1]
	c.pop()

	bool_ := types.Typ[types.Bool]
	lit := &ast.FuncLit{
		Type: &ast.FuncType{Func: s.For, Params: params, Results: fields(field("", c.typeExpr(bool_, s.Pos())))},
		Body: block(append([]ast.Stmt{
			&ast.IfStmt{Cond: r.is(token.NEQ, rangeReady), Body: block(exprStmt(c.helper("RangeState", c.use(r.state))))},
			r.set(rangeRunning)}, append(list, r.set(rangeReady), &ast.ReturnStmt{Results: []ast.Expr{ast.NewIdent("true")}})...)...),
	}
	c.info.Types[lit] = types.TypeAndValue{Type: yield}
	c.rangeBody[lit] = r
	body := c.local("body", yield)
	seq := call(s.X, c.use(body))
	seq.Lparen = s.For
	out := []ast.Stmt{
		define([]ast.Expr{c.def(r.state)}, intLit(rangeReady)),
		define([]ast.Expr{c.def(r.next)}, intLit(0)),
		define([]ast.Expr{c.def(body)}, lit),
		exprStmt(seq),
		&ast.IfStmt{Cond: r.is(token.EQL, rangeRunning), Body: block(exprStmt(c.helper("RangeState", intLit(rangeLost))))},
		r.set(rangeOver),
	}
	for i, exit := range r.exits {
		out = append(out, &ast.IfStmt{
			Cond: &ast.BinaryExpr{X: c.use(r.next), Op: token.EQL, Y: intLit(i + 1)},
			Body: block(c.stmt(exit, "")...)})
	}
	return []ast.Stmt{block(out...)}
}

// rangeParams are the parameters of the body's function, and what the body
// does with them first.
func (c *control) rangeParams(s *ast.RangeStmt, yield *types.Signature) (*ast.FieldList, []ast.Stmt) {
	params := &ast.FieldList{}
	var places, values []ast.Expr
	for i := range yield.Params().Len() {
		t := yield.Params().At(i).Type()
		x := []ast.Expr{s.Key, s.Value}[i]
		v := c.local("p", t)
		id := c.def(v)
		switch {
		case x == nil || isBlank(x):
		case s.Tok == token.DEFINE:
			id = x.(*ast.Ident)
		default:
			places, values = append(places, x), append(values, c.use(v))
		}
		params.List = append(params.List, &ast.Field{Names: []*ast.Ident{id}, Type: c.typeExpr(t, s.Pos())})
	}
	if len(places) == 0 {
		return params, nil
	}
	return params, []ast.Stmt{&ast.AssignStmt{Lhs: places, TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: values}}
}

// leaveRange ends the innermost body and the loop around it, after which s is
// executed.
func (c *control) leaveRange(s ast.Stmt) []ast.Stmt {
	r := c.ranges[len(c.ranges)-1]
	n := len(r.exits)
	for i, e := range r.exits {
		if sameBranch(e, s) {
			n = i
		}
	}
	if n == len(r.exits) {
		r.exits = append(r.exits, s)
	}
	return append([]ast.Stmt{assign(list(c.use(r.next)), intLit(n+1))}, r.exit(false, s.Pos())...)
}

func sameBranch(a, b ast.Stmt) bool {
	switch a := a.(type) {
	case *ast.ReturnStmt:
		_, ok := b.(*ast.ReturnStmt)
		return ok
	case *ast.BranchStmt:
		b, ok := b.(*ast.BranchStmt)
		return ok && a.Tok == b.Tok && a.Label.Name == b.Label.Name
	}
	return false
}

// exit ends a call of the body: the loop goes on, or it is done.
func (r *funcRange) exit(goOn bool, pos token.Pos) []ast.Stmt {
	state, more := rangeDone, "false"
	if goOn {
		state, more = rangeReady, "true"
	}
	return []ast.Stmt{block(r.set(state), &ast.ReturnStmt{Return: pos, Results: []ast.Expr{ast.NewIdent(more)}})}
}

func (r *funcRange) set(state int) ast.Stmt { return assign(list(r.l.use(r.state)), intLit(state)) }

func (r *funcRange) is(op token.Token, state int) ast.Expr {
	return &ast.BinaryExpr{X: r.l.use(r.state), Op: op, Y: intLit(state)}
}

package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// Some expressions are written more plainly before anything else is known of
// them: what is written here is Go with types still.

// plainly gives built-in functions the results of a call one by one, and the
// operands of a comparison one type, which the interpreter cannot.
func (l *lowerer) plainly(root ast.Node) {
	astutil.Apply(root, nil, func(c *astutil.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.CallExpr:
			if len(n.Args) != 1 || !l.isBuiltin(n.Fun) {
				return true
			}
			if args, ok := l.info.Types[n.Args[0]].Type.(*types.Tuple); ok {
				c.Replace(l.spread(n, args))
			}
		case *ast.CompositeLit:
			l.positions(n)
		case *ast.BinaryExpr:
			switch n.Op {
			case token.EQL, token.NEQ:
				l.align(n)
			case token.SHL, token.SHR:
				if l.info.Types[n].Value == nil {
					l.constantCount(&n.Y)
					l.shifted(n)
				}
			}
		case *ast.AssignStmt:
			if n.Tok == token.SHL_ASSIGN || n.Tok == token.SHR_ASSIGN {
				l.constantCount(&n.Rhs[0])
			}
		}
		return true
	})
}

func (l *lowerer) isBuiltin(fun ast.Expr) bool {
	id, ok := ast.Unparen(fun).(*ast.Ident)
	if !ok {
		return false
	}
	_, ok = l.info.Uses[id].(*types.Builtin)
	return ok
}

// spread is func() int { a, b := f(); return copy(a, b) }() for copy(f()).
func (l *lowerer) spread(n *ast.CallExpr, args *types.Tuple) ast.Expr {
	one := *n
	one.Args = nil
	var names []ast.Expr
	for a := range args.Variables() {
		v := l.local("a", a.Type())
		names, one.Args = append(names, l.def(v)), append(one.Args, l.use(v))
	}
	d := define(names, n.Args[0])
	d.TokPos = n.Lparen
	l.info.Types[&one] = l.info.Types[n]
	lit, results := thunk(d), []*types.Var{}
	if tv := l.info.Types[n]; tv.IsVoid() {
		lit.Body.List = append(lit.Body.List, exprStmt(&one))
	} else {
		typ := l.typeExpr(tv.Type, n.Pos())
		l.info.Types[typ] = types.TypeAndValue{Type: tv.Type}
		lit.Type.Results = fields(field("", typ))
		lit.Body.List = append(lit.Body.List, &ast.ReturnStmt{Return: n.Lparen, Results: list(&one)})
		results = append(results, types.NewParam(n.Pos(), l.pkg, "", tv.Type))
	}
	l.info.Types[lit] = types.TypeAndValue{Type: types.NewSignatureType(nil, nil, nil, nil, types.NewTuple(results...), false)}
	c := call(lit)
	l.info.Types[c] = l.info.Types[n]
	return c
}

// positions writes the positions of elements in a literal of an array or slice
// as numbers, whatever their type.
func (l *lowerer) positions(n *ast.CompositeLit) {
	for _, x := range n.Elts {
		kv, ok := x.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch under(deref(l.info.Types[n].Type)).(type) {
		case *types.Array, *types.Slice:
			if v := l.info.Types[kv.Key].Value; v != nil {
				kv.Key = &ast.BasicLit{ValuePos: kv.Key.Pos(), Kind: token.INT, Value: constant.ToInt(v).ExactString()}
			}
		}
	}
}

// align converts one operand of a comparison to the type of the other: a
// channel to the one with a direction, a value of an unnamed type to the named
// one.
func (l *lowerer) align(n *ast.BinaryExpr) {
	x, y := l.info.Types[n.X], l.info.Types[n.Y]
	if x.Type == nil || y.Type == nil || x.IsNil() || y.IsNil() || x.Value != nil || y.Value != nil ||
		types.Identical(x.Type, y.Type) || types.IsInterface(x.Type) || types.IsInterface(y.Type) {
		return
	}
	if types.AssignableTo(x.Type, y.Type) && !isNamed(x.Type) {
		n.X = l.converted(n.X, y.Type)
	} else {
		n.Y = l.converted(n.Y, x.Type)
	}
}

func isNamed(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Named)
	return ok
}

// converted is the conversion T(x).
func (l *lowerer) converted(x ast.Expr, t types.Type) ast.Expr {
	typ := l.typeExpr(t, x.Pos())
	l.info.Types[typ] = types.TypeAndValue{Type: t}
	c := call(&ast.ParenExpr{X: typ}, x)
	l.info.Types[c] = types.TypeAndValue{Type: t}
	return c
}

// constantCount writes the constant count of a shift as a small integer, of
// whatever kind and size it is.
func (l *lowerer) constantCount(y *ast.Expr) {
	v := l.info.Types[*y].Value
	if v == nil {
		return
	}
	if v = constant.ToInt(v); constant.Compare(v, token.GTR, maxCount) {
		v = maxCount
	}
	*y = &ast.BasicLit{ValuePos: (*y).Pos(), Kind: token.INT, Value: v.ExactString()}
}

// shifted gives a constant that is shifted the type that it has from what
// stands around the shift; the interpreter takes it for an int.
func (l *lowerer) shifted(n *ast.BinaryExpr) {
	if t := l.info.Types[n].Type; l.info.Types[n.X].Value != nil && !types.Identical(t, types.Typ[types.Int]) && isInteger(t) {
		n.X = l.converted(n.X, t)
	}
}

// maxCount shifts every bit out.
var maxCount = constant.MakeInt64(64)

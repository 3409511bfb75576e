package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Go converts values to interfaces without being asked: in assignments, calls,
// returns, literals, sends, indices and comparisons. The places are found
// before anything is rewritten, while the tree is the one that was checked.

// surveyConversions notes what every expression below root is converted to.
// Results are those of the function around root.
func (l *lowerer) surveyConversions(root ast.Node, results *types.Tuple) {
	ast.Inspect(root, func(n ast.Node) bool {
		l.surveyElement(n)
		l.surveyFresh(n)
		l.surveyLiterals(n)
		l.surveyFuncs(n)
		l.surveyPointed(n)
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body == nil {
				return false
			}
			if fn, ok := l.info.Defs[n.Name].(*types.Func); ok {
				l.surveyConversions(n.Body, fn.Signature().Results())
				return false
			}
		case *ast.FuncLit:
			if sig, ok := l.info.Types[n].Type.(*types.Signature); ok {
				l.surveyConversions(n.Body, sig.Results())
				return false
			}
		case *ast.ReturnStmt:
			l.intoTuple(n.Results, results) // may become an assignment
		case *ast.AssignStmt:
			l.assignConversions(n)
		case *ast.ValueSpec:
			l.varConversions(n)
		case *ast.SelectorExpr:
			if n.Sel.Name == "Read" {
				l.readers[ast.Unparen(n.X)] = true
			}
		case *ast.CallExpr:
			l.callConversions(n)
		case *ast.CompositeLit:
			l.literalConversions(n)
		case *ast.SendStmt:
			if ch, ok := under(l.info.Types[n.Chan].Type).(*types.Chan); ok {
				l.convertsTo(n.Value, ch.Elem())
			}
		case *ast.IndexExpr:
			if m, ok := under(l.info.Types[n.X].Type).(*types.Map); ok {
				l.keyConversion(n.Index, m, l.places[n])
			}
		case *ast.BinaryExpr:
			if l.comparesInterfaces(n) {
				l.compares[n] = true
				l.convertsTo(n.X, anyType)
				l.convertsTo(n.Y, anyType)
			}
		case *ast.SwitchStmt:
			l.switchConversions(n)
		case *ast.TypeSwitchStmt:
			l.switchTypes(n)
		case *ast.TypeAssertExpr:
			if n.Type != nil {
				_, ok := l.info.Types[n].Type.(*types.Tuple)
				l.asserted[n] = assertedType{l.info.Types[n.X].Type, l.info.Types[n.Type].Type, ok, l.fresh[n]}
			}
		case *ast.RangeStmt:
			l.rangeConversions(n)
		case *ast.CommClause:
			l.commConversions(n)
		}
		return true
	})
}

// keyConversion notes what becomes of the key of a map.
func (l *lowerer) keyConversion(x ast.Expr, m *types.Map, assigned bool) {
	l.convertsTo(x, m.Key())
	t := l.info.Types[x]
	switch {
	case t.IsNil():
		l.nils[x] = m.Key()
	case isOpen(m.Key()) && (types.IsInterface(t.Type) || !types.Comparable(t.Type)):
		l.adapted[x] = "Key"
		if assigned {
			l.adapted[x] = "NewKey"
		}
	}
}

// under is the underlying type, also of a missing one and of the core of a
// pointer to an array.
func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// convertsTo notes that x is converted to t.
func (l *lowerer) convertsTo(x ast.Expr, t types.Type) {
	l.readers[ast.Unparen(x)] = t != nil && types.IsInterface(t)
	l.keepsElements(x, t)
	if changes(l.info.Types[x].Type, t) || l.operates(x, t) {
		l.into[x] = t
	}
}

// intoTuple notes that a list of expressions, or one call of several results,
// is converted to a tuple.
func (l *lowerer) intoTuple(list []ast.Expr, to *types.Tuple) {
	if to == nil {
		return
	}
	all := make([]types.Type, to.Len())
	for i := range all {
		all[i] = to.At(i).Type()
	}
	l.intoList(list, all)
}

func (l *lowerer) intoList(list []ast.Expr, to []types.Type) {
	if len(list) == len(to) {
		for i, x := range list {
			if to[i] != nil {
				l.convertsTo(x, to[i])
			}
			if len(list) > 1 && to[i] != nil && l.info.Types[x].IsNil() {
				l.nils[x] = to[i] // the interpreter assigns no plain nil beside other values
			}
		}
		return
	}
	if len(list) != 1 {
		return
	}
	from, ok := l.info.Types[list[0]].Type.(*types.Tuple)
	if !ok || from.Len() != len(to) {
		return
	}
	for i, t := range to {
		if t != nil && changes(from.At(i).Type(), t) {
			l.intoAll[list[0]] = to
		}
	}
	if _, lookup := ast.Unparen(list[0]).(*ast.IndexExpr); lookup && l.intoAll[list[0]] == nil && !l.fresh[list[0]] {
		// Where a key is missing, the interpreter leaves the old value in the
		// variable, instead of zero. In a function of its own it is zero.
		l.intoAll[list[0]] = make([]types.Type, len(to))
	}
}

func (l *lowerer) assignConversions(n *ast.AssignStmt) {
	if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
		return
	}
	to := make([]types.Type, len(n.Lhs))
	for i, x := range n.Lhs {
		to[i] = l.placeType(x)
	}
	l.intoList(n.Rhs, to)
	if len(n.Rhs) < 2 {
		return
	}
	// The interpreter cannot assign several values of its own interface type
	// at once, and confuses the results of several calls; what a compiled
	// function points to it can assign.
	for _, x := range n.Rhs {
		if t := l.info.Types[x].Type; l.into[x] != nil || t != nil && isOpen(t) {
			l.passed[x] = true
		}
	}
}

// placeType is the type of a place that is assigned to, nil for the blank.
func (l *lowerer) placeType(x ast.Expr) types.Type {
	if id, ok := ast.Unparen(x).(*ast.Ident); ok {
		if id.Name == "_" {
			return nil
		}
		if obj := l.info.ObjectOf(id); obj != nil {
			return obj.Type()
		}
	}
	return l.info.Types[x].Type
}

func (l *lowerer) varConversions(n *ast.ValueSpec) {
	to := make([]types.Type, len(n.Names))
	if n.Type != nil {
		for i := range to {
			to[i] = l.info.Types[n.Type].Type
		}
	}
	l.intoList(n.Values, to)
}

func (l *lowerer) callConversions(n *ast.CallExpr) {
	fun := l.info.Types[n.Fun]
	if fun.IsType() {
		if len(n.Args) == 1 {
			l.convertsTo(n.Args[0], fun.Type)
		}
		return
	}
	sig, ok := under(fun.Type).(*types.Signature)
	if !ok {
		return
	}
	if isRecursiveFunc(fun.Type) {
		l.funcs[n] = fun.Type
	}
	if sig.Variadic() && !n.Ellipsis.IsValid() && !l.tupleArg[n] && !fun.IsBuiltin() && l.callee(n) == nil {
		l.variadic[n] = sig
	}
	l.inspected(n)
	count := len(n.Args)
	if count == 1 {
		if t, ok := l.info.Types[n.Args[0]].Type.(*types.Tuple); ok {
			count = t.Len()
		}
	}
	to := make([]types.Type, count)
	for i := range to {
		to[i] = paramType(sig, i, n.Ellipsis.IsValid())
	}
	l.intoList(n.Args, to)
	for i, x := range n.Args {
		if !l.isAppend(n.Fun) || !isPointer(to[min(i, count-1)]) { // append takes a plain nil for an interface
			delete(l.nils, x)
		}
		if sig.Variadic() && i >= sig.Params().Len()-1 && !n.Ellipsis.IsValid() && l.isListOf(x, to[min(i, count-1)]) {
			l.passed[x] = true // the interpreter would take it for the whole list
		}
	}
}

func (l *lowerer) isAppend(fun ast.Expr) bool {
	id, ok := ast.Unparen(fun).(*ast.Ident)
	return ok && id.Name == "append" && l.isBuiltin(id)
}

// isListOf reports whether x is a slice of the interface type elem.
func (l *lowerer) isListOf(x ast.Expr, elem types.Type) bool {
	s, ok := under(l.info.Types[x].Type).(*types.Slice)
	return ok && elem != nil && types.IsInterface(elem) && types.Identical(s.Elem(), elem)
}

// paramType is the type of the i-th argument of a call.
func paramType(sig *types.Signature, i int, spread bool) types.Type {
	params := sig.Params()
	switch last := params.Len() - 1; {
	case sig.Variadic() && i >= last && !spread:
		if s, ok := params.At(last).Type().Underlying().(*types.Slice); ok {
			return s.Elem()
		}
		return nil // append([]byte, string...)
	case i <= last:
		return params.At(i).Type()
	}
	return nil
}

func (l *lowerer) literalConversions(n *ast.CompositeLit) {
	switch t := under(deref(l.info.Types[n].Type)).(type) {
	case *types.Struct:
		for i, x := range n.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				if f, ok := l.info.Uses[kv.Key.(*ast.Ident)].(*types.Var); ok {
					l.convertsTo(kv.Value, f.Type())
				}
			} else if i < t.NumFields() {
				l.convertsTo(x, t.Field(i).Type())
			}
		}
	case *types.Map:
		for _, x := range n.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				l.convertsTo(kv.Key, t.Key())
				l.convertsTo(kv.Value, t.Elem())
			}
		}
	case *types.Slice:
		l.elementConversions(n, t.Elem())
	case *types.Array:
		l.elementConversions(n, t.Elem())
	}
}

func (l *lowerer) elementConversions(n *ast.CompositeLit, t types.Type) {
	for _, x := range n.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		l.convertsTo(x, t)
	}
}

func deref(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// comparesInterfaces reports whether a comparison is one of interface values
// other than with nil.
func (l *lowerer) comparesInterfaces(n *ast.BinaryExpr) bool {
	if n.Op != token.EQL && n.Op != token.NEQ {
		return false
	}
	x, y := l.info.Types[n.X], l.info.Types[n.Y]
	if x.Type == nil || y.Type == nil || x.IsNil() || y.IsNil() {
		return false
	}
	return isValueInterface(x.Type) || isValueInterface(y.Type)
}

func isValueInterface(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return types.IsInterface(t) && !param
}

// comparison lowers == and != of interface values.
func (l *lowerer) comparison(n *ast.BinaryExpr) ast.Expr {
	if !l.compares[n] {
		return nil
	}
	eq := at2(n.OpPos, l.helper("Equal", n.X, n.Y))
	if n.Op == token.NEQ {
		return &ast.UnaryExpr{Op: token.NOT, X: eq}
	}
	return eq
}

func at2(pos token.Pos, c *ast.CallExpr) *ast.CallExpr {
	c.Lparen = pos
	return c
}

func (l *lowerer) switchConversions(n *ast.SwitchStmt) {
	if !l.switchesInterfaces(n) {
		return
	}
	l.compares[n] = true
	l.convertsTo(n.Tag, anyType)
	for _, c := range n.Body.List {
		for _, x := range c.(*ast.CaseClause).List {
			l.convertsTo(x, anyType)
		}
	}
}

// switchesInterfaces reports whether a switch compares interface values.
func (l *lowerer) switchesInterfaces(n *ast.SwitchStmt) bool {
	if n.Tag == nil {
		return false
	}
	if t := l.info.Types[n.Tag].Type; t != nil && isValueInterface(t) {
		return true
	}
	for _, c := range n.Body.List {
		for _, x := range c.(*ast.CaseClause).List {
			if t := l.info.Types[x].Type; t != nil && isValueInterface(t) {
				return true
			}
		}
	}
	return false
}

package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strconv"
	"strings"
)

// constant returns the value of a constant expression as a literal of its
// type, or nil for anything else. Literals of the source stay as they are.
func (l *lowerer) constant(x ast.Expr) ast.Expr {
	tv, ok := l.info.Types[x]
	if !ok || tv.Value == nil || tv.IsType() {
		return nil
	}
	t := tv.Type
	if isLiteral(x) && !(isInteger(t) && isFractional(x)) {
		return nil
	}
	lit := literal(tv.Value, t)
	if isComplex(t) {
		lit = l.complexLit(tv.Value)
	}
	if lit == nil {
		return nil
	}
	if plain(t, tv.Value) {
		return lit
	}
	return call(l.typeExpr(t, x.Pos()), lit)
}

// isLiteral reports whether x is written as a literal already. A negative
// number that is not an integer is not: the interpreter would make -0 of one
// that is too small.
func isLiteral(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return true
	case *ast.UnaryExpr:
		lit, ok := x.X.(*ast.BasicLit)
		return ok && lit.Kind == token.INT || !ok && isLiteral(x.X)
	case *ast.Ident:
		return x.Name == "true" || x.Name == "false"
	}
	return false
}

// isFractional reports whether a literal is written as a number that may have
// a fraction.
func isFractional(x ast.Expr) bool {
	lit, ok := x.(*ast.BasicLit)
	return ok && (lit.Kind == token.FLOAT || lit.Kind == token.IMAG)
}

// plain reports whether a literal of value v has type t by default.
func plain(t types.Type, v constant.Value) bool {
	b, ok := t.(*types.Basic)
	if !ok {
		return false
	}
	switch b.Kind() {
	case types.Bool, types.Int, types.Float64, types.String, types.Complex128:
		return true
	}
	return b.Info()&types.IsUntyped != 0
}

// literal writes a constant in the kind of literal that its type asks for.
func literal(v constant.Value, t types.Type) ast.Expr {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return nil
	}
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		return ast.NewIdent(strconv.FormatBool(constant.BoolVal(v)))
	case info&types.IsString != 0:
		return strLit(constant.StringVal(v))
	case info&types.IsInteger != 0:
		return &ast.BasicLit{Kind: token.INT, Value: constant.ToInt(v).ExactString()}
	case info&types.IsFloat != 0:
		return floatLit(v)
	case info&types.IsComplex != 0:
		return nil
	}
	return nil
}

func floatLit(v constant.Value) ast.Expr {
	f, _ := constant.Float64Val(v)
	if math.IsInf(f, 0) {
		return &ast.BasicLit{Kind: token.FLOAT, Value: v.ExactString()}
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return &ast.BasicLit{Kind: token.FLOAT, Value: s}
}

// arrayLen writes the length of an array type as a number.
func (l *lowerer) arrayLen(n *ast.ArrayType) {
	if n.Len == nil {
		return
	}
	if tv := l.info.Types[n.Len]; tv.Value != nil {
		n.Len = &ast.BasicLit{Kind: token.INT, ValuePos: n.Len.Pos(), Value: constant.ToInt(tv.Value).ExactString()}
	}
}

// qualified rewrites pkg.Name with the emitted file's name of the package.
func (l *lowerer) qualified(sel *ast.SelectorExpr) (ast.Expr, bool) {
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return nil, false
	}
	pkg, ok := l.info.Uses[id].(*types.PkgName)
	if !ok {
		return nil, false
	}
	if x := l.member(sel, pkg.Imported().Path()); x != nil {
		return x, true
	}
	path := pkg.Imported().Path()
	if path == "unsafe" {
		l.refuse(sel.Pos(), "unsafe."+sel.Sel.Name+" cannot be used: the interpreter keeps values in places of its own", "use encoding/binary, math.Float64bits or reflect")
		return sel, true
	}
	if path == "os" && !l.places[sel] && (sel.Sel.Name == "Stdout" || sel.Sel.Name == "Stderr") {
		return l.helper(sel.Sel.Name), true
	}
	if path == "os" && sel.Sel.Name == "Stdin" && l.readers[sel] {
		return l.helper("Stdin"), true
	}
	return &ast.SelectorExpr{X: l.alias(path), Sel: sel.Sel}, true
}

// throughPointer selects a field of (*p) as one of p: the interpreter takes *p
// for a type where it looks ahead.
func (l *lowerer) throughPointer(sel *ast.SelectorExpr) {
	s := l.info.Selections[sel]
	star, ok := ast.Unparen(sel.X).(*ast.StarExpr)
	if !ok || s == nil || s.Kind() != types.FieldVal || isPointer(s.Recv()) {
		return
	}
	sel.X = star.X
	if l.info.Types[star.X].Type == nil {
		l.info.Types[star.X] = types.TypeAndValue{Type: types.NewPointer(s.Recv())}
	}
}

// literalStars settles the elements of a composite literal that select from
// *p where that cannot be written otherwise.
func (l *lowerer) literalStars(n *ast.CompositeLit) {
	for i, x := range n.Elts {
		if t := l.info.TypeOf(x); t != nil && !types.IsInterface(t) && selectsFromStar(x) {
			n.Elts[i] = l.settled(x, t)
		}
	}
}

// selectsFromStar reports whether x begins with a selection from *p.
func selectsFromStar(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		_, star := ast.Unparen(x.X).(*ast.StarExpr)
		return star || selectsFromStar(x.X)
	case *ast.CallExpr:
		return selectsFromStar(x.Fun)
	case *ast.SliceExpr:
		return selectsFromStar(x.X)
	}
	return false
}

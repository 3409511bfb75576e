package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"github.com/gocrate/gocrate/kernel/golang/rt"

	"golang.org/x/tools/go/ast/astutil"
)

// The interpreter forgets the name and the methods of a user's type in an
// interface. Lowered code therefore boxes such values, see package rt: every
// conversion to an interface, most of which Go does not write, becomes a call.
//
//	var x any = T{1}           x = rt.Box(17, T{1})
//	x.(T)                      rt.Assert(17, 3, x).(T)
//	var s Shape = T{1}         the type of s is any, s = rt.Box(17, T{1})
//	s.Area()                   ꞏcallꞏ1ꞏ2(s), which finds the method in the box
//	var e error = T{1}         e = rt.Error(rt.Box(17, T{1}))
//	e == io.EOF                rt.Equal(e, io.EOF)
//
// Interfaces that a cell declares are any to the interpreter ("open" below);
// those of compiled packages stay, and users' values get a wrapper.

// Types numbers the types that lowered code names.
type Types interface {
	ID(t types.Type) int
	// HasMethods reports whether the methods of t are registered already.
	HasMethods(t types.Type) bool
	// CanWrap reports whether compiled code can be given a user's value as t.
	CanWrap(t types.Type) bool
}

var (
	anyType   = types.Universe.Lookup("any").Type().Underlying()
	errorType = types.Universe.Lookup("error").Type()
)

// identity is the part of a lowerer that is about interface values.
type identity struct {
	ids       Types
	into      map[ast.Expr]types.Type          // what expressions are converted to
	intoAll   map[ast.Expr][]types.Type        // the same for calls of several results
	passed    map[ast.Expr]bool                // interface values that go through a helper
	adapted   map[ast.Expr]string              // arguments that go through the named helper
	callers   map[string]string                // emitted functions that call a method of an open interface
	helpers   []ast.Decl                       // those functions
	needs     map[types.Type]bool              // types whose methods lowered code needs
	needed    []types.Type                     // those in order
	compares  map[ast.Node]bool                // comparisons and switches of interface values
	cases     map[*ast.CaseClause][]types.Type // of type switches; nil for nil
	pointed   map[ast.Expr]bool                // see surveyPointed
	stored    map[ast.Expr]bool                // names of functions that are stored
	openCalls map[*ast.CallExpr]bool           // calls of methods of open interfaces
	inLoop    map[ast.Node]bool                // function literals and assignments in loops
	nils      map[ast.Expr]types.Type          // nil beside other values, and its type
	fresh     map[ast.Expr]bool                // see surveyFresh
	handedOn  map[ast.Expr]bool                // those that compiled functions get
	funcs     map[*ast.CallExpr]types.Type     // calls of functions of recursive types
	asserted  map[*ast.TypeAssertExpr]assertedType
	variadic  map[*ast.CallExpr]*types.Signature // calls of function values, their arguments one by one
	split     map[*ast.BlockStmt]bool            // a switch behind its init statement
}

func newIdentity(ids Types) identity {
	return identity{
		ids:  ids,
		into: map[ast.Expr]types.Type{}, intoAll: map[ast.Expr][]types.Type{},
		passed: map[ast.Expr]bool{}, adapted: map[ast.Expr]string{},
		callers: map[string]string{}, needs: map[types.Type]bool{},
		asserted: map[*ast.TypeAssertExpr]assertedType{}, cases: map[*ast.CaseClause][]types.Type{},
		compares: map[ast.Node]bool{}, split: map[*ast.BlockStmt]bool{}, variadic: map[*ast.CallExpr]*types.Signature{},
		inLoop: map[ast.Node]bool{}, nils: map[ast.Expr]types.Type{}, fresh: map[ast.Expr]bool{}, handedOn: map[ast.Expr]bool{},
		funcs: map[*ast.CallExpr]types.Type{}, openCalls: map[*ast.CallExpr]bool{}, stored: map[ast.Expr]bool{}, pointed: map[ast.Expr]bool{},
	}
}

// isOpen reports whether an interface is any to the interpreter.
func isOpen(t types.Type) bool {
	if t == nil || !types.IsInterface(t) {
		return false
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return rt.IsUser(t.Obj().Pkg()) || t.Underlying().(*types.Interface).NumMethods() == 0 && t.Obj().Pkg() != nil
	case *types.TypeParam:
		return false
	}
	return true
}

// isCompiledInterface reports whether t is an interface of a compiled package.
func isCompiledInterface(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return types.IsInterface(t) && !isOpen(t) && !param
}

// pre lowers what identity must see before its parts, then everything else.
func (l *lowerer) preIdentity(c *astutil.Cursor) bool {
	switch n := c.Node().(type) {
	case *ast.InterfaceType:
		c.Replace(ast.NewIdent("any"))
		return false
	case *ast.StructType:
		l.nameFields(n)
	case *ast.TypeSpec:
		l.looseElements(n)
	case *ast.DeclStmt:
		if g, ok := n.Decl.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			l.localDecl(g)
			c.Replace(&ast.EmptyStmt{Semicolon: n.Pos()})
			return false
		}
	}
	n := c.Node()
	walk := l.pre(c)
	if x, ok := n.(ast.Expr); ok && !walk {
		l.finish(c, x)
	}
	return walk
}

// postIdentity lowers a node whose parts are lowered.
func (l *lowerer) postIdentity(c *astutil.Cursor) bool {
	n := c.Node()
	if y := l.rewriteIdentity(n); y != nil {
		c.Replace(y)
	} else if !l.post(c) {
		return false
	}
	if x, ok := n.(ast.Expr); ok {
		l.finish(c, x)
	}
	return true
}

// rewriteIdentity returns what an interface operation is lowered to, or nil.
func (l *lowerer) rewriteIdentity(n ast.Node) ast.Node {
	var y ast.Expr
	switch n := n.(type) {
	case *ast.Ident:
		y = l.interfaceName(n)
	case *ast.SelectorExpr:
		y = l.selector(n)
	case *ast.IndexExpr:
		y = l.readElement(n)
	case *ast.CallExpr:
		if y = l.callIdentity(n); y == nil {
			l.recursiveCall(n)
		}
	case *ast.BinaryExpr:
		y = l.comparison(n)
	case *ast.TypeAssertExpr:
		y = l.assertion(n)
	case *ast.TypeSwitchStmt:
		return l.typeSwitch(n)
	case *ast.SwitchStmt:
		if l.compares[n] {
			return l.exprSwitch(n)
		}
		if n.Tag == nil {
			l.joinCases(n)
		}
	case *ast.LabeledStmt:
		if b, ok := n.Stmt.(*ast.BlockStmt); ok && l.split[b] {
			return block(b.List[0], &ast.LabeledStmt{Label: n.Label, Colon: n.Colon, Stmt: b.List[1]})
		}
	}
	if y == nil {
		return nil
	}
	return y
}

// finish converts the lowered form of x, which stands at c, to the type of the
// place where it stands.
func (l *lowerer) finish(c *astutil.Cursor, x ast.Expr) {
	if sig, ok := under(l.info.Types[x].Type).(*types.Signature); ok && l.stored[x] {
		c.Replace(l.literalOf(current(c), sig, x.Pos()))
	}
	if t := l.nils[x]; t != nil {
		p := call(ast.NewIdent("new"), l.typeExpr(t, x.Pos()))
		if isOpen(t) {
			p = l.helper("Ref", ast.NewIdent("nil"))
		}
		c.Replace(&ast.StarExpr{X: p})
	}
	if l.handedOn[x] || l.pointed[x] {
		c.Replace(l.bound(current(c), l.info.Types[x].Type))
	}
	if dst := l.intoAll[x]; dst != nil {
		c.Replace(l.convertAll(current(c), x, dst))
	} else if to := l.into[x]; to != nil {
		from := l.info.Types[x].Type
		if y, now := l.convert(current(c), from, to, x), current(c); y != now {
			c.Replace(y)
		}
	}
	if l.passed[x] && (l.into[x] == nil || isOpen(l.into[x])) {
		c.Replace(&ast.StarExpr{X: l.helper("Ref", current(c))})
	}
	if name := l.adapted[x]; name != "" {
		c.Replace(l.helper(name, current(c)))
	}
}

// current returns the expression that stands at a cursor, also after a
// replacement.
func current(c *astutil.Cursor) ast.Expr {
	v := reflect.Indirect(reflect.ValueOf(c.Parent())).FieldByName(c.Name())
	if i := c.Index(); i >= 0 {
		v = v.Index(i)
	}
	x, _ := v.Interface().(ast.Expr)
	return x
}

// convert converts a lowered expression to the type of its place. Where is the
// original expression.
func (l *lowerer) convert(x ast.Expr, from, to types.Type, where ast.Expr) ast.Expr {
	if y := l.convertFunc(x, from, to, where); y != nil {
		return y
	}
	if !types.IsInterface(to) || isUntypedNil(from) {
		return x
	}
	if _, ok := types.Unalias(to).(*types.TypeParam); ok {
		return x
	}
	switch {
	case types.IsInterface(from):
		switch {
		case isOpen(to) && !isOpen(from):
			return l.helper("Unwrap", x)
		case !isOpen(to) && isOpen(from):
			return l.compiled(x, to, where)
		}
		return x
	case isOpen(to) && isFunc(from) && !rt.MentionsUser(from):
		// A function that no compiled code has seen would be something of the
		// interpreter's own in the interface.
		if l.inLoop[ast.Unparen(where)] {
			x = l.bound(x, from)
		}
		return l.helper("Unwrap", x)
	case !rt.MentionsUser(from):
		if isOperator(where) {
			return l.settled(x, from)
		}
		return x
	case isOpen(to):
		return l.box(x, from)
	}
	return l.compiled(l.box(x, from), to, where)
}

// box puts a value into a box.
func (l *lowerer) box(x ast.Expr, t types.Type) ast.Expr {
	l.need(t)
	if _, isFunc := t.Underlying().(*types.Signature); isFunc && !isRecursiveFunc(t) {
		return l.boundAs(t, l.helper("Box", l.id(t), ast.NewIdent("ꞏv")), ast.NewIdent("any"), x)
	}
	return l.helper("Box", l.id(t), x)
}

func (l *lowerer) id(t types.Type) ast.Expr { return intLit(l.ids.ID(t)) }

// compiled converts an interface value to an interface of a compiled package.
func (l *lowerer) compiled(x ast.Expr, to types.Type, where ast.Expr) ast.Expr {
	if types.Identical(to, errorType) && !l.passed[where] {
		return l.helper("Error", x)
	}
	if !l.ids.CanWrap(to) {
		l.refuse(where.Pos(), "a value of a type declared in a cell cannot be used as "+types.TypeString(to, types.RelativeTo(l.pkg)), "use a type of a package")
	}
	return l.pointee(l.helper("To", l.id(to), x), to, where)
}

// pointee reads the variable of an interface type to which a helper returned
// an untyped pointer.
func (l *lowerer) pointee(p ast.Expr, t types.Type, where ast.Expr) ast.Expr {
	return &ast.StarExpr{X: &ast.ParenExpr{X: &ast.TypeAssertExpr{X: p, Type: &ast.StarExpr{X: l.typeExpr(t, where.Pos())}}}}
}

// convertAll converts the results of a call that has several, or of one of the
// expressions with ok:
//
//	func() (A, B) { x, y := f(); return convert(x), convert(y) }()
func (l *lowerer) convertAll(x, where ast.Expr, to []types.Type) ast.Expr {
	from, ok := l.info.Types[where].Type.(*types.Tuple)
	if !ok {
		return x
	}
	names, values, results := []ast.Expr{}, []ast.Expr{}, []*ast.Field{}
	for i := range from.Len() {
		v := l.temp("t")
		t := from.At(i).Type()
		names = append(names, ast.NewIdent(v))
		y := ast.Expr(ast.NewIdent(v))
		if to[i] != nil {
			y, t = l.convert(y, t, to[i], where), to[i]
		}
		values = append(values, y)
		results = append(results, field("", l.typeExpr(types.Default(t), where.Pos())))
	}
	return call(&ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}, Results: fields(results...)},
		Body: block(define(names, x), &ast.ReturnStmt{Results: values}),
	})
}

func isUntypedNil(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.UntypedNil
}

// changes reports whether a conversion has a lowered form.
func changes(from, to types.Type) bool {
	if from == nil || to == nil || isUntypedNil(from) {
		return false
	}
	if !types.IsInterface(to) {
		return isRecursiveFunc(to) != isRecursiveFunc(from)
	}
	if types.IsInterface(from) {
		return isOpen(from) != isOpen(to)
	}
	return rt.MentionsUser(from) || isFunc(from) && isOpen(to)
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

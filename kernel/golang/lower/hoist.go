package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/gocrate/gocrate/kernel/golang/check"
)

// hoist turns a statement at the top level of a cell that declares variables
// into assignments to variables of the session.
func (l *lowerer) hoist(s ast.Stmt) []ast.Stmt {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			s.Tok = token.ASSIGN
		}
	case *ast.LabeledStmt:
		inner := l.hoist(s.Stmt)
		s.Stmt = inner[0]
		return append([]ast.Stmt{s}, inner[1:]...)
	case *ast.DeclStmt:
		g, ok := s.Decl.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			return []ast.Stmt{s}
		}
		var out []ast.Stmt
		for _, spec := range g.Specs {
			out = append(out, l.hoistVar(spec.(*ast.ValueSpec))...)
		}
		if len(out) == 0 {
			out = []ast.Stmt{&ast.EmptyStmt{Semicolon: s.Pos()}}
		}
		return out
	}
	return []ast.Stmt{s}
}

// hoistVar assigns what `var` would: its values, or zero, also when the cell
// runs again.
func (l *lowerer) hoistVar(v *ast.ValueSpec) []ast.Stmt {
	names := make([]ast.Expr, len(v.Names))
	for i, id := range v.Names {
		names[i] = id
	}
	if len(v.Values) > 0 {
		a := assign(names, v.Values...)
		a.TokPos = v.Pos()
		return []ast.Stmt{a}
	}
	var out []ast.Stmt
	for i, id := range v.Names {
		if id.Name == "_" {
			continue
		}
		zero := ast.NewIdent(l.temp("z"))
		decl := &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, TokPos: v.Pos(), Specs: []ast.Spec{
			&ast.ValueSpec{Names: []*ast.Ident{zero}, Type: l.typeExpr(l.info.Defs[id].Type(), id.Pos())}}}}
		out = append(out, block(decl, assign(names[i:i+1], ast.NewIdent(zero.Name))))
	}
	return out
}

// shownTypes returns what a trailing expression shows, or nil where there is
// nothing to show: no value, or the byte count of a print function.
func (l *lowerer) shownTypes(x ast.Expr) *Shown {
	tv := l.info.Types[x]
	if tv.Type == nil || tv.IsVoid() || tv.IsType() || tv.IsBuiltin() || l.isPrint(x) {
		return nil
	}
	s := &Shown{}
	if tuple, ok := tv.Type.(*types.Tuple); ok {
		for v := range tuple.Variables() {
			s.Types = append(s.Types, v.Type())
		}
		return s
	}
	s.Types = []types.Type{types.Default(tv.Type)}
	return s
}

func (l *lowerer) isPrint(x ast.Expr) bool {
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := l.info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "fmt" {
		return false
	}
	return strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Fprint") ||
		strings.HasPrefix(fn.Name(), "Scan") || strings.HasPrefix(fn.Name(), "Fscan")
}

// show hands the values of the trailing expression to the session. They are
// bound to variables first: the interpreter loses the methods of a call's
// result that is passed on directly.
func (l *lowerer) show(x ast.Expr, s *Shown) []ast.Stmt {
	id := len(l.shown)
	l.shown = append(l.shown, *s)
	if l.isNil(x, s) {
		return []ast.Stmt{exprStmt(l.helper("Show", intLit(id), ast.NewIdent("nil")))}
	}
	names, args := make([]ast.Expr, len(s.Types)), []ast.Expr{intLit(id)}
	for i, t := range s.Types {
		v := l.temp("v")
		names[i] = ast.NewIdent(v)
		args = append(args, l.convert(ast.NewIdent(v), t, anyType, x))
	}
	out := []ast.Stmt{define(names, x)}
	out[0].(*ast.AssignStmt).TokPos = x.Pos()
	return append(out, exprStmt(l.helper("Show", args...)))
}

func (l *lowerer) isNil(x ast.Expr, s *Shown) bool {
	b, ok := s.Types[0].(*types.Basic)
	return ok && b.Kind() == types.UntypedNil
}

// discard evaluates an expression whose display a semicolon suppressed.
func discard(list []ast.Stmt, i int) {
	if x, ok := list[i].(*ast.ExprStmt); ok {
		switch ast.Unparen(x.X).(type) {
		case *ast.CallExpr, *ast.UnaryExpr:
		default:
			list[i] = assign([]ast.Expr{ast.NewIdent("_")}, x.X)
		}
	}
}

// inits calls the cell's init functions. They run when the variables declared
// before the first statement have their values.
func (l *lowerer) inits() []ast.Stmt {
	var list []ast.Stmt
	for _, name := range l.u.Inits {
		list = append(list, exprStmt(call(ast.NewIdent(name))))
	}
	return list
}

func isVar(s ast.Stmt) bool {
	d, ok := s.(*ast.DeclStmt)
	return ok && d.Decl.(*ast.GenDecl).Tok == token.VAR
}

// mainFunc returns the engine's name of the cell's func main, which runs when
// the cell does.
func (l *lowerer) mainFunc() string {
	for _, d := range l.u.Decls {
		if d.Kind == check.Func && d.Name == "main" && d.Source == l.u.Source {
			return d.Emit
		}
	}
	return ""
}

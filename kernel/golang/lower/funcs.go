package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/check"
)

// marking is what lowering knows for the sake of errors at run time.
type marking struct {
	entered    map[ast.Node]bool       // the user's functions, and what runs beside them
	containers map[ast.Node]types.Type // what index and slice expressions index
	marked     []*Func
	callees    map[types.Object][]types.Object // see callGraph
}

func newMarking() marking {
	return marking{entered: map[ast.Node]bool{}, containers: map[ast.Node]types.Type{}}
}

// displayName is what the user calls a function or method.
func displayName(d ast.Decl) string {
	fn, ok := d.(*ast.FuncDecl)
	if !ok {
		return ""
	}
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	t := ast.Unparen(fn.Recv.List[0].Type)
	if p, ok := t.(*ast.StarExpr); ok {
		t = ast.Unparen(p.X)
	}
	if x, ok := t.(*ast.IndexExpr); ok {
		t = x.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return check.Unversioned(id.Name) + "." + fn.Name.Name
	}
	return fn.Name.Name
}

// nameFuncs names the functions that were marked since it was called last.
func (l *lowerer) nameFuncs(name, display string) {
	for i := len(l.marked) - 1; i >= 0 && l.marked[i].Name == ""; i-- {
		l.marked[i].Name, l.marked[i].Display = name, check.Unversioned(display)
	}
}

// markVars declares the mark variables of the file.
func (l *lowerer) markVars() []ast.Decl {
	var decls []ast.Decl
	for _, f := range l.marked {
		if f.Mark != "" && f.Mark != MarkVar {
			decls = append(decls, &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{
				&ast.ValueSpec{Names: []*ast.Ident{ast.NewIdent(f.Mark)}, Type: ast.NewIdent("int")}}})
		}
	}
	return decls
}

// registerMarks tells the engine where the marks are.
func (l *lowerer) registerMarks() []ast.Stmt {
	var args []ast.Expr
	for i, f := range l.marked {
		if f.Mark != "" && f.Mark != MarkVar {
			args = append(args, intLit(i), addr(ast.NewIdent(f.Mark)))
		}
	}
	if args == nil {
		return nil
	}
	var out []ast.Stmt
	for i := 0; i < len(args); i += 2 {
		out = append(out, exprStmt(l.helper("Mark", intLit(l.u.Number), args[i], args[i+1])))
	}
	return out
}

func markName(unit, n int) string { return fmt.Sprintf("ꞏm%d_%d", unit, n) }

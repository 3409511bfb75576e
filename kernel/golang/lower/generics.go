package lower

import (
	"go/ast"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/check"
)

// instanceType declares an instance of a generic type.
func (l *lowerer) instanceType(in *check.Instance) ast.Decl {
	l.demandBuildable(in.Named, in.Origin.Pos())
	return l.typeDecl(in.Emit, in.Named, in.Origin.Pos())
}

// instantiated rewrites an expression that names an instance of a generic
// declaration, a type parameter that is bound in the instance being emitted, or
// a type declared inside a function. It returns nil for any other.
func (l *lowerer) instantiated(x ast.Expr) ast.Expr {
	switch x := x.(type) {
	case *ast.Ident:
		if t := l.u.Bound(l.info.Uses[x]); t != nil {
			return l.typeOperand(x, t)
		}
		if tn, ok := l.info.Uses[x].(*types.TypeName); ok && isLocal(tn) {
			return l.typeOperand(x, tn.Type())
		}
		return l.instanceOf(x)
	case *ast.SelectorExpr:
		if id, ok := x.X.(*ast.Ident); ok {
			if _, ok := l.info.Uses[id].(*types.PkgName); ok {
				return l.instanceOf(x.Sel)
			}
		}
	case *ast.IndexExpr:
		return l.indexed(x, x.X)
	case *ast.IndexListExpr:
		return l.indexed(x, x.X)
	}
	return nil
}

// indexed rewrites G[T]: a type, or a function with explicit arguments.
func (l *lowerer) indexed(x, generic ast.Expr) ast.Expr {
	if tv := l.info.Types[x]; tv.IsType() {
		return l.typeOperand(x, tv.Type)
	}
	switch g := ast.Unparen(generic).(type) {
	case *ast.Ident:
		return l.instanceOf(g)
	case *ast.SelectorExpr:
		return l.instanceOf(g.Sel)
	}
	return nil
}

// instanceOf names the instance of a generic function that id stands for.
func (l *lowerer) instanceOf(id *ast.Ident) ast.Expr {
	inst, ok := l.info.Instances[id]
	if !ok {
		return nil
	}
	fn, ok := l.info.Uses[id].(*types.Func)
	if !ok {
		return nil
	}
	if name := l.u.InstanceName(fn, inst.TypeArgs); name != "" {
		return &ast.Ident{Name: name, NamePos: id.NamePos}
	}
	return nil
}

// typeOperand writes a type where an expression stood. In call position, as a
// conversion, it may need parentheses.
func (l *lowerer) typeOperand(x ast.Expr, t types.Type) ast.Expr {
	y := l.typeExpr(t, x.Pos())
	switch y.(type) {
	case *ast.StarExpr, *ast.FuncType, *ast.ChanType:
		return &ast.ParenExpr{X: y}
	}
	return y
}

// isConstraint reports whether a type can only constrain type parameters.
func (l *lowerer) isConstraint(spec *ast.TypeSpec) bool {
	obj, ok := l.info.Defs[spec.Name].(*types.TypeName)
	if !ok {
		return false
	}
	i, ok := obj.Type().Underlying().(*types.Interface)
	return ok && !i.IsMethodSet()
}

package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"hash/fnv"
	"strings"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// Generic functions and types of the standard library are emitted as
// declarations of the cell, one for each set of type arguments; see
// check.Template for where they come from.

// library is what a cell uses of them.
type library struct {
	instances []*libraryInstance
	emitted   int // how many of them are declared
	packages  map[*types.Package]bool
}

// libraryInstance is a generic function or type with its arguments.
type libraryInstance struct {
	obj  types.Object
	args []types.Type
	name string
	pos  token.Pos // where it was first used
}

// library rewrites an expression that names an instance, or a type parameter
// of one. It returns nil for any other.
func (l *lowerer) library(x ast.Expr) ast.Expr {
	switch x := x.(type) {
	case *ast.Ident:
		if tn, ok := l.info.Uses[x].(*types.TypeName); ok && tn.IsAlias() && l.lib.packages[tn.Pkg()] {
			return l.typeHere(x, l.typeExpr(tn.Type(), x.Pos()))
		}
		return l.libraryUse(x)
	case *ast.SelectorExpr:
		return l.libraryUse(x.Sel)
	case *ast.IndexExpr:
		return l.libraryIndex(x, x.X)
	case *ast.IndexListExpr:
		return l.libraryIndex(x, x.X)
	}
	return nil
}

// libraryIndex rewrites pkg.G[T].
func (l *lowerer) libraryIndex(x, generic ast.Expr) ast.Expr {
	if tv := l.info.Types[x]; tv.IsType() {
		if n, ok := types.Unalias(tv.Type).(*types.Named); ok && fromLibrary(n.Obj()) {
			return l.typeHere(x, l.libraryType(n, x.Pos()))
		}
		return nil
	}
	switch g := ast.Unparen(generic).(type) {
	case *ast.Ident:
		return l.libraryUse(g)
	case *ast.SelectorExpr:
		return l.libraryUse(g.Sel)
	}
	return nil
}

func fromLibrary(obj types.Object) bool {
	return obj != nil && obj.Pkg() != nil && !rt.IsUser(obj.Pkg())
}

// libraryUse names the instance of a generic function that id stands for.
func (l *lowerer) libraryUse(id *ast.Ident) ast.Expr {
	fn, ok := l.info.Uses[id].(*types.Func)
	if !ok || !fromLibrary(fn) {
		return nil
	}
	inst, ok := l.info.Instances[id]
	if !ok {
		return nil
	}
	in := l.instance(fn, inst.TypeArgs, id.Pos())
	if in.name == "" {
		in.name = fmt.Sprintf("ꞏ%s_%sꞏ%d_%d", fn.Pkg().Name(), fn.Name(), l.u.Number, len(l.lib.instances))
		l.lib.instances = append(l.lib.instances, in)
	}
	return ast.NewIdent(in.name)
}

// instance returns the instance of obj that the cell uses already, or a new one
// without a name.
func (l *lowerer) instance(obj types.Object, args *types.TypeList, pos token.Pos) *libraryInstance {
	for _, in := range l.lib.instances {
		same := in.obj.Name() == obj.Name() && in.obj.Pkg().Path() == obj.Pkg().Path()
		for i := 0; same && i < len(in.args); i++ {
			same = types.Identical(in.args[i], args.At(i))
		}
		if same {
			return in
		}
	}
	in := &libraryInstance{obj: obj, pos: pos}
	for t := range args.Types() {
		in.args = append(in.args, t)
	}
	return in
}

// libraryType names an instance of a generic type. The name depends on the
// arguments only, so that all cells mean the same type.
func (l *lowerer) libraryType(t *types.Named, pos token.Pos) ast.Expr {
	if sig, ok := t.Underlying().(*types.Signature); ok && t.NumMethods() == 0 {
		return l.signature(sig, pos, "")
	}
	in := l.instance(t.Origin().Obj(), t.TypeArgs(), pos)
	if in.name == "" {
		h := fnv.New64a()
		for _, a := range in.args {
			fmt.Fprintln(h, types.ExprString(l.typeExpr(a, pos)))
		}
		in.name = fmt.Sprintf("ꞏ%s_%sꞏ%x", in.obj.Pkg().Name(), in.obj.Name(), h.Sum64())
		l.lib.instances = append(l.lib.instances, in)
	}
	return ast.NewIdent(in.name)
}

// libraryDecls declares the instances that the cell uses, and those that they
// use.
func (l *lowerer) libraryDecls() []ast.Decl {
	var decls []ast.Decl
	for l.lib.emitted < len(l.lib.instances) {
		in := l.lib.instances[l.lib.emitted]
		l.lib.emitted++
		for _, d := range l.template(in) {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				fn.Name = ast.NewIdent(in.name)
			}
			l.uncoverBuiltins(d)
			decls = append(decls, l.rewrite(d).(ast.Decl))
		}
	}
	return decls
}

// template returns the declarations of an instance, or refuses it.
func (l *lowerer) template(in *libraryInstance) []ast.Decl {
	pkg, decls := l.u.Template(in.obj, in.args)
	if decls == nil {
		l.refuse(in.pos, in.obj.Pkg().Name()+"."+in.obj.Name()+" is generic and not supported yet", "write it out for the types you need")
		return nil
	}
	if l.lib.packages == nil {
		l.lib.packages = map[*types.Package]bool{}
	}
	l.lib.packages[pkg] = true
	if tn, ok := pkg.Scope().Lookup(in.obj.Name()).(*types.TypeName); ok {
		l.renamed[tn] = in.name
	}
	for _, d := range decls {
		l.useHelpers(d)
	}
	return decls
}

// useHelpers calls the helpers that functions named rt… stand for. The calls
// have no types: their arguments are passed as they are.
func (l *lowerer) useHelpers(d ast.Decl) {
	ast.Inspect(d, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if id, ok := c.Fun.(*ast.Ident); ok && l.info.Uses[id] != nil && fromLibrary(l.info.Uses[id]) {
			if name, ok := strings.CutPrefix(id.Name, "rt"); ok {
				c.Fun = &ast.SelectorExpr{X: l.alias(HelperPath), Sel: ast.NewIdent(name)}
			}
		}
		return true
	})
}

// typeHere writes a type where x stood, in parentheses where a conversion needs
// them: the interpreter does not like them elsewhere.
func (l *lowerer) typeHere(x, typ ast.Expr) ast.Expr {
	if l.called[x] {
		return &ast.ParenExpr{X: typ}
	}
	return typ
}

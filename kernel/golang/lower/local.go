package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/kernel/golang/rt"
	"golang.org/x/tools/go/types/typeutil"
)

// Types declared inside functions are declared beside the functions instead,
// each under a name of its own: so they can be arguments of generic functions
// and types, methods can mention them, and every instance of a generic function
// has its own. What refers to them is written out from the checker's types.

// locals is what a cell declares inside its functions.
type locals struct {
	names   typeutil.Map // types.Type → string
	pending []*types.Named
	args    []types.Type // of the instance whose body is being lowered
}

// isLocal reports whether a type is declared inside a function.
func isLocal(obj *types.TypeName) bool {
	s := obj.Parent()
	return rt.IsUser(obj.Pkg()) && s != nil && s.Parent() != types.Universe
}

// localDecl takes a declaration of types out of a function.
func (l *lowerer) localDecl(g *ast.GenDecl) {
	for _, s := range g.Specs {
		spec := s.(*ast.TypeSpec)
		if obj, ok := l.info.Defs[spec.Name].(*types.TypeName); ok && !obj.IsAlias() {
			rt.AddLocal(obj, l.locals.args, l.u.LocalNumber(spec.Name.Pos()))
		}
	}
}

// localName returns the engine's name of a type declared inside a function.
func (l *lowerer) localName(t *types.Named) string {
	if name, ok := l.locals.names.At(t).(string); ok {
		return name
	}
	name := fmt.Sprintf("%s%c%d_%d", t.Obj().Name(), check.VersionMark, l.u.Number, l.locals.names.Len())
	l.locals.names.Set(t, name)
	l.locals.pending = append(l.locals.pending, t)
	return name
}

// localDecls declares the types that were named since it was called last, and
// those that they name.
func (l *lowerer) localDecls() []ast.Decl {
	var decls []ast.Decl
	for len(l.locals.pending) > 0 {
		t := l.locals.pending[0]
		l.locals.pending = l.locals.pending[1:]
		l.demandBuildable(t, t.Obj().Pos())
		decls = append(decls, l.typeDecl(l.localName(t), t, t.Obj().Pos()))
	}
	return decls
}

// typeDecl declares a type under a name.
func (l *lowerer) typeDecl(name string, t *types.Named, pos token.Pos) ast.Decl {
	typ := l.looseType(t)
	if typ == nil {
		typ = l.typeExpr(t.Underlying(), pos)
	}
	return &ast.GenDecl{Tok: token.TYPE, TokPos: l.pos(), Specs: []ast.Spec{&ast.TypeSpec{
		Name: &ast.Ident{Name: name, NamePos: l.pos()}, // the interpreter needs to know its file
		Type: typ,
	}}}
}

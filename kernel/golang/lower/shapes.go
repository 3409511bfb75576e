package lower

import (
	"go/ast"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// Of structs that lead to each other,
//
//	type node struct{ edges []*edge }
//	type edge struct{ from, to *node }
//
// the interpreter takes all fields that close a circle for pointers to the same
// struct. The helpers put that right, see package rt, before a statement runs:
//
//	rt.Shapes(17, new(node), 18, new(edge))

// shapes is the call that puts the declared structs right, if any needs it.
func (l *lowerer) shapes() []ast.Stmt {
	var args []ast.Expr
	for _, t := range l.declared {
		if meetsCircle(t) {
			args = append(args, l.id(t), call(ast.NewIdent("new"), l.typeExpr(t, t.Obj().Pos())))
		}
	}
	if args == nil {
		return nil
	}
	return []ast.Stmt{exprStmt(l.helper("Shapes", args...))}
}

// declares notes a type that the cell declares.
func (l *lowerer) declares(s *ast.TypeSpec) {
	if tn, ok := l.info.Defs[s.Name].(*types.TypeName); ok && !tn.IsAlias() {
		l.declared = append(l.declared, tn.Type().(*types.Named))
	}
}

// meetsCircle reports whether a struct is one of several that lead to each
// other, or leads to such.
func meetsCircle(t *types.Named) bool {
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return false
	}
	from := structsOf(t)
	for u := range from {
		for v := range structsOf(u) {
			if v != u && structsOf(v)[u] {
				return true
			}
		}
	}
	return false
}

// structsOf are the user's structs that t is, contains or points to.
func structsOf(t *types.Named) map[*types.Named]bool {
	found, seen := map[*types.Named]bool{}, map[types.Type]bool{}
	var walk func(types.Type)
	walk = func(t types.Type) {
		t = types.Unalias(t)
		if seen[t] {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.Named:
			if !rt.IsUser(t.Obj().Pkg()) || types.IsInterface(t) {
				return
			}
			if _, ok := t.Underlying().(*types.Struct); ok {
				found[t] = true
			}
			walk(t.Underlying())
		case *types.Pointer:
			walk(t.Elem())
		case *types.Slice:
			walk(t.Elem())
		case *types.Array:
			walk(t.Elem())
		case *types.Chan:
			walk(t.Elem())
		case *types.Map:
			walk(t.Key())
			walk(t.Elem())
		case *types.Struct:
			for f := range t.Fields() {
				walk(f.Type())
			}
		}
	}
	walk(t)
	return found
}

package lower

import (
	"go/ast"
	"go/types"
)

// reenters reports whether a function may be called while it runs: a literal,
// or a declaration that calls itself through declarations of the same cell. A
// function of an earlier cell knows this one only as a value.
func (l *lowerer) reenters(fn ast.Node) bool {
	d, ok := fn.(*ast.FuncDecl)
	if !ok {
		return true
	}
	if l.callees == nil {
		l.callees = l.callGraph()
	}
	start := l.info.Defs[d.Name]
	seen := map[types.Object]bool{}
	var reaches func(obj types.Object) bool
	reaches = func(obj types.Object) bool {
		for _, next := range l.callees[obj] {
			if next == start || next == nil {
				return true
			}
			if !seen[next] {
				seen[next] = true
				if reaches(next) {
					return true
				}
			}
		}
		return false
	}
	return reaches(start)
}

// callGraph lists what the functions of the unit mention: functions and
// methods, and nil for a call of a function value or of an interface's method.
func (l *lowerer) callGraph() map[types.Object][]types.Object {
	graph := map[types.Object][]types.Object{}
	for _, d := range l.u.Nodes {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		from := l.info.Defs[fn.Name]
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			switch obj := l.info.Uses[id].(type) {
			case *types.Func:
				if r := obj.Signature().Recv(); r != nil && types.IsInterface(r.Type()) && obj.Pkg() == l.pkg {
					graph[from] = append(graph[from], nil)
				} else {
					graph[from] = append(graph[from], obj.Origin())
				}
			case *types.Var:
				if _, isFunc := obj.Type().Underlying().(*types.Signature); isFunc {
					graph[from] = append(graph[from], nil)
				}
			}
			return true
		})
	}
	return graph
}

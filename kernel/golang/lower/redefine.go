package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A function that defers runs as a literal inside itself, where
//
//	x, err := f()
//
// would declare another err than the parameter or result that it assigns to.

// redefines rewrites such an assignment, or returns nil.
//
//	x, v := f(); err = v
func (c *control) redefines(s *ast.AssignStmt) []ast.Stmt {
	if s.Tok != token.DEFINE || c.results == nil {
		return nil
	}
	var before, after []ast.Stmt
	d := *s
	d.Lhs, d.Rhs = nil, nil
	if len(s.Rhs) == 1 {
		d.Rhs = s.Rhs
	}
	for i, x := range s.Lhs {
		if obj := c.info.Uses[x.(*ast.Ident)]; c.outside[obj] {
			v := c.local("v", obj.Type())
			constant := false
			if len(s.Rhs) == 1 {
				v = c.local("v", c.tupleElem(s.Rhs[0], i))
			} else if tv := c.info.Types[s.Rhs[i]]; tv.Value != nil || tv.IsNil() {
				before, constant = append(before, c.bindVar(v, s.Rhs[i])), true
			} else {
				v = c.local("v", types.Default(tv.Type))
			}
			after = append(after, &ast.AssignStmt{Lhs: list(x), TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: list(c.use(v))})
			if constant {
				continue
			}
			x = c.def(v)
		}
		d.Lhs = append(d.Lhs, x)
		if len(s.Rhs) > 1 {
			d.Rhs = append(d.Rhs, s.Rhs[i])
		}
	}
	if after == nil {
		return nil
	}
	return append(append(before, &d), after...)
}

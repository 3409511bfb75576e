package check

import (
	"go/ast"
	"go/token"
)

// noteLocals numbers the types that are declared inside the functions of a
// package, as the compiler does: it tells them apart by these numbers where they
// are type arguments, main.List[main.T·2].
func (s *Session) noteLocals(files []*ast.File) {
	n := 0
	for _, f := range files {
		ast.Inspect(f, func(x ast.Node) bool {
			if d, ok := x.(*ast.DeclStmt); ok {
				for _, spec := range d.Decl.(*ast.GenDecl).Specs {
					if t, ok := spec.(*ast.TypeSpec); ok && !t.Assign.IsValid() {
						n++
						s.numberLocal(t.Name.Pos(), n)
					}
				}
			}
			return true
		})
	}
}

func (s *Session) numberLocal(pos token.Pos, n int) {
	if s.locals == nil {
		s.locals = map[string]int{}
	}
	s.locals[s.fset.Position(pos).String()] = n
}

// LocalNumber returns the number of a type that is declared inside a function
// at pos.
func (u *Unit) LocalNumber(pos token.Pos) int {
	s := u.session
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.locals[s.fset.Position(pos).String()]
	if n == 0 {
		n = len(s.locals) + 1
		s.numberLocal(pos, n)
	}
	return n
}

package check

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// noteLocals numbers the types that are declared inside functions, those of
// nodes from n+1 on, as the compiler does in source order: it tells them apart
// by these numbers where they are type arguments, main.List[main.T·2].
func (s *Session) noteLocals(n int, nodes []ast.Node) {
	for _, node := range nodes {
		ast.Inspect(node, func(x ast.Node) bool {
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

// nodesOf returns the declarations and statements of a cell in source order.
func nodesOf(c *cell.Cell) []ast.Node {
	var nodes []ast.Node
	for _, d := range c.Decls {
		nodes = append(nodes, d)
	}
	for _, s := range c.Body {
		nodes = append(nodes, s)
	}
	slices.SortFunc(nodes, func(a, b ast.Node) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return nodes
}

func asNodes(files []*ast.File) []ast.Node {
	var nodes []ast.Node
	for _, f := range files {
		nodes = append(nodes, f)
	}
	return nodes
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

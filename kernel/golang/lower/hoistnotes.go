package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// hoist is a loop before which variables are noted once for all iterations: no
// other function runs in it that could note its own, and the storage of a
// variable that is declared outside does not change.
type hoist struct {
	from, to token.Pos
	loops    []*ast.ForStmt              // the loop and those in it
	after    map[*ast.ForStmt][]ast.Stmt // notes of variables that the header declares
	before   []ast.Stmt                  // notes of variables from outside
	slots    map[types.Object]int
}

func newHoist(loop ast.Stmt) *hoist {
	return &hoist{from: loop.Pos(), to: loop.End(), after: map[*ast.ForStmt][]ast.Stmt{}, slots: map[types.Object]int{}}
}

// push makes the header of a loop known.
func (h *hoist) push(loop *ast.ForStmt) {
	if h != nil {
		h.loops = append(h.loops, loop)
	}
}

// slotOf returns the slot in which a variable is noted before a loop, or -1 if
// it must be noted before the statement.
func (h *hoist) slotOf(n *noter, id *ast.Ident, v *types.Var) int {
	if h == nil {
		return -1
	}
	if slot, ok := h.slots[v]; ok {
		return slot
	}
	slot := len(h.slots)
	note := noteStmt(slot, id)
	switch loop := h.declarer(id, v); {
	case slot >= NoteVars/2:
		return -1
	case loop != nil:
		h.after[loop] = append(h.after[loop], note)
	case n.u.EmitName(v) != "" || v.Pos().IsValid() && (v.Pos() < h.from || v.Pos() > h.to):
		h.before = append(h.before, note)
	default:
		return -1
	}
	h.slots[v] = slot
	return slot
}

// slot returns the slot in which the address of a variable is noted.
func (n *noter) slot(id *ast.Ident, v *types.Var) (int, bool) {
	if slot := n.hoist.slotOf(n, id, v); slot >= 0 {
		return slot, true
	}
	slot, ok := n.slots[v]
	if !ok {
		slot = NoteVars - 1 - len(n.slots)
		if slot < NoteVars/2 {
			return 0, false
		}
		n.slots[v] = slot
		n.roots = append(n.roots, noteStmt(slot, id))
	}
	return slot, true
}

// declarer returns the loop whose header declares a variable, under the name
// that the body uses.
func (h *hoist) declarer(id *ast.Ident, v *types.Var) *ast.ForStmt {
	for _, loop := range h.loops {
		init, ok := loop.Init.(*ast.AssignStmt)
		if !ok || init.Tok != token.DEFINE || v.Pos() < loop.For || v.Pos() > loop.Body.Lbrace {
			continue
		}
		for _, x := range init.Lhs {
			if y, ok := x.(*ast.Ident); ok && y.Name == id.Name {
				return loop
			}
		}
	}
	return nil
}

// split moves the init statement of a loop in front of it, if variables that it
// declares are to be noted.
func (h *hoist) split(s, loop ast.Stmt) ast.Stmt {
	f, ok := loop.(*ast.ForStmt)
	if h == nil || !ok || len(h.after[f]) == 0 {
		return s
	}
	list := append([]ast.Stmt{f.Init}, h.after[f]...)
	f.Init = nil
	return block(append(list, s)...)
}

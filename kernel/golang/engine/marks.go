package engine

import (
	"go/ast"
	"strconv"
	"sync"

	"github.com/traefik/yaegi/interp"

	"github.com/gocrate/gocrate/kernel/golang/lower"
)

// A mark is an interpreted variable that holds the place of the statement that
// a cell has got to.
type mark struct {
	name  string
	place *int
}

// marks are as many as cells have run at a time.
type marks struct {
	mu   sync.Mutex
	n    int
	free []*mark
}

// take returns a mark that no cell uses.
func (ms *marks) take(i *interp.Interpreter) (*mark, error) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	if last := len(ms.free) - 1; last >= 0 {
		m := ms.free[last]
		ms.free = ms.free[:last]
		return m, nil
	}
	m := &mark{name: lower.MarkVar}
	if ms.n > 0 {
		m.name += strconv.Itoa(ms.n)
	}
	if _, err := i.Eval("var " + m.name + " int"); err != nil {
		return nil, err
	}
	v, err := i.Eval("&" + m.name)
	if err != nil {
		return nil, err
	}
	m.place, _ = v.Interface().(*int)
	ms.n++
	return m, nil
}

// give takes a mark back.
func (ms *marks) give(m *mark) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	ms.free = append(ms.free, m)
}

// use makes the statements of a cell set m.
func (m *mark) use(body *ast.BlockStmt) {
	if m.name == lower.MarkVar {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == lower.MarkVar {
			id.Name = m.name
		}
		return true
	})
}

//go:norace
func (m *mark) get() int { return *m.place }

//go:norace
func (m *mark) clear() { *m.place = 0 }

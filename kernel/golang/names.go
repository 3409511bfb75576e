package golang

import (
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/stdlib/magic"
)

// names tells package magic what the session has declared.
type names struct{ s *Session }

// Variables lists the declarations that live.
func (n names) Variables() []magic.Variable {
	var all []magic.Variable
	for _, d := range n.s.check.Decls() {
		all = append(all, magic.Variable{
			Name: d.Name, Kind: d.Kind.String(), Type: types.TypeString(d.Obj.Type(), check.ShortNames), Cell: d.Source.Name,
		})
	}
	return all
}

func (n names) Reset() { n.s.check.Reset() }

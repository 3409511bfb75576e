package engine

import (
	"reflect"

	"github.com/gocrate/gocrate/kernel/golang/lower"
)

// addressVars adds the addresses of a package's variables to its symbols.
func addressVars(symbols map[string]reflect.Value) {
	for name, v := range symbols {
		if v.CanAddr() {
			symbols[lower.VarPrefix+name] = v.Addr()
		}
	}
}

// Variable returns a variable of the session by its engine name. Nothing
// interpreted may run while its value is read.
func (e *Engine) Variable(name string) (reflect.Value, bool) {
	v, ok := e.i.Globals()[name]
	return v, ok && v.IsValid()
}

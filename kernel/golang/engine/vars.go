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

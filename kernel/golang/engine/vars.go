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

// Place returns the serial number of the cell and the line of the statement
// that was marked last.
func (e *Engine) Place() (cell, line int) { return lower.Place(*e.line) }

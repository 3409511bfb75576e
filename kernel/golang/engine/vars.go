package engine

import (
	"fmt"
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

// carry makes variables of types that got a new version those of the old one,
// new to old: pointers to them that are kept anywhere stay what they are. Both
// versions have the same structure.
func (e *Engine) carry(vars map[string]string) error {
	for now, old := range vars {
		n, ok := e.variable(now)
		o, okToo := e.variable(old)
		if !ok || !okToo || n.Type().Size() != o.Type().Size() || n.Kind() != o.Kind() {
			return fmt.Errorf("the new version of %s is another kind of variable", old)
		}
		*n = reflect.NewAt(n.Type(), o.Addr().UnsafePointer()).Elem()
	}
	return nil
}

// bind gives compiled code its variables, before any function is declared: if it
// cannot be, nothing must call it.
func (e *Engine) bind(p *lower.Program) error {
	for n, name := range p.Bound {
		if name == "" {
			continue
		}
		v, ok := e.variable(name)
		if !ok {
			return fmt.Errorf("there is no variable %s", name)
		}
		if err := p.Closures.Bind(n, v.Addr().Interface()); err != nil {
			return err
		}
	}
	return nil
}

// variable returns where the interpreter has a variable.
func (e *Engine) variable(name string) (*reflect.Value, bool) {
	sym := e.internals.scopes.MapIndex(reflect.ValueOf("main")).Elem().FieldByName("sym").MapIndex(reflect.ValueOf(name))
	if !sym.IsValid() {
		return nil, false
	}
	data := settable(e.internals.frame.Elem().FieldByName("data"))
	return data.Index(int(sym.Elem().FieldByName("index").Int())).Addr().Interface().(*reflect.Value), true
}

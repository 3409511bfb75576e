package lower

import (
	"go/ast"
	"go/types"
	"strconv"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// fieldName returns the name of the i-th field of a struct: the interpreter
// allows one blank field only, and takes a field for the method of its name
// that an embedded field has.
func fieldName(t *types.Struct, i int) string {
	f := t.Field(i)
	if f.Name() == "_" {
		return "_ꞏ" + strconv.Itoa(i)
	}
	if !f.Embedded() && rt.IsUser(f.Pkg()) && hidesMethod(t, f) {
		return f.Name() + "ꞏ"
	}
	return f.Name()
}

// hidesMethod reports whether a field has the name of a method of an embedded
// one.
func hidesMethod(t *types.Struct, f *types.Var) bool {
	for e := range t.Fields() {
		if e.Embedded() {
			obj, _, _ := types.LookupFieldOrMethod(e.Type(), true, f.Pkg(), f.Name())
			if _, ok := obj.(*types.Func); ok {
				return true
			}
		}
	}
	return false
}

// selectedField names the field that a selection selects, and writes out the
// embedded fields on the way to it: the interpreter looks for it in all fields.
func (l *lowerer) selectedField(n *ast.SelectorExpr) {
	s := l.info.Selections[n]
	if s == nil || s.Kind() != types.FieldVal {
		return
	}
	t, last := s.Recv(), len(s.Index())-1
	for _, i := range s.Index()[:last] {
		t = deref(t).Underlying().(*types.Struct).Field(i).Type()
	}
	st := deref(t).Underlying().(*types.Struct)
	if i := s.Index()[last]; !st.Field(i).Embedded() {
		n.Sel.Name = fieldName(st, i)
	}
	n.X = l.path(n.X, s)
}

// literalFields names the fields of a composite literal.
func (l *lowerer) literalFields(n *ast.CompositeLit) {
	st, ok := under(deref(l.info.Types[n].Type)).(*types.Struct)
	if !ok {
		return
	}
	for _, x := range n.Elts {
		kv, ok := x.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		id, ok := kv.Key.(*ast.Ident)
		for i := range st.NumFields() {
			if ok && st.Field(i) == l.info.Uses[id] && !st.Field(i).Embedded() {
				id.Name = fieldName(st, i)
			}
		}
	}
}

package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"strconv"
)

// value returns how to find the value of an expression without evaluating
// anything that could fail or have an effect, or nil.
func (n *noter) value(x ast.Expr) operand {
	if tv := n.info.Types[x]; tv.Value != nil {
		if i, ok := constant.Int64Val(constant.ToInt(tv.Value)); ok && tv.Value.Kind() == constant.Int {
			return fixed(reflect.ValueOf(i))
		}
	}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return n.value(x.X)
	case *ast.BasicLit:
		if i, err := strconv.ParseInt(x.Value, 0, 64); err == nil {
			return fixed(reflect.ValueOf(i))
		}
	case *ast.Ident:
		return n.root(x)
	case *ast.StarExpr:
		return pointee(n.value(x.X))
	case *ast.SelectorExpr:
		return n.field(x)
	case *ast.IndexExpr:
		return element(n.value(x.X), n.value(x.Index))
	case *ast.BinaryExpr:
		return arithmetic(x.Op, n.value(x.X), n.value(x.Y))
	case *ast.UnaryExpr:
		if x.Op == token.SUB {
			return arithmetic(token.SUB, fixed(reflect.ValueOf(int64(0))), n.value(x.X))
		}
	case *ast.CallExpr:
		if id, ok := x.Fun.(*ast.Ident); ok && len(x.Args) == 1 {
			switch id.Name {
			case "len":
				return length(n.value(x.Args[0]))
			case "int", "int64":
				return n.value(x.Args[0])
			}
		}
	}
	return nil
}

func fixed(v reflect.Value) operand { return func(*Notes) (reflect.Value, bool) { return v, true } }

// root is the value of a variable, through its address.
func (n *noter) root(id *ast.Ident) operand {
	v, ok := n.info.Uses[id].(*types.Var)
	if !ok || n.called {
		return nil
	}
	if n.hoist.slotOf(n, id, v) < 0 && types.Identical(v.Type(), types.Typ[types.Int]) {
		return n.numberNote(id.Name, ast.NewIdent(id.Name))
	}
	slot, ok := n.slot(id, v)
	if !ok {
		return nil
	}
	return func(notes *Notes) (reflect.Value, bool) {
		p := reflect.ValueOf(notes.Addrs[slot])
		if p.Kind() != reflect.Pointer || p.IsNil() {
			return reflect.Value{}, false
		}
		return p.Elem(), true
	}
}

// lengthNote notes the length of a variable that is indexed, which is cheaper
// than to note its address.
func (n *noter) lengthNote(x ast.Expr) operand {
	id, ok := x.(*ast.Ident)
	if !ok || n.called {
		return nil
	}
	v, ok := n.info.Uses[id].(*types.Var)
	if !ok || n.hoist.slotOf(n, id, v) >= 0 {
		return nil
	}
	switch v.Type().Underlying().(type) {
	case *types.Slice, *types.Basic:
		return n.numberNote("len "+id.Name, call(ast.NewIdent("len"), ast.NewIdent(id.Name)))
	}
	return nil
}

// numberNote notes a number before the statement.
func (n *noter) numberNote(text string, x ast.Expr) operand {
	text = strconv.Itoa(n.calls) + " " + text
	slot, ok := n.numbers[text]
	if !ok {
		if slot = len(n.numbers); slot == NoteVars {
			return nil
		}
		n.numbers[text] = slot
		n.roots = append(n.roots, assign(list(ast.NewIdent(NumberVar(slot))), x))
	}
	return func(notes *Notes) (reflect.Value, bool) { return reflect.ValueOf(notes.Numbers[slot]), true }
}

// field selects a field by its place, through pointers.
func (n *noter) field(x *ast.SelectorExpr) operand {
	sel := n.info.Selections[x]
	if sel == nil || sel.Kind() != types.FieldVal {
		return nil
	}
	of := n.value(x.X)
	if of == nil {
		return nil
	}
	path := sel.Index()
	return func(notes *Notes) (reflect.Value, bool) {
		v, ok := of(notes)
		for _, i := range path {
			if ok && v.Kind() == reflect.Pointer {
				v, ok = v.Elem(), !v.IsNil()
			}
			if !ok || v.Kind() != reflect.Struct || i >= v.NumField() {
				return v, false
			}
			v = v.Field(i)
		}
		return v, ok
	}
}

func pointee(of operand) operand {
	if of == nil {
		return nil
	}
	return func(notes *Notes) (reflect.Value, bool) {
		v, ok := of(notes)
		if !ok || v.Kind() != reflect.Pointer || v.IsNil() {
			return v, false
		}
		return v.Elem(), true
	}
}

func element(of, at operand) operand {
	if of == nil || at == nil {
		return nil
	}
	return func(notes *Notes) (reflect.Value, bool) {
		v, ok := of(notes)
		i, ok2 := at(notes)
		if ok && v.Kind() == reflect.Pointer {
			v, ok = v.Elem(), !v.IsNil()
		}
		if !ok || !ok2 || v.Kind() != reflect.Slice && v.Kind() != reflect.Array && v.Kind() != reflect.String ||
			number(i) < 0 || number(i) >= int64(v.Len()) {
			return v, false
		}
		return v.Index(int(number(i))), true
	}
}

func length(of operand) operand {
	if of == nil {
		return nil
	}
	return func(notes *Notes) (reflect.Value, bool) {
		v, ok := of(notes)
		if ok && v.Kind() == reflect.Pointer {
			v, ok = v.Elem(), !v.IsNil()
		}
		if !ok {
			return v, false
		}
		switch v.Kind() {
		case reflect.Slice, reflect.Array, reflect.String, reflect.Map, reflect.Chan:
			return reflect.ValueOf(int64(v.Len())), true
		}
		return v, false
	}
}

// arithmetic computes with int, the type of nearly all indices.
func arithmetic(op token.Token, x, y operand) operand {
	if x == nil || y == nil {
		return nil
	}
	return func(notes *Notes) (reflect.Value, bool) {
		a, ok := x(notes)
		b, ok2 := y(notes)
		if !ok || !ok2 || !a.CanInt() || !b.CanInt() {
			return a, false
		}
		i, j := a.Int(), b.Int()
		switch op {
		case token.ADD:
			return reflect.ValueOf(i + j), true
		case token.SUB:
			return reflect.ValueOf(i - j), true
		case token.MUL:
			return reflect.ValueOf(i * j), true
		case token.QUO, token.REM:
			if j == 0 {
				return a, false
			}
			if op == token.REM {
				return reflect.ValueOf(i % j), true
			}
			return reflect.ValueOf(i / j), true
		}
		return a, false
	}
}

package rt

import "go/types"

// mentionsUser reports whether a type is, or is made of, types that a cell
// declares, or is a struct of which only the checker knows the unexported
// fields.
func mentionsUser(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	if seen == nil {
		seen = map[types.Type]bool{}
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		if t.Obj().Pkg() == nil {
			return false
		}
		if IsUser(t.Obj().Pkg()) {
			return true
		}
		for i := range t.TypeArgs().Len() {
			if mentionsUser(t.TypeArgs().At(i), seen) {
				return true
			}
		}
	case *types.Pointer:
		return mentionsUser(t.Elem(), seen)
	case *types.Slice:
		return mentionsUser(t.Elem(), seen)
	case *types.Array:
		return mentionsUser(t.Elem(), seen)
	case *types.Chan:
		return mentionsUser(t.Elem(), seen)
	case *types.Map:
		return mentionsUser(t.Key(), seen) || mentionsUser(t.Elem(), seen)
	case *types.Signature:
		return tupleMentions(t.Params(), seen) || tupleMentions(t.Results(), seen)
	case *types.Struct:
		for i := range t.NumFields() {
			if !t.Field(i).Exported() || t.Field(i).Embedded() || mentionsUser(t.Field(i).Type(), seen) {
				return true
			}
		}
	case *types.Interface:
		return t.NumMethods() > 0
	}
	return false
}

func tupleMentions(t *types.Tuple, seen map[types.Type]bool) bool {
	for i := range t.Len() {
		if mentionsUser(t.At(i).Type(), seen) {
			return true
		}
	}
	return false
}

// MentionsUser reports whether values of t need a box in an interface.
func MentionsUser(t types.Type) bool { return mentionsUser(t, nil) }

// UserMethods reports whether t may have methods that only the interpreter can
// call: it is a type of a cell, a pointer to one, or a struct that embeds one.
func UserMethods(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	switch t := t.(type) {
	case *types.Named:
		return IsUser(t.Obj().Pkg()) && !types.IsInterface(t)
	case *types.Struct:
		return true
	}
	return false
}

package closures

import (
	"errors"
	"fmt"
	"go/types"
	"reflect"
)

// ErrMemory is why a unit cannot be bound: what a variable leads to is not in the
// interpreter's memory what compiled code takes for granted. The code must be
// interpreted.
var ErrMemory = errors.New("a type is another one in memory")

// representation is a type as the checker and as the interpreter knows it.
type representation struct {
	t types.Type
	r reflect.Type
}

// survey compares types with all that their values lead to.
type survey struct {
	loose func(types.Type) bool
	same  map[representation]bool // those of types with names that are right, or being compared
	left  int                     // how many more it looks at
}

// maxSurvey bounds how many types are compared for one, and how many are kept.
const maxSurvey = 10_000

// demand demands that values of type t and all that they lead to are in the
// interpreter's memory as compiled code has them. What is known to be right is
// not looked at again: cells use the same types over and over.
func (u *Unit) demand(what string, t types.Type, r reflect.Type) error {
	m := u.m
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.same) > maxSurvey {
		clear(m.same)
	}
	s := survey{u.src.Loose, m.same, maxSurvey}
	if !s.right(t, r) {
		clear(m.same) // some were taken for right while they were compared
		return fmt.Errorf("%w: %s is a %s, expected %s", ErrMemory, what, r, t)
	}
	return nil
}

func (s *survey) right(t types.Type, r reflect.Type) bool {
	t = types.Unalias(t)
	if s.left--; s.left < 0 {
		return false
	}
	if n, ok := t.(*types.Named); ok {
		p := representation{t, r}
		if s.same[p] || isNamed(r, n.Obj()) {
			return true
		}
		s.same[p] = true
	}
	return s.loose(t) || s.rightParts(t.Underlying(), r) // nothing looks at loose ones
}

// isNamed reports whether r is the very type of a package.
func isNamed(r reflect.Type, obj *types.TypeName) bool {
	return obj.Pkg() != nil && r.PkgPath() == obj.Pkg().Path() && r.Name() == obj.Name()
}

func (s *survey) rightParts(t types.Type, r reflect.Type) bool {
	if b, ok := t.(*types.Basic); ok {
		return r.Kind().String() == types.Typ[b.Kind()].Name() // of byte and rune, too
	}
	if r.Kind() != composites[reflect.TypeOf(t)] {
		return false
	}
	switch t := t.(type) {
	case *types.Pointer:
		return s.right(t.Elem(), r.Elem())
	case *types.Slice:
		return s.right(t.Elem(), r.Elem())
	case *types.Array:
		return r.Len() == int(t.Len()) && s.right(t.Elem(), r.Elem())
	case *types.Map:
		return s.right(t.Key(), r.Key()) && s.right(t.Elem(), r.Elem())
	case *types.Interface:
		return t.NumMethods() > 0 || r.NumMethod() == 0
	case *types.Signature:
		return s.rightAll(t.Params(), r.NumIn(), r.In) && s.rightAll(t.Results(), r.NumOut(), r.Out)
	case *types.Struct:
		if r.NumField() != t.NumFields() {
			return false
		}
		for i := range t.NumFields() {
			if !s.right(t.Field(i).Type(), r.Field(i).Type) {
				return false
			}
		}
	}
	return true // channels are only handed on
}

func (s *survey) rightAll(list *types.Tuple, n int, at func(int) reflect.Type) bool {
	if n != list.Len() {
		return false
	}
	for i := range n {
		if !s.right(list.At(i).Type(), at(i)) {
			return false
		}
	}
	return true
}

var composites = map[reflect.Type]reflect.Kind{
	reflect.TypeFor[*types.Pointer](): reflect.Pointer, reflect.TypeFor[*types.Interface](): reflect.Interface,
	reflect.TypeFor[*types.Slice](): reflect.Slice, reflect.TypeFor[*types.Array](): reflect.Array,
	reflect.TypeFor[*types.Struct](): reflect.Struct, reflect.TypeFor[*types.Map](): reflect.Map,
	reflect.TypeFor[*types.Signature](): reflect.Func, reflect.TypeFor[*types.Chan](): reflect.Chan,
}

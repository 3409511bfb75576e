package rt

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
)

// SortedKeys returns the keys of a map in the order in which package fmt
// prints them.
func SortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	sort.SliceStable(keys, func(i, j int) bool { return compare(keys[i], keys[j]) < 0 })
	return keys
}

// compare orders map keys as package fmt does.
func compare(a, b reflect.Value) int {
	if a.Kind() == reflect.Interface {
		if a.IsNil() || b.IsNil() {
			return boolCompare(!a.IsNil(), !b.IsNil())
		}
		x, y := Unwrap(a.Interface()), Unwrap(b.Interface())
		s, t := "", ""
		if c, ok := x.(Box); ok {
			x, s = c.V, fmt.Sprint(c.T.id)
		}
		if c, ok := y.(Box); ok {
			y, t = c.V, fmt.Sprint(c.T.id)
		}
		if c := strings.Compare(s, t); c != 0 {
			return c
		}
		a, b = reflect.ValueOf(x), reflect.ValueOf(y)
	}
	if a.Type() != b.Type() {
		return strings.Compare(a.Type().String(), b.Type().String())
	}
	switch {
	case a.CanInt():
		return order(a.Int(), b.Int())
	case a.CanUint():
		return order(a.Uint(), b.Uint())
	case a.CanFloat():
		x, y := a.Float(), b.Float()
		if x != x || y != y {
			return boolCompare(x == x, y == y)
		}
		return order(x, y)
	}
	switch a.Kind() {
	case reflect.String:
		return strings.Compare(a.String(), b.String())
	case reflect.Bool:
		return boolCompare(a.Bool(), b.Bool())
	case reflect.Complex64, reflect.Complex128:
		x, y := a.Complex(), b.Complex()
		if c := order(real(x), real(y)); c != 0 {
			return c
		}
		return order(imag(x), imag(y))
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return order(a.Pointer(), b.Pointer())
	case reflect.Struct:
		for i := range a.NumField() {
			if c := compare(field(a, i), field(b, i)); c != 0 {
				return c
			}
		}
	case reflect.Array:
		for i := range a.Len() {
			if c := compare(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
	}
	return 0
}

func order[T int64 | uint64 | float64 | uintptr](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

package rt

import (
	"cmp"
	"iter"
	"reflect"
	"slices"
	"unsafe"
)

// Helpers of the generic part of the standard library; see package generic.
// They look at the memory of slices of basic types, whatever the types are
// called.

// Sort sorts a slice of an ordered type.
func Sort(x any) {
	v := reflect.ValueOf(x)
	switch v.Type().Elem().Kind() {
	case reflect.Int:
		slices.Sort(elems[int](v))
	case reflect.Int8:
		slices.Sort(elems[int8](v))
	case reflect.Int16:
		slices.Sort(elems[int16](v))
	case reflect.Int32:
		slices.Sort(elems[int32](v))
	case reflect.Int64:
		slices.Sort(elems[int64](v))
	case reflect.Uint:
		slices.Sort(elems[uint](v))
	case reflect.Uint8:
		slices.Sort(elems[uint8](v))
	case reflect.Uint16:
		slices.Sort(elems[uint16](v))
	case reflect.Uint32:
		slices.Sort(elems[uint32](v))
	case reflect.Uint64:
		slices.Sort(elems[uint64](v))
	case reflect.Uintptr:
		slices.Sort(elems[uintptr](v))
	case reflect.Float32:
		slices.Sort(elems[float32](v))
	case reflect.Float64:
		slices.Sort(elems[float64](v))
	case reflect.String:
		slices.Sort(elems[string](v))
	}
}

// elems returns the elements of a slice whose element type is T under another
// name.
func elems[T cmp.Ordered](v reflect.Value) []T {
	return unsafe.Slice((*T)(v.UnsafePointer()), v.Len())
}

// Index finds v in s if their type is basic.
func Index(s, v any) (i int, ok bool) {
	sv, x := reflect.ValueOf(s), reflect.ValueOf(v)
	if !x.IsValid() || sv.Type().Elem().Kind() != x.Kind() {
		return 0, false
	}
	switch x.Kind() {
	case reflect.Int:
		return slices.Index(elems[int](sv), int(x.Int())), true
	case reflect.Int32:
		return slices.Index(elems[int32](sv), int32(x.Int())), true
	case reflect.Int64:
		return slices.Index(elems[int64](sv), x.Int()), true
	case reflect.Uint8:
		return slices.Index(elems[uint8](sv), uint8(x.Uint())), true
	case reflect.Float64:
		return slices.Index(elems[float64](sv), x.Float()), true
	case reflect.String:
		return slices.Index(elems[string](sv), x.String()), true
	}
	return 0, false
}

// Reverse turns a slice around.
func Reverse(s any) {
	swap := reflect.Swapper(s)
	for i, j := 0, reflect.ValueOf(s).Len()-1; i < j; i, j = i+1, j-1 {
		swap(i, j)
	}
}

// Order returns the order into which package slices brings n elements that cmp
// compares by their positions: the same one, also where equal elements have no
// order of their own.
func Order(n int, stable bool, cmp func(i, j int) int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if stable {
		slices.SortStableFunc(order, cmp)
	} else {
		slices.SortFunc(order, cmp)
	}
	return order
}

// Pull runs seq in a coroutine. Resume runs it up to the next call of yield
// and reports whether there was one.
func Pull(seq func(yield func() bool)) (resume func() bool, stop func()) {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		seq(func() bool { return yield(struct{}{}) })
	})
	return func() bool { _, ok := next(); return ok }, stop
}

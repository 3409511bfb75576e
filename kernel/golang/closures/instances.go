package closures

import (
	"cmp"
	"go/types"
	"reflect"
	"slices"
)

// Functions of package slices are called for elements of these types, and those
// of the user's that are in memory like them.
var sliceFuncs = map[types.BasicKind]func(name string) any{
	types.Int: sliceFunc[int], types.Int32: sliceFunc[int32], types.Uint8: sliceFunc[uint8], types.Float64: sliceFunc[float64], types.String: sliceFunc[string],
}

func sliceFunc[T cmp.Ordered](name string) any {
	return map[string]any{
		"BinarySearch": slices.BinarySearch[[]T], "Clone": slices.Clone[[]T], "Compact": slices.Compact[[]T], "Compare": slices.Compare[[]T],
		"Concat": slices.Concat[[]T], "Contains": slices.Contains[[]T], "Delete": slices.Delete[[]T], "Equal": slices.Equal[[]T],
		"ContainsFunc": slices.ContainsFunc[[]T], "DeleteFunc": slices.DeleteFunc[[]T], "IndexFunc": slices.IndexFunc[[]T], "SortFunc": slices.SortFunc[[]T],
		"Index": slices.Index[[]T], "Insert": slices.Insert[[]T], "IsSorted": slices.IsSorted[[]T], "Max": slices.Max[[]T], "Min": slices.Min[[]T],
		"Repeat": slices.Repeat[[]T], "Reverse": slices.Reverse[[]T], "Sort": slices.Sort[[]T],
	}[name]
}

// instance is the function of package slices that is called with some type of
// slices, if there is one.
func instance(name string, sig *types.Signature) (f reflect.Value) {
	if sig.Params().Len() == 0 {
		return f
	}
	s, ok := sig.Params().At(0).Type().Underlying().(*types.Slice)
	if !ok {
		return f
	}
	elem := s.Elem()
	if inner, ok := elem.Underlying().(*types.Slice); ok && name == "Concat" {
		elem = inner.Elem()
	}
	if b := basicOf(elem); b != nil && sliceFuncs[b.Kind()] != nil {
		f = reflect.ValueOf(sliceFuncs[b.Kind()](name))
	}
	return f
}

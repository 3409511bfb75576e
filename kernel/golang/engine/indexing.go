package engine

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// The interpreter leaves it to package reflect to check an index, which does not
// say what it was. These steps check first, and fail as Go does.

// generateIndex makes the step of x[i], where x is no map.
func generateIndex(n *node) {
	next, other := stepOf(n.tnext), stepOf(n.fnext)
	array, index := arrayOf(n.child[0]), indexOf(n.child[1])
	to, level := n.findex, n.level
	n.exec = func(f *frame) step {
		i, v := index(f)
		x := array(f)
		if length := x.Len(); uint64(i) >= uint64(length) {
			panic(outside("index out of range [%v] with length %v", "index out of range [%v]", bound{i, v}, length))
		}
		e := x.Index(int(i))
		f.outer(level).data[to] = e
		if other != nil && !e.Bool() {
			return other
		}
		return next
	}
}

// indexOf returns what reads an index, as a number and as the value that it is.
func indexOf(n *node) func(*frame) (int64, reflect.Value) {
	if n.rval.IsValid() {
		v, i := n.rval, integer(n.rval)
		return func(*frame) (int64, reflect.Value) { return i, v }
	}
	value := valueOf(n)
	if k := typeOf(n.typ).Kind(); reflect.Int <= k && k <= reflect.Int64 {
		return func(f *frame) (int64, reflect.Value) { v := value(f); return v.Int(), v }
	}
	return func(f *frame) (int64, reflect.Value) { v := value(f); return int64(v.Uint()), v }
}

// generateSlice makes the step of x[low:…], generateSliceFrom0 of x[:…].
func generateSlice(n *node)      { generateBounds(n, n.child[1:]) }
func generateSliceFrom0(n *node) { generateBounds(n, append([]*node{nil}, n.child[1:]...)) }

// generateBounds makes the step of a slice expression with up to three bounds.
func generateBounds(n *node, bounds []*node) {
	next, array := stepOf(n.tnext), arrayOf(n.child[0])
	var read [3]func(*frame) (int64, reflect.Value)
	for i, b := range bounds {
		if b != nil {
			read[i] = indexOf(b)
		}
	}
	to, level := n.findex, n.level
	n.exec = func(f *frame) step {
		x := array(f)
		b := [3]bound{{}, {n: int64(x.Len())}, {}}
		for i, r := range read {
			if r != nil {
				b[i].n, b[i].value = r(f)
			}
		}
		var part reflect.Value
		if read[2] == nil {
			checkBounds(x, b[0], b[1])
			part = x.Slice(int(b[0].n), int(b[1].n))
		} else {
			checkThree(x, b[0], b[1], b[2])
			part = x.Slice3(int(b[0].n), int(b[1].n), int(b[2].n))
		}
		f.outer(level).data[to] = part
		return next
	}
}

// checkBounds checks the bounds of x[low:high] in the order in which Go does.
func checkBounds(x reflect.Value, low, high bound) {
	limit, what := capacity(x)
	switch {
	case high.exceeds(limit):
		panic(outside("slice bounds out of range [:%v] with "+what+" %v", "slice bounds out of range [:%v]", high, limit))
	case low.exceeds(high.n):
		panic(outside("slice bounds out of range [%v:%v]", "slice bounds out of range [%v:]", low, high))
	}
}

// checkThree checks the bounds of x[low:high:top].
func checkThree(x reflect.Value, low, high, top bound) {
	limit, what := capacity(x)
	switch {
	case top.exceeds(limit):
		panic(outside("slice bounds out of range [::%v] with "+what+" %v", "slice bounds out of range [::%v]", top, limit))
	case high.exceeds(top.n):
		panic(outside("slice bounds out of range [:%v:%v]", "slice bounds out of range [:%v:]", high, top))
	case low.exceeds(high.n):
		panic(outside("slice bounds out of range [%v:%v:]", "slice bounds out of range [%v::]", low, high))
	}
}

// capacity returns how far x can be sliced, and what Go calls that.
func capacity(x reflect.Value) (limit int64, what string) {
	if x.Kind() == reflect.Slice {
		return int64(x.Cap()), "capacity"
	}
	return int64(x.Len()), "length"
}

// bound is an index or a bound of a slice.
type bound struct {
	n     int64         // negative also if the value is too large
	value reflect.Value // as the user wrote it, if he did
}

func (b bound) exceeds(limit int64) bool { return uint64(b.n) > uint64(limit) }

func (b bound) unsigned() bool { return b.value.IsValid() && b.value.CanUint() }

func (b bound) String() string {
	if b.unsigned() {
		return strconv.FormatUint(b.value.Uint(), 10)
	}
	return strconv.FormatInt(b.n, 10)
}

// outside is the error of a bound that exceeds another, or is negative.
func outside(format, negative string, b bound, other any) rt.RuntimeError {
	if b.n < 0 && !b.unsigned() {
		return rt.RuntimeError(fmt.Sprintf(negative, b))
	}
	return rt.RuntimeError(fmt.Sprintf(format, b, other))
}

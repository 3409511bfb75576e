package lower

import (
	"math"
	"reflect"
	"strconv"
)

// Go says which index was out of which range; the interpreter does not. The
// numbers are found after the failure, from the variables of the expression
// that failed: before the statement, or before a loop in which nothing else
// runs, the addresses of these variables are noted. A loop pays nothing.

// Sites are the index and slice expressions of one line.
type Sites struct {
	list  []site
	stmts int  // statements of the line that have any
	lost  bool // there are others, which could not be noted
}

// site is an index expression, or a slice expression with up to three indices.
type site struct {
	x           operand // what is indexed, or
	length      operand // its length
	slice       bool
	index       [3]operand
	conditional bool // evaluated or not, depending on what stands before it
}

// Notes are what was noted: addresses of variables, and numbers.
type Notes struct {
	Addrs   [NoteVars]any
	Numbers [NoteVars]int
}

// operand finds a value of the statement that failed.
type operand func(notes *Notes) (v reflect.Value, ok bool)

// Explain returns Go's text for the one expression that failed, without its
// "index out of range" or "slice bounds out of range", or "" if that is not
// certain.
func (s *Sites) Explain(slice bool, notes *Notes) string {
	if s == nil || s.stmts != 1 {
		return ""
	}
	found, n := "", 0
	for _, e := range s.list {
		text, out := e.fails(notes)
		if !out || e.slice != slice {
			continue
		}
		if n == 0 && !e.conditional {
			return text
		}
		found = text
		n++
	}
	if n == 1 && !s.lost {
		return found
	}
	return ""
}

// fails reports whether the expression is out of range now, and how Go says so.
func (e site) fails(notes *Notes) (text string, out bool) {
	if e.length != nil {
		n, _ := e.length(notes)
		i, ok := e.index[0](notes)
		if !ok {
			return "", false
		}
		return indexFails(boundOf(i), n.Int())
	}
	x, ok := e.x(notes)
	if !ok {
		return "", false
	}
	if x.Kind() == reflect.Pointer {
		x = x.Elem()
	}
	switch x.Kind() {
	case reflect.Slice, reflect.Array, reflect.String:
	default:
		return "", false
	}
	var at [3]bound
	for i, f := range e.index {
		if f == nil {
			continue
		}
		v, ok := f(notes)
		if !ok {
			return "", false
		}
		at[i] = boundOf(v)
	}
	if e.slice {
		return e.sliceFails(x, at)
	}
	return indexFails(at[0], int64(x.Len()))
}

// bound is an index, which may be a number that is no int.
type bound struct {
	n    int64 // the largest one for those above
	text string
}

func boundOf(v reflect.Value) bound {
	if v.CanUint() && v.Uint() > math.MaxInt64 {
		return bound{math.MaxInt64, strconv.FormatUint(v.Uint(), 10)}
	}
	return intBound(number(v))
}

func intBound(n int64) bound { return bound{n, itoa(n)} }

func indexFails(i bound, length int64) (string, bool) {
	if i.n < 0 {
		return " [" + i.text + "]", true
	}
	return " [" + i.text + "] with length " + itoa(length), i.n >= length
}

// sliceFails checks the bounds in the order in which Go does.
func (e site) sliceFails(x reflect.Value, at [3]bound) (string, bool) {
	limit, what := int64(x.Len()), " with length "
	if x.Kind() == reflect.Slice {
		limit, what = int64(x.Cap()), " with capacity "
	}
	low, high := at[0], intBound(int64(x.Len()))
	if at[0].text == "" {
		low = intBound(0)
	}
	if e.index[1] != nil {
		high = at[1]
	}
	// outside is the text for a bound above the length or capacity.
	outside := func(before string, b bound) (string, bool) {
		if b.n < 0 {
			return " [" + before + b.text + "]", true
		}
		return " [" + before + b.text + "]" + what + itoa(limit), b.n > limit
	}
	if e.index[2] != nil {
		top := at[2]
		if text, out := outside("::", top); out {
			return text, true
		}
		if high.n < 0 || high.n > top.n {
			return beyond(":", high, ":", top.text, ""), true
		}
		if low.n < 0 || low.n > high.n {
			return beyond("", low, ":", high.text, ":"), true
		}
		return "", false
	}
	if e.index[1] != nil {
		if text, out := outside(":", high); out {
			return text, true
		}
	}
	if low.n < 0 || low.n > high.n {
		return beyond("", low, ":", high.text, ""), true
	}
	return "", false
}

// beyond is the text for a bound that is negative, or above the next one.
func beyond(before string, b bound, colon, next, after string) string {
	if b.n < 0 {
		next = ""
	}
	return " [" + before + b.text + colon + next + after + "]"
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func number(v reflect.Value) int64 {
	if v.CanUint() {
		return int64(v.Uint())
	}
	return v.Int()
}

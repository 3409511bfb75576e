package rt

import "reflect"

// withFlow adds the helpers of control flow to a symbol table.
func (r *Runtime) withFlow(m map[string]reflect.Value) map[string]reflect.Value {
	m["RangeState"] = reflect.ValueOf(rangeState)
	m["RuneStarts"] = reflect.ValueOf(runeStarts)
	m["Complex"] = reflect.ValueOf(complexOf)
	m["Shift"] = reflect.ValueOf(shift)
	m["Select"] = reflect.ValueOf(r.choose)
	m["Sort"] = reflect.ValueOf(Sort)
	m["Index"] = reflect.ValueOf(Index)
	m["Reverse"] = reflect.ValueOf(Reverse)
	m["Order"] = reflect.ValueOf(Order)
	m["Pull"] = reflect.ValueOf(Pull)
	return m
}

// rangeState panics as the run-time system does when a function that a loop
// ranges over misuses the loop's body.
func rangeState(state int) {
	panic(RuntimeError("range function " + rangeTexts[state]))
}

var rangeTexts = map[int]string{
	1: "continued iteration after function for loop body returned false",
	2: "continued iteration after loop body panic",
	3: "continued iteration after whole loop exit",
	4: "recovered a loop body panic and did not resume panicking",
}

// runeStarts returns where the characters of s start, in bytes.
func runeStarts(s string) []int {
	starts := make([]int, 0, len(s))
	for i := range s {
		starts = append(starts, i)
	}
	return starts
}

// complexOf makes a complex number at run time: the interpreter cannot fold
// the built-in function.
func complexOf(re, im float64) complex128 { return complex(re, im) }

// shift returns a shift count that is not negative.
func shift(n int) uint {
	if n < 0 {
		panic(RuntimeError("negative shift amount"))
	}
	return uint(n)
}

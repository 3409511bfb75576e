package rt

import (
	"runtime"
	"strings"
)

// PlainError is an error of the run-time system whose text has no
// "runtime error: ".
type PlainError string

func (e PlainError) Error() string { return string(e) }

// RuntimeError marks the type as a runtime.Error.
func (e PlainError) RuntimeError() {}

var _, _ runtime.Error = PlainError(""), RuntimeError("")

// runtimeType returns the name of the type that an error of this package has in
// a compiled program, or "" if x is none.
func runtimeType(x any) string {
	switch x := x.(type) {
	case PlainError:
		return "runtime.plainError"
	case TypeAssertionError:
		return "*runtime.TypeAssertionError"
	case RuntimeError:
		for _, bounds := range []string{"index out of range", "slice bounds out of range", "cannot convert slice"} {
			if strings.HasPrefix(string(x), bounds) {
				return "runtime.boundsError"
			}
		}
		return "runtime.errorString"
	}
	return ""
}

// fromReflect returns the error of which package reflect speaks, or nil.
func fromReflect(text string) any {
	if !strings.HasPrefix(text, "reflect") && !strings.HasPrefix(text, "runtime: ") {
		return nil
	}
	if length, array, ok := strings.Cut(text, " to pointer to array with length "); ok {
		return arrayConversion(length, array)
	}
	if length, array, ok := strings.Cut(text, " to array with length "); ok {
		return arrayConversion(length, array)
	}
	for _, t := range reflectTexts {
		if strings.HasPrefix(text, t.prefix) {
			return t.err
		}
	}
	return nil
}

func arrayConversion(length, array string) any {
	length = strings.TrimPrefix(length, "reflect: cannot convert slice with length ")
	return RuntimeError("cannot convert slice with length " + length + " to array or pointer to array with length " + array)
}

const nilDereference RuntimeError = "invalid memory address or nil pointer dereference"

var reflectTexts = []struct {
	prefix string
	err    any
}{
	{"reflect.MakeSlice: negative len", RuntimeError("makeslice: len out of range")},
	{"reflect.MakeSlice: negative cap", RuntimeError("makeslice: cap out of range")},
	{"reflect.MakeSlice: len > cap", RuntimeError("makeslice: cap out of range")},
	{"runtime: allocation size out of range", RuntimeError("makeslice: len out of range")},
	{"reflect.Value.Grow: slice overflow", RuntimeError("growslice: len out of range")},
	{"reflect.MakeChan: negative buffer size", PlainError("makechan: size out of range")},
	{"reflect: call of ", nilDereference},
	{"reflect: Method on nil interface value", nilDereference},
	{"reflect.Value.Call: call of nil function", nilDereference},
	{"reflect: Call using zero Value argument", nilDereference},
}

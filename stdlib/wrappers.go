package stdlib

import (
	"fmt"
	"io"
)

// The wrappers in this file are written by hand, because what they do is more
// than to pass a call on. See the package comment for what a wrapper is.

// stringer is the wrapper of fmt.Stringer. Only the verbs for strings use
// String, as in package fmt; the others print the value: %d of an enumeration
// is its number.
type stringer struct {
	IValue  any
	WString any
}

func (w stringer) String() string { return fmt.Sprint(w) }

// Format implements fmt.Formatter.
func (w stringer) Format(s fmt.State, verb rune) {
	switch verb {
	case 'v', 's', 'q', 'x', 'X':
		if verb == 'v' && s.Flag('#') {
			break
		}
		if f, ok := w.WString.(func() string); ok {
			fmt.Fprintf(s, fmt.FormatString(s, verb), f())
		} else {
			misnamed(s, verb, "String", "func() string", w.WString)
		}
		return
	}
	fmt.Fprintf(s, fmt.FormatString(s, verb), w.IValue)
}

// formatter is the wrapper of fmt.Formatter.
type formatter struct {
	IValue  any
	WFormat any
}

func (w formatter) Format(s fmt.State, verb rune) {
	if f, ok := w.WFormat.(func(fmt.State, rune)); ok {
		f(s, verb)
		return
	}
	misnamed(s, verb, "Format", "func(fmt.State, rune)", w.WFormat)
}

// misnamed prints, as package fmt prints its complaints, that a method has the
// name that makes fmt use it but another type. The value itself cannot be
// printed: of a struct, the interpreter puts only the last field into IValue.
func misnamed(w io.Writer, verb rune, method, want string, got any) {
	fmt.Fprintf(w, "%%!%c(method %s is a %T, but package fmt expects a %s)", verb, method, got, want)
}

// jsoner is the wrapper of display.JSONer. It takes the types that a JSON
// method may have by convention.
type jsoner struct {
	IValue any
	WJSON  any
}

func (w jsoner) JSON() any {
	switch f := w.WJSON.(type) {
	case func() any:
		return f()
	case func() map[string]any:
		return f()
	case func() string:
		return f()
	case func() []byte:
		return f()
	}
	return nil
}
